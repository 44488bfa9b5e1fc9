"""The statements about preferences, under the caller's policies; each names the organization besides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dfworx.shared.db import Reader, Writer


async def find_preferences(reader: Reader, organization_id: UUID, user_id: UUID) -> dict[str, Any]:
    """Only what was chosen."""
    chosen = await reader.fetchval(
        "select preferences from app_web.preferences where organization_id = $1 and user_id = $2",
        *(organization_id, user_id),
    )
    return chosen or {}


async def lock_preferences(writer: Writer, organization_id: UUID, user_id: UUID) -> dict[str, Any]:
    """What was chosen, its row locked for the transaction and made when it isn't there."""
    await writer.execute(
        "insert into app_web.preferences (organization_id, user_id) values ($1, $2) on conflict do nothing",
        *(organization_id, user_id),
    )
    chosen: dict[str, Any] = await writer.fetchval(
        """
        select preferences from app_web.preferences where organization_id = $1 and user_id = $2 for update
        """,
        *(organization_id, user_id),
    )
    return chosen


async def replace_preferences(
    writer: Writer, organization_id: UUID, user_id: UUID, chosen: dict[str, Any]
) -> None:
    await writer.execute(
        """
        update app_web.preferences set preferences = $3, updated_at = now()
         where organization_id = $1 and user_id = $2
        """,
        *(organization_id, user_id, chosen),
    )

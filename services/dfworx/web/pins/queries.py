"""The statements about pins."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Writer


async def list_pinned_posts(database: Database, caller: Caller) -> str:
    items: str = await database.call("select app_web.list_pinned_posts($1)", database.seal(caller))
    return items


async def pin_post(writer: Writer, post_id: UUID) -> bool:
    """False when there is no place left."""
    pinned: bool = await writer.fetchval("select app_web.pin_post($1)", post_id)
    return pinned


async def unpin_post(writer: Writer, organization_id: UUID, post_id: UUID) -> None:
    await writer.execute(
        """
        update app_web.posts set pinned_at = null, pinned_place = null
         where organization_id = $1 and post_id = $2
        """,
        organization_id,
        post_id,
    )

"""Changing a password in SQL: through definer functions that act on the identity proven to the database."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.shared.db import Writer


async def update_password(writer: Writer, password_set_at: datetime, new_hash: str) -> bool:
    """False when the password isn't that of `password_set_at` any more. Until the transaction ends nobody signs in by
    the old one or the new one."""
    changed: bool = await writer.fetchval(
        "select app_auth.change_password($1, $2)", password_set_at, new_hash
    )
    return changed


async def end_sessions(writer: Writer, moment: datetime) -> list[UUID]:
    """The proven identity's person in each of its organizations, whose sessions that began at `moment` or before are
    refused from the commit on; noted in the outbox of each."""
    rows = await writer.fetch("select app_auth.end_sessions($1) as user_id", moment)
    return [row["user_id"] for row in rows]

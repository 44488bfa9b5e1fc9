"""Signing in, in SQL: through definer functions that answer for the identity proven to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dfworx.shared.db import Writer


@dataclass(frozen=True, slots=True)
class Membership:
    user_id: UUID
    organization_id: UUID
    organization_name: str
    organization_slug: str
    is_active: bool


async def list_memberships(writer: Writer, password_set_at: datetime) -> list[Membership]:
    """All organizations of the proven identity, deactivated memberships included; none when its password isn't that
    of `password_set_at` any more. Until the transaction ends nobody can change it."""
    rows = await writer.fetch(
        "select user_id, organization_id, organization_name, organization_slug, is_active"
        " from app_auth.list_memberships($1)",
        password_set_at,
    )
    return [Membership(**row) for row in rows]


async def update_password_hash(writer: Writer, verified_hash: str, stronger_hash: str) -> None:
    """The proven identity's, and only while it is still the one that was verified."""
    await writer.execute("select app_auth.rehash_password($1, $2)", verified_hash, stronger_hash)

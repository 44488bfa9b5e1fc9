"""Signing in, in SQL: through definer functions that take one email."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dfworx.shared.db import Reader, Writer


@dataclass(frozen=True, slots=True)
class Membership:
    user_id: UUID
    organization_id: UUID
    organization_name: str
    organization_slug: str
    is_active: bool


async def list_memberships(reader: Reader, email: str) -> list[Membership]:
    """All organizations of an identity, deactivated ones included."""
    rows = await reader.fetch(
        "select user_id, organization_id, organization_name, organization_slug, is_active"
        " from app_auth.list_memberships($1)",
        email,
    )
    return [Membership(**row) for row in rows]


async def update_password_hash(writer: Writer, email: str, verified_hash: str, stronger_hash: str) -> None:
    """Only while it is still the one that was verified."""
    await writer.execute("select app_auth.rehash_password($1, $2, $3)", email, verified_hash, stronger_hash)

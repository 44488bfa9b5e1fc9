"""Looking identities up, before and after somebody has proven to be one. Before: one definer function, one email,
one row, whose hash is sealed (passwords.py). Who has shown the right password is then proven to the database too, by
`Database.identified`, and asks as nobody else. Hashes never leave the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dfworx.shared.db import Reader


@dataclass(frozen=True, slots=True)
class Identity:
    identity_id: UUID
    email: str
    password_hash: str
    """As it is stored, for `Passwords` alone."""
    password_set_at: datetime
    """Which password was verified: to be shown to the functions that act on it, since it may have been changed."""


_COLUMNS = "identity_id, email, password_hash, password_set_at"


async def find_identity(reader: Reader, email: str) -> Identity | None:
    row = await reader.fetchrow(f"select {_COLUMNS} from app_auth.find_identity($1)", email)  # noqa: S608
    return Identity(**row) if row else None


async def find_shortest_password(reader: Reader, invitation_hash: bytes | None = None) -> int:
    """How many characters a password has at least that is chosen now: by whoever accepts the invitation, or by the
    identity that is proven or signed in."""
    shortest: int = await reader.fetchval("select app_auth.shortest_password($1)", invitation_hash)
    return shortest


async def find_own_identity(reader: Reader) -> Identity | None:
    """Of the person who is signed in; None when they aren't here any more."""
    row = await reader.fetchrow(f"select {_COLUMNS} from app_auth.find_own_identity()")  # noqa: S608
    return Identity(**row) if row else None

"""Looking an identity up by its email, before anybody is known to ask: one definer function, one email, one row.
The hash never leaves the service."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dfworx.shared.db import Reader


@dataclass(frozen=True, slots=True)
class Identity:
    identity_id: UUID
    password_hash: str


async def find_identity(reader: Reader, email: str) -> Identity | None:
    row = await reader.fetchrow("select identity_id, password_hash from app_auth.find_identity($1)", email)
    return Identity(**row) if row else None

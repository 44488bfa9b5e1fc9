"""Changing and resetting a password in SQL: through definer functions that act on the identity proven to the
database, by its password or by the token of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dfworx.shared.db import Reader, Writer


@dataclass(frozen=True, slots=True)
class ResettingIdentity:
    identity_id: UUID
    email: str


async def insert_reset(writer: Writer, email: str) -> None:
    """Whether or not the email has an account; the worker mails to those that have one."""
    await writer.execute("select app_auth.request_reset($1)", email)


async def find_reset(reader: Reader, token: str) -> ResettingIdentity | None:
    row = await reader.fetchrow("select identity_id, email from app_auth.find_reset($1)", token)
    return ResettingIdentity(**row) if row else None


async def reset_password(writer: Writer, token: str, new_hash: str) -> bool:
    """False when the token is used or isn't the proven identity's. Uses up every token of the identity."""
    done: bool = await writer.fetchval("select app_auth.reset_password($1, $2)", token, new_hash)
    return done


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

"""People of an organization in SQL, always in the order of their names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from dfworx.auth.members.schemas import User
from dfworx.shared.context import Role
from dfworx.shared.db import Reader, Writer

_COLUMNS = "user_id, name, email, avatar_url, role, is_active, created_at"


class NamePlace(NamedTuple):
    """After whom the next page begins."""

    sorted_name: str
    user_id: UUID


async def list_users(
    reader: Reader, organization_id: UUID, *, named: str | None, after: NamePlace | None, limit: int
) -> list[tuple[NamePlace, User]]:
    """Whose name has `named` in it, whatever its case."""
    rows = await reader.fetch(
        f"""
        select {_COLUMNS}, lower(name) as sorted_name from public.users
         where organization_id = $1
           and ($2::text is null or strpos(lower(name), lower($2)) > 0)
           and ($3::text is null or (lower(name), user_id) > ($3, $4::uuid))
         order by lower(name), user_id limit $5
        """,  # noqa: S608 - the columns are named above
        *(organization_id, named, after and after.sorted_name, after and after.user_id, limit),
    )
    return [(NamePlace(row["sorted_name"], row["user_id"]), _user(row)) for row in rows]


async def find_user(reader: Reader, organization_id: UUID, user_id: UUID) -> User | None:
    row = await reader.fetchrow(
        f"select {_COLUMNS} from public.users where organization_id = $1 and user_id = $2",  # noqa: S608
        *(organization_id, user_id),
    )
    return _user(row) if row else None


async def update_user(
    writer: Writer,
    organization_id: UUID,
    user_id: UUID,
    *,
    name: str | None,
    avatar: tuple[str | None] | None,
) -> None:
    """None leaves the column as it is; the avatar is wrapped because null is a value of it."""
    await writer.execute(
        """
        update public.users
           set name = coalesce($3, name), avatar_url = case when $4 then $5 else avatar_url end,
               updated_at = now()
         where organization_id = $1 and user_id = $2
        """,
        *(organization_id, user_id, name, avatar is not None, avatar and avatar[0]),
    )


async def lock_user(writer: Writer, organization_id: UUID, user_id: UUID) -> User | None:
    """As `find_user`, and nobody else changes them until the transaction ends. None also when the caller may not."""
    row = await writer.fetchrow(
        f"select {_COLUMNS} from public.users where organization_id = $1 and user_id = $2 for no key update",  # noqa: S608
        *(organization_id, user_id),
    )
    return _user(row) if row else None


async def update_member(
    writer: Writer,
    organization_id: UUID,
    user_id: UUID,
    *,
    role: Role | None,
    is_active: bool | None,
    sessions_valid_after: datetime | None,
) -> User:
    """None leaves the column as it is. Raises ConstraintBroken `users_last_admin`."""
    row = await writer.fetchrow(
        f"""
        update public.users
           set role = coalesce($3, role), is_active = coalesce($4, is_active),
               sessions_valid_after = coalesce($5, sessions_valid_after), updated_at = now()
         where organization_id = $1 and user_id = $2 returning {_COLUMNS}
        """,  # noqa: S608 - the columns are named above
        *(organization_id, user_id, role, is_active, sessions_valid_after),
    )
    assert row is not None
    return _user(row)


async def insert_imported_users(writer: Writer, organization_id: UUID, names: Sequence[str]) -> int:
    """How many were new. People who are there by that name, from an earlier import, stay as they are."""
    rows = await writer.fetch(
        """
        insert into public.users (organization_id, name, origin)
        select $1, name, 'imported' from unnest($2::text[]) as name
        on conflict (organization_id, name) where origin = 'imported' do nothing
        returning user_id
        """,
        *(organization_id, names),
    )
    return len(rows)


async def list_imported_users(reader: Reader, organization_id: UUID, names: Sequence[str]) -> dict[str, UUID]:
    rows = await reader.fetch(
        """
        select name, user_id from public.users
         where organization_id = $1 and origin = 'imported' and name = any ($2::text[])
        """,
        *(organization_id, names),
    )
    return {row["name"]: row["user_id"] for row in rows}


def _user(row: asyncpg.Record) -> User:
    return User(**{name: row[name] for name in User.model_fields})

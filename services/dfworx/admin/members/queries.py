"""Members in SQL, in the order of their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from dfworx.admin.members.schemas import Member, Origin
from dfworx.shared.context import Role
from dfworx.shared.db import Reader

_COLUMNS = "user_id, name, email, avatar_url, role, origin, is_active, created_at"


class NamePlace(NamedTuple):
    """After whom the next page begins."""

    sorted_name: str
    user_id: UUID


@dataclass(frozen=True, slots=True)
class Filter:
    words: str | None = None
    """Part of the name or the email, whatever its case."""
    role: Role | None = None
    is_active: bool | None = None
    origin: Origin | None = None


async def list_members(
    reader: Reader, organization_id: UUID, chosen: Filter, *, after: NamePlace | None, limit: int
) -> list[tuple[NamePlace, Member]]:
    rows = await reader.fetch(
        f"""
        select {_COLUMNS}, lower(name) as sorted_name from public.users
         where organization_id = $1
           and ($2::text is null or strpos(lower(name), lower($2)) > 0 or strpos(email, lower($2)) > 0)
           and ($3::text is null or role = $3) and ($4::boolean is null or is_active = $4)
           and ($5::text is null or origin = $5)
           and ($6::text is null or (lower(name), user_id) > ($6, $7::uuid))
         order by lower(name), user_id limit $8
        """,  # noqa: S608 - the columns are named above
        *(organization_id, chosen.words, chosen.role, chosen.is_active, chosen.origin),
        *(after and after.sorted_name, after and after.user_id, limit),
    )
    return [
        (
            NamePlace(row["sorted_name"], row["user_id"]),
            Member(**{name: row[name] for name in Member.model_fields}),
        )
        for row in rows
    ]


async def find_member(reader: Reader, organization_id: UUID, user_id: UUID) -> Member | None:
    row = await reader.fetchrow(
        f"select {_COLUMNS} from public.users where organization_id = $1 and user_id = $2",  # noqa: S608
        *(organization_id, user_id),
    )
    return Member(**row) if row else None

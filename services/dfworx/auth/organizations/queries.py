"""Organizations in SQL. Registering runs before there is a caller, through a definer function."""

from __future__ import annotations

from uuid import UUID

from dfworx.auth.organizations.schemas import Organization
from dfworx.shared.db import Reader, Writer

_COLUMNS = "organization_id, name, slug, created_at, updated_at"


async def insert_organization(
    writer: Writer,
    *,
    name: str,
    slug: str,
    person: str,
    email: str,
    password_hash: str | None,
    identity_id: UUID | None,
) -> tuple[UUID, UUID]:
    """The ids of the organization and of its first admin. With an `identity_id`, for that identity, whose password
    the caller has verified; else for a new one, and ConstraintBroken when the email has one."""
    row = await writer.fetchrow(
        "select organization_id, user_id from app_auth.register_organization($1, $2, $3, $4, $5, $6)",
        *(name, slug, person, email, password_hash, identity_id),
    )
    assert row is not None
    return row["organization_id"], row["user_id"]


async def find_organization(reader: Reader, organization_id: UUID) -> Organization | None:
    row = await reader.fetchrow(
        f"select {_COLUMNS} from public.organizations where organization_id = $1",  # noqa: S608
        organization_id,
    )
    return Organization(**row) if row else None


async def update_organization(
    writer: Writer, organization_id: UUID, name: str | None, slug: str | None
) -> Organization | None:
    """None when the caller may not: the policy lets admins alone."""
    row = await writer.fetchrow(
        f"""
        update public.organizations
           set name = coalesce($2, name), slug = coalesce($3, slug), updated_at = now()
         where organization_id = $1 returning {_COLUMNS}
        """,  # noqa: S608 - the columns are named above
        *(organization_id, name, slug),
    )
    return Organization(**row) if row else None

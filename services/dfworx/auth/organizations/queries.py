"""Organizations in SQL. What reaches beyond the caller's own goes through definer functions: registering, which runs
before there is a caller, and the caller's other organizations."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from dfworx.auth.organizations.schemas import Branding, Membership, Organization
from dfworx.shared.db import Reader, Writer
from dfworx.shared.organization_settings import ACCENT_COLOR, LOGO_URL, WELCOME_TEXT


class NamePlace(NamedTuple):
    """After which organization the next page begins."""

    name: str
    slug: str


_COLUMNS = "organization_id, name, slug, created_at, updated_at"


async def insert_organization(
    writer: Writer,
    *,
    name: str,
    slug: str,
    person: str,
    email: str,
    new_hash: str | None,
    password_set_at: datetime | None,
) -> tuple[UUID, UUID] | None:
    """The ids of the organization and of its first admin. In a transaction of a proven identity for it, or None when
    its password isn't that of `password_set_at` any more; else for a new one with `new_hash`, and ConstraintBroken
    when the email has one."""
    row = await writer.fetchrow(
        "select organization_id, user_id from app_auth.register_organization($1, $2, $3, $4, $5, $6)",
        *(name, slug, person, email, new_hash, password_set_at),
    )
    return (row["organization_id"], row["user_id"]) if row else None


async def list_own_organizations(
    reader: Reader, organization_id: UUID, *, after: NamePlace | None, limit: int
) -> list[Membership]:
    """Of the caller's identity, by name; the one given is marked as current."""
    rows = await reader.fetch(
        """
        select organization_id, name, slug, role, user_id, organization_id = $1 as is_current
          from app_auth.list_own_organizations()
         where $2::text is null or (name, slug) > ($2, $3)
         order by name, slug limit $4
        """,
        *(organization_id, after and after.name, after and after.slug, limit),
    )
    return [Membership(**row) for row in rows]


async def find_own_membership(writer: Writer, slug: str) -> tuple[UUID, UUID] | None:
    """The ids of the organization and of the caller's person in it. Until the transaction ends the identity's
    password can't be changed, so no session begins unseen beside such a change."""
    row = await writer.fetchrow("select organization_id, user_id from app_auth.find_own_membership($1)", slug)
    return (row["organization_id"], row["user_id"]) if row else None


async def find_organization(reader: Reader, organization_id: UUID) -> Organization | None:
    row = await reader.fetchrow(
        f"select {_COLUMNS} from public.organizations where organization_id = $1",  # noqa: S608
        organization_id,
    )
    return await _organization(reader, row)


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
    return await _organization(writer, row)


async def _organization(reader: Reader, row: asyncpg.Record | None) -> Organization | None:
    if row is None:
        return None
    branding = Branding(
        accent_color=await ACCENT_COLOR.read(reader),
        logo_url=await LOGO_URL.read(reader),
        welcome_text=await WELCOME_TEXT.read(reader),
    )
    return Organization(**row, branding=branding)

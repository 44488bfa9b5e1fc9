"""One's own account, as every sign-in and `/me` answer it: the person and the one organization they act for."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from dfworx.shared.caller import OrganizationSuspended
from dfworx.shared.context import Caller, Role
from dfworx.shared.db import Reader
from dfworx.shared.sessions import session_began


class MyOrganization(BaseModel):
    organization_id: UUID
    name: str
    slug: str


class Me(BaseModel):
    user_id: UUID
    organization_id: UUID
    name: str
    email: str | None
    avatar_url: str | None
    role: Role
    organization: MyOrganization


async def find_me(reader: Reader, caller: Caller) -> Me | None:
    """None when the caller's session doesn't hold: the person is gone, deactivated, or has signed out everywhere
    since it began. This asks PostgreSQL, so it is right whatever Redis says. Raises OrganizationSuspended."""
    row = await reader.fetchrow(
        """
        select u.user_id, u.organization_id, u.name, u.email, u.avatar_url, u.role,
               o.name as organization_name, o.slug as organization_slug,
               o.suspended_at is not null as is_suspended, u.sessions_valid_after < $3 as holds
          from public.users u
          left join public.organizations o on o.organization_id = u.organization_id
         where u.organization_id = $1 and u.user_id = $2 and u.is_active
        """,
        *(caller.organization_id, caller.user_id, session_began(caller.session_id)),
    )
    if row is None:
        return None
    if row["is_suspended"]:
        raise OrganizationSuspended
    if not row["holds"]:
        return None
    organization = MyOrganization(
        organization_id=row["organization_id"], name=row["organization_name"], slug=row["organization_slug"]
    )
    return Me(organization=organization, **{name: row[name] for name in Me.model_fields if name in row})

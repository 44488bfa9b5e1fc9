"""A new organization, by whoever runs the install; its admin is somebody who signs in here already."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from dfworx.cli.failure import Failure
from dfworx.cli.migrations import connect


async def create_organization(owner_url: str, slug: str, name: str, admin_email: str) -> UUID:
    """Its id. Raises Failure."""
    owner = await connect(owner_url)
    try:
        async with owner.transaction():
            identity_id = await require_identity(owner, admin_email)
            organization_id: UUID = await owner.fetchval(
                "insert into public.organizations (name, slug) values ($1, $2) returning organization_id",
                name,
                slug,
            )
            # As they call themselves where they came first.
            await owner.execute(
                """
                insert into public.users (organization_id, identity_id, name, email, role, origin)
                values ($1, $2,
                        coalesce((select u.name from public.users u where u.identity_id = $2
                                   order by u.created_at limit 1), split_part($3, '@', 1)),
                        $3, 'admin', 'invited')
                """,
                *(organization_id, identity_id, admin_email),
            )
            return organization_id
    except asyncpg.UniqueViolationError:
        raise Failure(f"There is an organization {slug} already; name another slug.") from None
    except asyncpg.CheckViolationError as error:
        what = {"organizations_slug_check": "slug", "organizations_name_check": "name"}.get(
            error.constraint_name or "", "name of its admin"
        )
        raise Failure(
            f"The {what} can't be taken: a slug has 2 to 50 small letters, figures and single dashes between them, a "
            "name 1 to 100 characters."
        ) from None
    finally:
        await owner.close()


async def require_identity(owner: asyncpg.Connection, email: str) -> UUID:
    """Whoever signs in with this email. Raises Failure."""
    identity_id: UUID | None = await owner.fetchval(
        "select identity_id from app_auth.identities where email = $1", email
    )
    if identity_id is None:
        raise Failure(f"Nobody signs in with {email} here; name somebody who does, or register them first.")
    return identity_id

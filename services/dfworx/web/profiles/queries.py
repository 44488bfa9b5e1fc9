"""The statements about profiles, under the caller's policies; each names the organization besides."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.db import Reader, Writer
from dfworx.web.profiles.schemas import Profile


async def find_profile(reader: Reader, organization_id: UUID, user_id: UUID) -> Profile | None:
    """Of anybody in the organization, also who has written nothing yet and so has no row of their own here."""
    row = await reader.fetchrow(
        """
        select u.user_id, u.name, u.avatar_url, u.role, u.is_active, coalesce(p.title, '') as title,
               coalesce(p.bio, '') as bio, p.timezone, u.created_at as joined_at
          from public.users u
          left join app_web.profiles p on p.organization_id = u.organization_id and p.user_id = u.user_id
         where u.organization_id = $1 and u.user_id = $2
        """,
        *(organization_id, user_id),
    )
    return Profile(**row) if row else None


async def begin_profile(writer: Writer, organization_id: UUID, user_id: UUID) -> None:
    await writer.execute(
        "insert into app_web.profiles (organization_id, user_id) values ($1, $2) on conflict do nothing",
        *(organization_id, user_id),
    )


async def update_profile(
    writer: Writer,
    organization_id: UUID,
    user_id: UUID,
    *,
    title: str | None,
    bio: str | None,
    set_timezone: bool,
    timezone: str | None,
) -> None:
    """None leaves a column as it is; the time zone, which may become null, has a flag."""
    await writer.execute(
        """
        update app_web.profiles
           set title = coalesce($3, title), bio = coalesce($4, bio),
               timezone = case when $5 then $6 else timezone end, updated_at = now()
         where organization_id = $1 and user_id = $2
        """,
        *(organization_id, user_id, title, bio, set_timezone, timezone),
    )

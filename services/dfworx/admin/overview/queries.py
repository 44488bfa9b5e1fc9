"""What the overview reads beside daily figures, and the rows behind each, under the caller's policies. A page is cut
before people are joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg

from dfworx.admin.overview.schemas import CountedName, Row
from dfworx.admin.people import person_of
from dfworx.shared.db import Reader
from dfworx.shared.pages import Place

ACTIVE_DAYS = {"active_day": 1, "active_week": 7, "active_month": 30}

# Each gives id, at, user_id, title, post_id and bytes: $1 the organization, $2 and $3 the moments between which, $4 and
# $5 the place of the last row seen, $6 how many.
_POSTS = """
    select p.post_id as id, p.published_at as at, p.user_id, p.title, p.post_id, null::bigint as bytes
      from app_web.posts p
     where p.organization_id = $1 and p.published_at >= $2 and p.published_at < $3
       and ($4::timestamptz is null or (p.published_at, p.post_id) < ($4, $5::uuid))
     order by p.published_at desc, p.post_id desc limit $6
"""
_COMMENTS = """
    select c.comment_id as id, c.created_at as at, c.user_id,
           (select p.title from app_web.posts p
             where p.organization_id = c.organization_id and p.post_id = c.post_id) as title,
           c.post_id, null::bigint as bytes
      from app_web.comments c
     where c.organization_id = $1 and c.created_at >= $2 and c.created_at < $3
       and ($4::timestamptz is null or (c.created_at, c.comment_id) < ($4, $5::uuid))
     order by c.created_at desc, c.comment_id desc limit $6
"""
_JOINED = """
    select u.user_id as id, u.created_at as at, u.user_id, null as title, null::uuid as post_id, null::bigint as bytes
      from public.users u
     where u.organization_id = $1 and u.created_at >= $2 and u.created_at < $3
       and ($4::timestamptz is null or (u.created_at, u.user_id) < ($4, $5::uuid))
     order by u.created_at desc, u.user_id desc limit $6
"""
# `at` is the last day on which they were seen.
_ACTIVE = """
    select a.user_id as id, max(a.day)::timestamp at time zone 'UTC' as at, a.user_id, null as title,
           null::uuid as post_id, null::bigint as bytes
      from app_admin.active_days a
     where a.organization_id = $1 and a.day >= ($2::timestamptz at time zone 'UTC')::date
       and a.day < ($3::timestamptz at time zone 'UTC')::date
     group by a.user_id
    having $4::timestamptz is null or (max(a.day)::timestamp at time zone 'UTC', a.user_id) < ($4, $5::uuid)
     order by max(a.day) desc, a.user_id desc limit $6
"""
# All there are, whenever they came.
_FILES = """
    select f.file_id as id, f.created_at as at, f.user_id, f.media_type as title, null::uuid as post_id,
           f.size_bytes as bytes
      from shared_services.files f
     where f.organization_id = $1 and $2::timestamptz < $3::timestamptz
       and ($4::timestamptz is null or (f.created_at, f.file_id) < ($4, $5::uuid))
     order by f.created_at desc, f.file_id desc limit $6
"""
_ROWS: dict[str, str] = {
    "posts": _POSTS,
    "comments": _COMMENTS,
    "joined": _JOINED,
    "storage_bytes": _FILES,
    **dict.fromkeys(ACTIVE_DAYS, _ACTIVE),
}


@dataclass(frozen=True, slots=True)
class RequestDay:
    day: date
    service: str
    requests: int
    failed: int
    milliseconds: int


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


async def list_rows(
    reader: Reader,
    organization_id: UUID,
    figure: CountedName,
    *,
    first: date,
    last: date,
    after: Place | None,
    limit: int,
) -> list[Row]:
    """The newest first. Of people who were active: those who make up the figure of the last day."""
    if figure in ACTIVE_DAYS:
        first = last - timedelta(days=ACTIVE_DAYS[figure] - 1)
    rows = await reader.fetch(
        f"""
        select page.*, u.name, u.avatar_url from ({_ROWS[figure]}) as page
          left join public.users u on u.organization_id = $1 and u.user_id = page.user_id
         order by page.at desc, page.id desc
        """,  # noqa: S608 - one of the statements above
        *(
            organization_id,
            midnight(first),
            midnight(last + timedelta(days=1)),
            *(after or (None, None)),
            limit,
        ),
    )
    return [_row(row) for row in rows]


async def list_request_days(
    reader: Reader, organization_id: UUID, first: date, last: date
) -> list[RequestDay]:
    """The newest first; a few services a day."""
    rows = await reader.fetch(
        """
        select day, service, requests, failed, milliseconds from app_admin.request_days
         where organization_id = $1 and day between $2 and $3 order by day desc, service
        """,
        *(organization_id, first, last),
    )
    return [RequestDay(**row) for row in rows]


async def sum_files(reader: Reader, organization_id: UUID) -> int:
    total: int = await reader.fetchval(
        "select coalesce(sum(size_bytes), 0)::bigint from shared_services.files where organization_id = $1",
        organization_id,
    )
    return total


async def list_people(reader: Reader, organization_id: UUID, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return list(
        await reader.fetch(
            "select user_id, name, avatar_url from public.users where organization_id = $1 and user_id = any ($2)",
            *(organization_id, list(ids)),
        )
    )


def _row(row: asyncpg.Record) -> Row:
    return Row(
        id=str(row["id"]),
        at=row["at"],
        person=person_of(row["user_id"], row["name"], row["avatar_url"]),
        title=row["title"],
        post_id=row["post_id"],
        amounts={} if row["bytes"] is None else {"bytes": row["bytes"]},
    )

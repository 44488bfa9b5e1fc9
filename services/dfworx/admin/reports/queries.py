"""Reports in SQL: what each that is built in asks, under the caller's own policies, and those that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from dfworx.admin.daily_figures import METRICS, read_days
from dfworx.admin.people import person_of
from dfworx.admin.ranges import days_between
from dfworx.admin.reports.schemas import Report, ReportKind, ReportResult
from dfworx.shared.db import Reader, Writer
from dfworx.shared.pages import Place

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class BuiltInReport:
    description: str
    columns: tuple[str, ...]
    statement: str | None
    """None: it is put together from daily figures."""


# $1 is the organization, $2 and $3 the first and the last day, $4 how many rows.
_ENGAGEMENT = """
    with written as (
      select p.user_id, count(*) as posts, 0::bigint as comments
        from app_web.posts p
       where p.organization_id = $1 and p.published_at >= $2::date::timestamp at time zone 'UTC'
         and p.published_at < ($3::date + 1)::timestamp at time zone 'UTC'
       group by p.user_id
      union all
      select c.user_id, 0, count(*)
        from app_web.comments c
       where c.organization_id = $1 and c.created_at >= $2::date::timestamp at time zone 'UTC'
         and c.created_at < ($3::date + 1)::timestamp at time zone 'UTC'
       group by c.user_id
    ), people as (
      select user_id, sum(posts)::bigint as posts, sum(comments)::bigint as comments, 0::bigint as active_days
        from written group by user_id
      union all
      select a.user_id, 0, 0, count(*) from app_admin.active_days a
       where a.organization_id = $1 and a.day between $2::date and $3::date group by a.user_id
    ), ranked as (
      select user_id, sum(posts)::bigint as posts, sum(comments)::bigint as comments,
             sum(active_days)::bigint as active_days
        from people group by user_id
       order by sum(posts) + sum(comments) desc, sum(active_days) desc, user_id limit $4
    )
    select r.user_id, u.name, r.posts, r.comments, r.active_days
      from ranked r left join public.users u on u.organization_id = $1 and u.user_id = r.user_id
     order by r.posts + r.comments desc, r.active_days desc, r.user_id
"""
_CONTENT_HEALTH = """
    with found as (
      select p.post_id, p.title, p.user_id, p.published_at, p.updated_at, p.comment_count,
             ($3::date - (p.updated_at at time zone 'UTC')::date)::bigint as days_unchanged
        from app_web.posts p
       where p.organization_id = $1 and p.status = 'published'
         and p.published_at >= $2::date::timestamp at time zone 'UTC'
         and p.published_at < ($3::date + 1)::timestamp at time zone 'UTC'
       order by p.comment_count, p.updated_at, p.post_id limit $4
    )
    select f.post_id, f.title, u.name as author, f.published_at, f.updated_at, f.comment_count, f.days_unchanged
      from found f left join public.users u on u.organization_id = $1 and u.user_id = f.user_id
     order by f.comment_count, f.updated_at, f.post_id
"""
_RESPONSE_TIME = """
    select d.day, d.service, d.requests, d.failed,
           round(d.milliseconds::numeric / nullif(d.requests, 0), 1)::double precision as mean_milliseconds
      from app_admin.request_days d
     where d.organization_id = $1 and d.day between $2::date and $3::date
     order by d.day desc, d.service limit $4
"""
_EMPTY_SEARCHES = """
    select e.words, sum(e.searches)::bigint as searches, min(e.day) as first_day, max(e.day) as last_day
      from app_admin.empty_searches e
     where e.organization_id = $1 and e.day between $2::date and $3::date
     group by e.words order by sum(e.searches) desc, e.words limit $4
"""

BUILT_IN: dict[ReportKind, BuiltInReport] = {
    "growth": BuiltInReport(
        "Who joined and was active, and what was written, day by day.",
        ("day", "joined", "posts", "comments", "active_day", "active_week", "active_month"),
        None,
    ),
    "engagement": BuiltInReport(
        "What each person wrote and on how many days they were here, the most first.",
        ("user_id", "name", "posts", "comments", "active_days"),
        _ENGAGEMENT,
    ),
    "content_health": BuiltInReport(
        "Posts that nobody answered, and those that nobody has touched for longest, first.",
        ("post_id", "title", "author", "published_at", "updated_at", "comment_count", "days_unchanged"),
        _CONTENT_HEALTH,
    ),
    "response_time": BuiltInReport(
        "How many requests each service answered on a day, how many failed, and how long they took.",
        ("day", "service", "requests", "failed", "mean_milliseconds"),
        _RESPONSE_TIME,
    ),
    "empty_searches": BuiltInReport(
        "Words that people searched and nothing was found for, the most often searched first.",
        ("words", "searches", "first_day", "last_day"),
        _EMPTY_SEARCHES,
    ),
}


async def run_report(
    reader: Reader, organization_id: UUID, kind: ReportKind, first: date, last: date, limit: int
) -> list[dict[str, Any]]:
    built_in = BUILT_IN[kind]
    if built_in.statement is None:
        return await _run_growth(reader, organization_id, first, last)
    rows = await reader.fetch(built_in.statement, organization_id, first, last, limit)
    return [dict(row) for row in rows]


async def _run_growth(reader: Reader, organization_id: UUID, first: date, last: date) -> list[dict[str, Any]]:
    figures = await read_days(reader, organization_id, first, last)
    return [
        {"day": day, **{metric: figures[metric].get(day, 0) for metric in METRICS}}
        for day in reversed(days_between(first, last))
    ]


async def list_reports(
    reader: Reader, organization_id: UUID, *, after: Place | None, limit: int
) -> list[Report]:
    """The newest first."""
    rows = await reader.fetch(
        """
        select page.*, u.name, u.avatar_url
          from (select report_id, organization_id, user_id, kind, title, parameters, created_at
                  from app_admin.reports
                 where organization_id = $1 and ($2::timestamptz is null or (created_at, report_id) < ($2, $3::uuid))
                 order by created_at desc, report_id desc limit $4) as page
          left join public.users u on u.organization_id = page.organization_id and u.user_id = page.user_id
         order by page.created_at desc, page.report_id desc
        """,
        *(organization_id, *(after or (None, None)), limit),
    )
    return [_report(row) for row in rows]


async def find_report(reader: Reader, organization_id: UUID, report_id: UUID) -> tuple[Report, Any] | None:
    """With what it said when it was made."""
    row = await reader.fetchrow(
        """
        select r.*, u.name, u.avatar_url
          from (select * from app_admin.reports where organization_id = $1 and report_id = $2) as r
          left join public.users u on u.organization_id = r.organization_id and u.user_id = r.user_id
        """,
        *(organization_id, report_id),
    )
    return (_report(row), row["result"]) if row else None


async def insert_report(
    writer: Writer,
    organization_id: UUID,
    user_id: UUID,
    kind: ReportKind,
    title: str,
    parameters: dict[str, Any],
    result: ReportResult,
) -> UUID:
    report_id: UUID = await writer.fetchval(
        """
        insert into app_admin.reports (organization_id, user_id, kind, title, parameters, result, status, finished_at)
        values ($1, $2, $3, $4, $5, $6, 'ready', now()) returning report_id
        """,
        *(organization_id, user_id, kind, title, parameters, result.model_dump(mode="json")),
    )
    return report_id


async def delete_report(writer: Writer, organization_id: UUID, report_id: UUID) -> bool:
    gone = await writer.fetchval(
        "delete from app_admin.reports where organization_id = $1 and report_id = $2 returning true",
        *(organization_id, report_id),
    )
    return bool(gone)


def _report(row: asyncpg.Record) -> Report:
    return Report(
        report_id=row["report_id"],
        kind=row["kind"],
        title=row["title"],
        parameters=row["parameters"],
        created_by=person_of(row["user_id"], row["name"], row["avatar_url"]),
        created_at=row["created_at"],
    )

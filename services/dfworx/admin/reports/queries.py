"""Reports in SQL."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from dfworx.admin.overview.days import METRICS, days_between, read_days
from dfworx.admin.people import person_of
from dfworx.admin.reports.kinds import BUILT_IN
from dfworx.admin.reports.schemas import Report, ReportKind, ReportResult
from dfworx.shared.db import Reader, Writer
from dfworx.shared.pages import Place


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

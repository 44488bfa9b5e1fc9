"""Running reports as who asks, and keeping them. A kept report is never changed: it holds what it said then, and may be
run again to see what it says now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import ValidationError

from dfworx.admin.ranges import Range, days_of, today
from dfworx.admin.reports import queries
from dfworx.admin.reports.queries import BUILT_IN, MOST_ROWS
from dfworx.admin.reports.schemas import (
    Report,
    ReportCreate,
    ReportDetail,
    ReportKind,
    ReportParameters,
    ReportResult,
)
from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Reader
from dfworx.shared.errors import Conflict, NotFound


class UnknownReport(Conflict):
    code = "report_unknown"
    detail = "This report was made by another version and can't be run any more. What it said is still kept."


async def run_report(reader: Reader, organization_id: UUID, kind: ReportKind, chosen: Range) -> ReportResult:
    last = today()
    first = last - timedelta(days=days_of(chosen) - 1)
    rows = await queries.run_report(reader, organization_id, kind, first, last, MOST_ROWS + 1)
    return ReportResult(
        kind=kind,
        first_day=first,
        last_day=last,
        ran_at=datetime.now(UTC),
        columns=list(BUILT_IN[kind].columns),
        rows=rows[:MOST_ROWS],
        is_cut=len(rows) > MOST_ROWS,
    )


async def create_report(database: Database, caller: Caller, wanted: ReportCreate) -> ReportDetail:
    async with database.write(caller) as writer:
        result = await run_report(writer, caller.organization_id, wanted.kind, wanted.parameters.range)
        report_id = await queries.insert_report(
            writer,
            caller.organization_id,
            caller.user_id,
            wanted.kind,
            wanted.title.strip(),
            wanted.parameters.model_dump(),
            result,
        )
        return await get_report(writer, caller.organization_id, report_id)


async def get_report(reader: Reader, organization_id: UUID, report_id: UUID) -> ReportDetail:
    """Raises NotFound."""
    found = await queries.find_report(reader, organization_id, report_id)
    if found is None:
        raise NotFound
    report, kept = found
    try:
        result = ReportResult.model_validate(kept) if kept else None
    except ValidationError:
        result = None
    return ReportDetail(**report.model_dump(), result=result)


async def run_kept(reader: Reader, organization_id: UUID, report_id: UUID) -> tuple[Report, ReportResult]:
    """Raises NotFound, or UnknownReport."""
    found = await queries.find_report(reader, organization_id, report_id)
    if found is None:
        raise NotFound
    report, _ = found
    kind = next((known for known in BUILT_IN if known == report.kind), None)
    try:
        parameters = ReportParameters.model_validate(report.parameters)
    except ValidationError:
        raise UnknownReport from None
    if kind is None:
        raise UnknownReport
    return report, await run_report(reader, organization_id, kind, parameters.range)


async def delete_report(database: Database, caller: Caller, report_id: UUID) -> None:
    """Raises NotFound."""
    async with database.write(caller) as writer:
        if not await queries.delete_report(writer, caller.organization_id, report_id):
            raise NotFound

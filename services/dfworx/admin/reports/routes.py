"""/built-in-reports: what can be asked, now, and as a file; /reports: those that were kept, and running them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from dfworx.admin.exports import FILE, Format, Pages, export_response
from dfworx.admin.ranges import Span
from dfworx.admin.reports import actions, queries
from dfworx.admin.reports.queries import BUILT_IN
from dfworx.admin.reports.schemas import (
    BuiltIn,
    Report,
    ReportCreate,
    ReportDetail,
    ReportKind,
    ReportResult,
)
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, Limit, Page, decode_place, encode_place
from dfworx.shared.serve import Db, Reading, problems

router = APIRouter(tags=["reports"])
Form = Annotated[Format, Query(alias="format")]


@router.get("/built-in-reports")
async def list_built_in_reports() -> Page[BuiltIn]:
    """All at once: there is no second page."""
    found = [
        BuiltIn(kind=kind, description=each.description, columns=list(each.columns))
        for kind, each in BUILT_IN.items()
    ]
    return Page(items=found, next_cursor=None)


@router.get("/built-in-reports/{kind}")
async def run_built_in_report(
    kind: ReportKind, caller: CurrentCaller, reader: Reading, span: Span = "30d"
) -> ReportResult:
    return await actions.run_report(reader, caller.organization_id, kind, span)


@router.get("/built-in-reports/{kind}/export", response_class=StreamingResponse, responses=FILE)
async def export_built_in_report(
    kind: ReportKind, caller: CurrentCaller, reader: Reading, span: Span = "30d", form: Form = "csv"
) -> StreamingResponse:
    """What it says now, as a file."""
    result = await actions.run_report(reader, caller.organization_id, kind, span)
    return await _file(result, form)


@router.get("/reports")
async def list_reports(
    caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[Report]:
    """The newest first."""
    found = await queries.list_reports(
        reader, caller.organization_id, after=decode_place(cursor), limit=limit + 1
    )
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    next_cursor = encode_place(last.created_at.isoformat(), str(last.report_id)) if last else None
    return Page(items=page, next_cursor=next_cursor)


@router.post("/reports", status_code=201)
async def create_report(wanted: ReportCreate, caller: CurrentCaller, database: Db) -> ReportDetail:
    """Runs it, and keeps it with what it says."""
    return await actions.create_report(database, caller, wanted)


@router.get("/reports/{report_id}", responses=problems(404))
async def get_report(report_id: UUID, caller: CurrentCaller, reader: Reading) -> ReportDetail:
    """What it said when it was made."""
    return await actions.get_report(reader, caller.organization_id, report_id)


@router.delete("/reports/{report_id}", status_code=204, responses=problems(404))
async def delete_report(report_id: UUID, caller: CurrentCaller, database: Db) -> None:
    await actions.delete_report(database, caller, report_id)


@router.get("/reports/{report_id}/run", responses=problems(404, 409))
async def run_report(report_id: UUID, caller: CurrentCaller, reader: Reading) -> ReportResult:
    """What it says now."""
    _, result = await actions.run_kept(reader, caller.organization_id, report_id)
    return result


@router.get(
    "/reports/{report_id}/export", response_class=StreamingResponse, responses={**FILE, **problems(404, 409)}
)
async def export_report(
    report_id: UUID, caller: CurrentCaller, reader: Reading, form: Form = "csv"
) -> StreamingResponse:
    """What it says now, as a file."""
    _, result = await actions.run_kept(reader, caller.organization_id, report_id)
    return await _file(result, form)


async def _file(result: ReportResult, form: Format) -> StreamingResponse:
    # As they travel: the driver's ids are of a type of its own.
    rows = result.model_dump(mode="json")["rows"]
    return await export_response(result.kind.replace("_", "-"), form, result.columns, _one_page(rows))


async def _one_page(rows: Sequence[dict[str, Any]]) -> Pages:
    yield rows

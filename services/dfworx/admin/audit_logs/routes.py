"""/audit-logs: the list, narrowed; one entry with its difference; all of it as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from dfworx.admin.audit_logs import queries
from dfworx.admin.audit_logs.queries import Filter
from dfworx.admin.audit_logs.schemas import Action, AuditLog, AuditLogDetail
from dfworx.admin.exports import FILE, PAGE, Format, Pages, export_response
from dfworx.admin.numbered import Number, Since, Until, decode_number
from dfworx.admin.texts import Text
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, Limit, Page, encode_cursor
from dfworx.shared.serve import Db, Reading, problems

router = APIRouter(prefix="/audit-logs", tags=["audit log"])
_COLUMNS = (
    *("audit_log_id", "created_at", "actor_id", "actor_name", "service", "action", "entity", "entity_id"),
    "changes",
)


def _chosen(
    actor: Annotated[UUID | None, Query(description="Who did it")] = None,
    action: Action | None = None,
    entity: Annotated[Text | None, Query(max_length=100, description="Such as app_web.posts")] = None,
    entity_id: UUID | None = None,
    since: Since = None,
    until: Until = None,
) -> Filter:
    return Filter(actor, action, entity, entity_id, since, until)


Chosen = Annotated[Filter, Depends(_chosen)]


@router.get("")
async def list_audit_logs(
    chosen: Chosen, caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[AuditLog]:
    """The newest first."""
    found = await queries.list_audit_logs(
        reader, caller.organization_id, chosen, before=decode_number(cursor), limit=limit + 1
    )
    page = found[:limit]
    return Page(items=page, next_cursor=encode_cursor(page[-1].audit_log_id) if len(found) > limit else None)


@router.get("/export", response_class=StreamingResponse, responses=FILE)
async def export_audit_logs(
    chosen: Chosen,
    caller: CurrentCaller,
    database: Db,
    form: Annotated[Format, Query(alias="format")] = "csv",
) -> StreamingResponse:
    """All that the filter lets through, the newest first, as a file."""
    return await export_response("audit-log", form, _COLUMNS, _pages(database, caller, chosen))


@router.get("/{audit_log_id}", responses=problems(404))
async def get_audit_log(audit_log_id: Number, caller: CurrentCaller, reader: Reading) -> AuditLogDetail:
    """With what each field was before and after."""
    found = await queries.find_audit_log(reader, caller.organization_id, audit_log_id)
    if found is None:
        raise NotFound
    return found


async def _pages(database: Database, caller: Caller, chosen: Filter) -> Pages:
    before: int | None = None
    while True:
        async with database.read(caller) as reader:
            rows: Sequence[dict[str, Any]] = await queries.list_audit_rows(
                reader, caller.organization_id, chosen, before=before, limit=PAGE
            )
        yield rows
        if len(rows) < PAGE:
            return
        before = rows[-1]["audit_log_id"]

"""/system-logs: the list, narrowed; alike messages as one; and what has come since, for who watches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from dfworx.admin.numbered import Since, Until, decode_number
from dfworx.admin.system_logs import queries
from dfworx.admin.system_logs.queries import Filter
from dfworx.admin.system_logs.schemas import Level, LogGroup, SystemLog, Tail
from dfworx.admin.texts import Text
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, Limit, Page, decode_offset, encode_cursor
from dfworx.shared.serve import Reading

router = APIRouter(prefix="/system-logs", tags=["system logs"])


def _chosen(
    level: Level | None = None,
    service: Annotated[Text | None, Query(max_length=50)] = None,
    q: Annotated[Text | None, Query(max_length=200, description="Part of the message")] = None,
    fingerprint: Annotated[Text | None, Query(max_length=32, description="Of a group")] = None,
    since: Since = None,
    until: Until = None,
) -> Filter:
    return Filter(level, service, (q or "").strip() or None, fingerprint, since, until)


Chosen = Annotated[Filter, Depends(_chosen)]


@router.get("")
async def list_system_logs(
    chosen: Chosen, caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[SystemLog]:
    """The newest first."""
    found = await queries.list_system_logs(
        reader, caller.organization_id, chosen, before=decode_number(cursor), limit=limit + 1
    )
    page = found[:limit]
    return Page(items=page, next_cursor=encode_cursor(page[-1].system_log_id) if len(found) > limit else None)


@router.get("/groups")
async def list_log_groups(
    chosen: Chosen, caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[LogGroup]:
    """Messages that differ in numbers and ids alone as one, with how many there are; what was told last comes first."""
    skip = decode_offset(cursor)
    found = await queries.list_groups(reader, caller.organization_id, chosen, skip=skip, limit=limit + 1)
    return Page(items=found[:limit], next_cursor=encode_cursor(skip + limit) if len(found) > limit else None)


@router.get("/tail")
async def tail_system_logs(
    chosen: Chosen,
    caller: CurrentCaller,
    reader: Reading,
    limit: Limit = 100,
    after: Annotated[str | None, Query(max_length=1000, description="`cursor` of the answer before")] = None,
) -> Tail:
    """What has come since; without `after` nothing but from where to watch. Asked again every second it is a live
    list, and a session that was ended is refused at the next time."""
    known = decode_number(after)
    if known is None:
        last = await queries.find_last(reader, caller.organization_id)
        return Tail(items=[], cursor=encode_cursor(last))
    items = await queries.list_later(reader, caller.organization_id, chosen, after=known, limit=limit)
    return Tail(items=items, cursor=encode_cursor(items[-1].system_log_id if items else known))

"""/flags: the queue, one thing with all that was said of it, deciding; and /decisions, the history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from dfworx.admin.flags import actions, queries
from dfworx.admin.flags.schemas import (
    Decision,
    DecisionCreate,
    DecisionKind,
    FlaggedThing,
    FlaggedThingDetail,
    Kind,
    Status,
)
from dfworx.admin.texts import Text
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, Limit, Page, decode_offset, decode_place, encode_cursor, encode_place
from dfworx.shared.serve import Db, Reading, problems

router = APIRouter(tags=["moderation"])
EntityId = Annotated[Text, Path(max_length=100)]


@router.get("/flags")
async def list_flagged_things(
    caller: CurrentCaller,
    reader: Reading,
    status: Status = "open",
    kind: Kind | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[FlaggedThing]:
    """What members have flagged, each thing once; what has waited longest comes first."""
    skip = decode_offset(cursor)
    found = await queries.list_things(
        reader, caller.organization_id, kind=kind, status=status, skip=skip, limit=limit + 1
    )
    return Page(items=found[:limit], next_cursor=encode_cursor(skip + limit) if len(found) > limit else None)


@router.get("/flags/{kind}/{entity_id}", responses=problems(404))
async def get_flagged_thing(
    kind: Kind, entity_id: EntityId, caller: CurrentCaller, reader: Reading
) -> FlaggedThingDetail:
    """With who flagged it and why, and what was decided before."""
    thing = await queries.find_thing(reader, caller.organization_id, kind, entity_id)
    if thing is None:
        raise NotFound
    return FlaggedThingDetail(
        **thing.model_dump(),
        flags=await queries.list_flags(reader, caller.organization_id, kind, entity_id),
        decisions=await queries.list_decisions(reader, caller.organization_id, about=(kind, entity_id)),
    )


@router.post("/flags/{kind}/{entity_id}/decisions", status_code=201, responses=problems(404, 409))
async def create_decision(
    kind: Kind, entity_id: EntityId, wanted: DecisionCreate, caller: CurrentCaller, database: Db
) -> Decision:
    """Closes all its flags. 409 `nothing_open`, and `not_removed` while what is said to be removed can be read."""
    return await actions.create_decision(database, caller, kind, entity_id, wanted)


@router.get("/decisions")
async def list_decisions(
    caller: CurrentCaller,
    reader: Reading,
    decision: DecisionKind | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[Decision]:
    """The newest first."""
    found = await queries.list_decisions(
        reader, caller.organization_id, decision=decision, after=decode_place(cursor), limit=limit + 1
    )
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    next_cursor = encode_place(last.created_at.isoformat(), str(last.decision_id)) if last else None
    return Page(items=page, next_cursor=next_cursor)

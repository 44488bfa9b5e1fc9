"""/members: looking people up, all of them as a file, and where somebody is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from redis.exceptions import RedisError

from dfworx.admin.exports import FILE, PAGE, Format, Pages, export_response
from dfworx.admin.members import queries
from dfworx.admin.members.queries import Filter, NamePlace
from dfworx.admin.members.schemas import Member, MemberSession, Origin
from dfworx.admin.texts import Text
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.context import Caller, Role
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound, Unavailable
from dfworx.shared.pages import Cursor, InvalidCursor, Limit, Page, decode_cursor, encode_cursor
from dfworx.shared.serve import Db, Reading, problems
from dfworx.shared.sessions import list_kept_sessions

router = APIRouter(prefix="/members", tags=["members"])
_COLUMNS = ("user_id", "name", "email", "role", "origin", "is_active", "created_at")


def _chosen(
    q: Annotated[Text | None, Query(max_length=100, description="Part of the name or the email")] = None,
    role: Role | None = None,
    active: Annotated[bool | None, Query(description="Whether they may sign in")] = None,
    origin: Origin | None = None,
) -> Filter:
    return Filter((q or "").strip() or None, role, active, origin)


Chosen = Annotated[Filter, Depends(_chosen)]


@router.get("")
async def list_members(
    chosen: Chosen, caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[Member]:
    """By name."""
    after = _decode_place(cursor)
    found = await queries.list_members(reader, caller.organization_id, chosen, after=after, limit=limit + 1)
    page = found[:limit]
    place = page[-1][0] if len(found) > limit else None
    next_cursor = encode_cursor(place.sorted_name, str(place.user_id)) if place else None
    return Page(items=[member for _, member in page], next_cursor=next_cursor)


@router.get("/export", response_class=StreamingResponse, responses=FILE)
async def export_members(
    chosen: Chosen,
    caller: CurrentCaller,
    database: Db,
    form: Annotated[Format, Query(alias="format")] = "csv",
) -> StreamingResponse:
    """All that the filter lets through, by name, as a file."""
    return await export_response("members", form, _COLUMNS, _pages(database, caller, chosen))


@router.get("/{user_id}", responses=problems(404))
async def get_member(user_id: UUID, caller: CurrentCaller, reader: Reading) -> Member:
    return await _require_member(reader, caller, user_id)


@router.get("/{user_id}/sessions", responses=problems(404))
async def list_member_sessions(
    user_id: UUID, request: Request, caller: CurrentCaller, reader: Reading
) -> Page[MemberSession]:
    """Where somebody is signed in, the newest use first, all at once. To end them: DELETE
    /api/auth/members/{user_id}/sessions."""
    await _require_member(reader, caller, user_id)
    try:
        kept = await list_kept_sessions(request.app.state.redis, user_id)
    except RedisError as error:
        raise Unavailable("Sessions can't be listed at the moment. Try again shortly.") from error
    kept.sort(key=lambda each: each.last_used_at, reverse=True)
    return Page(items=[MemberSession(**each._asdict()) for each in kept], next_cursor=None)


async def _require_member(reader: Reading, caller: Caller, user_id: UUID) -> Member:
    member = await queries.find_member(reader, caller.organization_id, user_id)
    if member is None:
        raise NotFound
    return member


async def _pages(database: Database, caller: Caller, chosen: Filter) -> Pages:
    after: NamePlace | None = None
    while True:
        async with database.read(caller) as reader:
            found = await queries.list_members(
                reader, caller.organization_id, chosen, after=after, limit=PAGE
            )
        rows: Sequence[dict[str, Any]] = [member.model_dump(mode="json") for _, member in found]
        yield rows
        if len(found) < PAGE:
            return
        after = found[-1][0]


def _decode_place(cursor: str | None) -> NamePlace | None:
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [str(name), str(user_id)]:
            try:
                return NamePlace(name, UUID(user_id))
            except ValueError:
                raise InvalidCursor from None
    raise InvalidCursor

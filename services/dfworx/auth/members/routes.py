"""Paths of people: one's own account, and the people of the caller's organization from the cache."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from dfworx.auth.fields import Text
from dfworx.auth.me import Me, find_me
from dfworx.auth.members import actions, queries
from dfworx.auth.members.queries import NamePlace
from dfworx.auth.members.schemas import MembersUpdate, MembersUpdated, MemberUpdate, MeUpdate, User
from dfworx.auth.session_store import SessionStoreDep
from dfworx.shared.caller import CurrentCaller, SessionEnded
from dfworx.shared.datasets import DATASETS
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, InvalidCursor, Limit, Page, decode_cursor, encode_cursor
from dfworx.shared.serve import TAKES_NO_KEY, CacheDep, Db, Reading, problems

router = APIRouter(tags=["members"])
_USERS = DATASETS["public.users"]


@router.get("/me")
async def get_me(caller: CurrentCaller, reader: Reading) -> Me:
    """The person and the organization that the token is for."""
    me = await find_me(reader, caller)
    if me is None:
        raise SessionEnded
    return me


@router.patch("/me", responses=problems(403))
async def update_me(changes: MeUpdate, caller: CurrentCaller, database: Db, cache: CacheDep) -> Me:
    return await actions.update_me(database, cache, caller, changes)


@router.patch("/members", openapi_extra=TAKES_NO_KEY, responses=problems(403))
async def update_members(
    changes: MembersUpdate, caller: CurrentCaller, database: Db, store: SessionStoreDep, cache: CacheDep
) -> MembersUpdated:
    """For admins: the same change for up to 200 people, each answered on its own. Sent again it changes nothing."""
    return MembersUpdated(items=await actions.update_members(database, store, cache, caller, changes))


@router.patch("/members/{user_id}", responses=problems(403, 404, 409))
async def update_member(
    user_id: UUID,
    changes: MemberUpdate,
    caller: CurrentCaller,
    database: Db,
    store: SessionStoreDep,
    cache: CacheDep,
) -> User:
    """For admins: another role, or whether the person may sign in. 409 `last_admin`."""
    return await actions.update_member(database, store, cache, caller, user_id, changes)


@router.delete("/members/{user_id}/sessions", status_code=204, responses=problems(403, 404))
async def end_member_sessions(
    user_id: UUID, caller: CurrentCaller, database: Db, store: SessionStoreDep
) -> None:
    """For admins: signs somebody out everywhere in this organization. They may sign in again."""
    await actions.end_member_sessions(database, store, caller, user_id)


@router.get("/users", response_model=Page[User])
async def list_users(
    caller: CurrentCaller,
    database: Db,
    cache: CacheDep,
    q: Annotated[Text | None, Query(max_length=100, description="Part of the name")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The people of the organization by name, those included who are deactivated or were imported."""
    named = (q or "").strip() or None
    after = _decode_place(cursor)

    async def load() -> bytes:
        async with database.read(caller) as reader:
            found = await queries.list_users(
                reader, caller.organization_id, named=named, after=after, limit=limit + 1
            )
        page = found[:limit]
        place = page[-1][0] if len(found) > limit else None
        next_cursor = encode_cursor(place.sorted_name, str(place.user_id)) if place else None
        return (
            Page[User](items=[user for _, user in page], next_cursor=next_cursor).model_dump_json().encode()
        )

    # A search has as many forms as there are words, and so has a place: an hour of each would fill Redis for nobody.
    if named or after:
        body = await load()
    else:
        body = await cache.get(caller.organization_id, _USERS, f"list:{limit}", load)
    return Response(body, media_type="application/json", headers=_PRIVATE)


@router.get("/users/{user_id}", response_model=User, responses=problems(404))
async def get_user(user_id: UUID, caller: CurrentCaller, database: Db, cache: CacheDep) -> Response:
    async def load() -> bytes:
        async with database.read(caller) as reader:
            user = await queries.find_user(reader, caller.organization_id, user_id)
        if user is None:
            raise NotFound
        return user.model_dump_json().encode()

    body = await cache.get(caller.organization_id, _USERS, f"one:{user_id}", load)
    return Response(body, media_type="application/json", headers=_PRIVATE)


_PRIVATE = {"Cache-Control": "private, no-cache"}


def _decode_place(cursor: str | None) -> NamePlace | None:
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [str(sorted_name), str(user_id)]:
            try:
                return NamePlace(sorted_name, UUID(user_id))
            except ValueError:
                pass
    raise InvalidCursor

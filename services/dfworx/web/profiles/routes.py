"""/profiles: everybody's are read by the whole organization; one's own is written."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dfworx.shared.cache import Cache
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotAllowed, NotFound
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import list_response
from dfworx.web.profiles import actions, queries
from dfworx.web.profiles.actions import PROFILES
from dfworx.web.profiles.schemas import Profile, ProfileUpdate

router = APIRouter(prefix="/profiles", tags=["profiles"])


@router.get("/me", response_model=Profile, responses=problems(404))
async def get_my_profile(request: Request, database: Db, cache: CacheDep, caller: CurrentCaller) -> Response:
    return await _read_profile(request, database, cache, caller, caller.user_id)


@router.patch("/me", responses=problems(404))
async def update_my_profile(
    database: Db, cache: CacheDep, caller: CurrentCaller, changes: ProfileUpdate
) -> Profile:
    """Name and picture are the account's: those change at /api/auth/me."""
    return await actions.update_profile(database, cache, caller, changes)


@router.get("/{user_id}", response_model=Profile, responses=problems(404))
async def get_profile(
    request: Request, database: Db, cache: CacheDep, caller: CurrentCaller, user_id: UUID
) -> Response:
    """Of anybody in the organization, also who has told nothing about themselves or has left."""
    return await _read_profile(request, database, cache, caller, user_id)


@router.patch("/{user_id}", responses=problems(403, 404))
async def update_profile(
    request: Request,
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    user_id: UUID,
    changes: ProfileUpdate,
) -> Profile:
    """The caller's own alone."""
    if user_id != caller.user_id:
        await _read_profile(request, database, cache, caller, user_id)
        raise NotAllowed("People change their own profile, and nobody else's.")
    return await actions.update_profile(database, cache, caller, changes)


async def _read_profile(
    request: Request, database: Database, cache: Cache, caller: Caller, user_id: UUID
) -> Response:
    async def load() -> bytes:
        async with database.read(caller) as reader:
            profile = await queries.find_profile(reader, caller.organization_id, user_id)
        return profile.model_dump_json().encode() if profile else b""

    body = await cache.get(caller.organization_id, PROFILES, str(user_id), load)
    if not body:
        raise NotFound
    return list_response(request, body)

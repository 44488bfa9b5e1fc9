"""/posts/{post_id}/schedule and /unschedule: by a draft's author, who alone sees it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import IfMatch, version_response
from dfworx.web.items import Post
from dfworx.web.schedule import actions
from dfworx.web.schedule.schemas import PostSchedule

router = APIRouter(prefix="/posts", tags=["posts"])


@router.post("/{post_id}/schedule", response_model=Post, responses=problems(403, 404, 409, 412))
async def schedule_post(
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    post_id: UUID,
    schedule: PostSchedule,
    if_match: IfMatch,
) -> Response:
    """The draft publishes itself then. Sent again, it is another moment that counts."""
    written = await actions.schedule_post(database, cache, caller, post_id, schedule.publish_at, if_match)
    return version_response(written.body, written.version)


@router.post("/{post_id}/unschedule", response_model=Post, responses=problems(403, 404, 409, 412))
async def unschedule_post(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, if_match: IfMatch
) -> Response:
    written = await actions.unschedule_post(database, cache, caller, post_id, if_match)
    return version_response(written.body, written.version)

"""/notifications: each person's own, newest first, and how many are unread; and muting a post. What is shown of a post
or a comment is asked at reading, so nothing is told of what its reader may no longer see."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, Limit, decode_place, encode_place
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import list_response
from dfworx.web.items import page_bytes
from dfworx.web.notifications import actions, queries
from dfworx.web.notifications.actions import NOTIFICATIONS
from dfworx.web.notifications.schemas import Mute, NotificationPage, ReadAll, ReadPost, UnreadCount

MOST_COUNTED = 100

router = APIRouter(tags=["notifications"])


@router.get("/notifications", response_model=NotificationPage)
async def list_notifications(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    unread: Annotated[bool, Query(description="Only those that are unread")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What you were told, newest first. Whatever is about a post or comment that you may no longer see isn't listed."""
    after = decode_place(cursor)
    items = orjson.loads(
        await queries.list_notifications(database, caller, unread=unread, after=after, size=limit + 1)
    )
    page = items[:limit]
    more = len(items) > limit
    next_cursor = encode_place(page[-1]["created_at"], page[-1]["notification_id"]) if more else None
    return list_response(request, page_bytes(page, next_cursor))


@router.get("/notifications/unread-count", response_model=UnreadCount)
async def count_unread(request: Request, database: Db, cache: CacheDep, caller: CurrentCaller) -> Response:
    """Right at once about what you are told and mark; within a minute about what you may no longer see."""

    async def load() -> bytes:
        return orjson.dumps({"count": await queries.count_unread(database, caller, MOST_COUNTED)})

    name = f"unread:{caller.role}"  # moderators see posts that others don't
    count = await cache.get(caller.organization_id, NOTIFICATIONS, name, load, person=caller.user_id)
    return list_response(request, count)


@router.post("/notifications/{notification_id}/read", status_code=204, responses=problems(404))
async def mark_read(database: Db, cache: CacheDep, caller: CurrentCaller, notification_id: UUID) -> None:
    await actions.mark_notification(database, cache, caller, notification_id, read=True)


@router.post("/notifications/{notification_id}/unread", status_code=204, responses=problems(404))
async def mark_unread(database: Db, cache: CacheDep, caller: CurrentCaller, notification_id: UUID) -> None:
    await actions.mark_notification(database, cache, caller, notification_id, read=False)


@router.post("/notifications/read-all", status_code=204)
async def mark_all_read(database: Db, cache: CacheDep, caller: CurrentCaller, seen: ReadAll) -> None:
    """All up to the newest that was shown."""
    await actions.mark_all_read(database, cache, caller, seen.until)


@router.post("/notifications/read", status_code=204)
async def mark_post_read(database: Db, cache: CacheDep, caller: CurrentCaller, seen: ReadPost) -> None:
    """All about a post and its comments, as when it is opened."""
    await actions.mark_post_read(database, cache, caller, seen.post_id)


@router.get("/posts/{post_id}/mute", responses=problems(404))
async def get_mute(database: Db, caller: CurrentCaller, post_id: UUID) -> Mute:
    return Mute(muted=await actions.find_mute(database, caller, post_id))


@router.put("/posts/{post_id}/mute", status_code=204, responses=problems(404))
async def mute_post(database: Db, caller: CurrentCaller, post_id: UUID) -> None:
    """From now on you are told of this post only when a comment mentions you."""
    await actions.mute_post(database, caller, post_id)


@router.delete("/posts/{post_id}/mute", status_code=204, responses=problems(404))
async def unmute_post(database: Db, caller: CurrentCaller, post_id: UUID) -> None:
    await actions.unmute_post(database, caller, post_id)

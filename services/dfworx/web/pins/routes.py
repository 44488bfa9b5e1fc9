"""/posts/pinned, and /posts/{post_id}/pin and /unpin. Everybody in the organization reads the same pins, so they are
cached as its list is."""

from __future__ import annotations

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import list_response, version_response
from dfworx.web.editing import POSTS
from dfworx.web.items import Post, PostPage, page_bytes
from dfworx.web.pins import actions, queries

router = APIRouter(prefix="/posts", tags=["posts"])


@router.get("/pinned", response_model=PostPage)
async def list_pinned_posts(
    request: Request, database: Db, cache: CacheDep, caller: CurrentCaller
) -> Response:
    """At most ten, the last pinned first; all on one page. The list of posts has them too, where they always were."""

    async def load() -> bytes:
        return page_bytes(orjson.loads(await queries.list_pinned_posts(database, caller)), None)

    return list_response(request, await cache.get(caller.organization_id, POSTS, "pinned", load))


@router.post("/{post_id}/pin", response_model=Post, responses=problems(403, 404, 409))
async def pin_post(database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID) -> Response:
    """By moderators and admins; what is archived, deleted or hidden afterwards is no longer pinned."""
    written = await actions.pin_post(database, cache, caller, post_id)
    return version_response(written.body, written.version)


@router.post("/{post_id}/unpin", response_model=Post, responses=problems(403, 404, 409))
async def unpin_post(database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID) -> Response:
    written = await actions.unpin_post(database, cache, caller, post_id)
    return version_response(written.body, written.version)

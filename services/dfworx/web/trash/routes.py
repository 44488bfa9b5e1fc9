"""/posts/{post_id}/restore. The trash itself is a list of posts: `GET /posts?status=trashed`."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import IfMatch, version_response
from dfworx.web.items import Post
from dfworx.web.trash import actions

router = APIRouter(prefix="/posts", tags=["posts"])


@router.post("/{post_id}/restore", response_model=Post, responses=problems(403, 404, 409, 412))
async def restore_post(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, if_match: IfMatch
) -> Response:
    """Out of the trash, as what it was and where it was; by its author, and by moderators what wasn't a draft."""
    written = await actions.restore_post(database, cache, caller, post_id, if_match)
    return version_response(written.body, written.version)

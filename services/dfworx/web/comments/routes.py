"""Comments under a post, and each by its own address. Who sees the post reads and writes them; they are never cached,
as they are read once with a post and change while it is discussed."""

from __future__ import annotations

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, Limit, decode_place, encode_place
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.comments import actions, queries
from dfworx.web.comments.schemas import Comment, CommentCreate, CommentPage, CommentUpdate
from dfworx.web.conditional import IfMatch, RequiredIfMatch, list_response, version_response
from dfworx.web.items import page_bytes

router = APIRouter(tags=["comments"])


@router.get("/posts/{post_id}/comments", response_model=CommentPage, responses=problems(404))
async def list_comments(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    post_id: UUID,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """All comments under the post in the order in which they were written, so that each comes after what it answers
    (`parent_id`). A removed one is listed while it has answers, without its content."""
    found = await queries.list_comments(database, caller, post_id, decode_place(cursor), limit + 1)
    if found is None:
        raise NotFound
    items = orjson.loads(found)
    page = items[:limit]
    more = len(items) > limit
    next_cursor = encode_place(page[-1]["created_at"], page[-1]["comment_id"]) if more else None
    return list_response(request, page_bytes(page, next_cursor))


@router.post(
    "/posts/{post_id}/comments", status_code=201, response_model=Comment, responses=problems(403, 404, 409)
)
async def create_comment(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, comment: CommentCreate
) -> Response:
    """`@Name` or `@[Name](mention://user/ID)` in the content mentions a person of the organization."""
    written = await actions.create_comment(database, cache, caller, post_id, comment)
    where = f"/api/web/comments/{written.comment_id}"
    return version_response(written.body, written.version, 201, location=where)


@router.get("/comments/{comment_id}", response_model=Comment, responses=problems(404))
async def get_comment(database: Db, caller: CurrentCaller, comment_id: UUID) -> Response:
    body = await queries.find_comment(database, caller, comment_id)
    if body is None:
        raise NotFound
    found = actions.document(body)
    return version_response(found.body, found.version)


@router.patch("/comments/{comment_id}", response_model=Comment, responses=problems(403, 404, 412, 428))
async def update_comment(
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    comment_id: UUID,
    changes: CommentUpdate,
    if_match: RequiredIfMatch,
) -> Response:
    """By its author alone; needs `If-Match` with the ETag that was edited."""
    written = await actions.update_comment(database, cache, caller, comment_id, changes, if_match)
    return version_response(written.body, written.version)


@router.delete("/comments/{comment_id}", status_code=204, responses=problems(403, 404, 412))
async def delete_comment(
    database: Db, cache: CacheDep, caller: CurrentCaller, comment_id: UUID, if_match: IfMatch
) -> None:
    """By its author, moderators and admins. One with answers stays in the list without its content."""
    await actions.delete_comment(database, cache, caller, comment_id, if_match)


@router.post("/comments/{comment_id}/resolve", response_model=Comment, responses=problems(403, 404, 409))
async def resolve_comment(database: Db, caller: CurrentCaller, comment_id: UUID) -> Response:
    """Says that the thread which the comment begins is settled: by who began it, the post's author, moderators."""
    written = await actions.resolve_thread(database, caller, comment_id, resolved=True)
    return version_response(written.body, written.version)


@router.post("/comments/{comment_id}/unresolve", response_model=Comment, responses=problems(403, 404, 409))
async def unresolve_comment(database: Db, caller: CurrentCaller, comment_id: UUID) -> Response:
    written = await actions.resolve_thread(database, caller, comment_id, resolved=False)
    return version_response(written.body, written.version)

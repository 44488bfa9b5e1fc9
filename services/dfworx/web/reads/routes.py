"""/reads, /posts/unread and /posts/{post_id}/read. The lists of posts are the same for everybody and say nothing of
who has read what: whoever shows one asks here for the posts on it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, Limit, decode_place
from dfworx.shared.serve import Db, problems
from dfworx.web.conditional import CACHE_CONTROL, list_response
from dfworx.web.items import AuthorFilter, CategoryFilter, PostPage, cut_page
from dfworx.web.reads import actions, queries
from dfworx.web.reads.schemas import MOST_ASKED, MOST_COUNTED, AllRead, ReadList, UnreadPosts

router = APIRouter(tags=["reads"])

PostIds = Annotated[
    list[UUID], Query(min_length=1, max_length=MOST_ASKED, description="Those that are shown, one each")
]


@router.get("/reads", response_model=ReadList)
async def list_reads(request: Request, database: Db, caller: CurrentCaller, post_id: PostIds) -> Response:
    """Which of some posts are unread, and how many comments are new on the others. Who joined an organization has
    read what was published before, and nothing stays unread for longer than ninety days."""
    items = await queries.list_reads(database, caller, post_id, MOST_COUNTED)
    return list_response(request, b'{"items":%b}' % items.encode())


@router.get("/reads/unread-count", response_model=UnreadPosts)
async def count_unread_posts(database: Db, caller: CurrentCaller) -> Response:
    # Without a tag: no two answers are the same bytes.
    count = await queries.count_unread_posts(database, caller, MOST_COUNTED)
    return Response(count, headers={"Cache-Control": CACHE_CONTROL}, media_type="application/json")


@router.post("/reads/all", status_code=204)
async def read_all_posts(database: Db, caller: CurrentCaller, seen: AllRead) -> None:
    """All posts, and the comments on them, up to the moment that the count was of."""
    await actions.read_all(database, caller, seen.until)


@router.get("/posts/unread", response_model=PostPage)
async def list_unread_posts(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    category: CategoryFilter = None,
    author: AuthorFilter = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What others have published and the caller has not opened, newest first."""
    found = await queries.list_unread_posts(
        database, caller, category, author, decode_place(cursor), limit + 1
    )
    return list_response(request, cut_page(orjson.loads(found), limit))


@router.put("/posts/{post_id}/read", status_code=204, responses=problems(404))
async def read_post(database: Db, caller: CurrentCaller, post_id: UUID) -> None:
    """It is open before the caller's eyes, with the comments that are there."""
    await actions.read_post(database, caller, post_id)

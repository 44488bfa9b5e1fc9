"""/posts. Reading: the organization's published page is cached once and shared by its members; what only the
caller sees is a small list of their own, merged in. Writing: one action a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request, Response

from dfworx.shared.cache import Cache
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, Limit, Place, decode_place
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import IfMatch, RequiredIfMatch, list_response, version_response
from dfworx.web.items import (
    AuthorFilter,
    CategoryFilter,
    SearchWords,
    Status,
    StatusFilter,
    cut_page,
    merge_own,
    search_page,
)
from dfworx.web.posts import actions, queries
from dfworx.web.posts.actions import POSTS
from dfworx.web.posts.queries import Document
from dfworx.web.posts.schemas import LONGEST_SLUG, Post, PostCreate, PostPage, PostUpdate
from dfworx.web.text import Text

SlugPath = Annotated[Text, Path(max_length=LONGEST_SLUG)]

router = APIRouter(prefix="/posts", tags=["posts"])


@router.get("", response_model=PostPage)
async def list_posts(
    request: Request,
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    status: StatusFilter = None,
    category: CategoryFilter = None,
    author: AuthorFilter = None,
    q: SearchWords | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Published posts and the caller's own, newest first; archived ones only with `status=archived`. With `q`,
    what has all the words, best first."""
    if q is not None and q.strip():
        body = await search_page(
            database, caller, q,
            status=status, category=category, author=author, cursor=cursor, limit=limit,
        )  # fmt: skip
        return list_response(request, body)
    after = decode_place(cursor)
    if status == "archived":
        items = await queries.list_archived_posts(database, caller, category, author, after, limit + 1)
        return list_response(request, cut_page(orjson.loads(items), limit))
    own = _own_items(database, cache, caller, status, category, author, after, limit)
    if status == "draft":  # nobody sees a draft but its author
        return list_response(request, cut_page(orjson.loads(await own), limit))
    page, mine = await asyncio.gather(
        _published_page(database, cache, caller, category, author, after, limit), own
    )
    return list_response(request, merge_own(page, mine, limit))


@router.post("", status_code=201, response_model=Post, responses=problems(403, 409))
async def create_post(database: Db, cache: CacheDep, caller: CurrentCaller, post: PostCreate) -> Response:
    """A draft, which its author alone sees until it is published."""
    written = await actions.create_post(database, cache, caller, post)
    return version_response(written.body, written.version, 201, location=f"/api/web/posts/{written.post_id}")


@router.get("/by-slug/{slug}", response_model=Post, responses=problems(404))
async def get_post_by_slug(database: Db, cache: CacheDep, caller: CurrentCaller, slug: SlugPath) -> Response:
    return await _whole_post(
        cache, caller, f"slug:{slug}", lambda: queries.find_post(database, caller, slug=slug)
    )


@router.get("/{post_id}", response_model=Post, responses=problems(404))
async def get_post(database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID) -> Response:
    return await _whole_post(
        cache, caller, f"post:{post_id}", lambda: queries.find_post(database, caller, post_id=post_id)
    )


@router.patch("/{post_id}", response_model=Post, responses=problems(403, 404, 409, 412, 428))
async def update_post(
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    post_id: UUID,
    changes: PostUpdate,
    if_match: RequiredIfMatch,
) -> Response:
    """Needs `If-Match` with the ETag that was edited; `If-Match: *` overwrites whatever there is."""
    written = await actions.update_post(database, cache, caller, post_id, changes, if_match)
    return version_response(written.body, written.version)


@router.delete("/{post_id}", status_code=204, responses=problems(403, 404, 412))
async def delete_post(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, if_match: IfMatch
) -> None:
    await actions.delete_post(database, cache, caller, post_id, if_match)


@router.post("/{post_id}/publish", response_model=Post, responses=problems(403, 404, 409, 412))
async def publish_post(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, if_match: IfMatch
) -> Response:
    """A draft becomes readable for the organization; an archived post comes back to its place."""
    written = await actions.publish_post(database, cache, caller, post_id, if_match)
    return version_response(written.body, written.version)


@router.post("/{post_id}/archive", response_model=Post, responses=problems(403, 404, 409, 412))
async def archive_post(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, if_match: IfMatch
) -> Response:
    """Out of the lists, for its author and moderators to find and publish again."""
    written = await actions.archive_post(database, cache, caller, post_id, if_match)
    return version_response(written.body, written.version)


async def _published_page(
    database: Database,
    cache: Cache,
    caller: Caller,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    limit: int,
) -> bytes:
    async def load() -> bytes:
        items = await queries.list_published_posts(database, caller, category, author, after, limit + 1)
        return cut_page(orjson.loads(items), limit)

    return await cache.get(
        caller.organization_id, POSTS, _name("published", category, author, after, limit), load
    )


async def _own_items(
    database: Database,
    cache: Cache,
    caller: Caller,
    status: Status | None,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    limit: int,
) -> bytes:
    if author not in (None, caller.user_id):
        return b"[]"

    async def load() -> bytes:
        items = await queries.list_own_posts(database, caller, status, category, after, limit + 1)
        return items.encode()

    name = _name("own", caller.user_id, status, category, after, limit)
    return await cache.get(caller.organization_id, POSTS, name, load)


def _name(*parts: object) -> str:
    """As JSON, so that no part can be mistaken for another; `default` is for a Place, a named tuple."""
    return orjson.dumps(parts, default=tuple).decode()


async def _whole_post(
    cache: Cache, caller: Caller, name: str, find: Callable[[], Awaitable[Document | None]]
) -> Response:
    """Only what everybody in the organization may read is kept; nothing kept under a name means that the caller
    must be asked about."""

    async def load() -> bytes:
        post = await find()
        return b"%d\n%b" % (post.version, post.body) if post and post.shared else b""

    version, _, body = (await cache.get(caller.organization_id, POSTS, name, load)).partition(b"\n")
    if body:
        return version_response(body, int(version))
    own = await find()
    if own is None:
        raise NotFound
    return version_response(own.body, own.version)

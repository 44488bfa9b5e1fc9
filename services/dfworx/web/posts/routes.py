"""/posts. Reading: the organization's published page is cached once and shared by its members; what only the
caller sees is a small list of their own, merged in. Writing: one action a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request, Response

from dfworx.shared.cache import Cache
from dfworx.shared.caller import CurrentCaller, is_known_to_hold, require_session, verify_token
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, Limit, Place, decode_place
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.conditional import CACHE_CONTROL, IfMatch, RequiredIfMatch, list_response, version_response
from dfworx.web.editing import POSTS, Document
from dfworx.web.items import (
    NONE_OWN,
    AuthorFilter,
    CategoryFilter,
    Post,
    PostPage,
    SearchWords,
    Status,
    StatusFilter,
    cut_page,
    merge_own,
    page_bytes,
    search_page,
)
from dfworx.web.posts import actions, queries
from dfworx.web.posts.schemas import LONGEST_SLUG, PostCreate, PostUpdate
from dfworx.web.text import Text
from dfworx.web.view_buffer import ViewBuffer, Views

_REMEMBERED = 1000
_LONGEST_REMEMBERED = 500
"""Bytes of a query string: ours are shorter, and a parameter that nobody reads may be of any length."""


class Asked(NamedTuple):
    """What a list's query string means."""

    status: Status | None
    category: str | None
    author: UUID | None
    after: Place | None
    limit: int

    published: str
    """The cache's name of the organization's page."""
    own: str
    """And of what is the caller's own."""


class Whole(NamedTuple):
    """A post on its way out."""

    version: int
    slug: str
    body: bytes


RENAMED: dict[int | str, dict[str, Any]] = {
    308: {"description": "The post has another slug now; `Location` has it"}
}
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
    """Published posts, the caller's own and those shared with them by name, newest first; archived ones only with
    `status=archived`, and the trash, the last that went there first, with `status=trashed`. With `q`, what has all
    the words, best first."""
    if q is not None and q.strip():
        body = await search_page(
            database, caller, q,
            status=status, category=category, author=author, cursor=cursor, limit=limit,
        )  # fmt: skip
        return list_response(request, body)
    after = decode_place(cursor)
    asked = Asked(
        *(status, category, author, after, limit),
        published=_name("published", category, author, after, limit),
        own=_name("own", status, category, author, after, limit),
    )
    _remember(request, asked)
    return list_response(request, await _read_list(database, cache, caller, asked))


async def list_posts_again(request: Request) -> Response | None:
    """The same for a query string that FastAPI has validated before, past its machinery: this is what most requests
    ask. None for any other."""
    remembered: dict[bytes, Asked] = request.app.state.lists_asked
    asked = remembered.get(request.scope["query_string"])
    if asked is None:
        return None
    state = request.app.state
    caller = await verify_token(request)
    if is_known_to_hold(request, caller):
        kept = _recall_list(state.cache, caller, asked)
        if kept is not None:
            return list_response(request, kept)
    # Side by side: what they ask of Redis goes in one round trip.
    _, body = await asyncio.gather(
        require_session(request, caller), _read_list(state.database, state.cache, caller, asked)
    )
    return list_response(request, body)


@router.post("", status_code=201, response_model=Post, responses=problems(403, 409))
async def create_post(database: Db, cache: CacheDep, caller: CurrentCaller, post: PostCreate) -> Response:
    """A draft, which its author and editors alone see until it is published."""
    written = await actions.create_post(database, cache, caller, post)
    return version_response(written.body, written.version, 201, location=f"/api/web/posts/{written.post_id}")


@router.get("/by-slug/{slug}", response_model=Post, responses={**problems(404), **RENAMED})
async def get_post_by_slug(
    database: Db, cache: CacheDep, views: Views, caller: CurrentCaller, slug: SlugPath
) -> Response:
    """A slug that the post had before is answered with where it is now."""
    found = await _whole_post(
        cache, views, caller, f"slug:{slug}", lambda: queries.find_post(database, caller, slug=slug)
    )
    if found.slug != slug:
        where = f"/api/web/posts/by-slug/{quote(found.slug)}"
        return Response(status_code=308, headers={"Location": where, "Cache-Control": CACHE_CONTROL})
    return version_response(found.body, found.version)


@router.get("/{post_id}", response_model=Post, responses=problems(404))
async def get_post(
    database: Db, cache: CacheDep, views: Views, caller: CurrentCaller, post_id: UUID
) -> Response:
    found = await _whole_post(
        cache, views, caller, f"post:{post_id}", lambda: queries.find_post(database, caller, post_id=post_id)
    )
    return version_response(found.body, found.version)


@router.patch("/{post_id}", response_model=Post, responses=problems(403, 404, 409, 412, 428))
async def update_post(
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    post_id: UUID,
    changes: PostUpdate,
    if_match: RequiredIfMatch,
) -> Response:
    """By its author and moderators; by its editors, what it says. Needs `If-Match` with the ETag that was edited;
    `If-Match: *` overwrites whatever there is."""
    written = await actions.update_post(database, cache, caller, post_id, changes, if_match)
    return version_response(written.body, written.version)


@router.delete("/{post_id}", status_code=204, responses=problems(403, 404, 412))
async def delete_post(
    database: Db, cache: CacheDep, caller: CurrentCaller, post_id: UUID, if_match: IfMatch
) -> None:
    """Into the trash, where it stays for thirty days; what is there already is deleted for good."""
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


def _remember(request: Request, asked: Asked) -> None:
    remembered: dict[bytes, Asked] = request.app.state.lists_asked
    query: bytes = request.scope["query_string"]
    if len(query) > _LONGEST_REMEMBERED:
        return
    if len(remembered) >= _REMEMBERED:
        remembered.clear()
    remembered[query] = asked


def _name(*parts: object) -> str:
    """As JSON, so that no part can be mistaken for another; `default` is for a Place, a named tuple."""
    return orjson.dumps(parts, default=tuple).decode()


async def _read_list(database: Database, cache: Cache, caller: Caller, asked: Asked) -> bytes:
    """The organization's page is kept once and shared by its members; what only the caller sees is merged in."""
    if asked.status == "archived":
        found = await queries.list_archived_posts(
            database, caller, asked.category, asked.author, asked.after, asked.limit + 1
        )
        return cut_page(orjson.loads(found), asked.limit)
    if asked.status == "trashed":
        found = await queries.list_trashed_posts(
            database, caller, asked.category, asked.author, asked.after, asked.limit + 1
        )
        return cut_page(orjson.loads(found), asked.limit, ordered_by="trashed_at")
    if asked.status == "draft":  # nobody sees a draft but its author and editors
        own = await _own_items(database, cache, caller, asked)
        return cut_page(orjson.loads(own), asked.limit)
    page, own = await asyncio.gather(
        _published_page(database, cache, caller, asked), _own_items(database, cache, caller, asked)
    )
    return merge_own(page, own, asked.limit)


def _recall_list(cache: Cache, caller: Caller, asked: Asked) -> bytes | None:
    """What `_read_list` gives, when the process itself still has all of it."""
    if asked.status not in (None, "published"):
        return None
    page = cache.recall(caller.organization_id, POSTS, asked.published)
    own = cache.recall(caller.organization_id, POSTS, asked.own, person=caller.user_id)
    return merge_own(page, own, asked.limit) if page is not None and own is not None else None


async def _published_page(database: Database, cache: Cache, caller: Caller, asked: Asked) -> bytes:
    async def load() -> bytes:
        items = await queries.list_published_posts(
            database, caller, asked.category, asked.author, asked.after, asked.limit + 1
        )
        return b"" if items is None else cut_page(orjson.loads(items), asked.limit)

    # A place is whatever the client says, and so is a category or an author that isn't there: a page for each that
    # there could be would fill Redis. Nothing is kept of no bytes.
    if asked.after is not None:
        page = await load()
    else:
        page = await cache.get(caller.organization_id, POSTS, asked.published, load)
    return page or page_bytes([], None)


async def _own_items(database: Database, cache: Cache, caller: Caller, asked: Asked) -> bytes:
    """Their own, what others share with them by name, and what they write with others."""

    async def load() -> bytes:
        items = await queries.list_own_posts(
            database, caller, asked.status, asked.category, asked.author, asked.after, asked.limit + 1
        )
        return (items or "").encode()

    if asked.after is not None:
        own = await load()
    else:
        own = await cache.get(caller.organization_id, POSTS, asked.own, load, person=caller.user_id)
    return own or NONE_OWN


async def _whole_post(
    cache: Cache, views: ViewBuffer, caller: Caller, name: str, find: Callable[[], Awaitable[Document | None]]
) -> Whole:
    """Only what everybody in the organization may read is kept; nothing kept under a name means that the caller
    must be asked about."""

    async def load() -> bytes:
        post = await find()
        if post is None or not post.shared:
            return b""
        return b"%d %b %b\n%b" % (post.version, str(post.post_id).encode(), post.slug.encode(), post.body)

    head, _, body = (await cache.get(caller.organization_id, POSTS, name, load)).partition(b"\n")
    if body:
        version, post_id, slug = head.split(b" ")
        views.note(caller, UUID(post_id.decode()))
        return Whole(int(version), slug.decode(), body)
    own = await find()
    if own is None:
        raise NotFound
    views.note(caller, own.post_id)
    return Whole(own.version, own.slug, own.body)

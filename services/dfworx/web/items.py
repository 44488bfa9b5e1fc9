"""A post as lists show it and as it is read, and how a list becomes a page. Lists of posts, own or searched, have
one form; the items come out of SQL as JSON and are only parsed where a page must be cut."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BaseModel

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.pages import Page, decode_offset, encode_cursor, encode_place
from dfworx.web.text import Text

Status = Literal["draft", "published", "archived", "trashed"]
Visibility = Literal["organization", "people", "author"]
LONGEST_QUERY = 200
NONE_OWN = b"[]"

MOST_SKIPPED = 10_000


class Author(BaseModel):
    user_id: UUID
    name: str | None
    avatar_url: str | None


class PostItem(BaseModel):
    post_id: UUID
    title: str
    slug: str
    excerpt: str
    status: Status
    visibility: Visibility
    category: str | None
    """The slug of its category."""
    author: Author
    comment_count: int
    version: int
    """Counted up at every change; the ETag of the post."""
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    publish_at: datetime | None
    """When a draft will publish itself."""
    pinned_at: datetime | None
    trashed_at: datetime | None
    """Since when it is in the trash, which it leaves after thirty days."""


class PostReader(BaseModel):
    user_id: UUID
    name: str | None


class PostEditor(BaseModel):
    user_id: UUID
    name: str | None


class Post(PostItem):
    content: str
    metadata: dict[str, Any]
    view_count: int
    """How often others have looked at it, each person once an hour; up to some minutes behind."""
    readers: list[PostReader] | None
    """With whom it is shared by name, for its author and for them; null for another visibility."""
    editors: list[PostEditor]
    """Who writes it with its author."""


PostPage = Page[PostItem]

SearchWords = Annotated[Text, Query(max_length=LONGEST_QUERY, description="What to search for")]
CategoryFilter = Annotated[Text | None, Query(max_length=100, description="The slug of a category")]
AuthorFilter = Annotated[UUID | None, Query(description="A person's user_id")]
StatusFilter = Annotated[
    Status | None, Query(description="Published posts and drafts of one's own or to edit, when not given")
]


def page_bytes(items: list[Any], next_cursor: str | None) -> bytes:
    return orjson.dumps({"items": items, "next_cursor": next_cursor})


def cut_page(items: list[Any], limit: int, *, ordered_by: str | None = None) -> bytes:
    """A page of items in the list's order, of which one more than `limit` was asked for."""
    more = len(items) > limit
    return page_bytes(items[:limit], _cursor_after(items[limit - 1], ordered_by) if more else None)


def merge_own(page: bytes, own: bytes, limit: int) -> bytes:
    """The organization's page with the caller's own items, of which one more than `limit` was asked for, where
    they belong. Without any in the page's range its bytes stay untouched: the common case."""
    if own == NONE_OWN:
        return page
    mine = orjson.loads(own)
    ours = orjson.loads(page)
    items = ours["items"]
    if ours["next_cursor"] is not None:
        end = _place(items[-1])
        mine = [item for item in mine if _place(item) > end]
        if not mine:
            return page
    merged = sorted(items + mine, key=_place, reverse=True)
    more = len(merged) > limit or ours["next_cursor"] is not None
    return page_bytes(merged[:limit], _cursor_after(merged[:limit][-1]) if more else None)


def _place(item: dict[str, Any]) -> tuple[datetime, str]:
    """Where SQL lists it: `listed_at`, then the id."""
    return datetime.fromisoformat(item["published_at"] or item["created_at"]), item["post_id"]


def _cursor_after(item: dict[str, Any], ordered_by: str | None = None) -> str:
    at = item[ordered_by] if ordered_by else item["published_at"] or item["created_at"]
    return encode_place(at, item["post_id"])


async def search_page(
    database: Database,
    caller: Caller,
    words: str,
    *,
    status: Status | None,
    category: str | None,
    author: UUID | None,
    cursor: str | None,
    limit: int,
) -> bytes:
    """A page of what the caller may read and that has all the words, best first. Ranked lists have no place but
    a count, so the cursor is one; nobody reads further than ten thousand results."""
    skip = decode_offset(cursor, MOST_SKIPPED)
    found = orjson.loads(
        await database.call(
            "select app_web.search_posts($1, $2, $3, $4, $5, $6, $7)",
            *(database.seal(caller), words, status, category, author, skip, limit + 1),
        )
    )
    more = len(found) > limit and skip + limit <= MOST_SKIPPED
    return page_bytes(found[:limit], encode_cursor(skip + limit) if more else None)

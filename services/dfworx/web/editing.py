"""Changing a post, as every slice that does so begins and ends it: the row locked in the version that the caller
means, and after the commit the cached lists forgotten of whoever saw it before or sees it now. The policies decide
who may; what is here only tells absent (404) from not allowed (403)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database, Reader, Writer
from dfworx.shared.errors import Conflict, NotAllowed, NotFound
from dfworx.web.conditional import Precondition
from dfworx.web.items import Status, Visibility

POSTS = DATASETS["app_web.posts"]
ANY_VERSION = Precondition(None)


class PostTrashed(Conflict):
    code = "post_trashed"
    detail = "This post is in the trash. Restore it first."


class Document(NamedTuple):
    """A whole post as it travels."""

    post_id: UUID
    user_id: UUID
    version: int
    slug: str
    status: Status
    visibility: Visibility
    readers: frozenset[UUID]
    """With whom it is shared by name."""
    editors: frozenset[UUID]
    """Who writes it with its author."""
    body: bytes

    @property
    def shared(self) -> bool:
        """Whether everybody in the organization may read it."""
        return self.status == "published" and self.visibility == "organization"


class PostRow(NamedTuple):
    """What an action must know of a post before it changes it."""

    post_id: UUID
    user_id: UUID
    version: int
    status: Status
    visibility: Visibility
    publish_at: datetime | None
    pinned_at: datetime | None
    decided: bool
    """Whether the caller decides on it, as its author and moderators do. An editor changes its words alone."""


@dataclass(slots=True)
class Changed:
    """Whose lists are no longer right. What only its author sees is in the author's alone: who writes a draft and saves
    it every few seconds must not cost everybody their lists."""

    people: set[UUID] = field(default_factory=set)
    organization: bool = False
    """Whether the organization's lists are among them."""

    def add(self, post: PostRow | Document, readers: Iterable[UUID], editors: Iterable[UUID]) -> None:
        """The post as it was, or as it is now."""
        self.people.add(post.user_id)
        self.people.update(editors)
        if post.status == "published":
            self.organization |= post.visibility == "organization"
            self.people.update(readers)


@asynccontextmanager
async def changing(database: Database, cache: Cache, caller: Caller) -> AsyncIterator[tuple[Writer, Changed]]:
    """A transaction after whose commit the cached lists are forgotten that it is said to have changed."""
    changed = Changed()
    async with database.write(caller) as writer:
        writer.after_commit(forget_lists, cache, caller, changed)
        yield writer, changed


async def forget_lists(cache: Cache, caller: Caller, changed: Changed) -> None:
    for person in changed.people:
        await cache.bump(caller.organization_id, POSTS, person=person)
    if changed.organization:
        await cache.bump(caller.organization_id, POSTS)


async def require_changeable(
    writer: Writer,
    changed: Changed,
    caller: Caller,
    post_id: UUID,
    precondition: Precondition,
    *,
    trashed: bool = False,
    words: bool = False,
) -> PostRow:
    """The post, locked, in the version that the caller means. Raises NotFound, NotAllowed for a post that the
    caller may only read and for an editor unless only its `words` are to be changed, Stale, and PostTrashed unless
    `trashed` says that the trash is meant too."""
    post = await find_post_to_change(writer, caller.organization_id, post_id)
    if post is None:
        if await find_written_post(writer, post_id) is None:
            raise NotFound
        raise NotAllowed("Only its author, its editors and moderators can change this post.")
    if not (post.decided or words):
        raise NotAllowed(
            "An editor changes the title, text, category and metadata of a post. Ask its author for anything else."
        )
    precondition.require(post.version)
    if post.status == "trashed" and not trashed:
        raise PostTrashed
    readers = await list_reader_ids(writer, post_id) if post.visibility == "people" else ()
    changed.add(post, readers, await list_editor_ids(writer, caller.organization_id, post_id))
    return post


async def require_written(writer: Writer, changed: Changed, post_id: UUID) -> Document:
    """The post as the transaction leaves it."""
    post = await find_written_post(writer, post_id)
    if post is None:
        raise NotFound
    changed.add(post, post.readers, post.editors)
    return post


async def find_post_to_change(writer: Writer, organization_id: UUID, post_id: UUID) -> PostRow | None:
    """Locks the row for the transaction. None when the caller may not change it: the policy for updates counts."""
    row = await writer.fetchrow(
        """
        select post_id, user_id, version, status, visibility, publish_at, pinned_at,
               app_web.decides_on(user_id, visibility, status, trashed_from)
          from app_web.posts
         where organization_id = $1 and post_id = $2 for update
        """,
        organization_id,
        post_id,
    )
    return PostRow(*row) if row else None


async def find_written_post(writer: Writer, post_id: UUID) -> Document | None:
    """What the caller sees of the post, inside a transaction of theirs."""
    return document(
        await writer.fetchval("select app_web.get_post(current_setting('dfx.ctx'), $1, null)", post_id)
    )


async def list_reader_ids(reader: Reader, post_id: UUID) -> list[UUID]:
    """With whom the post is shared by name; nobody, for who may not know."""
    rows = await reader.fetch("select user_id from app_web.list_post_readers($1)", post_id)
    return [row["user_id"] for row in rows]


async def list_editor_ids(reader: Reader, organization_id: UUID, post_id: UUID) -> list[UUID]:
    """Also those whose account isn't active: they may be again before a cached list ends."""
    rows = await reader.fetch(
        "select user_id from app_web.post_editors where organization_id = $1 and post_id = $2",
        *(organization_id, post_id),
    )
    return [row["user_id"] for row in rows]


def document(text: str | None) -> Document | None:
    if text is None:
        return None
    post = orjson.loads(text)
    return Document(
        post_id=UUID(post["post_id"]),
        user_id=UUID(post["author"]["user_id"]),
        version=post["version"],
        slug=post["slug"],
        status=post["status"],
        visibility=post["visibility"],
        readers=frozenset(UUID(reader["user_id"]) for reader in post["readers"] or ()),
        editors=frozenset(UUID(editor["user_id"]) for editor in post["editors"]),
        body=text.encode(),
    )

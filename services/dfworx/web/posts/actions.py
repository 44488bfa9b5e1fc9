"""Writing posts: each action is one transaction under the caller's policies, and forgets the cached lists once
it is committed. The policies decide who may; an action only tells absent (404) from not allowed (403). Usable
without HTTP: the importer writes through these."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import ConstraintBroken, Database, Writer
from dfworx.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from dfworx.web.conditional import Precondition
from dfworx.web.posts import queries
from dfworx.web.posts.queries import Document, PostRow
from dfworx.web.posts.schemas import LONGEST_SLUG, ImportedPost, PostCreate, PostUpdate
from dfworx.web.text import make_excerpt, make_slug

POSTS = DATASETS["app_web.posts"]
_SLUG_KEY = "posts_organization_id_slug_key"
_NUMBERED = 32
"""So many posts of one title get a number; further ones get letters that nobody else has."""

ANY_VERSION = Precondition(None)


class SlugTaken(Conflict):
    code = "slug_taken"
    detail = "Another post has this slug. Choose a different one."


class PostAlreadyPublished(Conflict):
    code = "post_already_published"
    detail = "This post is published already."


class PostAlreadyArchived(Conflict):
    code = "post_already_archived"
    detail = "This post is archived already."


class PostNotImported(Conflict):
    code = "post_not_imported"
    detail = "The slug belongs to a post that was not imported. Rename the file or the post."


class UnknownCategory(Invalid):
    code = "unknown_category"
    detail = "There is no category with this slug."


async def create_post(database: Database, cache: Cache, caller: Caller, post: PostCreate) -> Document:
    """A draft of the caller's. Raises SlugTaken for a slug that was asked for; one from the title gets a number."""
    async with _writing(database, cache, caller) as (writer, changed):
        changed.authors.add(caller.user_id)
        category_id = await _require_category(writer, caller, post.category)

        async def insert(slug: str) -> UUID | None:
            return await queries.insert_post(
                writer,
                caller.organization_id,
                user_id=caller.user_id,
                category_id=category_id,
                title=post.title,
                slug=slug,
                content=post.content,
                excerpt=make_excerpt(post.content),
                status="draft",
                visibility=post.visibility,
                metadata=post.metadata,
                created_at=None,
                published_at=None,
                archived_at=None,
            )

        post_id = await (
            insert(post.slug) if post.slug else _with_free_slug(writer, caller, post.title, insert)
        )
        if post_id is None:
            raise SlugTaken
        return await _written(writer, post_id)


async def update_post(
    database: Database,
    cache: Cache,
    caller: Caller,
    post_id: UUID,
    changes: PostUpdate,
    precondition: Precondition = ANY_VERSION,
) -> Document:
    """Changes what was given and counts the version up; nothing given changes nothing."""
    given = changes.model_fields_set
    async with _writing(database, cache, caller) as (writer, changed):
        changed.add(await _require_changeable(writer, caller, post_id, precondition))
        if given:
            await queries.update_post(
                writer,
                caller.organization_id,
                post_id,
                title=changes.title if "title" in given else None,
                content=changes.content if "content" in given else None,
                excerpt=make_excerpt(changes.content) if "content" in given else None,
                slug=changes.slug if "slug" in given else None,
                visibility=changes.visibility if "visibility" in given else None,
                metadata=changes.metadata if "metadata" in given else None,
                set_category="category" in given,
                category_id=await _require_category(writer, caller, changes.category),
            )
        return await _written(writer, post_id)


async def publish_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> Document:
    """A draft or an archived post becomes public in the organization; raises PostAlreadyPublished."""
    async with _writing(database, cache, caller) as (writer, changed):
        post = await _require_changeable(writer, caller, post_id, precondition)
        changed.add(post, shared=True)
        if post.status == "published":
            raise PostAlreadyPublished
        await queries.set_published(writer, caller.organization_id, post_id)
        return await _written(writer, post_id)


async def archive_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> Document:
    """Takes a post out of the lists and keeps it; raises PostAlreadyArchived."""
    async with _writing(database, cache, caller) as (writer, changed):
        post = await _require_changeable(writer, caller, post_id, precondition)
        changed.add(post)
        if post.status == "archived":
            raise PostAlreadyArchived
        await queries.set_archived(writer, caller.organization_id, post_id)
        return await _written(writer, post_id)


async def delete_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> None:
    async with _writing(database, cache, caller) as (writer, changed):
        changed.add(await _require_changeable(writer, caller, post_id, precondition))
        await queries.delete_post(writer, caller.organization_id, post_id)


async def save_imported_post(
    database: Database, cache: Cache, caller: Caller, post: ImportedPost
) -> Literal["created", "updated", "unchanged"]:
    """The document as it is to stand here, in one transaction. Its slug tells which post it is; raises
    PostNotImported when that is one which people wrote here, and UnknownCategory."""
    changed = _Changed({post.user_id}, shared=True)
    async with database.write(caller) as writer:
        known = await queries.find_imported_post(writer, caller.organization_id, post.slug)
        if known is not None and known.digest is None:
            raise PostNotImported
        if known is not None and known.digest == post.metadata.get("import", {}).get("digest"):
            return "unchanged"
        category_id = await _require_category(writer, caller, post.category)
        excerpt = make_excerpt(post.content)
        if known is not None:
            changed.authors.add(known.user_id)
            await queries.replace_imported_post(
                writer,
                caller.organization_id,
                known.post_id,
                user_id=post.user_id,
                category_id=category_id,
                title=post.title,
                content=post.content,
                excerpt=excerpt,
                status=post.status,
                metadata=post.metadata,
                created_at=post.created_at,
            )
        else:
            await _insert_imported_post(writer, caller, post, category_id, excerpt)
        writer.after_commit(_forget, cache, caller, changed)
    return "updated" if known else "created"


async def _insert_imported_post(
    writer: Writer, caller: Caller, post: ImportedPost, category_id: UUID | None, excerpt: str
) -> None:
    now = datetime.now(UTC)
    written_at = post.created_at or now
    inserted = await queries.insert_post(
        writer,
        caller.organization_id,
        user_id=post.user_id,
        category_id=category_id,
        title=post.title,
        slug=post.slug,
        content=post.content,
        excerpt=excerpt,
        status=post.status,
        visibility="organization",
        metadata=post.metadata,
        created_at=written_at,
        published_at=None if post.status == "draft" else written_at,
        archived_at=now if post.status == "archived" else None,
    )
    if inserted is None:  # by somebody's draft, which the importing admin can't see
        raise PostNotImported


@dataclass(slots=True)
class _Changed:
    """Whose lists are no longer right. A draft is in its author's alone: who writes one and saves it every few
    seconds must not cost everybody their lists."""

    authors: set[UUID]
    shared: bool
    """Whether the organization's lists are among them."""

    def add(self, post: PostRow, *, shared: bool = False) -> None:
        self.authors.add(post.user_id)
        self.shared |= shared or post.status != "draft"


@asynccontextmanager
async def _writing(
    database: Database, cache: Cache, caller: Caller
) -> AsyncIterator[tuple[Writer, _Changed]]:
    """A transaction after whose commit the cached lists are forgotten that it is said to have changed."""
    changed = _Changed(set(), shared=False)
    try:
        async with database.write(caller) as writer:
            writer.after_commit(_forget, cache, caller, changed)
            yield writer, changed
    except ConstraintBroken as error:
        if error.constraint == _SLUG_KEY:
            raise SlugTaken from error
        raise


async def _forget(cache: Cache, caller: Caller, changed: _Changed) -> None:
    for author in changed.authors:
        await cache.bump(caller.organization_id, POSTS, person=author)
    if changed.shared:
        await cache.bump(caller.organization_id, POSTS)


async def _require_changeable(
    writer: Writer, caller: Caller, post_id: UUID, precondition: Precondition
) -> PostRow:
    """The post, locked, in the version that the caller means. Raises NotFound, NotAllowed for a post that the
    caller may only read, and Stale."""
    post = await queries.find_post_to_change(writer, caller.organization_id, post_id)
    if post is None:
        if await queries.find_written_post(writer, post_id) is None:
            raise NotFound
        raise NotAllowed("Only its author and moderators can change this post.")
    precondition.require(post.version)
    return post


async def _require_category(writer: Writer, caller: Caller, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    category_id = await queries.find_category_id(writer, caller.organization_id, slug)
    if category_id is None:
        raise UnknownCategory
    return category_id


async def _with_free_slug(
    writer: Writer, caller: Caller, title: str, insert: Callable[[str], Awaitable[UUID | None]]
) -> UUID | None:
    """Numbers that visible posts have are skipped at once; those of other people's drafts, and of posts being
    written at this moment, show when the insert finds them taken."""
    slug = make_slug(title, LONGEST_SLUG, otherwise="post")
    numbered = [_ending(slug, str(number)) for number in range(2, _NUMBERED + 1)]
    taken = await queries.list_taken_slugs(writer, caller.organization_id, [slug, *numbered])
    free = [each for each in (slug, *numbered) if each not in taken]
    for each in (*free, _ending(slug, uuid4().hex[:12])):
        if (post_id := await insert(each)) is not None:
            return post_id
    return None


def _ending(slug: str, end: str) -> str:
    return f"{slug[: LONGEST_SLUG - len(end) - 1].rstrip('-')}-{end}"


async def _written(writer: Writer, post_id: UUID) -> Document:
    post = await queries.find_written_post(writer, post_id)
    if post is None:
        raise NotFound
    return post

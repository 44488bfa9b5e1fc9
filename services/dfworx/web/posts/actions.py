"""Writing posts: each action is one transaction under the caller's policies, and forgets the cached lists once
it is committed (web/editing.py). Usable without HTTP: the importer writes through these."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.db import ConstraintBroken, Database, Writer
from dfworx.shared.errors import Conflict, Invalid
from dfworx.shared.outbox import note
from dfworx.web.conditional import Precondition
from dfworx.web.editing import (
    ANY_VERSION,
    Changed,
    Document,
    PostTrashed,
    changing,
    forget_lists,
    list_editor_ids,
    require_changeable,
    require_written,
)
from dfworx.web.notifying import notify_of_editing, notify_of_share
from dfworx.web.posts import queries
from dfworx.web.posts.schemas import LONGEST_SLUG, ImportedPost, PostCreate, PostUpdate
from dfworx.web.text import make_excerpt, make_slug

_SLUG_KEYS = ("posts_organization_id_slug_key", "post_slugs_pkey")
_WORDS = {"title", "content", "category", "metadata"}
"""What an editor changes; the guard of migration 027 says so too."""
_NUMBERED = 32
"""So many posts of one title get a number; further ones get letters that nobody else has."""


class SlugTaken(Conflict):
    code = "slug_taken"
    detail = "Another post has or had this slug. Choose a different one."


class PostAlreadyPublished(Conflict):
    code = "post_already_published"
    detail = "This post is published already."


class PostAlreadyArchived(Conflict):
    code = "post_already_archived"
    detail = "This post is archived already."


class PostNotImported(Conflict):
    code = "post_not_imported"
    detail = "The slug belongs to a post that was not imported. Rename the file or the post."


class ReadersNotPeople(Invalid):
    code = "readers_not_people"
    detail = (
        "Readers are named for posts with the visibility people. Leave them out, or change the visibility."
    )


class UnknownReaders(Invalid):
    code = "unknown_readers"


class UnknownEditors(Invalid):
    code = "unknown_editors"


class UnknownCategory(Invalid):
    code = "unknown_category"
    detail = "There is no category with this slug."


async def create_post(database: Database, cache: Cache, caller: Caller, post: PostCreate) -> Document:
    """A draft of the caller's. Raises SlugTaken for a slug that was asked for; one from the title gets a number."""
    if "readers" in post.model_fields_set and post.visibility != "people":
        raise ReadersNotPeople
    try:
        return await _create_post(database, cache, caller, post)
    except SlugTaken:
        if post.slug:
            raise
        # Between the look for a free one and taking it, somebody took it and gave it up: the next look sees that.
        return await _create_post(database, cache, caller, post)


async def _create_post(database: Database, cache: Cache, caller: Caller, post: PostCreate) -> Document:
    async with _writing(database, cache, caller) as (writer, changed):
        changed.people.add(caller.user_id)
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

        post_id = await (insert(post.slug) if post.slug else _with_free_slug(writer, post.title, insert))
        if post_id is None:
            raise SlugTaken
        if post.readers:
            await _name_readers(writer, caller, post_id, post.readers)
        if post.editors:
            await _name_editors(writer, cache, caller, post_id, caller.user_id, post.editors)
        return await require_written(writer, changed, post_id)


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
        post = await require_changeable(writer, changed, caller, post_id, precondition, words=given <= _WORDS)
        if (
            "readers" in given
            and (changes.visibility if "visibility" in given else post.visibility) != "people"
        ):
            raise ReadersNotPeople
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
        if "readers" in given:
            newly = await _name_readers(writer, caller, post_id, changes.readers)
            await notify_of_share(writer, cache, caller, post_id, newly)
        if "editors" in given:
            await _name_editors(writer, cache, caller, post_id, post.user_id, changes.editors)
        return await require_written(writer, changed, post_id)


async def publish_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> Document:
    """A draft or an archived post becomes readable for those whom it is for; raises PostAlreadyPublished."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await require_changeable(writer, changed, caller, post_id, precondition)
        if post.status == "published":
            raise PostAlreadyPublished
        await queries.set_published(writer, caller.organization_id, post_id)
        about = {"post_id": str(post_id), "user_id": str(post.user_id), "visibility": post.visibility}
        await note(writer, caller.organization_id, "posts.published", post_id, {**about, "scheduled": False})
        published = await require_written(writer, changed, post_id)
        if published.readers:
            await notify_of_share(writer, cache, caller, post_id, list(published.readers))
        return published


async def archive_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> Document:
    """Takes a post out of the lists and keeps it; raises PostAlreadyArchived."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await require_changeable(writer, changed, caller, post_id, precondition)
        if post.status == "archived":
            raise PostAlreadyArchived
        await queries.set_archived(writer, caller.organization_id, post_id)
        return await require_written(writer, changed, post_id)


async def delete_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> None:
    """Into the trash; what is there already is deleted for good."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await require_changeable(writer, changed, caller, post_id, precondition, trashed=True)
        remove = queries.delete_post if post.status == "trashed" else queries.set_trashed
        await remove(writer, caller.organization_id, post_id)


async def save_imported_post(
    database: Database, cache: Cache, caller: Caller, post: ImportedPost
) -> Literal["created", "updated", "unchanged"]:
    """The document as it is to stand here, in one transaction. Its slug tells which post it is; raises
    PostNotImported when that is one which people wrote here, PostTrashed, and UnknownCategory."""
    changed = Changed({post.user_id}, organization=True)
    try:
        async with database.write(caller) as writer:
            known = await queries.find_imported_post(writer, caller.organization_id, post.slug)
            if known is not None and known.digest is None:
                raise PostNotImported
            if known is not None and known.digest == post.metadata.get("import", {}).get("digest"):
                return "unchanged"
            if known is not None and known.status == "trashed":
                raise PostTrashed
            category_id = await _require_category(writer, caller, post.category)
            excerpt = make_excerpt(post.content)
            if known is not None:
                changed.people.add(known.user_id)
                changed.people.update(await list_editor_ids(writer, caller.organization_id, known.post_id))
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
            writer.after_commit(forget_lists, cache, caller, changed)
    except ConstraintBroken as error:
        if error.constraint in _SLUG_KEYS:  # a slug that somebody's draft had before
            raise PostNotImported from error
        raise
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
    if inserted is None:  # taken by somebody's draft, which the importing admin can't see
        raise PostNotImported


@asynccontextmanager
async def _writing(database: Database, cache: Cache, caller: Caller) -> AsyncIterator[tuple[Writer, Changed]]:
    try:
        async with changing(database, cache, caller) as (writer, changed):
            yield writer, changed
    except ConstraintBroken as error:
        if error.constraint in _SLUG_KEYS:
            raise SlugTaken from error
        raise


async def _name_readers(writer: Writer, caller: Caller, post_id: UUID, readers: list[UUID]) -> list[UUID]:
    """Those who read the post from now on; gives who is newly named."""
    named = sorted(set(readers) - {caller.user_id})
    await _require_active(writer, caller, named, UnknownReaders)
    return await queries.replace_readers(writer, caller.organization_id, post_id, caller.user_id, named)


async def _name_editors(
    writer: Writer, cache: Cache, caller: Caller, post_id: UUID, author: UUID, editors: list[UUID]
) -> None:
    """Those who write the post with its author from now on; who is newly named is told."""
    named = sorted(set(editors) - {author})
    await _require_active(writer, caller, named, UnknownEditors)
    newly = await queries.name_editors(writer, post_id, named)
    await notify_of_editing(writer, cache, caller, post_id, newly)


async def _require_active(
    writer: Writer, caller: Caller, named: list[UUID], refusal: type[UnknownReaders | UnknownEditors]
) -> None:
    known = await queries.list_active_people(writer, caller.organization_id, named)
    if unknown := [str(each) for each in named if each not in known]:
        raise refusal(f"Nobody active in this organization has the id {', '.join(unknown)}.", unknown=unknown)


async def _require_category(writer: Writer, caller: Caller, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    category_id = await queries.find_category_id(writer, caller.organization_id, slug)
    if category_id is None:
        raise UnknownCategory
    return category_id


async def _with_free_slug(
    writer: Writer, title: str, insert: Callable[[str], Awaitable[UUID | None]]
) -> UUID | None:
    """Numbers that posts have or had are skipped at once; those of posts being written at this moment show when the
    insert finds them taken."""
    slug = make_slug(title, LONGEST_SLUG, otherwise="post")
    numbered = [_ending(slug, str(number)) for number in range(2, _NUMBERED + 1)]
    taken = await queries.list_taken_slugs(writer, [slug, *numbered])
    free = [each for each in (slug, *numbered) if each not in taken]
    for each in (*free, _ending(slug, uuid4().hex[:12])):
        if (post_id := await insert(each)) is not None:
            return post_id
    return None


def _ending(slug: str, end: str) -> str:
    return f"{slug[: LONGEST_SLUG - len(end) - 1].rstrip('-')}-{end}"

"""Writing comments: each action is one transaction under the caller's policies. The policies and the guard of
migration 011 decide who may; an action only tells absent (404) from not allowed (403). The post's count is kept by
trigger in the same transaction, and the cached posts that show it are told after the commit."""

from __future__ import annotations

import asyncio
from typing import NamedTuple
from uuid import UUID

import orjson

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database, Writer
from dfworx.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from dfworx.shared.outbox import note
from dfworx.web.comments import queries
from dfworx.web.comments.queries import CommentRow, PostRow
from dfworx.web.comments.schemas import CommentCreate, CommentUpdate
from dfworx.web.conditional import Precondition
from dfworx.web.editing import POSTS, PostTrashed, list_editor_ids, list_reader_ids
from dfworx.web.mentions import Named, choose, find_named
from dfworx.web.notifying import notify_of_comment

COMMENTS = DATASETS["app_web.comments"]


class Document(NamedTuple):
    """A comment as it travels."""

    comment_id: UUID
    version: int
    body: bytes


class PostArchived(Conflict):
    code = "post_archived"
    detail = "This post is archived: its comments can be read, and no more are added."


class UnknownParent(Invalid):
    code = "unknown_parent"
    detail = "The comment to answer isn't under this post."


class CommentRemoved(Conflict):
    code = "comment_removed"
    detail = "The comment to answer was removed."


class NotAThread(Conflict):
    code = "not_a_thread"
    detail = "This comment answers another. Only the comment that begins a thread can be resolved."


class ThreadAlreadyResolved(Conflict):
    code = "thread_already_resolved"
    detail = "This thread is resolved already."


class ThreadNotResolved(Conflict):
    code = "thread_not_resolved"
    detail = "This thread isn't resolved."


async def create_comment(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, comment: CommentCreate
) -> Document:
    """Raises PostArchived, PostTrashed, UnknownParent, and CommentRemoved for an answer to what was removed."""
    named = await asyncio.to_thread(find_named, comment.content)
    async with database.write(caller) as writer:
        post = await _require_post(writer, caller, post_id)
        if post.status == "archived":
            raise PostArchived
        if post.status == "trashed":
            raise PostTrashed
        if comment.parent_id is not None:
            await _require_parent(writer, caller, post_id, comment.parent_id)
        comment_id = await queries.insert_comment(
            writer,
            caller.organization_id,
            post_id=post_id,
            user_id=caller.user_id,
            parent_id=comment.parent_id,
            content=comment.content,
        )
        await _mention(writer, cache, caller, comment_id, named)
        about = {"comment_id": str(comment_id), "post_id": str(post_id), "user_id": str(caller.user_id)}
        await note(writer, caller.organization_id, "comments.created", comment_id, about)
        await _count_changes(writer, cache, caller, post_id, post)
        return await _written(writer, comment_id)


async def update_comment(
    database: Database,
    cache: Cache,
    caller: Caller,
    comment_id: UUID,
    changes: CommentUpdate,
    precondition: Precondition,
) -> Document:
    """Raises NotAllowed for everybody but its author, and Stale."""
    named = await asyncio.to_thread(find_named, changes.content)
    async with database.write(caller) as writer:
        comment = await _require_changeable(writer, caller, comment_id)
        _require_words(comment)
        if comment.user_id != caller.user_id:
            raise NotAllowed("Only its author can change this comment.")
        precondition.require(comment.version)
        await queries.update_content(writer, caller.organization_id, comment_id, changes.content)
        await _mention(writer, cache, caller, comment_id, named)
        return await _written(writer, comment_id)


async def delete_comment(
    database: Database, cache: Cache, caller: Caller, comment_id: UUID, precondition: Precondition
) -> None:
    """One that has answers stays without its words, so that the answers do."""
    async with database.write(caller) as writer:
        comment = await _require_changeable(writer, caller, comment_id)
        _require_words(comment)
        if comment.user_id != caller.user_id and caller.role not in ("admin", "moderator"):
            raise NotAllowed("Only its author and moderators can remove this comment.")
        precondition.require(comment.version)
        post = await _require_post(writer, caller, comment.post_id)
        # Asked with the row locked: an answer that was being written is there by now, or will be refused.
        if await queries.has_answers(writer, caller.organization_id, comment.post_id, comment_id):
            await queries.delete_mentions(writer, caller.organization_id, comment_id, but=[])
            await queries.erase_comment(writer, caller.organization_id, comment_id)
        else:
            await queries.delete_comment(writer, caller.organization_id, comment_id)
        await _count_changes(writer, cache, caller, comment.post_id, post)


async def resolve_thread(database: Database, caller: Caller, comment_id: UUID, *, resolved: bool) -> Document:
    """By who began the thread, the post's author and moderators; says nothing about the comment's words, so its
    version stays. Raises NotAThread, ThreadAlreadyResolved, ThreadNotResolved."""
    async with database.write(caller) as writer:
        comment = await _require_changeable(writer, caller, comment_id)
        if comment.parent_id is not None:
            raise NotAThread
        if resolved and comment.resolved_at is not None:
            raise ThreadAlreadyResolved
        if not resolved and comment.resolved_at is None:
            raise ThreadNotResolved
        await queries.set_resolved(writer, caller.organization_id, comment_id, resolved=resolved)
        return await _written(writer, comment_id)


async def _mention(writer: Writer, cache: Cache, caller: Caller, comment_id: UUID, named: Named) -> None:
    """Keeps whom the words mention now, and tells those who weren't mentioned before; of a new comment also whom it
    answers and the post's author."""
    mentioned: list[UUID] = []
    if named.user_ids or named.typed:
        people = await queries.list_active_people(writer, caller.organization_id, named.user_ids, named.names)
        mentioned = choose(named, people)
    await queries.delete_mentions(writer, caller.organization_id, comment_id, but=mentioned)
    newly = await queries.insert_mentions(writer, caller.organization_id, comment_id, mentioned)
    await notify_of_comment(writer, cache, caller, comment_id, newly)


async def _require_post(writer: Writer, caller: Caller, post_id: UUID) -> PostRow:
    post = await queries.find_post(writer, caller.organization_id, post_id)
    if post is None:
        raise NotFound
    return post


async def _require_parent(writer: Writer, caller: Caller, post_id: UUID, parent_id: UUID) -> None:
    parent = await queries.find_parent(writer, caller.organization_id, post_id, parent_id)
    if parent is None:
        raise UnknownParent
    if parent.removed_at is not None:
        raise CommentRemoved


async def _require_changeable(writer: Writer, caller: Caller, comment_id: UUID) -> CommentRow:
    """The comment, locked. Raises NotFound, and NotAllowed for one that the caller may only read."""
    comment = await queries.find_comment_to_change(writer, caller.organization_id, comment_id)
    if comment is None:
        if await queries.find_written_comment(writer, comment_id) is None:
            raise NotFound
        raise NotAllowed("Only its author, the post's author and moderators can change this comment.")
    return comment


def _require_words(comment: CommentRow) -> None:
    if comment.removed_at is not None:
        raise NotFound


async def _written(writer: Writer, comment_id: UUID) -> Document:
    body = await queries.find_written_comment(writer, comment_id)
    if body is None:
        raise NotFound
    return document(body)


async def _count_changes(writer: Writer, cache: Cache, caller: Caller, post_id: UUID, post: PostRow) -> None:
    """The post's count is in the organization's lists, or in those of its author, its editors and of whom it is shared
    with."""
    if post.status == "published" and post.visibility == "organization":
        writer.after_commit(cache.bump, caller.organization_id, COMMENTS)
        return
    readers = await list_reader_ids(writer, post_id) if post.visibility == "people" else []
    editors = await list_editor_ids(writer, caller.organization_id, post_id)
    for person in {post.user_id, *readers, *editors}:
        writer.after_commit(cache.bump, caller.organization_id, POSTS, person=person)


def document(body: str) -> Document:
    comment = orjson.loads(body)
    return Document(UUID(comment["comment_id"]), comment["version"], body.encode())

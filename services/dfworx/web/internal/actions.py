"""What Convex's functions do here in a person's name: by the same actions as that person's own requests."""

from __future__ import annotations

import asyncio
from uuid import UUID

import orjson

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound
from dfworx.web.comments.queries import list_active_people
from dfworx.web.conditional import Precondition
from dfworx.web.internal import queries
from dfworx.web.internal.schemas import ContentSaved, MessageSent, PostText
from dfworx.web.mentions import choose, find_named
from dfworx.web.notifying import notify_of_message
from dfworx.web.posts.actions import update_post
from dfworx.web.posts.queries import find_post
from dfworx.web.posts.schemas import PostUpdate


async def read_text(database: Database, caller: Caller, post_id: UUID) -> PostText:
    """Raises NotFound."""
    post = await find_post(database, caller, post_id=post_id)
    if post is None:
        raise NotFound
    moderates = (
        caller.role in ("admin", "moderator") and post.visibility == "organization" and post.status != "draft"
    )
    return PostText(
        post_id=post.post_id,
        user_id=post.user_id,
        content=orjson.loads(post.body)["content"],
        version=post.version,
        may_change=post.status != "trashed" and (post.user_id == caller.user_id or moderates),
    )


async def save_content(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, saved: ContentSaved
) -> int:
    """The version that the post has then. Raises Stale, and what changing a post does."""
    changes = PostUpdate(content=saved.content)
    written = await update_post(database, cache, caller, post_id, changes, Precondition(f'"{saved.version}"'))
    return written.version


async def tell_of_message(database: Database, cache: Cache, caller: Caller, sent: MessageSent) -> list[UUID]:
    """Whom it mentions. Done twice, it tells nobody twice. Raises NotFound for a post that the person can't see."""
    named = await asyncio.to_thread(find_named, sent.text)
    async with database.write(caller) as writer:
        if sent.post_id is not None and not await queries.has_post(
            writer, caller.organization_id, sent.post_id
        ):
            raise NotFound
        people = await list_active_people(writer, caller.organization_id, named.user_ids, named.names)
        mentioned = choose(named, people)
        await notify_of_message(
            writer,
            cache,
            caller,
            message_id=sent.message_id,
            thread_id=sent.thread_id,
            post_id=sent.post_id,
            mentioned=mentioned,
            answered=sent.answers,
        )
        if sent.file_ids:
            await queries.attach_files(
                writer,
                *(caller.organization_id, caller.user_id, sent.file_ids),
                message_id=sent.message_id,
                post_id=sent.post_id,
            )
    return mentioned

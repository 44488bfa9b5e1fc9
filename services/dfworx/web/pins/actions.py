"""Pinning posts. A pin changes no word of a post, so its version stays; that a post which not everybody reads any
more loses its pin is the guard's to see to (migration 013)."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Writer
from dfworx.shared.errors import Conflict, NotAllowed
from dfworx.web.editing import (
    ANY_VERSION,
    Changed,
    Document,
    PostRow,
    changing,
    require_changeable,
    require_written,
)
from dfworx.web.pins import queries


class PostNotPublic(Conflict):
    code = "post_not_public"
    detail = "Only what is published to the organization can be pinned."


class PostAlreadyPinned(Conflict):
    code = "post_already_pinned"
    detail = "This post is pinned already."


class PostNotPinned(Conflict):
    code = "post_not_pinned"
    detail = "This post isn't pinned."


class TooManyPins(Conflict):
    code = "too_many_pins"
    detail = "Ten posts are pinned already. Unpin one of them first."


async def pin_post(database: Database, cache: Cache, caller: Caller, post_id: UUID) -> Document:
    """Raises NotAllowed for all but moderators, PostNotPublic, PostAlreadyPinned and TooManyPins."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await _require_pinnable(writer, changed, caller, post_id)
        if post.status != "published" or post.visibility != "organization":
            raise PostNotPublic
        if post.pinned_at is not None:
            raise PostAlreadyPinned
        if not await queries.pin_post(writer, post_id):
            raise TooManyPins
        return await require_written(writer, changed, post_id)


async def unpin_post(database: Database, cache: Cache, caller: Caller, post_id: UUID) -> Document:
    """Raises NotAllowed for all but moderators, and PostNotPinned."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await _require_pinnable(writer, changed, caller, post_id)
        if post.pinned_at is None:
            raise PostNotPinned
        await queries.unpin_post(writer, caller.organization_id, post_id)
        return await require_written(writer, changed, post_id)


async def _require_pinnable(writer: Writer, changed: Changed, caller: Caller, post_id: UUID) -> PostRow:
    post = await require_changeable(writer, changed, caller, post_id, ANY_VERSION)
    if caller.role not in ("admin", "moderator"):
        raise NotAllowed("Only moderators and admins pin posts.")
    return post

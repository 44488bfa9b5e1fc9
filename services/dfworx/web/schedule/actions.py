"""Choosing when a draft publishes itself, and taking it back. The worker does it when the moment has come
(worker/publishing.py); publishing by hand, or the trash, ends the waiting by the guard of migration 013."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict, Invalid
from dfworx.web.conditional import Precondition
from dfworx.web.editing import ANY_VERSION, Document, changing, require_changeable, require_written
from dfworx.web.schedule import queries

FURTHEST = timedelta(days=366)


class MomentOutOfReach(Invalid):
    code = "moment_out_of_reach"
    detail = "Choose a moment in the future, at most a year ahead."


class PostNotDraft(Conflict):
    code = "post_not_draft"
    detail = "Only a draft can be scheduled."


class PostNotScheduled(Conflict):
    code = "post_not_scheduled"
    detail = "This post isn't scheduled."


async def schedule_post(
    database: Database,
    cache: Cache,
    caller: Caller,
    post_id: UUID,
    at: datetime,
    precondition: Precondition = ANY_VERSION,
) -> Document:
    """Or reschedules it. Raises MomentOutOfReach and PostNotDraft."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await require_changeable(writer, changed, caller, post_id, precondition)
        if not timedelta() < at - datetime.now(UTC) <= FURTHEST:
            raise MomentOutOfReach
        if post.status != "draft":
            raise PostNotDraft
        await queries.set_publish_at(writer, caller.organization_id, post_id, at)
        return await require_written(writer, changed, post_id)


async def unschedule_post(
    database: Database, cache: Cache, caller: Caller, post_id: UUID, precondition: Precondition = ANY_VERSION
) -> Document:
    """It stays a draft. Raises PostNotScheduled."""
    async with changing(database, cache, caller) as (writer, changed):
        post = await require_changeable(writer, changed, caller, post_id, precondition)
        if post.publish_at is None:
            raise PostNotScheduled
        await queries.set_publish_at(writer, caller.organization_id, post_id, None)
        return await require_written(writer, changed, post_id)

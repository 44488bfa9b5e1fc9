"""What somebody does with what they were told: each action is one transaction under their own policies, and their
unread count, the only thing of it that is cached, is forgotten once it is committed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database, Reader, Writer
from dfworx.shared.errors import NotFound
from dfworx.web.notifications import queries

NOTIFICATIONS = DATASETS["public.notifications"]
MARKED_AT_ONCE = 5000
"""By one statement, which must end within its time however much somebody has left unread."""


async def mark_notification(
    database: Database, cache: Cache, caller: Caller, notification_id: UUID, *, read: bool
) -> None:
    async with _marking(database, cache, caller) as writer:
        if not await queries.set_read(writer, caller, notification_id, read=read):
            raise NotFound


async def mark_all_read(database: Database, cache: Cache, caller: Caller, until: datetime) -> None:
    async with _marking(database, cache, caller) as writer:
        while await queries.read_until(writer, caller, until, MARKED_AT_ONCE) == MARKED_AT_ONCE:
            pass


async def mark_post_read(database: Database, cache: Cache, caller: Caller, post_id: UUID) -> None:
    """Of a post that isn't there nobody was told: nothing happens."""
    async with _marking(database, cache, caller) as writer:
        await queries.read_of_post(writer, caller, post_id)


async def mute_post(database: Database, caller: Caller, post_id: UUID) -> None:
    async with database.write(caller) as writer:
        await _require_post(writer, caller, post_id)
        await queries.insert_mute(writer, caller, post_id)


async def unmute_post(database: Database, caller: Caller, post_id: UUID) -> None:
    async with database.write(caller) as writer:
        await _require_post(writer, caller, post_id)
        await queries.delete_mute(writer, caller, post_id)


async def find_mute(database: Database, caller: Caller, post_id: UUID) -> bool:
    async with database.read(caller) as reader:
        await _require_post(reader, caller, post_id)
        return await queries.is_muted(reader, caller, post_id)


@asynccontextmanager
async def _marking(database: Database, cache: Cache, caller: Caller) -> AsyncIterator[Writer]:
    async with database.write(caller) as writer:
        writer.after_commit(cache.bump, caller.organization_id, NOTIFICATIONS, person=caller.user_id)
        yield writer


async def _require_post(reader: Reader, caller: Caller, post_id: UUID) -> None:
    if not await queries.has_post(reader, caller, post_id):
        raise NotFound

"""Emptying the trash. No list that is cached has shown what is there, so nothing needs to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.batches import in_batches

AT_ONCE = 100


async def purge_trash(database: Database, _: Cache) -> int:
    """Deletes for good what has been there for thirty days, a batch a transaction; gives how many."""

    async def take(at_once: int) -> Sequence[Any]:
        async with database.unsealed() as writer:
            return await writer.fetch("select * from app_web.purge_trash($1)", at_once)

    return sum([len(rows) async for rows in in_batches(take, AT_ONCE, name="trash")])

"""Emptying the trash. What has been there for long enough is deleted for good as people delete it themselves: from then
on nobody sees it, so that nobody finds half a post while its comments go piece by piece. No list that is cached has
shown what is there, so nothing needs to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.batches import in_batches

AT_ONCE = 100
PIECES_AT_ONCE = 500
"""Comments and files."""


async def purge_trash(database: Database, _: Cache) -> int:
    """Takes away what was deleted for good, or thirty days ago, a batch a transaction; gives how many posts."""
    await _in_batches(database, "select app_web.expire_trash($1)", AT_ONCE)
    await _in_batches(database, "select app_web.clear_deleted($1)", PIECES_AT_ONCE)
    return await _in_batches(database, "select app_web.purge_trash($1)", AT_ONCE)


async def _in_batches(database: Database, query: str, at_once: int) -> int:
    async def take(at_once: int) -> Sequence[Any]:
        async with database.unsealed() as writer:
            return await writer.fetch(query, at_once)

    return sum([len(rows) async for rows in in_batches(take, at_once, name="trash")])

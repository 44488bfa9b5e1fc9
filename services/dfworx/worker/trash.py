"""Emptying the trash. What has been there for long enough is deleted for good as people delete it themselves: from then
on nobody sees it, so that nobody finds half a post while its comments go piece by piece. No list that is cached has
shown what is there, so nothing needs to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.errors import ApiError
from dfworx.worker.batches import in_batches

POSTS_AT_ONCE = 100
PIECES_AT_ONCE = 500
"""Comments and files."""

_STEPS = (
    ("select app_web.expire_trash($1)", POSTS_AT_ONCE),
    ("select app_web.clear_deleted($1)", PIECES_AT_ONCE),
    ("select app_web.purge_trash($1)", POSTS_AT_ONCE),
)


async def purge_trash(database: Database, _: Cache) -> int:
    """Takes away what was deleted for good, or thirty days ago, a batch a transaction; gives how many posts. A step in
    which nothing could be done keeps nobody from the next, and is told at the end."""
    gone = 0
    failures: list[ApiError] = []
    for query, at_once in _STEPS:
        try:
            gone = await _in_batches(database, query, at_once)
        except ApiError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return gone


async def _in_batches(database: Database, query: str, at_once: int) -> int:
    async def take(at_once: int) -> Sequence[Any]:
        async with database.unsealed() as writer:
            return await writer.fetch(query, at_once)

    return sum([len(rows) async for rows in in_batches(take, at_once, name="trash")])

"""Emptying the trash. No list that is cached has shown what is there, so nothing needs to be forgotten."""

from __future__ import annotations

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database

AT_ONCE = 100


async def purge_trash(database: Database, _: Cache) -> int:
    """Deletes for good what has been there for thirty days, a batch a transaction; gives how many."""
    purged = 0
    while True:
        async with database.unsealed() as writer:
            rows = await writer.fetch("select * from app_web.purge_trash($1)", AT_ONCE)
        purged += len(rows)
        if len(rows) < AT_ONCE:
            return purged

"""Removing notifications that were read longer ago than anybody looks back, ninety days. What is unread stays, and no
unread count changes, so no cache is told."""

from __future__ import annotations

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database

BATCH = 1000
MOST_BATCHES = 100


async def sweep_notifications(database: Database, _: Cache) -> int:
    swept = 0
    for _batch in range(MOST_BATCHES):
        async with database.unsealed() as writer:
            rows = await writer.fetch("select * from app_web.sweep_notifications($1)", BATCH)
        swept += len(rows)
        if len(rows) < BATCH:
            break
    return swept

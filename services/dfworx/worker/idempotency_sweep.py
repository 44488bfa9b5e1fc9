"""Forgetting the keys of writes that were sent with one: after a day nobody sends the same again."""

from __future__ import annotations

from dfworx.shared.db import Database

_AT_ONCE = 1000


async def sweep_idempotency_keys(database: Database, at_once: int = _AT_ONCE) -> int:
    """How many went: all that are older than a day, each so many in a transaction of their own."""
    total = 0
    while True:
        async with database.unsealed() as writer:
            rows = await writer.fetch("select swept from shared_services.sweep_idempotency_keys($1)", at_once)
        swept: int = sum(row["swept"] for row in rows)
        total += swept
        if swept < at_once:
            return total

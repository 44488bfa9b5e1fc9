"""Telling the mirror all there is, once more: for a deployment that is new, has lost its data, or missed what was given
up. It goes through the outbox as every change does, so it can't overtake one, and nothing stops meanwhile; parts that
PostgreSQL no longer has are left out, and Convex takes them away (migration 026)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.errors import Unavailable
from dfworx.worker.convex import Deployment

KINDS = ("organization", "user", "post", "notification")
Ask = Callable[..., Awaitable[Sequence[Any]]]
"""Rows of one statement, which is a transaction of its own."""


async def note_all(ask: Ask, *, pause: float = 0.05) -> int:
    """How many organizations were noted. Waits for transactions that have begun, however long they take."""
    [begun] = await ask("select before, running::text from shared_services.mirror_begin()")
    while await _are_running(ask, begun["running"]):  # noqa: ASYNC110 - no event tells when others commit
        await asyncio.sleep(pause)
    count, after = 0, UUID(int=0)
    while (done := await _note_next(ask, after, begun["before"])) is not None:
        count += done != after
        after = done
    return count


async def _are_running(ask: Ask, until: str) -> bool:
    """Whether transactions are, that began before the moment."""
    [row] = await ask("select pg_snapshot_xmin(pg_current_snapshot()) < $1::text::xid8 as are_running", until)
    return bool(row["are_running"])


async def _note_next(ask: Ask, after: UUID, before: int) -> UUID | None:
    """The organization that comes next and was noted whole, or None. `after` again, when another one has come between
    meanwhile."""
    organization_id: UUID | None = None
    for kind in KINDS:
        last: UUID | None = None
        while True:
            rows = await ask(
                "select * from shared_services.mirror_again($1, $2, $3, $4)", *(kind, after, last, before)
            )
            if not rows:
                return after if organization_id else None
            if organization_id not in (None, rows[0]["organization_id"]):
                return after
            organization_id, last = rows[0]
            if last is None:
                break
    return organization_id


def filling(deployment: Deployment | None) -> Callable[[Database, Cache], Awaitable[int]]:
    """For the clock: fills a mirror that never was. Without a deployment there is none."""
    is_filled = deployment is None

    async def fill(database: Database, _: Cache) -> int:
        nonlocal is_filled
        if is_filled or deployment is None:
            return 0

        async def ask(query: str, *arguments: Any) -> Sequence[Any]:
            async with database.unsealed() as writer:
                return await writer.fetch(query, *arguments)

        try:
            is_filled = bool(await deployment.run("query", "mirror:isFilled"))
            if is_filled:
                return 0
            count = await note_all(ask)
            await deployment.run("mutation", "mirror:filled")
        except Unavailable:
            return 0
        is_filled = True
        return count

    return fill

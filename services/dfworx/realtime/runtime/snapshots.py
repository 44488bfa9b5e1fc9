"""Moments that somebody wants to ask more of: each is a connection that holds SQLite's snapshot, for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dfworx.realtime.engine.store import Store, open_connection

MOST = 8
KEPT_SECONDS = 60.0
"""What a snapshot sees stays in SQLite's log, which grows as long as it is held."""


class SnapshotGone(Exception):
    """Nobody holds this moment any more."""


@dataclass(slots=True)
class _Held:
    store: Store
    until: float
    using: asyncio.Lock = field(default_factory=asyncio.Lock)


class Snapshots:
    def __init__(self, path: str) -> None:
        self._path = path
        self._held: dict[int, _Held] = {}

    def take(self) -> int:
        """The present moment, by its timestamp."""
        self.drop_old()
        store = Store(open_connection(self._path))
        store.connection.execute("begin")
        ts = store.ts
        if ts in self._held:
            store.connection.close()
            self._held[ts].until = time.monotonic() + KEPT_SECONDS
        else:
            self._held[ts] = _Held(store, time.monotonic() + KEPT_SECONDS)
        return ts

    @asynccontextmanager
    async def use(self, ts: int) -> AsyncIterator[Store]:
        """By one at a time. Raises SnapshotGone."""
        held = self._held.get(ts)
        if held is None:
            raise SnapshotGone(
                "This moment isn't held any more. Ask /api/query_ts for a new one, and use it within a minute."
            )
        async with held.using:
            yield held.store

    def __len__(self) -> int:
        return len(self._held)

    def drop_old(self) -> None:
        """Those whose time is over, and the oldest of too many; what is in use waits for the next time."""
        now = time.monotonic()
        extra = sorted(self._held)[: max(len(self._held) - MOST + 1, 0)]
        for ts, held in list(self._held.items()):
            if (held.until < now or ts in extra) and not held.using.locked():
                del self._held[ts]
                held.store.connection.close()

    def close(self) -> None:
        for held in self._held.values():
            held.store.connection.close()
        self._held.clear()

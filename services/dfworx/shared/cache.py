"""Redis in front of PostgreSQL. Keys carry the organization and its generation number for the dataset: read
before the query, counted up after the commit, so a slow reader can't write old data back. Redis is never
needed for a right answer: without it every read goes to PostgreSQL, a few at a time."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from dfworx.shared.datasets import Dataset, embedding

WITHOUT_REDIS_AT_ONCE = 4
"""How many loads run side by side while Redis is down: PostgreSQL must not meet all readers at once."""

LANDED_SECONDS = 1.0
"""How long a loaded answer stays in the process, under its generation."""

_READ = """
local generation = redis.call('GET', KEYS[1]) or '0'
return {generation, redis.call('GET', ARGV[1] .. ':' .. generation .. ':' .. ARGV[2])}
"""


def connect_redis(url: str) -> Redis:
    """A client that connects on first use and gives up within half a second, be it for a full pool."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=32,
        timeout=0.5,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        health_check_interval=15,
        retry=None,
    )
    return Redis.from_pool(pool)


class Cache:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._read = redis.register_script(_READ)
        self._flights: dict[str, asyncio.Task[bytes]] = {}
        # Generations whose bump Redis did not take: nothing of them is read from the cache until it has.
        self._owed: set[tuple[UUID, str]] = set()
        self._crowd = asyncio.Semaphore(WITHOUT_REDIS_AT_ONCE)

    async def get(
        self, organization_id: UUID, dataset: Dataset, name: str, load: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """The bytes under `name`, loaded once for all who ask at the same time. `name` must tell apart all that
        differs within the organization, the person included where the answer depends on one. Empty bytes are not
        kept: asking for what isn't there must not fill Redis."""
        try:
            await self._settle(organization_id)
            if (organization_id, dataset.name) in self._owed:
                raise RedisError("a generation is not counted up yet")
            generation, cached = await self._lookup(organization_id, dataset, name)
        except RedisError:
            async with self._crowd:
                return await load()
        if cached is not None:
            return cached
        # The generation is part of the key: who reads after a write never joins a load begun before it.
        key = f"{dataset.key(organization_id)}:{generation}:{name}"
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._fill(key, dataset.seconds, load))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._land(key, done))
        # Shielded: one reader who hangs up must not take the answer from the others.
        return await asyncio.shield(flight)

    async def bump(self, organization_id: UUID, dataset: Dataset) -> None:
        """Call after the commit that changed the dataset: forgets it, and what embeds it, for the organization."""
        self._owed.update((organization_id, each.name) for each in embedding(dataset))
        await self._settle(organization_id)

    async def _fill(self, key: str, seconds: int, load: Callable[[], Awaitable[bytes]]) -> bytes:
        loaded = await load()
        if not loaded:
            return loaded
        spread = random.uniform(0.9, 1)  # noqa: S311 - so that what was filled together doesn't expire together
        with contextlib.suppress(RedisError):  # it stays uncached; the answer is right all the same
            await self._redis.set(key, loaded, px=int(seconds * 1000 * spread))
        return loaded

    def _land(self, key: str, flight: asyncio.Task[bytes]) -> None:
        # Kept a moment: a reader whose look-up missed just before the entry was there must not load again.
        failed = flight.cancelled() or flight.exception() is not None
        asyncio.get_running_loop().call_later(0 if failed else LANDED_SECONDS, self._flights.pop, key, None)

    async def _lookup(self, organization_id: UUID, dataset: Dataset, name: str) -> tuple[str, bytes | None]:
        answer: Any = await self._read(
            keys=[generation_key(organization_id, dataset.name)], args=[dataset.key(organization_id), name]
        )
        return answer[0].decode(), answer[1]

    async def _settle(self, organization_id: UUID) -> None:
        for owed in [each for each in self._owed if each[0] == organization_id]:
            try:
                await self._redis.incr(generation_key(*owed))
            except RedisError:
                return
            self._owed.discard(owed)


def generation_key(organization_id: UUID, dataset: str) -> str:
    return f"generation:{organization_id}:{dataset}"

"""Redis in front of PostgreSQL, and the process in front of Redis. Keys carry the generation numbers of what the
answer shows: read before the query, counted up after the commit, so a slow reader can't write old data back.
What was just read stays in the process for less than a second, and goes at once when any process says that the
organization changed. Redis is never needed for a right answer: without it every read goes to PostgreSQL, a few
at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from dfworx.shared.datasets import DATASETS, Dataset

WITHOUT_REDIS_AT_ONCE = 4
"""How many loads run side by side while Redis is down: PostgreSQL must not meet all readers at once."""

KEPT_SECONDS = 0.8
"""How long the process keeps what it read. A revoked session must be refused within a second even when the word
of it was lost."""

KEPT_BYTES = 32 << 20
_ENTRY_BYTES = 200
"""What an entry takes besides its value, about."""

CHANGES = "changes"
"""The channel on which organizations are named whose sessions or data have changed."""

_RECONNECT_SECONDS = 0.2
_WORD_SECONDS = 30.0

# ARGV, question after question: `field`, key, field; or `entry`, how many generations, their keys, the dataset's
# key, the name. An entry is answered with its generations and its value.
_ASK = """
local answers, at = {}, 1
while at <= #ARGV do
  if ARGV[at] == 'field' then
    answers[#answers + 1] = redis.call('HGET', ARGV[at + 1], ARGV[at + 2])
    at = at + 3
  else
    local last = at + 1 + ARGV[at + 1]
    local numbers = redis.call('MGET', unpack(ARGV, at + 2, last))
    for each = 1, #numbers do numbers[each] = numbers[each] or '0' end
    local generation = table.concat(numbers, '.')
    local key = ARGV[last + 1] .. ':' .. generation .. ':' .. ARGV[last + 2]
    answers[#answers + 1] = {generation, redis.call('GET', key)}
    at = last + 3
  end
end
return answers
"""

# KEYS: a generation, and the window of its changes. ARGV: the window's milliseconds, the channel, the word.
_COUNT_UP_IN_WINDOWS = """
if not redis.call('SET', KEYS[2], 1, 'NX', 'PX', ARGV[1]) then return 0 end
redis.call('INCR', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
"""

logger = logging.getLogger("dfworx.cache")

Room = dict[tuple[str, str], tuple[float, bytes]]
"""What the process keeps of one organization: by dataset and name, until when, and the bytes."""


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


@dataclass(slots=True)
class Tally:
    """What became of the reads that were asked for, since the process began."""

    kept: int = 0
    """Answered by the process itself."""
    hits: int = 0
    misses: int = 0
    failures: int = 0
    """Redis was away, or a change was not told to it yet."""


class Cache:
    def __init__(self, redis: Redis) -> None:
        self.tally = Tally()
        self._redis = redis
        self._questions = _Questions(redis)
        self._count_up_in_windows = redis.register_script(_COUNT_UP_IN_WINDOWS)
        self._flights: dict[str, asyncio.Task[bytes]] = {}
        # Generations whose bump Redis did not take, with their windows: nothing of them is read from the cache until
        # it has.
        self._owed: dict[tuple[UUID, str], int] = {}
        self._crowd = asyncio.Semaphore(WITHOUT_REDIS_AT_ONCE)
        self._rooms: dict[UUID, Room] = {}
        self._kept_bytes = 0

    @property
    def redis(self) -> Redis:
        """For what waits in Redis and is no copy of anything."""
        return self._redis

    def recall(
        self, organization_id: UUID, dataset: Dataset, name: str, *, person: UUID | None = None
    ) -> bytes | None:
        """What the process itself still keeps of `get` or `get_field`; costs no round trip."""
        room = self._rooms.get(organization_id)
        kept = room.get((dataset.name, _whose(name, person))) if room else None
        if kept is not None and kept[0] > monotonic():
            self.tally.kept += 1
            return kept[1]
        return None

    async def get(
        self,
        organization_id: UUID,
        dataset: Dataset,
        name: str,
        load: Callable[[], Awaitable[bytes]],
        *,
        person: UUID | None = None,
    ) -> bytes:
        """The bytes under `name`, loaded once for all who ask at the same time. `name` must tell apart all that
        differs within the organization. With `person` the answer is theirs alone and holds until a bump for them.
        Empty bytes are not kept: asking for what isn't there must not fill Redis."""
        # Whoever hears of a change throws the room away: what was asked before it is then kept nowhere.
        room = self._rooms.setdefault(organization_id, {})
        whose = _whose(name, person)
        if (kept := self.recall(organization_id, dataset, whose)) is not None:
            return kept
        generations = _generations(organization_id, dataset, person)
        try:
            if self._owed:
                await self._settle(organization_id)
                if any((organization_id, each) in self._owed for each in generations):
                    raise RedisError("a generation is not counted up yet")
            generation, cached = await self._questions.entry(generations, dataset.key(organization_id), whose)
        except RedisError:
            self.tally.failures += 1
            async with self._crowd:
                return await load()
        if cached is None:
            # Between the question and its answer somebody else may have landed.
            cached = self.recall(organization_id, dataset, whose)
        if cached is not None:
            self.tally.hits += 1
            self._keep(organization_id, room, dataset, whose, cached)
            return cached
        self.tally.misses += 1
        # The generation is part of the key: who reads after a write never joins a load begun before it.
        key = f"{dataset.key(organization_id)}:{generation}:{whose}"
        flight = self._flights.get(key)
        if flight is None:

            async def fill() -> bytes:
                loaded = await self._fill(key, dataset.seconds, load)
                self._keep(organization_id, room, dataset, whose, loaded)
                return loaded

            flight = asyncio.create_task(fill())
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key))
        # Shielded: one reader who hangs up must not take the answer from the others.
        return await asyncio.shield(flight)

    async def get_field(
        self, organization_id: UUID, dataset: Dataset, key: str, field: str, *, expected: bytes
    ) -> bytes | None:
        """A field of a hash that is in Redis alone; None when it isn't there. The process keeps what is as expected;
        anything else is asked for again. Raises RedisError."""
        room = self._rooms.setdefault(organization_id, {})
        if self.recall(organization_id, dataset, key) == expected:
            return expected
        value = await self._questions.field(key, field)
        if value == expected:
            self._keep(organization_id, room, dataset, key, value)
        return value

    async def bump(self, organization_id: UUID, dataset: Dataset, *, person: UUID | None = None) -> None:
        """Call after the commit that changed the dataset: forgets it for the organization, or what is one person's
        alone, and whatever shows it. What has a window is forgotten at its beginning and at its end."""
        key = generation_key(organization_id, dataset.name, person)
        self._owed[organization_id, key] = 0 if person else dataset.window
        await self._settle(organization_id)

    async def announce(self, organization_id: UUID) -> None:
        """For a change of what `get_field` reads: every process forgets it, this one at once. Raises RedisError."""
        self.forget(organization_id)
        await self._redis.publish(CHANGES, str(organization_id))

    def forget(self, organization_id: UUID) -> None:
        """Drops what the process keeps of the organization."""
        room = self._rooms.pop(organization_id, {})
        self._kept_bytes -= sum(_ENTRY_BYTES + len(value) for _, value in room.values())

    async def listen(self) -> None:
        """Drops what other processes say has changed; runs as long as the service does. What is kept expires
        soon anyway, so a lost word makes an answer late and not wrong."""
        while True:
            with contextlib.suppress(RedisError, OSError):
                async with self._redis.pubsub() as words:
                    await words.subscribe(CHANGES)
                    self._forget_all()
                    while True:
                        word = await words.get_message(ignore_subscribe_messages=True, timeout=_WORD_SECONDS)
                        if word is not None:
                            self._hear(word["data"])
            await asyncio.sleep(_RECONNECT_SECONDS)

    def _hear(self, word: bytes) -> None:
        try:
            self.forget(UUID(word.decode()))
        except ValueError:
            logger.warning("A word on the channel of changes is no organization.")

    async def _fill(self, key: str, seconds: int, load: Callable[[], Awaitable[bytes]]) -> bytes:
        loaded = await load()
        if not loaded:
            return loaded
        spread = random.uniform(0.9, 1)  # noqa: S311 - so that what was filled together doesn't expire together
        with contextlib.suppress(RedisError):  # it stays uncached; the answer is right all the same
            await self._redis.set(key, loaded, px=int(seconds * 1000 * spread))
        return loaded

    def _keep(self, organization_id: UUID, room: Room, dataset: Dataset, name: str, value: bytes) -> None:
        if not value or self._rooms.get(organization_id) is not room:
            return
        known = room.get((dataset.name, name))
        self._kept_bytes += len(value) - len(known[1]) if known else _ENTRY_BYTES + len(value)
        room[dataset.name, name] = (monotonic() + KEPT_SECONDS, value)
        if self._kept_bytes > KEPT_BYTES:
            self._forget_all()

    def _forget_all(self) -> None:
        self._rooms.clear()
        self._kept_bytes = 0

    async def _settle(self, organization_id: UUID) -> None:
        for owed, window in [each for each in self._owed.items() if each[0][0] == organization_id]:
            count_up = self._count_up_in_window if window else self._count_up
            try:
                await count_up(organization_id, owed[1], window)
            except RedisError:
                self.forget(organization_id)
                return
            self._owed.pop(owed, None)

    async def _count_up(self, organization_id: UUID, key: str, _: int) -> None:
        self.forget(organization_id)
        try:
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.incr(key)
                pipeline.publish(CHANGES, str(organization_id))
                await pipeline.execute()
        finally:
            # Again: somebody may have read the old generation while the new one was on its way.
            self.forget(organization_id)

    async def _count_up_in_window(self, organization_id: UUID, key: str, seconds: int) -> None:
        """The window is a key that Redis lets go, and a part of what answers are kept under: with its end they are old,
        whatever became of the process that had a change to tell. No answer was kept under this number without the
        window before, since both come into being at once."""
        opened = await self._count_up_in_windows(
            keys=[key, _window_key(key)], args=[seconds * 1000, CHANGES, str(organization_id)]
        )
        if opened:
            self.forget(organization_id)


class _Questions:
    """What all requests ask of Redis in one turn of the event loop goes in one command, each question once."""

    def __init__(self, redis: Redis) -> None:
        self._ask = redis.register_script(_ASK)
        self._waiting: dict[tuple[str | int, ...], asyncio.Future[Any]] = {}
        self._sending: set[asyncio.Task[None]] = set()

    async def field(self, key: str, field: str) -> bytes | None:
        value: bytes | None = await self._answer("field", key, field)
        return value

    async def entry(self, generations: list[str], prefix: str, name: str) -> tuple[str, bytes | None]:
        generation, value = await self._answer("entry", len(generations), *generations, prefix, name)
        return generation.decode(), value

    async def _answer(self, *question: str | int) -> Any:
        answer = self._waiting.get(question)
        if answer is None:
            loop = asyncio.get_running_loop()
            if not self._waiting:
                loop.call_soon(self._send)
            answer = self._waiting[question] = loop.create_future()
        # Shielded: others wait for it too.
        return await asyncio.shield(answer)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        task = asyncio.create_task(self._exchange(waiting))
        self._sending.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._sending.discard)

    async def _exchange(self, waiting: dict[tuple[str | int, ...], asyncio.Future[Any]]) -> None:
        try:
            answers = await self._ask(args=[word for question in waiting for word in question])
        except Exception as error:
            told = error if isinstance(error, RedisError) else RedisError(str(error))
            for answer in waiting.values():
                answer.set_exception(told)
        else:
            for answer, value in zip(waiting.values(), answers, strict=True):
                answer.set_result(value)


def generation_key(organization_id: UUID, dataset: str, person: UUID | None = None) -> str:
    return f"generation:{organization_id}:{dataset}" + (f":{person}" if person else "")


def _window_key(generation: str) -> str:
    return f"{generation}:window"


def _whose(name: str, person: UUID | None) -> str:
    return f"{person}:{name}" if person else name


def _generations(organization_id: UUID, dataset: Dataset, person: UUID | None) -> list[str]:
    """The numbers that the answer depends on: its own, and those of the datasets it shows."""
    generations = [generation_key(organization_id, dataset.name, person)]
    for each in dataset.embeds:
        generations.append(generation_key(organization_id, each))
        if DATASETS[each].window:
            generations.append(_window_key(generations[-1]))
    return generations

"""The generation scheme on a real Valkey: one load for many readers, no old answer after a write, no
answer of another organization, and right answers without Redis."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from dfworx.cli.home import Secrets, choose_port
from dfworx.cli.parts.valkey import Server, answers
from dfworx.cli.waiting import wait_until
from dfworx.shared.cache import CHANGES, WITHOUT_REDIS_AT_ONCE, Cache, connect_redis
from dfworx.shared.datasets import DATASETS

POSTS, USERS, SESSION = DATASETS["app_web.posts"], DATASETS["public.users"], DATASETS["session"]
COMMENTS = DATASETS["app_web.comments"]
LUMEN, HARBOUR = uuid4(), uuid4()


class Source:
    """What stands behind the cache, and how often and how widely it was asked."""

    def __init__(self, answer: bytes = b"old") -> None:
        self.answer = answer
        self.loads = 0
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self) -> bytes:
        self.loads += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        answer = self.answer
        await self.gate.wait()
        self.at_once -= 1
        return answer


async def test_two_hundred_readers_cost_one_load(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    source.gate.clear()
    readers = [asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load)) for _ in range(200)]
    while source.loads == 0:
        await asyncio.wait(readers, timeout=0.01)
    source.gate.set()
    assert set(await asyncio.gather(*readers)) == {b"old"}
    assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"old"
    assert source.loads == 1


async def test_a_write_is_seen_by_the_next_read(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    await cache.get(LUMEN, POSTS, "first page", source.load)
    source.answer = b"new"
    await cache.bump(LUMEN, POSTS)
    assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"new"


async def test_a_slow_reader_neither_spoils_the_cache_nor_answers_who_reads_after_the_write(
    redis: Redis,
) -> None:
    cache, source = Cache(redis), Source()
    source.gate.clear()
    slow = asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load))
    while source.loads == 0:
        await asyncio.wait([slow], timeout=0.01)
    source.answer = b"new"
    await cache.bump(LUMEN, POSTS)
    after = asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load))
    while source.loads == 1:
        await asyncio.wait([after], timeout=0.01)
    source.gate.set()
    assert await slow == b"old"
    assert await after == b"new"
    assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"new"


async def test_a_reader_who_hangs_up_does_not_take_the_answer_from_others(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    source.gate.clear()
    first = asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load))
    second = asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load))
    while source.loads == 0:
        await asyncio.wait([first, second], timeout=0.01)
    first.cancel()
    source.gate.set()
    assert await second == b"old"


async def test_a_change_of_people_forgets_the_posts_that_show_them(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    await cache.get(LUMEN, POSTS, "first page", source.load)
    await cache.bump(LUMEN, USERS)
    await cache.get(LUMEN, POSTS, "first page", source.load)
    assert source.loads == 2


async def test_the_wrong_organization_never_meets_the_entry(redis: Redis) -> None:
    cache, ours, theirs = Cache(redis), Source(b"ours"), Source(b"theirs")
    assert await cache.get(LUMEN, POSTS, "first page", ours.load) == b"ours"
    assert await cache.get(HARBOUR, POSTS, "first page", theirs.load) == b"theirs"
    await cache.bump(HARBOUR, POSTS)
    assert await cache.get(LUMEN, POSTS, "first page", ours.load) == b"ours"
    assert ours.loads == 1


async def test_entries_expire_within_their_time(redis: Redis) -> None:
    await Cache(redis).get(LUMEN, POSTS, "first page", Source().load)
    [key] = await redis.keys("app_web.posts:*")
    assert str(LUMEN) in str(key)
    assert POSTS.seconds * 0.8 < await redis.ttl(key) <= POSTS.seconds


async def test_nothing_is_kept_of_what_is_not_there(redis: Redis) -> None:
    assert await Cache(redis).get(LUMEN, POSTS, "no such post", Source(b"").load) == b""
    assert await redis.keys("app_web.posts:*") == []


async def test_without_redis_every_read_is_right_and_few_run_at_once() -> None:
    # Port 1 belongs to no Redis anywhere: connecting is refused at once.
    cache = Cache(connect_redis("redis://127.0.0.1:1/0"))
    source = Source()
    source.gate.clear()
    readers = [asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load)) for _ in range(20)]
    while source.at_once < WITHOUT_REDIS_AT_ONCE:
        await asyncio.wait(readers, timeout=0.01)
    source.gate.set()
    assert await asyncio.gather(*readers) == [b"old"] * 20
    assert source.most_at_once == WITHOUT_REDIS_AT_ONCE


async def test_a_write_while_redis_was_away_is_not_hidden_when_it_is_back(tmp_path: Path) -> None:
    secrets = Secrets("a master secret of this test alone, for one server")
    server = Server(tmp_path, choose_port(), secrets.password("redis"), tmp_path / "valkey.conf")
    server.prepare(durable=True)
    client = connect_redis(server.url)
    cache, source = Cache(client), Source()
    with running(server):
        await cache.get(LUMEN, POSTS, "first page", source.load)
        assert await client.keys("app_web.posts:*")
    source.answer = b"new"
    await cache.bump(LUMEN, POSTS)
    assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"new"
    with running(server):
        assert await client.keys("app_web.posts:*"), "the old entry outlived the restart: the case is real"
        assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"new"
        await client.aclose()


async def asked_times(redis: Redis) -> int:
    """How many questions Redis was asked: each is one call of the script."""
    told = await redis.info("commandstats")
    return sum(told.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("evalsha", "eval"))


async def test_what_is_asked_at_once_is_one_round_trip(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    await cache.get(HARBOUR, POSTS, "first page", source.load)  # the script is known from now on
    before = await asked_times(redis)
    names = [f"page {number}" for number in range(50)]
    await asyncio.gather(
        *(cache.get(LUMEN, POSTS, name, source.load) for name in names),
        *(cache.get(LUMEN, POSTS, "own", source.load, person=uuid4()) for _ in range(50)),
        cache.get_field(LUMEN, SESSION, "session:none", "role", expected=b"member"),
    )
    assert await asked_times(redis) == before + 1
    assert source.loads == 101


async def test_what_was_just_read_costs_no_round_trip(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    await cache.get(LUMEN, POSTS, "first page", source.load)
    await redis.hset("session:1", "role", "member")
    assert await cache.get_field(LUMEN, SESSION, "session:1", "role", expected=b"member") == b"member"
    before = await asked_times(redis)
    assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"old"
    assert await cache.get_field(LUMEN, SESSION, "session:1", "role", expected=b"member") == b"member"
    assert cache.recall(LUMEN, POSTS, "first page") == b"old"
    assert cache.recall(HARBOUR, POSTS, "first page") is None, "the wrong organization"
    assert await asked_times(redis) == before
    assert source.loads == 1
    assert await cache.get_field(LUMEN, SESSION, "session:1", "role", expected=b"admin") == b"member"
    await redis.hset("session:1", "role", "admin")
    assert await cache.get_field(LUMEN, SESSION, "session:1", "role", expected=b"admin") == b"admin"


async def test_the_process_keeps_nothing_for_a_second(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, now = Cache(redis), 1000.0
    monkeypatch.setattr("dfworx.shared.cache.monotonic", lambda: now)
    await cache.get(LUMEN, POSTS, "first page", Source().load)
    assert cache.recall(LUMEN, POSTS, "first page") == b"old"
    now += 1
    assert cache.recall(LUMEN, POSTS, "first page") is None


async def test_a_change_made_by_another_process_is_heard(redis: Redis) -> None:
    here, there, source = Cache(redis), Cache(redis), Source()
    listening = asyncio.create_task(here.listen())
    while not await redis.pubsub_numsub(CHANGES) or (await redis.pubsub_numsub(CHANGES))[0][1] == 0:
        await asyncio.wait([listening], timeout=0.01)
    await here.get(LUMEN, POSTS, "first page", source.load)
    await here.get(HARBOUR, POSTS, "first page", source.load)
    await redis.publish(CHANGES, "no organization")
    await there.bump(LUMEN, POSTS)
    while here.recall(LUMEN, POSTS, "first page") is not None:
        await asyncio.wait([listening], timeout=0.001)
    assert here.recall(HARBOUR, POSTS, "first page") == b"old", "the other organization keeps its own"
    listening.cancel()


async def test_what_was_asked_before_a_change_is_kept_nowhere(redis: Redis) -> None:
    cache, source = Cache(redis), Source()
    source.gate.clear()
    slow = asyncio.create_task(cache.get(LUMEN, POSTS, "first page", source.load))
    while source.loads == 0:
        await asyncio.wait([slow], timeout=0.01)
    cache.forget(LUMEN)
    source.gate.set()
    assert await slow == b"old"
    assert cache.recall(LUMEN, POSTS, "first page") is None


async def test_what_is_one_persons_alone_is_forgotten_for_them_alone(redis: Redis) -> None:
    cache, anns, bobs = Cache(redis), Source(b"ann's"), Source(b"bob's")
    ann, bob = uuid4(), uuid4()

    async def both() -> tuple[bytes, bytes]:
        return (
            await cache.get(LUMEN, POSTS, "own", anns.load, person=ann),
            await cache.get(LUMEN, POSTS, "own", bobs.load, person=bob),
        )

    assert await both() == (b"ann's", b"bob's")
    await cache.bump(LUMEN, POSTS, person=ann)
    assert await both() == (b"ann's", b"bob's")
    assert (anns.loads, bobs.loads) == (2, 1)
    await cache.bump(LUMEN, USERS)
    await both()
    assert (anns.loads, bobs.loads) == (3, 2), "both show people"


async def test_the_process_keeps_no_more_than_it_may(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dfworx.shared.cache.KEPT_BYTES", 10_000)
    cache = Cache(redis)
    for number in range(40):
        await cache.get(LUMEN, POSTS, f"page {number}", Source(b"x" * 1000).load)
    kept = [number for number in range(40) if cache.recall(LUMEN, POSTS, f"page {number}")]
    assert 0 < len(kept) < 10


async def end_window(redis: Redis) -> None:
    """As time does."""
    [window] = await redis.keys("generation:*:window")
    assert 0 < await redis.pttl(window) <= COMMENTS.window * 1000
    await redis.delete(window)


async def test_of_changes_close_together_the_first_shows_at_once_and_the_others_with_the_windows_end(
    redis: Redis,
) -> None:
    source = Source(b"0")

    async def read() -> bytes:
        # Each time by a process that has nothing at hand.
        return await Cache(redis).get(LUMEN, POSTS, "first page", source.load)

    assert await read() == b"0"
    for count in range(1, 100):
        source.answer = str(count).encode()
        await Cache(redis).bump(LUMEN, COMMENTS)
        assert await read() == b"1"
    assert source.loads == 2
    await end_window(redis)
    assert await read() == b"99"
    source.answer = b"100"
    await Cache(redis).bump(LUMEN, COMMENTS)
    assert await read() == b"100"
    await end_window(redis)
    source.answer = b"101"
    assert await read() == b"101", "what came between the reading and the window's end shows too"
    source.answer = b"102"
    await Cache(redis).bump(LUMEN, POSTS)
    assert await read() == b"102"


async def test_a_window_is_its_organizations_alone(redis: Redis) -> None:
    cache, ours, theirs = Cache(redis), Source(b"ours"), Source(b"theirs")
    await cache.bump(LUMEN, COMMENTS)
    await cache.get(HARBOUR, POSTS, "first page", theirs.load)
    await cache.get(LUMEN, POSTS, "first page", ours.load)
    await cache.bump(HARBOUR, COMMENTS)
    await cache.get(HARBOUR, POSTS, "first page", theirs.load)
    await cache.get(LUMEN, POSTS, "first page", ours.load)
    assert (ours.loads, theirs.loads) == (1, 2)


async def test_a_change_that_redis_did_not_take_opens_its_window_later(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, source = Cache(redis), Source(b"old")
    await cache.get(LUMEN, POSTS, "first page", source.load)

    async def away(*_: object, **__: object) -> None:
        raise RedisConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(cache, "_count_up_in_windows", away)
        source.answer = b"new"
        await cache.bump(LUMEN, COMMENTS)
        assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"new"
    assert await cache.get(LUMEN, POSTS, "first page", source.load) == b"new"
    assert await Cache(redis).get(LUMEN, POSTS, "first page", source.load) == b"new"
    assert len(await redis.keys("generation:*:window")) == 1


@contextmanager
def running(server: Server) -> Iterator[None]:
    process = subprocess.Popen(server.command(), stdout=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: answers(server.url) is None, seconds=20)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()

"""Views: from the read of a post, through Redis, to the number that everybody sees; each once, and no read fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Unavailable
from dfworx.web.view_buffer import MOST_WAITING, ViewBuffer
from dfworx.worker.view_counts import store_views
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase
from tests.web.conftest import create, publish


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(web_app: FastAPI, redis: Redis) -> Clock:
    """The web service's hour, which doesn't end while a test runs."""
    clock = Clock()
    web_app.state.views = ViewBuffer(redis, clock=clock)
    return clock


@pytest.fixture
async def worker(database: TestDatabase) -> AsyncIterator[Database]:
    worker = Database(database.settings("dfworx_worker"))
    yield worker
    await worker.close()


async def view(client: httpx.AsyncClient, post: dict[str, Any]) -> None:
    for where in (post["post_id"], f"by-slug/{post['slug']}"):
        assert (await client.get(f"/api/web/posts/{where}")).status_code == 200


async def views_of(owner: asyncpg.Connection, post: dict[str, Any]) -> int:
    views: int | None = await owner.fetchval(
        "select views from app_web.post_views where post_id = $1", UUID(post["post_id"])
    )
    return views or 0


async def test_each_person_counts_once_an_hour_and_its_author_never(
    make_person: MakePerson,
    client_as: ClientAs,
    web_app: FastAPI,
    redis: Redis,
    owner: asyncpg.Connection,
    worker: Database,
    clock: Clock,
) -> None:
    ann, bob, guest = await make_person(), await make_person(), await make_person(role="guest")
    post = await publish(client_as(ann))
    assert post["view_count"] == 0
    for person in (ann, bob, guest, bob, ann):
        await view(client_as(person), post)
    await web_app.state.views.flush()
    assert await store_views(worker, Cache(redis)) == 2
    assert await views_of(owner, post) == 2
    # Another process of the service, which has seen nobody yet.
    web_app.state.views = ViewBuffer(redis, clock=clock)
    await view(client_as(bob), post)
    await web_app.state.views.flush()
    assert await store_views(worker, Cache(redis)) == 0
    clock.now += 3600
    await view(client_as(bob), post)
    await web_app.state.views.flush()
    assert await store_views(worker, Cache(redis)) == 1
    assert await views_of(owner, post) == 3
    # Shown once what is cached is old.
    edited = await client_as(ann).patch(
        f"/api/web/posts/{post['post_id']}", json={"title": "New"}, headers={"If-Match": "*"}
    )
    assert edited.json()["view_count"] == 3
    assert (await client_as(bob).get(f"/api/web/posts/{post['post_id']}")).json()["view_count"] == 3


async def test_nobody_counts_what_they_do_not_see(
    make_person: MakePerson,
    client_as: ClientAs,
    web_app: FastAPI,
    redis: Redis,
    owner: asyncpg.Connection,
    worker: Database,
    clock: Clock,
) -> None:
    """Nor in another organization, be it by what was slipped into Redis."""
    ann, bob, eve = await make_person(), await make_person(), await make_person(organization="umbra")
    published, draft = await publish(client_as(ann)), await create(client_as(ann))
    for person, post in ((bob, draft), (eve, published), (eve, draft)):
        assert (await client_as(person).get(f"/api/web/posts/{post['post_id']}")).status_code == 404
    await client_as(ann).get(f"/api/web/posts/{draft['post_id']}")
    await web_app.state.views.flush()
    for person, post in ((bob, draft), (eve, published), (eve, draft)):
        await redis.sadd("views", f"{post['post_id']}:{person.user_id}")
    await redis.sadd(
        "views", f"{uuid4()}:{bob.user_id}", f"{published['post_id']}:{uuid4()}", "nonsense", b"\xff"
    )
    assert await store_views(worker, Cache(redis)) == 0
    assert await owner.fetchval("select count(*) from app_web.post_views") == 0
    assert await redis.exists("views", "views:batch", "views:batch_id") == 0


class Killed(Exception):
    pass


async def test_a_worker_that_was_killed_at_any_moment_counts_each_once(
    make_person: MakePerson,
    client_as: ClientAs,
    redis: Redis,
    owner: asyncpg.Connection,
    worker: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann = await make_person()
    people = [await make_person() for _ in range(3)]
    post = await publish(client_as(ann))
    for person in people:
        await redis.sadd("views", f"{post['post_id']}:{person.user_id}")

    def dying_at(step: int) -> Cache:
        """Its second script throws the batch away, after the commit; its first takes it."""
        cache, made = Cache(redis), 0
        original = redis.register_script

        def register(script: str) -> Any:
            nonlocal made
            made += 1
            run, at = original(script), made

            async def dies(*args: Any, **more: Any) -> Any:
                if step == at:
                    await run(*args, **more)
                    raise Killed
                if step == at + 1 == 3:
                    raise Killed
                return await run(*args, **more)

            return dies

        monkeypatch.setattr(cache.redis, "register_script", register)
        return cache

    # After it has taken the batch; after the commit, before it throws it away; after that.
    for step, counted in ((1, 0), (3, 3), (2, 3)):
        with pytest.raises(Killed):
            await store_views(worker, dying_at(step))
        monkeypatch.undo()
        assert await views_of(owner, post) == counted
        await redis.sadd("views", f"{post['post_id']}:{ann.user_id}")
    late = await make_person()
    await redis.sadd("views", f"{post['post_id']}:{late.user_id}")
    await asyncio.gather(*(store_views(worker, Cache(redis)) for _ in range(4)))
    assert await views_of(owner, post) == 4
    assert await redis.exists("views", "views:batch", "views:batch_id") == 0


async def test_with_postgresql_away_what_waits_goes_on_waiting(
    make_person: MakePerson,
    client_as: ClientAs,
    redis: Redis,
    owner: asyncpg.Connection,
    database: TestDatabase,
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    await redis.sadd("views", f"{post['post_id']}:{bob.user_id}")
    away = Database(
        database.settings("dfworx_worker", database_url="postgresql://dfworx_worker:x@127.0.0.1:1/nowhere")
    )
    with pytest.raises(Unavailable):
        await store_views(away, Cache(redis))
    back = Database(database.settings("dfworx_worker"))
    assert await store_views(back, Cache(redis)) == 1
    await back.close()


async def test_with_redis_away_posts_are_read_and_views_are_lost(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI, worker: Database
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    nowhere = connect_redis("redis://127.0.0.1:1")
    web_app.state.views = ViewBuffer(nowhere)
    await view(client_as(bob), post)
    await web_app.state.views.flush()
    with pytest.raises(RedisError):
        await store_views(worker, Cache(nowhere))
    await nowhere.aclose()


def caller_of(person: Person) -> Caller:
    return Caller(person.user_id, person.organization_id, "member", uuid4())


async def test_what_waits_is_bounded_and_is_handed_over_when_the_service_ends(
    make_person: MakePerson, redis: Redis
) -> None:
    caller = caller_of(await make_person())
    views = ViewBuffer(redis, clock=Clock())
    async with views.flushing():
        for _ in range(MOST_WAITING + 10):
            views.note(caller, uuid4())
    assert await redis.scard("views") == MOST_WAITING
    assert 0 < await redis.ttl("viewed:0") <= 7200

"""Drafts that publish themselves: when their moment has come, once, for those who may still write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.publishing import publish_due_posts
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import create

LIST = "/api/web/posts"


@pytest.fixture
async def worker(database: TestDatabase) -> AsyncIterator[Database]:
    """The database as the worker's login reaches it."""
    worker = Database(database.settings("dfworx_worker"))
    yield worker
    await worker.close()


async def scheduled(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    post = await create(client, **fields)
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    answer = await client.post(f"{LIST}/{post['post_id']}/schedule", json={"publish_at": at})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def let_time_pass(owner: asyncpg.Connection) -> None:
    await owner.execute("update app_web.posts set publish_at = publish_at - interval '2 hours'")


async def titles(client: httpx.AsyncClient) -> list[str]:
    return [
        item["title"] for item in (await client.get(LIST)).json()["items"] if item["status"] == "published"
    ]


async def test_what_is_due_is_published_and_seen_by_those_whom_it_is_for(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann, bob, cleo = [await make_person() for _ in range(3)]
    client, cache = client_as(ann), Cache(redis)
    everybodys = await scheduled(client, title="For all")
    await scheduled(client, title="For Bob", visibility="people", readers=[str(bob.user_id)])
    await scheduled(client, title="For Ann", visibility="author")
    await create(client, title="Draft")
    for person in (ann, bob, cleo):
        assert await titles(client_as(person)) == []
    assert await publish_due_posts(worker, cache) == 0
    await let_time_pass(owner)
    assert await publish_due_posts(worker, cache) == 3
    # The lists were cached a moment ago.
    assert sorted(await titles(client_as(ann))) == ["For Ann", "For Bob", "For all"]
    assert sorted(await titles(client_as(bob))) == ["For Bob", "For all"]
    assert await titles(client_as(cleo)) == ["For all"]
    now = (await client.get(f"{LIST}/{everybodys['post_id']}")).json()
    assert (now["status"], now["publish_at"], now["version"]) == ("published", None, 3)
    promised = datetime.fromisoformat(everybodys["publish_at"])
    assert datetime.fromisoformat(now["published_at"]) == promised - timedelta(hours=2)
    assert await publish_due_posts(worker, cache) == 0
    noted = await owner.fetch(
        "select entity_id, payload ->> 'user_id' as author from shared_services.outbox where topic = 'posts.published'"
    )
    assert len(noted) == 3
    assert {row["author"] for row in noted} == {str(ann.user_id)}


@pytest.mark.parametrize("became", ["is_active = false", "role = 'guest'"])
async def test_nothing_is_published_for_who_may_no_longer_write(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker: Database,
    redis: Redis,
    became: str,
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await scheduled(client_as(ann))
    await let_time_pass(owner)
    await owner.execute(f"update public.users set {became} where user_id = $1", ann.user_id)  # noqa: S608
    for _ in range(2):
        assert await publish_due_posts(worker, Cache(redis)) == 0
    row = await owner.fetchrow(
        "select status, publish_at from app_web.posts where post_id = $1", UUID(post["post_id"])
    )
    assert tuple(row or ()) == ("draft", None)
    assert await titles(client_as(bob)) == []
    assert (
        await owner.fetchval("select count(*) from shared_services.outbox where topic = 'posts.published'")
        == 0
    )


async def test_each_is_published_once_by_many_workers_and_more_than_a_batch_by_one(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    await owner.execute(
        """
        insert into app_web.posts (organization_id, user_id, title, slug, content, publish_at)
        select organization_id, user_id, 'Post', 'post-' || n, 'Words.', now() - interval '1 minute'
          from public.users, generate_series(1, 130) as n
        """
    )
    counted = await asyncio.gather(*(publish_due_posts(worker, Cache(redis)) for _ in range(4)))
    assert sum(counted) == 260
    noted = "select count(*), count(distinct entity_id) from shared_services.outbox where topic = 'posts.published'"
    row = await owner.fetchrow(noted)
    assert tuple(row or ()) == (260, 260)
    assert await owner.fetchval("select count(*) from app_web.posts where version = 2") == 260
    for person in (ann, eve):
        items = (await client_as(person).get(LIST, params={"limit": 100})).json()["items"]
        assert {item["author"]["user_id"] for item in items} == {str(person.user_id)}


async def test_what_is_being_saved_is_left_for_the_next_time(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    post = await scheduled(client_as(await make_person()))
    await let_time_pass(owner)
    async with owner.transaction():
        await owner.execute("select from app_web.posts where post_id = $1 for update", UUID(post["post_id"]))
        assert await publish_due_posts(worker, Cache(redis)) == 0
    assert await publish_due_posts(worker, Cache(redis)) == 1


async def test_the_worker_reads_no_table_of_posts(worker: Database) -> None:
    for table in ("posts", "post_readers", "post_slugs", "post_items"):
        async with worker.unsealed() as writer:
            allowed = await writer.fetchval(
                "select has_any_column_privilege('app_web.' || $1::text, 'select, insert, update')", table
            )
        assert allowed is False, table

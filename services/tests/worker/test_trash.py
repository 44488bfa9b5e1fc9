"""Emptying the trash: what has been there for thirty days, of every organization, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from redis.asyncio import Redis

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.trash import purge_trash
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, create, publish

LIST = "/api/web/posts"


@pytest.fixture
async def worker(database: TestDatabase) -> AsyncIterator[Database]:
    worker = Database(database.settings("dfworx_worker"))
    yield worker
    await worker.close()


async def age(owner: asyncpg.Connection, slug: str, days: float) -> None:
    """As if it had gone there so long ago; the guard itself keeps the moment."""
    await owner.execute("alter table app_web.posts disable trigger posts_guard")
    await owner.execute(
        "update app_web.posts set trashed_at = now() - $2 * interval '1 day' where slug = $1", slug, days
    )
    await owner.execute("alter table app_web.posts enable trigger posts_guard")


async def test_what_is_old_goes_with_all_that_hangs_on_it_and_the_rest_stays(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann, eve = client_as(await make_person()), client_as(await make_person(organization="umbra"))
    for client in (ann, eve):
        for slug in ("old", "new"):
            post = await publish(client, slug=slug)
            await comment_on(client, post)
            await client.delete(f"{LIST}/{post['post_id']}")
        await create(client, slug="draft")
    assert await purge_trash(worker, Cache(redis)) == 0
    await age(owner, "old", 30.1)
    await age(owner, "new", 29.9)
    assert await purge_trash(worker, Cache(redis)) == 2
    for table in ("posts", "post_slugs"):
        found = await owner.fetchval(f"select array_agg(slug order by slug) from app_web.{table}")  # noqa: S608
        assert found == ["draft", "draft", "new", "new"], table
    assert await owner.fetchval("select count(*) from app_web.comments") == 2
    answer = await ann.get(LIST, params={"status": "trashed"})
    assert [item["slug"] for item in answer.json()["items"]] == ["new"]


async def test_many_workers_delete_each_once(
    make_person: MakePerson, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    await make_person()
    await owner.execute(
        """
        insert into app_web.posts (organization_id, user_id, title, slug, content, status, trashed_at, trashed_from)
        select organization_id, user_id, 'Post', 'post-' || n, 'Words.', 'trashed', now() - interval '31 days', 'draft'
          from public.users, generate_series(1, 130) as n
        """
    )
    counted = await asyncio.gather(*(purge_trash(worker, Cache(redis)) for _ in range(3)))
    assert sum(counted) == 130
    assert await owner.fetchval("select count(*) from app_web.posts") == 0


async def test_a_post_that_cannot_go_holds_up_no_other(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann, eve = client_as(await make_person()), client_as(await make_person(organization="umbra"))
    for client, slug in ((ann, "heavy"), (ann, "light"), (eve, "elsewhere")):
        post = await publish(client, slug=slug, title=slug)
        await client.delete(f"{LIST}/{post['post_id']}")
        await age(owner, slug, 40 if slug == "heavy" else 31)
    await owner.execute(
        """
        create function public.refuse() returns trigger language plpgsql as
          $$ begin raise exception 'too much' using errcode = 'query_canceled'; end $$;
        create trigger refuse before delete on app_web.posts for each row when (old.title = 'heavy')
          execute function public.refuse();
        """
    )
    assert await purge_trash(worker, Cache(redis)) == 2
    assert await owner.fetchval("select array_agg(title) from app_web.posts") == ["heavy"]
    # It is nobody's any more all the same, and half of it is never seen.
    answer = await ann.get(LIST, params={"status": "trashed"})
    assert answer.json()["items"] == []

"""Taking away posts with more on them than one statement can: piece by piece, whatever hangs on what."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest
from redis.asyncio import Redis

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.errors import Unavailable
from dfworx.worker.trash import purge_trash
from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import LIST, comment_on, crowd, publish

LEFT = """
    select (select count(*) from app_web.posts), (select count(*) from app_web.comments),
           (select count(*) from shared_services.files)
"""


async def count_left(owner: asyncpg.Connection) -> tuple[int, int, int]:
    """Posts, comments and files."""
    posts, comments, files = (await owner.fetch(LEFT))[0]
    return posts, comments, files


@pytest.fixture
def worker(worker_database: Database) -> Database:
    return worker_database


@pytest.mark.parametrize("thread", [False, True])
async def test_what_hangs_on_it_goes_first_and_nothing_elsewhere_does(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker: Database,
    redis: Redis,
    thread: bool,
) -> None:
    """Also a thread in which each comment answers the one before, all removed but the last."""
    ann, eve = client_as(await make_person()), client_as(await make_person(organization="umbra"))
    posts = [await publish(client, slug="bread") for client in (ann, eve)]
    await comment_on(eve, posts[1])
    await crowd(owner, posts[0], 1_200, removed_thread=thread)
    await owner.execute(
        """
        insert into shared_services.files (organization_id, user_id, post_id, name, media_type, size_bytes, sha256,
                                           storage_key)
        select organization_id, user_id, post_id, 'a.txt', 'text/plain', 1, decode(repeat('00', 32), 'hex'),
               organization_id || '/' || gen_random_uuid()
          from app_web.posts, generate_series(1, 10)
        """
    )
    for _ in range(2):
        await ann.delete(f"{LIST}/{posts[0]['post_id']}")
    assert await count_left(owner) == (2, 1_201, 20)
    assert await purge_trash(worker, Cache(redis)) == 1
    assert await count_left(owner) == (1, 1, 10)
    told = "select count(*) from public.audit_logs where entity = 'app_web.comments' and action = 'delete'"
    assert await owner.fetchval(told) == 1_200


async def test_each_call_takes_no_more_than_it_is_asked_for(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database
) -> None:
    ann = client_as(await make_person())
    for slug in ("one", "two"):
        post = await publish(ann, slug=slug)
        await crowd(owner, post, 510, begin=0 if slug == "one" else 510, removed_thread=True)
        for _ in range(2):
            await ann.delete(f"{LIST}/{post['post_id']}")
    for asked, left in ((0, 1020), (-1, 1020), (7, 1013), (510, 503), (10_000, 0), (1, 0)):
        async with worker.unsealed() as writer:
            await writer.fetch("select app_web.clear_deleted($1)", asked)
            await writer.fetch("select app_web.purge_trash($1)", asked)
        assert (await count_left(owner))[1] == left
    assert await count_left(owner) == (0, 0, 0)


async def test_an_answer_older_than_what_it_answers_is_in_nobodys_way(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database
) -> None:
    """Written in a transaction that began before: only injected SQL can."""
    ann = client_as(await make_person())
    post = await publish(ann)
    await crowd(owner, post, 600, removed_thread=True)
    await owner.execute("update app_web.comments set created_at = now() - (created_at - now())")
    for _ in range(2):
        await ann.delete(f"{LIST}/{post['post_id']}")
    for left in (400, 200, 0):
        async with worker.unsealed() as writer:
            await writer.fetch("select app_web.clear_deleted(200)")
        assert (await count_left(owner))[1] == left


async def test_several_workers_pass_each_other_by(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann = client_as(await make_person())
    for number in range(3):
        post = await publish(ann)
        await crowd(owner, post, 510, begin=510 * number)
        for _ in range(2):
            await ann.delete(f"{LIST}/{post['post_id']}")
    await asyncio.gather(*(purge_trash(worker, Cache(redis)) for _ in range(3)))
    # Who finds all that is left in others' hands leaves it to them, and what those leave to the next time.
    await purge_trash(worker, Cache(redis))
    assert await count_left(owner) == (0, 0, 0)


async def test_a_post_in_the_trash_is_hidden_before_it_is_taken_apart(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann = client_as(await make_person())
    post = await publish(ann)
    await comment_on(ann, post)
    where = f"{LIST}/{post['post_id']}"
    await ann.delete(where)
    await owner.execute("alter table app_web.posts disable trigger posts_guard")
    await owner.execute(
        "update app_web.posts set trashed_at = now() - interval '31 days' where post_id = $1",
        UUID(post["post_id"]),
    )
    await owner.execute("alter table app_web.posts enable trigger posts_guard")
    async with worker.unsealed() as writer:
        assert len(await writer.fetch("select app_web.expire_trash(10)")) == 1
        assert await writer.fetch("select app_web.expire_trash(10)") == []
    assert (await ann.get(where)).status_code == (await ann.post(f"{where}/restore")).status_code == 404
    assert await purge_trash(worker, Cache(redis)) == 1
    assert await count_left(owner) == (0, 0, 0)


async def test_what_cannot_be_taken_apart_holds_up_no_other(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker: Database, redis: Redis
) -> None:
    ann, eve = client_as(await make_person()), client_as(await make_person(organization="umbra"))
    heavy, light = await publish(ann), await publish(eve, title="Light")
    await crowd(owner, heavy, 501)
    for client, post in ((ann, heavy), (eve, light)):
        await client.delete(f"{LIST}/{post['post_id']}")
    await ann.delete(f"{LIST}/{heavy['post_id']}")
    await owner.execute(
        """
        create function public.refuse() returns trigger language plpgsql as
          $$ begin raise exception 'too much' using errcode = 'query_canceled'; end $$;
        create trigger refuse before delete on app_web.comments for each row execute function public.refuse();
        alter table app_web.posts disable trigger posts_guard;
        update app_web.posts set trashed_at = now() - interval '31 days' where title = 'Light';
        alter table app_web.posts enable trigger posts_guard;
        """
    )
    with pytest.raises(Unavailable):
        await purge_trash(worker, Cache(redis))
    assert await count_left(owner) == (1, 501, 0)
    await owner.execute("drop trigger refuse on app_web.comments")
    assert await purge_trash(worker, Cache(redis)) == 1
    assert await count_left(owner) == (0, 0, 0)

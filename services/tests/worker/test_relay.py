"""From the outbox to jobs: each event once to whoever wants it, in order, also with several workers."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.worker.events import Consumer, Event
from dfworx.worker.relay import hand_over
from tests.conftest import TestDatabase
from tests.worker.conftest import MakeOrganization, Note


async def ignore(_: Event) -> None:
    """Never called: these tests end where the job begins."""


EVERYTHING = Consumer("everything", lambda _topic: True, ignore)
INVITATIONS = Consumer("invitations", lambda topic: topic.startswith("invitations."), ignore)


async def jobs(owner: asyncpg.Connection) -> list[tuple[str, int, str]]:
    rows = await owner.fetch("select args, lock from jobs.procrastinate_jobs order by id")
    told = [(json.loads(row["args"]), row["lock"]) for row in rows]
    return [(args["consumer"], args["event_id"], lock) for args, lock in told]


async def test_each_event_becomes_a_job_for_each_consumer_that_wants_it(
    owner: asyncpg.Connection, worker_database: Database, make_organization: MakeOrganization, note: Note
) -> None:
    organization, entity = await make_organization("lumen"), uuid4()
    first = await note(organization, "invitations.created", entity, link="https://here.example/secret")
    second = await note(organization, "posts.published", entity)
    assert await hand_over(worker_database, [EVERYTHING, INVITATIONS]) == 2
    assert await jobs(owner) == [
        ("everything", first, f"everything:{organization}:{entity}"),
        ("invitations", first, f"invitations:{organization}:{entity}"),
        ("everything", second, f"everything:{organization}:{entity}"),
    ]
    assert "secret" not in str(await owner.fetch("select j::text from jobs.procrastinate_jobs j"))
    assert await hand_over(worker_database, [EVERYTHING, INVITATIONS]) == 0, "nothing is handed over twice"


async def test_what_nobody_wants_is_done_at_once(
    owner: asyncpg.Connection, worker_database: Database, make_organization: MakeOrganization, note: Note
) -> None:
    number = await note(await make_organization("lumen"))
    assert await hand_over(worker_database, [INVITATIONS]) == 1
    row = await owner.fetchrow("select * from shared_services.outbox where outbox_id = $1", number)
    assert row is not None and row["delivered_at"] is not None
    assert await jobs(owner) == []


async def test_a_lower_number_that_is_committed_later_is_not_passed_over(
    database: TestDatabase,
    owner: asyncpg.Connection,
    worker_database: Database,
    make_organization: MakeOrganization,
    note: Note,
) -> None:
    organization = await make_organization("lumen")
    slow = await asyncpg.connect(database.owner_url)
    try:
        transaction = slow.transaction()
        await transaction.start()
        early = await slow.fetchval(
            "insert into shared_services.outbox (organization_id, topic, entity_id)"
            " values ($1, 'posts.published', gen_random_uuid()) returning outbox_id",
            organization,
        )
        late = await note(organization)
        assert early < late
        assert await hand_over(worker_database, [EVERYTHING]) == 1
        await transaction.commit()
    finally:
        await slow.close()
    assert await hand_over(worker_database, [EVERYTHING]) == 1
    assert [number for _, number, _ in await jobs(owner)] == [late, early]


async def test_several_workers_hand_each_event_over_once_and_in_order(
    database: TestDatabase, owner: asyncpg.Connection, make_organization: MakeOrganization, note: Note
) -> None:
    organization, entity = await make_organization("lumen"), uuid4()
    numbers = [await note(organization, entity_id=entity) for _ in range(60)]
    workers = [Database(database.settings("dfworx_worker")) for _ in range(3)]

    async def work(worker: Database) -> None:
        while await owner_count() < len(numbers):
            await hand_over(worker, [EVERYTHING], batch=7)

    async def owner_count() -> int:
        async with asyncio.Lock():
            counted = await asyncpg.connect(database.owner_url)
            try:
                count: int = await counted.fetchval("select count(*) from jobs.procrastinate_jobs")
            finally:
                await counted.close()
        return count

    try:
        await asyncio.gather(*(work(worker) for worker in workers))
    finally:
        for worker in workers:
            await worker.close()
    assert [number for _, number, _ in await jobs(owner)] == numbers


async def test_a_hand_over_that_fails_leaves_the_event_for_the_next(
    owner: asyncpg.Connection, worker_database: Database, make_organization: MakeOrganization, note: Note
) -> None:
    await note(await make_organization("lumen"))

    def confused(_topic: str) -> bool:
        raise RuntimeError("a consumer that can't tell")

    with pytest.raises(RuntimeError):
        await hand_over(worker_database, [Consumer("confused", confused, ignore)])
    assert await jobs(owner) == []
    assert await hand_over(worker_database, [EVERYTHING]) == 1


async def test_noting_wakes_whoever_listens(
    database: TestDatabase, make_organization: MakeOrganization, note: Note
) -> None:
    heard = asyncio.Event()
    listener = await asyncpg.connect(database.url("dfworx_worker"))
    try:
        await listener.add_listener("dfworx_outbox", lambda *told: heard.set() if told[3] == "" else None)
        await note(await make_organization("lumen"), link="a secret")
        async with asyncio.timeout(10):
            await heard.wait()
    finally:
        await listener.close()

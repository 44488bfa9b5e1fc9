"""The worker as a whole, in this process: what is noted arrives, in order, and it comes and goes cleanly."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from standardwebhooks import Webhook

from dfworx.cli.health import pulse_check
from dfworx.shared.settings import Settings
from dfworx.worker.main import PULSE, Worker
from tests.conftest import TestDatabase
from tests.worker.conftest import MakeOrganization, Note, Receiver

SECRET = "a secret that signs events of the tests"


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    async with httpx.AsyncClient() as client:
        running = asyncio.create_task(Worker(settings, client).run(stop))
        try:
            yield stop
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await running


@pytest.fixture
def telling(database: TestDatabase, tmp_path: Path, receiver: Receiver) -> Settings:
    return database.settings(
        "dfworx_worker",
        home=tmp_path,
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        database_connections=5,
    )


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    looking = asyncio.Event()
    async with asyncio.timeout(seconds):
        while not await holds():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(looking.wait(), 0.05)


async def test_events_arrive_in_order_per_entity_and_signed(
    owner: asyncpg.Connection,
    telling: Settings,
    receiver: Receiver,
    make_organization: MakeOrganization,
    note: Note,
    redis: object,
) -> None:
    organization, entities = await make_organization("lumen"), [uuid4(), uuid4()]
    before = [await note(organization, entity_id=entities[n % 2], number=n) for n in range(20)]
    async with working(telling):
        await receiver.wait_for(20)
        after = [await note(organization, entity_id=entities[n % 2], number=n) for n in range(20, 30)]
        await receiver.wait_for(30)

        async def all_delivered() -> bool:
            return not await owner.fetchval(
                "select count(*) from shared_services.outbox where delivered_at is null"
            )

        await until(all_delivered)
    told = [json.loads(body)["data"] for _, body in receiver.got]
    assert sorted(each["event_id"] for each in told) == sorted(before + after)
    for entity in entities:
        numbers = [each["number"] for each in told if each["entity_id"] == str(entity)]
        assert numbers == sorted(numbers)
    for headers, body in receiver.got:
        Webhook("whsec_" + base64.b64encode(SECRET.encode()).decode()).verify(body, headers)
    assert (
        await owner.fetchval("select count(*) from jobs.procrastinate_jobs where queue_name = 'events'") == 0
    )


async def test_it_shows_that_it_lives_and_takes_the_sign_away(
    telling: Settings, redis: object, tmp_path: Path
) -> None:
    check = pulse_check(tmp_path / PULSE)
    assert check() == "it has given no sign of life"
    async with working(telling):

        async def lives() -> bool:
            return check() is None

        await until(lives)
        assert int((tmp_path / PULSE).read_text()) == os.getpid()
    assert check() is not None


async def test_a_scheduled_job_of_a_dead_worker_does_not_stop_the_others(
    owner: asyncpg.Connection,
    telling: Settings,
    receiver: Receiver,
    make_organization: MakeOrganization,
    note: Note,
    redis: object,
) -> None:
    """It was killed at one, and the next time of the same one has come: only one of them can wait."""
    await owner.execute(
        """
        insert into jobs.procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status)
        select 'schedules', 'schedule.' || name, 'schedule.' || name, 'schedule.' || name,
               '{"timestamp": 0}', status::jobs.procrastinate_job_status
          from unnest(array['view_counts', 'trash']) name, unnest(array['doing', 'todo']) status
        """
    )
    organization = await make_organization("lumen")
    async with working(telling):
        await note(organization)
        await receiver.wait_for(1)

        async def all_done() -> bool:
            return not await owner.fetchval(
                "select count(*) from jobs.procrastinate_jobs where args = '{\"timestamp\": 0}'"
            )

        await until(all_done)

"""Delivering one event to one consumer: once as far as anybody can tell, tried again, given up and told of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from procrastinate.jobs import Job

from dfworx.shared.db import Database
from dfworx.worker.delivery import LONGEST_WAIT, MOST_TRIES, Backoff, Delivery, GaveUp
from dfworx.worker.events import Consumer, Event, Undeliverable
from dfworx.worker.relay import hand_over
from tests.worker.conftest import MakeOrganization, Note


class Memory:
    """A consumer that remembers, and fails as it is told."""

    def __init__(self, name: str = "memory", *, fails: Exception | None = None) -> None:
        self.got: list[Event] = []
        self.fails = fails
        self.consumer = Consumer(name, lambda _topic: True, self.deliver)

    async def deliver(self, event: Event) -> None:
        self.got.append(event)
        if self.fails:
            raise self.fails


def at_try(number: int) -> Any:
    """What a task asks of its job."""
    return SimpleNamespace(job=SimpleNamespace(attempts=number - 1))


Deliver = Callable[..., Awaitable[None]]


@pytest.fixture
def deliver(worker_database: Database) -> Deliver:
    async def deliver(memory: Memory, number: int, *, name: str = "memory", attempt: int = 1) -> None:
        await Delivery(worker_database, [memory.consumer]).deliver(at_try(attempt), number, name)

    return deliver


async def state(owner: asyncpg.Connection, number: int) -> asyncpg.Record:
    row = await owner.fetchrow("select * from shared_services.outbox where outbox_id = $1", number)
    assert row is not None
    return row


async def test_what_was_delivered_is_not_delivered_again(
    owner: asyncpg.Connection,
    worker_database: Database,
    make_organization: MakeOrganization,
    note: Note,
    deliver: Deliver,
) -> None:
    organization, memory = await make_organization("lumen"), Memory()
    number = await note(organization, title="A post")
    await hand_over(worker_database, [memory.consumer])
    for _ in range(2):
        await deliver(memory, number)
    (event,) = memory.got
    assert (event.event_id, event.organization_id, event.topic) == (number, organization, "posts.published")
    assert event.payload == {"title": "A post"}
    assert (await state(owner, number))["delivered_at"] is not None


async def test_an_event_is_done_when_its_last_consumer_has_it(
    owner: asyncpg.Connection, worker_database: Database, make_organization: MakeOrganization, note: Note
) -> None:
    number = await note(await make_organization("lumen"))
    both = [Memory("one"), Memory("other")]
    await hand_over(worker_database, [each.consumer for each in both])
    delivery = Delivery(worker_database, [each.consumer for each in both])
    await delivery.deliver(at_try(1), number, "one")
    assert (await state(owner, number))["delivered_at"] is None
    await delivery.deliver(at_try(1), number, "other")
    assert (await state(owner, number))["delivered_at"] is not None


async def test_a_link_is_forgotten_once_it_is_mailed_though_others_still_wait(
    owner: asyncpg.Connection, worker_database: Database, make_organization: MakeOrganization, note: Note
) -> None:
    number = await note(
        await make_organization("lumen"),
        "invitations.created",
        link="https://here.example/x",
        email="a@b.example",
    )
    mail, webhook = Memory("mail"), Memory("webhook", fails=RuntimeError("away"))
    consumers = [mail.consumer, webhook.consumer]
    await hand_over(worker_database, consumers)
    delivery = Delivery(worker_database, consumers)
    await delivery.deliver(at_try(1), number, "mail")
    with pytest.raises(RuntimeError):
        await delivery.deliver(at_try(1), number, "webhook")
    assert mail.got[0].payload["link"] == "https://here.example/x"
    assert json.loads((await state(owner, number))["payload"]) == {"email": "a@b.example"}


async def test_after_many_tries_it_is_given_up_and_the_admins_are_told(
    owner: asyncpg.Connection,
    worker_database: Database,
    make_organization: MakeOrganization,
    note: Note,
    deliver: Deliver,
) -> None:
    ours, other = await make_organization("lumen"), await make_organization("harbour")
    memory = Memory(fails=RuntimeError("https://here.example/with-a-secret"))
    number = await note(ours)
    await hand_over(worker_database, [memory.consumer])
    for attempt in range(1, MOST_TRIES):
        with pytest.raises(RuntimeError):
            await deliver(memory, number, attempt=attempt)
    with pytest.raises(GaveUp):
        await deliver(memory, number, attempt=MOST_TRIES)
    logs = await owner.fetch("select * from app_admin.system_logs")
    assert [log["organization_id"] for log in logs] == [ours], "and nobody of another organization"
    assert "with-a-secret" not in logs[0]["message"]
    assert other not in {log["organization_id"] for log in logs}
    failed = await owner.fetchrow("select * from shared_services.deliveries")
    assert failed is not None and failed["failed_at"] is not None
    assert (await state(owner, number))["delivered_at"] is None


async def test_what_will_never_go_is_given_up_at_once(
    owner: asyncpg.Connection,
    worker_database: Database,
    make_organization: MakeOrganization,
    note: Note,
    deliver: Deliver,
) -> None:
    memory = Memory(fails=Undeliverable("the mail server refuses the address"))
    number = await note(await make_organization("lumen"))
    await hand_over(worker_database, [memory.consumer])
    with pytest.raises(GaveUp):
        await deliver(memory, number)
    told = await owner.fetchval("select message from app_admin.system_logs")
    assert told.endswith("the mail server refuses the address")


async def test_a_consumer_that_was_not_handed_an_event_gets_nothing_of_it(
    worker_database: Database, make_organization: MakeOrganization, note: Note, deliver: Deliver
) -> None:
    number = await note(await make_organization("lumen"))
    await hand_over(worker_database, [Memory("another").consumer])
    memory = Memory()
    await deliver(memory, number)
    await deliver(memory, number + 1000)
    assert memory.got == []


def test_pauses_double_up_to_an_hour_and_a_stopping_worker_gives_back_at_once() -> None:
    def pause(error: BaseException, attempts: int) -> float | None:
        job = Job(id=1, queue="events", lock=None, queueing_lock=None, task_name="deliver", attempts=attempts)
        decision = Backoff().get_retry_decision(exception=error, job=job)
        if decision is None or decision.retry_at is None:
            return None
        return float((decision.retry_at - datetime.now(UTC)).total_seconds())

    pauses = [pause(RuntimeError(), attempts) for attempts in (0, 1, 2, 5, 12, 23)]
    assert [round(each) for each in pauses if each is not None] == [1, 2, 4, 32, LONGEST_WAIT, LONGEST_WAIT]
    stopped = pause(asyncio.CancelledError(), 9)
    assert stopped is not None and stopped <= 0.1
    assert pause(GaveUp(), 0) is None

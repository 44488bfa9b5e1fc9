"""What would grow without end doesn't: answers, moments that are held, SQLite's log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from dfworx.realtime.engine.store import Store, open_connection
from dfworx.realtime.runtime import maintenance, snapshots
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.maintenance import log_bytes

SESSION = UUID("0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001")


@pytest.fixture
async def forgetful(path: str, node: Path, code: Bundle) -> AsyncIterator[Deployment]:
    made = await open_deployment(path, node, code, readers=1, durable=False, kept_seconds=0)
    yield made
    await made.close()


def answers(path: str) -> int:
    [count] = open_connection(path).execute("select count(*) from requests").fetchone()
    return int(count)


async def send(deployment: Deployment, number: int) -> None:
    written = await deployment.mutate("messages:send", {"room": "a", "body": "b"}, request=(SESSION, number))
    assert written.ts is not None


async def test_old_answers_are_forgotten_however_many_there_are(
    forgetful: Deployment, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "AT_ONCE", 2)
    for number in range(5):
        await send(forgetful, number)
    assert answers(path) == 5
    await forgetful.tidy()
    assert answers(path) == 0
    await send(forgetful, 0)
    assert await count(forgetful) == 6, "what is forgotten is done again"


async def test_answers_that_may_be_asked_for_again_stay(at_work: Deployment, path: str) -> None:
    await send(at_work, 0)
    await at_work.tidy()
    await send(at_work, 0)
    assert (answers(path), await count(at_work)) == (1, 1)


async def test_a_moment_that_nobody_asks_for_any_more_is_let_go(
    at_work: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work.queries.snapshots.take()
    await at_work.tidy()
    assert len(at_work.queries.snapshots) == 1
    monkeypatch.setattr(snapshots, "KEPT_SECONDS", -1.0)
    at_work.queries.snapshots.take()
    await at_work.tidy()
    assert len(at_work.queries.snapshots) == 0


async def test_the_log_is_cut_when_nothing_is_written(at_work: Deployment, path: str) -> None:
    await send(at_work, 0)
    await at_work.tidy()
    assert log_bytes(path) > 0, "it was just written"
    await at_work.tidy()
    assert (log_bytes(path), await count(at_work)) == (0, 1)


async def test_a_log_that_is_long_is_cut_while_mutations_come(
    at_work: Deployment, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "LOG_BYTES", 10_000)
    await send(at_work, 0)
    await at_work.tidy()
    assert log_bytes(path) == 0
    await send(at_work, 1)
    assert await count(at_work) == 2


async def test_a_reader_that_stays_only_puts_it_off(
    at_work: Deployment, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "LOG_BYTES", 10_000)
    monkeypatch.setattr(maintenance, "READERS_MS", 1)
    store = Store(open_connection(path))
    with store.snapshot():
        await send(at_work, 0)
        await at_work.tidy()
        assert log_bytes(path) > 0
        await send(at_work, 1)
    await at_work.tidy()
    assert (log_bytes(path), await count(at_work)) == (0, 2)
    store.connection.close()


async def count(deployment: Deployment) -> float:
    [result] = await deployment.queries.read([("messages:count", {"room": "a"})], Caller())
    assert result.value is not None
    return float(result.value)

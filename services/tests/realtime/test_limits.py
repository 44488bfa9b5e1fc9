"""One client that asks for more than its share: it gets the documented error, and meanwhile others go on."""

from __future__ import annotations

import pytest

from dfworx.realtime.cohorts import Cohorts
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import Value
from tests.realtime.client import Client

SESSIONS = [f"0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c00{number}" for number in range(3)]
HI: tuple[str, Value] = ("messages:send", {"room": "a", "body": "hi"})
TOO_LONG, TOO_MUCH = "timed out", "wanted more than"


async def others(deployment: Deployment) -> tuple[Client, Client]:
    """One who writes, and one who watches what that one writes."""
    cohorts = Cohorts(deployment.queries)
    writer, watcher = (Client(deployment, cohorts).connect(session=each) for each in SESSIONS[1:])
    watcher.watch(("messages:count", {"room": "a"}))
    await watcher.up_to_date()
    return writer, watcher


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("attacks:endlessQuery", TOO_LONG),
        ("attacks:microtasksQuery", TOO_LONG),
        ("attacks:hungryQuery", TOO_MUCH),
    ],
)
async def test_queries_that_never_end_or_want_all_memory_hold_up_nobody(
    at_work: Deployment, function: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    writer, watcher = await others(at_work)
    attacker = Client(at_work).connect(session=SESSIONS[0])
    caplog.set_level("INFO")
    # As many as there are readers, and more.
    attacker.watch(*((function, {"asked": float(number)}) for number in range(4)))
    for number in range(1, 6):
        assert (await writer.mutated(*HI))["success"]
        await watcher.until(lambda number=number: watcher.values == {0: number})  # type: ignore[misc]
    await attacker.up_to_date()
    assert len(attacker.errors) == 4
    assert why in caplog.text
    # Whose processes were ended have others.
    fresh = Client(at_work).connect()
    fresh.watch(("messages:first", {"room": "a"}))
    await fresh.until(lambda: fresh.values == {0: "hi"})


@pytest.mark.parametrize("function", ["attacks:endlessMutation", "attacks:microtasksMutation"])
async def test_a_mutation_that_never_ends_lets_others_pass(
    at_work: Deployment, function: str, caplog: pytest.LogCaptureFixture
) -> None:
    writer, watcher = await others(at_work)
    attacker = Client(at_work).connect(session=SESSIONS[0])
    caplog.set_level("INFO")
    request = attacker.mutate(function, {"asked": 1.0})
    for number in range(1, 6):
        assert (await writer.mutated(*HI))["success"]
        await watcher.until(lambda number=number: watcher.values == {0: number})  # type: ignore[misc]
    assert request not in attacker.answers, "it waits for another try"
    await attacker.until(lambda: request in attacker.answers)
    assert not attacker.answers[request]["success"]
    assert TOO_LONG in caplog.text
    assert (await writer.mutated(*HI))["success"]


async def test_a_mutation_that_takes_long_is_done_once_though_others_pass(at_work: Deployment) -> None:
    writer, watcher = await others(at_work)
    slow = Client(at_work).connect(session=SESSIONS[0])
    request = slow.mutate("attacks:slowMutation", {"turns": 3e7})
    for _ in range(5):
        assert (await writer.mutated(*HI))["success"]
    await slow.until(lambda: request in slow.answers)
    assert slow.answers[request]["success"]
    await watcher.until(lambda: watcher.values == {0: 6.0})


async def test_a_message_of_too_many_queries_is_refused_and_ends_that_client_alone(
    at_work: Deployment,
) -> None:
    writer, watcher = await others(at_work)
    attacker = Client(at_work).connect(session=SESSIONS[0])
    attacker.watch(*(("messages:count", {"room": str(number)}) for number in range(10_000)))
    assert attacker.frames[-1]["type"] == "FatalError"
    assert "at most 2000 modifications" in attacker.frames[-1]["error"]
    assert attacker.closed is not None
    assert at_work.queries.runs == 1
    assert (await writer.mutated(*HI))["success"]
    await watcher.until(lambda: watcher.values == {0: 1.0})

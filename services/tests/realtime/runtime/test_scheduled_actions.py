"""Actions that are scheduled: begun at most once, for nobody, and what they schedule."""

from __future__ import annotations

from pathlib import Path

from dfworx.realtime.engine.jobs import BROKEN_OFF
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from tests.realtime.conftest import ENV
from tests.realtime.runtime.looking import Looking, later


async def test_one_runs_for_nobody_and_schedules_itself(at_work: Deployment, looking: Looking) -> None:
    await later(at_work, "actAndMark", {"label": "acted"})
    await looking.until_done(2)
    assert looking.labels == ["acted null", "scheduled by it"]
    assert [job["name"] for job in looking.jobs] == ["scheduling.js:actAndMark", "scheduling.js:mark"]
    assert looking.states == ["success", "success"]


async def test_one_that_fails_leaves_its_error(at_work: Deployment, looking: Looking) -> None:
    await later(at_work, "actAndFail")
    await later(at_work, "actAndMark", {"label": 5.0})
    await looking.until_done(2)
    errors = [job["state"]["error"] for job in looking.jobs]
    assert "on purpose" in errors[0] and "ArgumentValidationError" in errors[1]


async def test_one_that_is_canceled_goes_on_and_what_it_schedules_does_not(
    at_work: Deployment, looking: Looking
) -> None:
    made = await later(at_work, "actLater", {"label": "go"})
    await looking.client.until(lambda: looking.states == ["inProgress"])
    assert (await at_work.mutate("scheduling:cancel", {"id": made})).ts
    await looking.client.until(lambda: looking.states == ["canceled"])
    await at_work.mutate("cases:put", {"table": "things", "value": {"label": "go"}})
    await looking.until_done(3)
    assert looking.states == ["canceled"] * 3
    await later(at_work, "mark", {"label": "last"})
    await looking.until_done(4)
    assert looking.labels == ["go", "last"]


async def test_one_that_ran_at_the_end_is_not_begun_again(path: str, node: Path, code: Bundle) -> None:
    first = await open_deployment(path, node, code, ENV)
    looking = Looking(first)
    await later(first, "actLater", {"label": "never"})
    await looking.client.until(lambda: looking.states == ["inProgress"])
    await first.close()
    second = await open_deployment(path, node, code, ENV)
    looking = Looking(second)
    await looking.client.until(lambda: bool(looking.jobs))
    assert [job["state"] for job in looking.jobs] == [{"kind": "failed", "error": BROKEN_OFF}]
    assert second.actions.runs == 0
    await second.close()

"""Functions that are scheduled: with their transaction or not at all, once, at their time, and never for somebody."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.values import Value, load
from tests.realtime.conftest import ENV
from tests.realtime.runtime.looking import Looking, later

HOUR = 3_600_000.0


async def refused(deployment: Deployment, path: str, **about: Any) -> str:
    written = await deployment.mutate("scheduling:later", {"path": path, **about})
    assert written.result.value is None
    return written.result.message


async def test_it_runs_after_the_commit_for_nobody_and_its_document_says_so(
    at_work: Deployment, looking: Looking
) -> None:
    before = time.time() * 1000
    made = await later(at_work, "markWho")
    await looking.until_done(1)
    assert looking.labels == ["null inProgress"]
    [job] = looking.jobs
    assert job["_id"] == made and job["name"] == "scheduling.js:markWho" and job["args"] == [{}]
    assert job["state"] == {"kind": "success"}
    assert int(before) <= job["scheduledTime"] <= job["completedTime"] <= time.time() * 1000 + 1000


async def test_what_fails_schedules_nothing(at_work: Deployment, looking: Looking) -> None:
    about: Value = {"path": "scheduling:mark", "args": {"label": "never"}}
    assert (await at_work.mutate("scheduling:laterAndFail", about)).ts is None
    assert await later(at_work, "mark", {"label": "never"}, how="laterInside") == "caught"
    await later(at_work, "mark", {"label": "last"})
    await looking.until_done(1)
    assert looking.labels == ["last"] and len(looking.jobs) == 1


async def test_what_is_due_first_runs_first(at_work: Deployment, looking: Looking) -> None:
    after: Value = {"b third": 60.0, "c second": 30.0, "d first": 0.0}
    await at_work.mutate("scheduling:marks", {"after": after})
    await later(at_work, "mark", {"label": "never"}, after=HOUR)
    await looking.client.until(lambda: len(looking.labels) == 3)
    assert looking.labels == ["d first", "c second", "b third"]
    assert looking.states.count("pending") == 1


async def test_one_that_schedules_itself_goes_on(at_work: Deployment, looking: Looking) -> None:
    await later(at_work, "chain", {"left": 20.0})
    await looking.until_done(21)
    assert looking.labels == [str(each) for each in range(20, -1, -1)]


FAILING: dict[str, tuple[str, Value, str]] = {
    "an error": ("markAndFail", None, "Uncaught Error: on purpose"),
    "a ConvexError": ("markAndFail", {"how": "data"}, 'Uncaught ConvexError: {"code":"refused"}'),
    "a loop": ("markAndFail", {"how": "loop"}, "timed out"),
    "arguments": ("mark", {"label": 1.0}, "ArgumentValidationError"),
    "a query": ("all", None, "Trying to execute scheduling:all as Mutation, but it is defined as Query"),
    "a mutation of itself": ("cancelRunning", None, "A mutation cannot cancel itself"),
}


@pytest.mark.parametrize("name", FAILING)
async def test_one_that_fails_leaves_its_error_and_nothing_else(
    at_work: Deployment, looking: Looking, name: str
) -> None:
    path, args, why = FAILING[name]
    await later(at_work, path, args)
    await looking.until_done(1)
    [job] = looking.jobs
    assert job["state"]["kind"] == "failed" and why in job["state"]["error"]
    assert job["completedTime"] >= job["scheduledTime"] and looking.labels == []


async def test_what_is_canceled_never_runs(at_work: Deployment, looking: Looking) -> None:
    made = await later(at_work, "mark", {"label": "never"}, after=50.0)
    assert (await at_work.mutate("scheduling:cancel", {"id": made})).result.value == "null"
    await later(at_work, "mark", {"label": "last"}, after=60.0)
    await looking.until_done(2)
    assert looking.states == ["canceled", "success"] and looking.labels == ["last"]
    assert (await at_work.mutate("scheduling:cancel", {"id": looking.jobs[1]["_id"]})).ts, (
        "it is done: nothing to do"
    )
    assert looking.states == ["canceled", "success"]
    for other in ("nonsense", (await at_work.mutate("cases:put", THING)).result.value or ""):
        denied = await at_work.mutate("scheduling:cancel", {"id": other.strip('"')})
        assert "The ID must be an ID on the '_scheduled_functions' table" in denied.result.message


THING: Value = {"table": "things", "value": {"label": "a thing"}}


async def test_what_can_not_be_scheduled_is_refused_at_once(at_work: Deployment) -> None:
    now = time.time() * 1000
    years = 6 * 365 * 24 * HOUR
    assert "nonexistent path: nowhere" in await refused(at_work, "nowhere:mark")
    assert "no exported function other found in the file: scheduling" in await refused(
        at_work, "scheduling:other"
    )
    for at, when in ((now + years, "future"), (now - years, "past"), (1e300, "future")):
        assert f"more than 5 years in the {when}" in await refused(at_work, "scheduling:mark", at=at)
    large = "x" * (4 << 20)
    assert "Too large arguments" in await refused(at_work, "scheduling:mark", args={"label": large})
    most: Value = {"path": "scheduling:mark", "times": 1001.0, "args": {"label": "x"}, "after": HOUR}
    assert (
        "Too many functions scheduled by this mutation (limit: 1000)"
        in (await at_work.mutate("scheduling:many", most)).result.message
    )


async def test_many_of_one_mutation_run_in_their_order(at_work: Deployment, looking: Looking) -> None:
    await later(at_work, "mark", {"label": "m"}, how="many", times=300.0)
    await looking.until_done(300)
    assert looking.labels == [f"m {number}" for number in range(300)]


async def test_a_flood_of_them_leaves_clients_their_turn(at_work: Deployment, looking: Looking) -> None:
    await later(at_work, "mark", {"label": "m"}, how="many", times=300.0)
    for _ in range(5):
        await at_work.mutate("cases:put", {"table": "things", "value": {"label": "client"}})
    await looking.until_done(300)
    places = [place for place, label in enumerate(looking.labels) if label == "client"]
    assert len(places) == 5 and places[-1] < 150, places


async def test_slow_ones_leave_the_others_their_turn(at_work: Deployment, looking: Looking) -> None:
    for _ in range(20):
        await later(at_work, "markAndFail", {"how": "loop"})
    await later(at_work, "mark", {"label": "fast"})
    await looking.client.until(lambda: looking.labels == ["fast"])
    assert "pending" in looking.states


async def test_what_waits_outlives_a_restart(path: str, node: Path, code: Bundle) -> None:
    first = await open_deployment(path, node, code, ENV)
    await later(first, "mark", {"label": "due while it was down"}, after=1.0)
    await later(first, "mark", {"label": "later"}, after=1500.0)
    await later(first, "mark", {"label": "never"}, after=HOUR)
    await first.close()
    second = await open_deployment(path, node, code, ENV)
    looking = Looking(second)
    await looking.client.until(lambda: len(looking.labels) == 2)
    assert looking.labels == ["due while it was down", "later"]
    assert looking.states == ["success", "success", "pending"]
    await second.close()


async def test_what_an_action_asks_is_done_at_once(at_work: Deployment, looking: Looking) -> None:
    asked = {"name": "scheduling:mark", "args": {"label": "by an action"}, "ts": time.time()}
    made = load(await at_work.answer("1.0/actions/schedule", asked, NOBODY))
    later = load(await at_work.answer("1.0/actions/schedule", {**asked, "ts": time.time() + 60}, NOBODY))
    assert await at_work.answer("1.0/actions/cancel_job", {"id": later}, NOBODY) == "null"
    await looking.until_done(2)
    assert [each["_id"] for each in looking.jobs] == [made, later]
    assert looking.states == ["success", "canceled"] and looking.labels == ["by an action"]


async def test_many_scheduled_at_once_by_many_all_run(at_work: Deployment, looking: Looking) -> None:
    await asyncio.gather(*(later(at_work, "mark", {"label": str(number)}) for number in range(100)))
    await looking.until_done(100)
    assert sorted(looking.labels, key=int) == [str(number) for number in range(100)]

"""Processes of actions: begun when needed, ended when not, replaced when they die; whoever loops or takes all memory
harms no query and no mutation."""

from __future__ import annotations

import asyncio
import os
import signal

import psutil
import pytest

from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.functions import Result
from tests.realtime.actions.conftest import OpenActions, act, failed, notes

LONG = 3_600_000.0


async def begun(deployment: Deployment, path: str, **args: float | str) -> asyncio.Task[Result]:
    """An action that a process runs by now."""
    before = deployment.actions.running
    task = asyncio.create_task(deployment.act(path, {**args}))
    async with asyncio.timeout(60):
        while deployment.actions.running == before:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0)
    return task


async def gone(pid: int) -> None:
    async with asyncio.timeout(60):
        while psutil.pid_exists(pid):  # noqa: ASYNC110
            await asyncio.sleep(0)


async def add(deployment: Deployment, body: str) -> None:
    assert (await deployment.mutate("notes:add", {"body": body})).result.value is not None


async def test_no_process_is_there_before_an_action_is_run_and_after_none_was_for_a_while(
    opened: OpenActions,
) -> None:
    async with opened(idle_seconds=0.5) as deployment:
        assert deployment.actions.pids == []
        await act(deployment, "world:colour")
        [pid] = deployment.actions.pids
        await act(deployment, "world:colour")
        await gone(pid)
        assert await act(deployment, "world:colour") == "green"
    assert deployment.actions.pids == []


async def test_a_killed_process_fails_what_ran_in_it_once_and_is_replaced(at_work: Deployment) -> None:
    waiting = [await begun(at_work, "world:waits", ms=LONG) for _ in range(3)]
    [pid] = at_work.actions.pids
    os.kill(pid, signal.SIGKILL)
    for each in waiting:
        assert "process that ran this action ended" in (await each).message
    assert await act(at_work, "calls:addAndList", body="after") == ["after"]
    assert at_work.actions.pids != [pid]


@pytest.mark.parametrize("action", ["world:loops", "world:loopsMicrotasks"])
async def test_whoever_loops_is_ended_when_its_time_is_over_and_others_go_on(
    opened: OpenActions, action: str
) -> None:
    async with opened(seconds=6) as deployment:
        looping = await begun(deployment, action)
        await add(deployment, "meanwhile")
        assert await notes(deployment) == ["meanwhile"]
        # Another process is found for it.
        assert await act(deployment, "calls:addAndList", body="beside") == ["meanwhile", "beside"]
        result = await looping
        assert result.message == "Action execution timed out (maximum duration 6s)."


async def test_whoever_loops_where_others_run_is_ended_with_them(opened: OpenActions) -> None:
    async with opened(blocked_seconds=0.5) as deployment:
        waiting = await begun(deployment, "world:waits", ms=LONG)
        message = (await failed(deployment, "world:loops")).message
        assert message.startswith(
            "The process that ran this action ended: an action in it held the processor"
        )
        assert (await waiting).message == message
        assert await act(deployment, "world:colour") == "green"


async def test_loops_in_all_processes_give_way_to_whoever_waits(opened: OpenActions) -> None:
    async with opened(blocked_seconds=0.5) as deployment:
        looping = [await begun(deployment, "world:loops") for _ in range(3)]
        assert await act(deployment, "world:colour") == "green"
        for each in looping:
            each.cancel()


@pytest.mark.parametrize("action", ["world:allocates", "world:allocatesBytes"])
async def test_whoever_takes_all_memory_ends_its_process_alone(opened: OpenActions, action: str) -> None:
    async with opened(heap_mb=96, memory_mb=400) as deployment:
        message = (await failed(deployment, action)).message
        assert message.startswith("The process that ran this action ended")
        await add(deployment, "after")
        assert await act(deployment, "calls:addAndList", body="b") == ["after", "b"]


@pytest.mark.parametrize(("action", "words"), [("strays", "Error: stray"), ("throwsLater", "Error: later")])
async def test_what_nobody_caught_fails_the_action_that_it_came_from_alone(
    at_work: Deployment, action: str, words: str
) -> None:
    beside = await begun(at_work, "calls:untilNoted", body="go on")
    assert (await failed(at_work, f"world:{action}")).message.startswith(f"Uncaught {words}")
    await add(at_work, "go on")
    assert (await beside).value == '"go on"'


async def test_an_action_that_waits_too_long_is_given_up(opened: OpenActions) -> None:
    async with opened(seconds=0.5, node_seconds=60) as deployment:
        message = (await failed(deployment, "world:waits", ms=LONG)).message
        assert message == "Action execution timed out (maximum duration 0.5s)."
        assert await act(deployment, "world:colour") == "green"


async def test_more_than_may_run_wait_and_more_than_may_wait_are_refused(opened: OpenActions) -> None:
    async with opened(at_once=1, waiting=1) as deployment:
        first = await begun(deployment, "calls:untilNoted", body="go on")
        second = asyncio.create_task(deployment.act("world:colour", {}))
        third = asyncio.create_task(deployment.act("world:colour", {}))
        assert (await third).message.startswith("Too many actions wait")
        assert not second.done()
        await add(deployment, "go on")
        assert (await first).value == '"go on"' and (await second).value == '"green"'


async def test_whoever_waits_no_more_does_not_end_the_action(at_work: Deployment) -> None:
    gone_client = asyncio.create_task(at_work.act("calls:addAndList", {"body": "to its end"}, NOBODY))
    await asyncio.sleep(0)
    gone_client.cancel()
    async with asyncio.timeout(60):
        while await notes(at_work) != ["to its end"]:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0)


async def test_actions_that_run_when_functions_are_replaced_end_as_they_began(
    at_work: Deployment, code: Bundle
) -> None:
    waiting = await begun(at_work, "calls:untilNoted", body="go on")
    [before] = at_work.actions.pids
    await at_work.replace(code)
    assert await act(at_work, "world:colour") == "green"
    assert len(at_work.actions.pids) == 2
    await add(at_work, "go on")
    assert (await waiting).value == '"go on"'
    await gone(before)


async def test_processes_end_with_their_deployment(opened: OpenActions) -> None:
    async with opened() as deployment:
        looping = await begun(deployment, "world:loops")
        [pid] = deployment.actions.pids
    assert not psutil.pid_exists(pid)
    assert (await looping).value is None

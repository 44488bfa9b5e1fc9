"""Mutations that take long: others pass them, and they are done as if they had taken no time at all."""

from __future__ import annotations

import asyncio
from uuid import UUID

from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.line import Written
from dfworx.realtime.values import Value, load

SESSION = UUID("0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001")
SLOW = "attacks:slowMutation"
LONG: Value = {"turns": 3e7}
SHORT: Value = {"turns": 1.0}


async def send(deployment: Deployment) -> None:
    written = await deployment.mutate("messages:send", {"room": "a", "body": "hi"})
    assert written.ts is not None, written.result.message


async def in_a_crowd(deployment: Deployment, path: str, args: Value) -> Written:
    """Others stand in line while it runs, until it gives way to them or ends."""
    slow = asyncio.create_task(deployment.mutate(path, args))
    while not (slow.done() or deployment.mutations.slow.takes(path)):
        await send(deployment)
    for _ in range(3):
        await send(deployment)
    return await slow


async def test_what_takes_long_is_done_as_if_at_one_moment(at_work: Deployment) -> None:
    written = await in_a_crowd(at_work, "attacks:countSlowly", {"turns": 1e7})
    assert written.result.value == "true", written.result.message
    await send(at_work)
    [told] = await at_work.queries.read([("attacks:counted", {})], NOBODY)
    assert told.value is not None
    numbers = load(told.value)
    assert isinstance(numbers, list)
    [number] = [each for each in numbers if each >= 0]
    assert numbers.index(number) == number, "it stands behind those that it has counted and no others"


async def test_a_function_that_gave_way_begins_apart_until_it_is_short_again(at_work: Deployment) -> None:
    assert (await in_a_crowd(at_work, SLOW, LONG)).ts is not None
    assert at_work.mutations.slow.takes(SLOW)
    process = at_work.mutations.worker.pid
    assert (await in_a_crowd(at_work, SLOW, LONG)).ts is not None
    assert at_work.mutations.worker.pid == process, "nothing was ended in the line"
    assert (await at_work.mutate(SLOW, SHORT)).ts is not None
    assert not at_work.mutations.slow.takes(SLOW)


async def test_what_takes_long_is_run_by_the_functions_that_took_the_place_of_its_own(
    at_work: Deployment, code: Bundle
) -> None:
    assert (await in_a_crowd(at_work, SLOW, LONG)).ts is not None
    slow = asyncio.create_task(at_work.mutate(SLOW, LONG))
    await at_work.replace(code)
    assert (await slow).ts is not None


async def test_a_request_that_takes_long_is_done_once(at_work: Deployment) -> None:
    assert (await in_a_crowd(at_work, SLOW, LONG)).ts is not None
    both = [at_work.mutate(SLOW, LONG, request=(SESSION, 1)) for _ in range(2)]
    first, second = await asyncio.gather(*both)
    assert first.ts is not None and first.ts == second.ts


async def test_what_takes_long_fails_apart_and_is_told_why(at_work: Deployment) -> None:
    written = await in_a_crowd(at_work, "attacks:endlessMutation", {"asked": 1.0})
    assert written.ts is None and "timed out" in written.result.message
    assert (await in_a_crowd(at_work, SLOW, LONG)).ts is not None, "another process has its place"

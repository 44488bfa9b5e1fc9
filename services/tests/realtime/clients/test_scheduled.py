"""A thousand scheduled mutations, half of them scheduled by the others, while the deployment is killed again and again:
each runs once. And actions: each is begun once or never, and none is told to be done that isn't."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from dfworx.realtime.engine.jobs import BROKEN_OFF
from tests.realtime.clients.served import Served

SEED = 20261123
PARENTS, IN_ONE, WITHIN_MS, KILLS = 500, 50, 6000, 8
ACTIONS, ACTION_KILLS = 200, 4


async def test_scheduled_mutations_run_once_each_whatever_is_killed(served: Served) -> None:
    chance = random.Random(SEED)
    for first in range(0, PARENTS, IN_ONE):
        delays = [chance.randrange(WITHIN_MS) for _ in range(IN_ONE)]
        await served.ask_to("later:plan", first=first, delays=delays, children=PARENTS)
    kills = 0
    for moment in sorted(chance.sample(range(2 * PARENTS), KILLS)):
        while await served.ask("later:made") < moment:
            pass
        await served.kill()
        kills += 1
        await served.start()
    while await served.ask("later:made") < 2 * PARENTS:
        pass
    assert kills == KILLS
    assert Counter(await served.ask("later:numbers")) == Counter(range(2 * PARENTS))
    assert await served.ask("later:made") == 2 * PARENTS
    assert Counter(each["kind"] for each in await served.ask("later:jobs")) == {"success": 2 * PARENTS}


async def numbers(served: Served, client: str) -> Counter[float]:
    return Counter(mark["number"] for mark in await served.ask("ledger:marks", client=client))


async def test_scheduled_actions_are_begun_once_at_most_whatever_is_killed(served: Served) -> None:
    chance = random.Random(SEED)
    await served.ask_to("later:planActions", count=ACTIONS)
    for moment in sorted(chance.sample(range(ACTIONS // 2), ACTION_KILLS)):
        while len(await served.ask("ledger:marks", client="begun")) < moment:
            pass
        await served.kill()
        await served.start()
    jobs: list[dict[str, Any]] = []
    while not jobs or {"pending", "inProgress"} & {each["kind"] for each in jobs}:
        jobs = await served.ask("later:jobs")
    begun, ended = await numbers(served, "begun"), await numbers(served, "ended")
    assert len(jobs) == ACTIONS and {*begun.values(), *ended.values()} == {1}
    done = {each["number"] for each in jobs if each["kind"] == "success"}
    failed = {each["number"]: each.get("error") for each in jobs if each["kind"] == "failed"}
    assert done | failed.keys() == set(range(ACTIONS))
    assert done <= ended.keys() <= begun.keys(), "what is told to be done is done"
    assert set(failed.values()) <= {BROKEN_OFF}

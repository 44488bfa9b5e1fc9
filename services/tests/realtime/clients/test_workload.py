"""Ten thousand random mutations of fifty official clients, while the deployment is killed and connections are cut: what
was acknowledged is there once, what failed isn't, and whoever watches sees in the end what there is."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from typing import Any

from dfworx.cli.home import CHECKOUT
from tests.realtime.clients.npm_and_pypi import npm
from tests.realtime.clients.served import Served

PROGRAM = "workload.mjs"
SEED = 20261123
CLIENTS, MUTATIONS, PROCESSES, ACCOUNTS, SEALED = 50, 200, 2, 20, 1000
KILLS, CUTS = 4, 6
PATIENCE = 500


class Work:
    """Of one process of clients."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.answered = 0
        self.told: dict[str, Any] = {}

    def say(self, told: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(told).encode() + b"\n")

    async def listen(self, faults: Faults) -> None:
        """Until it has said all that it will say before it is asked again."""
        assert self._process.stdout
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "answered" not in told:
                self.told = told
                return
            faults.count(told["answered"] - self.answered)
            self.answered = told["answered"]
        raise AssertionError("A process of clients has ended.")

    def end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


class Faults:
    """At so many answers, each happens once."""

    def __init__(self, served: Served, chance: random.Random, tasks: asyncio.TaskGroup) -> None:
        self._served = served
        self._tasks = tasks
        total = CLIENTS * MUTATIONS
        moments = sorted(chance.sample(range(total // 20, total - total // 20), KILLS + CUTS))
        kinds = chance.sample([True] * KILLS + [False] * CUTS, KILLS + CUTS)
        self._due = list(zip(moments, kinds, strict=True))
        self._answered = 0
        self._restarts: set[asyncio.Task[None]] = set()
        self.kills = self.cuts = 0

    def count(self, more: int) -> None:
        self._answered += more
        if self._due and self._answered >= self._due[0][0] and not self._restarts:
            if self._due.pop(0)[1]:
                self.kills += 1
                restart = self._tasks.create_task(self._restart())
                self._restarts.add(restart)
                restart.add_done_callback(self._restarts.discard)
            else:
                self.cuts += 1
                self._served.proxy.cut()

    async def _restart(self) -> None:
        await self._served.kill()
        self._served.proxy.cut()
        await self._served.start()


async def start_work(served: Served, number: int) -> Work:
    process = await asyncio.create_subprocess_exec(
        *(npm()[0], str(CHECKOUT / "services/tests/realtime/clients" / PROGRAM)),
        cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 26,
    )
    people = [f"client {each}" for each in range(CLIENTS)]
    work = Work(process)
    work.say(
        {
            "url": served.proxy.url,
            "seed": SEED + number * CLIENTS,
            "names": people[number::PROCESSES],
            "people": people,
            "mutations": MUTATIONS,
            "accounts": ACCOUNTS,
        }
    )
    return work


async def test_nothing_acknowledged_is_lost_or_done_twice_and_all_see_the_same(served: Served) -> None:
    works = [await start_work(served, number) for number in range(PROCESSES)]
    try:
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            faults = Faults(served, random.Random(SEED), tasks)
            await asyncio.gather(*(work.listen(faults) for work in works))
            acknowledged = [mark for work in works for mark in work.told["acknowledged"]]
            await served.ask_to("ledger:add", client="seal", number=0, account=SEALED, amount=1, fails=False)
            for work in works:
                work.say({})
            await asyncio.gather(*(work.listen(faults) for work in works))
    finally:
        for work in works:
            work.end()
    assert (faults.kills, faults.cuts) == (KILLS, CUTS)
    await require_marks(served, acknowledged)
    seen = [each for work in works for each in work.told["seen"]]
    fresh: dict[str, Any] = {}
    for path, args, value in seen:
        key = json.dumps([path, args])
        if key not in fresh:
            fresh[key] = await served.ask(path, **args)
        assert value == fresh[key], key
    assert len(seen) >= CLIENTS * 4
    assert [name for work in works for name in work.told["wentBack"]] == []


async def require_marks(served: Served, acknowledged: list[dict[str, Any]]) -> None:
    """Those and no others, each once, and the totals that they make."""
    wanted = {(mark["client"], mark["number"]): (mark["account"], mark["amount"]) for mark in acknowledged}
    assert len(wanted) > CLIENTS * MUTATIONS * 0.8
    there: Counter[tuple[str, float]] = Counter()
    totals: Counter[float] = Counter()
    for client in {mark["client"] for mark in acknowledged}:
        for mark in await served.ask("ledger:marks", client=client):
            there[client, mark["number"]] += 1
            totals[mark["account"]] += mark["amount"]
            assert wanted[client, mark["number"]] == (mark["account"], mark["amount"])
    assert set(there) == set(wanted)
    assert set(there.values()) == {1}
    for account in range(ACCOUNTS):
        assert await served.ask("ledger:account", name=account) == totals[account]

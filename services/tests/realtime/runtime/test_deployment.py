"""A deployment at work: who is told what, at which moment, how often functions run, and what outlives what."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.executions import Asked, Execution
from dfworx.realtime.values import Value, dump, load

SESSION = UUID("0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "documents.sqlite")


@pytest.fixture
async def at_work(path: str, node: Path, code: Bundle) -> AsyncIterator[Deployment]:
    made = await open_deployment(path, node, code, durable=False)
    yield made
    await made.close()


class Client:
    """Watches queries, and looks again whenever it is woken."""

    def __init__(
        self, deployment: Deployment, *queries: tuple[str, Value], identity: dict[str, Any] | None = None
    ) -> None:
        self.deployment = deployment
        self.identity = identity
        self.wanted = [(Asked(path, dump(args), None), identity) for path, args in queries]
        self.woken = asyncio.Event()
        self.held: list[Execution[Any]] = []
        self.ts = 0

    async def look(self) -> list[Any]:
        self.woken.clear()
        before = self.held
        self.ts, self.held = await self.deployment.watch(self.wanted, self.woken.set)
        for each in before:
            if each not in self.held:
                self.deployment.release(each, self.woken.set)
        return [each.result.value and load(each.result.value) for each in self.held]


async def send(deployment: Deployment, body: str, room: str = "a") -> int:
    written = await deployment.mutate("messages:send", {"room": room, "body": body})
    assert written.ts is not None, written.result.message
    return written.ts


async def test_a_watcher_is_woken_by_what_it_reads_and_by_nothing_else(at_work: Deployment) -> None:
    client = Client(at_work, ("messages:count", {"room": "a"}))
    assert await client.look() == [0.0]
    await send(at_work, "hi", "b")
    assert not client.woken.is_set()
    ts = await send(at_work, "hi")
    assert client.woken.is_set()
    assert await client.look() == [1.0]
    assert client.ts == ts == at_work.ts


async def test_one_run_serves_all_who_would_see_the_same(at_work: Deployment) -> None:
    clients = [Client(at_work, ("messages:count", {"room": "a"})) for _ in range(50)]
    for each in clients:
        await each.look()
    assert at_work.runs == 1
    await send(at_work, "hi")
    assert all(each.woken.is_set() for each in clients)
    values = await asyncio.gather(*(each.look() for each in clients))
    assert values == [[1.0]] * 50
    assert at_work.runs == 1 + 1 + 1, "the mutation, and one run for all"
    assert len({id(each.held[0].result.value) for each in clients}) == 1, "one text for all"


async def test_who_is_told_apart_by_a_function_is_told_apart(at_work: Deployment) -> None:
    def person(subject: str, organization: str) -> dict[str, Any]:
        return {"tokenIdentifier": f"i|{subject}", "issuer": "i", "subject": subject, "org_id": organization}

    people = [person("ann", "lumen"), person("bo", "lumen"), person("cy", "umbra"), None]
    claims = [Client(at_work, ("world:claim", {}), identity=each) for each in people]
    assert [await each.look() for each in claims] == [["lumen"], ["lumen"], ["umbra"], [None]]
    assert at_work.runs == 3
    wholes = [Client(at_work, ("world:wholeIdentity", {}), identity=each) for each in people]
    assert [(await each.look())[0] for each in wholes] == [*people[:3], {}]
    assert at_work.runs == 3 + 4


async def test_all_queries_of_a_client_are_as_of_one_moment(at_work: Deployment) -> None:
    client = Client(at_work, ("messages:count", {"room": "a"}), ("messages:count", {"room": "b"}))

    async def write() -> list[int | None]:
        return [(await at_work.mutate("messages:sendBoth", {"body": str(number)})).ts for number in range(60)]

    writing = asyncio.create_task(write())
    while not writing.done():
        one, other = await client.look()
        assert one == other
    assert await client.look() == [60.0, 60.0]
    stamps = writing.result()
    assert stamps == sorted({ts for ts in stamps if ts})


async def test_a_mutation_that_is_sent_again_is_answered_and_not_done_again(at_work: Deployment) -> None:
    args: Value = {"room": "a", "body": "once"}
    answers = await asyncio.gather(
        *(at_work.mutate("messages:send", args, request=(SESSION, 1)) for _ in range(5))
    )
    assert {(each.ts, each.result.value) for each in answers} == {(answers[0].ts, answers[0].result.value)}
    assert await Client(at_work, ("messages:count", {"room": "a"})).look() == [1.0]
    failed = await at_work.mutate("messages:sendBad", {}, request=(SESSION, 2))
    assert failed.ts is None and "does not match the schema" in failed.result.message
    assert (await at_work.mutate("messages:send", args, request=(SESSION, 2))).ts is not None


async def test_what_was_answered_is_there_after_a_restart(path: str, node: Path, code: Bundle) -> None:
    first = await open_deployment(path, node, code)
    written = await first.mutate("messages:send", {"room": "a", "body": "kept"}, request=(SESSION, 1))
    await first.close()
    second = await open_deployment(path, node, code)
    assert written.ts is not None and second.ts >= written.ts
    again = await second.mutate("messages:send", {"room": "a", "body": "kept"}, request=(SESSION, 1))
    assert (again.ts, again.result.value) == (written.ts, written.result.value)
    assert await Client(second, ("messages:count", {"room": "a"})).look() == [1.0]
    await second.close()


async def test_a_function_that_never_ends_ends_alone(at_work: Deployment) -> None:
    endless = Client(at_work, ("world:endless", {}))
    looking = asyncio.gather(endless.look(), at_work.mutate("world:endlessWrite", {}), send(at_work, "hi"))
    assert await Client(at_work, ("messages:first", {"room": "b"})).look() == [None]
    _, written, _ = await looking
    assert written.ts is None and "timed out" in written.result.message
    assert "timed out" in endless.held[0].result.message
    assert await Client(at_work, ("messages:count", {"room": "a"})).look() == [1.0]


async def test_what_is_not_there_fails_and_is_asked_again_in_vain(at_work: Deployment) -> None:
    client = Client(at_work, ("messages:nothing", {}), ("messages:hidden", {}))
    assert await client.look() == [None, None]
    assert all("Could not find public function" in each.result.message for each in client.held)
    written = await at_work.mutate("messages:hidden", {"room": "a", "body": "x"})
    assert written.ts is None and "Could not find public function" in written.result.message


async def test_every_watcher_ends_with_what_is_true(at_work: Deployment) -> None:
    chance = random.Random(5)
    rooms = ["a", "b", "c"]
    clients = [
        Client(at_work, ("messages:list", {"room": room}), ("messages:count", {"room": other}))
        for room in rooms
        for other in rooms
    ]
    last: list[list[Any]] = [[] for _ in clients]
    over = asyncio.Event()

    async def follow(place: int) -> None:
        client = clients[place]
        while True:
            last[place] = await client.look()
            waits = [asyncio.create_task(client.woken.wait()), asyncio.create_task(over.wait())]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for each in waits:
                each.cancel()
            if not client.woken.is_set():
                return

    async def write() -> None:
        for _ in range(40):
            if chance.random() < 0.15:
                await at_work.mutate("messages:empty", {"room": chance.choice(rooms)})
            else:
                await send(at_work, str(chance.random()), chance.choice(rooms))

    following = asyncio.gather(*(follow(place) for place in range(len(clients))))
    await asyncio.gather(*(write() for _ in range(5)))
    over.set()
    await following
    for place, client in enumerate(clients):
        fresh = Client(at_work, *((asked.path, load(asked.args)) for asked, _ in client.wanted))
        for each in client.held:
            at_work.release(each, client.woken.set)
        assert last[place] == await fresh.look()


async def test_who_stops_looking_takes_nothing_from_others(at_work: Deployment) -> None:
    one, other = (Client(at_work, ("messages:count", {"room": "a"})) for _ in range(2))
    await one.look()
    looking = asyncio.create_task(
        Client(at_work, ("messages:count", {"room": "a"}), ("world:endless", {})).look()
    )
    both = asyncio.create_task(other.look())
    await asyncio.sleep(0)
    looking.cancel()
    for each in one.held:
        at_work.release(each, one.woken.set)
    await both
    await send(at_work, "hi")
    assert other.woken.is_set()
    assert await other.look() == [1.0]


async def test_nothing_is_kept_of_what_nobody_watches(at_work: Deployment) -> None:
    client = Client(at_work, ("messages:count", {"room": "a"}))
    await client.look()
    for each in client.held:
        at_work.release(each, client.woken.set)
    await send(at_work, "hi")
    assert len(at_work._executions) == 0
    assert not client.woken.is_set()

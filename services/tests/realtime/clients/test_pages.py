"""Pages as React's hook shows them, while rows come and go anywhere in the list: at each rendering what is shown is the
beginning of the list as it was at some moment, without a gap and with no row twice."""

from __future__ import annotations

import random
from typing import Any

from tests.realtime.clients.npm_and_pypi import Clients
from tests.realtime.clients.served import Served

SEED = 7
SIZE = 5
ROOM = "hall"


def body(number: int) -> str:
    return f"{number:04}"


async def test_pages_have_no_gap_while_rows_come_and_go(clients: Clients, served: Served) -> None:
    chance = random.Random(SEED)
    there = {body(number) for number in range(0, 1000, 20)}
    for each in sorted(there):
        await clients.mutate("bob", "messages:send", room=ROOM, body=each)
    was = [sorted(there)]
    await clients.do(
        "watchPages",
        url=served.proxy.url,
        watch="pages",
        path="messages:page",
        args={"room": ROOM},
        size=SIZE,
    )
    shown: list[dict[str, Any]] = clients.shown["pages"]

    async def load(count: int) -> None:
        await clients.until(lambda: bool(shown) and shown[-1]["status"] == "CanLoadMore")
        before = len(shown[-1]["bodies"])
        await clients.do("more", watch="pages", size=count)
        await clients.until(lambda: len(shown[-1]["bodies"]) > before)

    for round_ in range(6):
        if round_ in (1, 3):
            served.proxy.cut()
        for _ in range(20):
            number = body(chance.randrange(1000))
            if number in there:
                there.remove(number)
                await clients.mutate("bob", "messages:removeAll", room=ROOM, body=number)
            else:
                there.add(number)
                await clients.mutate("bob", "messages:send", room=ROOM, body=number)
            was.append(sorted(there))
        await load(SIZE)

    assert len(shown) > 40
    for rendering in shown:
        bodies = rendering["bodies"]
        assert any(moment[: len(bodies)] == bodies for moment in was), bodies
    await clients.until(lambda: shown[-1]["bodies"] == sorted(there)[: len(shown[-1]["bodies"])])


async def test_the_last_page_says_that_it_is_the_last_also_after_rows_came(
    clients: Clients, served: Served
) -> None:
    for number in range(8):
        await clients.mutate("bob", "messages:send", room=ROOM, body=body(number))
    await clients.do(
        "watchPages",
        url=served.proxy.url,
        watch="pages",
        path="messages:page",
        args={"room": ROOM},
        size=SIZE,
    )
    shown = clients.shown["pages"]
    await clients.until(lambda: bool(shown) and shown[-1]["status"] == "CanLoadMore")
    await clients.do("more", watch="pages", size=SIZE)
    await clients.until(lambda: shown[-1]["status"] == "Exhausted" and len(shown[-1]["bodies"]) == 8)
    await clients.mutate("bob", "messages:send", room=ROOM, body=body(99))
    await clients.until(lambda: shown[-1]["status"] == "Exhausted" and shown[-1]["bodies"][-1] == body(99))

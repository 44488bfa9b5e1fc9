"""Searches as official clients watch them, whole and by pages."""

from __future__ import annotations

from tests.realtime.clients.npm_and_pypi import Clients
from tests.realtime.clients.served import Served


async def test_a_search_sees_another_clients_mutation(either: Clients) -> None:
    await either.watch("ann", "foxes", "messages:find", room="hall", text="red fo")
    for body in ("a fox", "hound", "red fox"):
        await either.mutate("bob", "messages:send", room="hall", body=body)
    await either.mutate("bob", "messages:send", room="attic", body="red fox")
    await either.sees("foxes", ["red fox", "a fox"])
    await either.mutate("bob", "messages:removeAll", room="hall", body="red fox")
    await either.sees("foxes", ["a fox"])


async def test_pages_of_a_search_have_no_gap_while_rows_come(clients: Clients, served: Served) -> None:
    for number in range(12):
        await clients.mutate("bob", "messages:send", room="hall", body=f"fox {number}")
    await clients.do(
        "watchPages",
        url=served.proxy.url,
        watch="pages",
        path="messages:findPage",
        args={"room": "hall", "text": "fox"},
        size=5,
    )
    shown = clients.shown["pages"]

    def foxes(newest: int, count: int) -> list[str]:
        return [f"fox {number}" for number in range(newest, newest - count, -1)]

    await clients.until(lambda: bool(shown) and shown[-1]["bodies"] == foxes(11, 5))
    await clients.do("more", watch="pages", size=5)
    await clients.until(lambda: shown[-1]["bodies"] == foxes(11, 10))
    await clients.mutate("bob", "messages:send", room="hall", body="fox 12")
    await clients.until(lambda: shown[-1]["bodies"] == foxes(12, 10))
    await clients.do("more", watch="pages", size=5)
    await clients.until(lambda: shown[-1]["status"] == "Exhausted" and shown[-1]["bodies"] == foxes(12, 13))

"""What official clients see of each other's writes."""

from __future__ import annotations

import pytest

from tests.realtime.clients.npm_and_pypi import CallFailed, Clients
from tests.realtime.clients.served import Served

ROOM = {"room": "hall"}
MARK = {"client": "ann", "number": 0, "account": 0, "amount": 1}


async def test_a_subscription_sees_another_clients_mutation(either: Clients) -> None:
    await either.watch("ann", "hall", "messages:list", room="hall")
    await either.watch("ann", "attic", "messages:list", room="attic")
    await either.mutate("bob", "messages:send", room="hall", body="hello")
    await either.sees("hall", ["hello"])
    assert [value for value in either.shown["attic"] if value] == []


async def test_data_of_an_error_comes_to_the_client(either: Clients) -> None:
    """With nothing watched and nobody writing: PyPI's client (0.8.1) takes it with the next Transition only."""
    with pytest.raises(CallFailed) as told:
        await either.do("mutate", client="ann", path="ledger:add", args=MARK | {"fails": True})
    assert told.value.args == ("on purpose",)


async def test_clients_of_npm_and_pypi_see_each_other(clients: Clients, pypi_clients: Clients) -> None:
    for each in (clients, pypi_clients):
        await each.watch("ann", "hall", "messages:list", room="hall")
    await clients.mutate("bob", "messages:send", room="hall", body="from npm")
    await pypi_clients.mutate("bob", "messages:send", room="hall", body="from PyPI")
    for each in (clients, pypi_clients):
        await each.sees("hall", ["from npm", "from PyPI"])


async def test_an_optimistic_update_is_never_taken_back_and_shown_again(
    clients: Clients, served: Served
) -> None:
    """Nobody else writes, so each value is the one before and what is new: going back would be a shorter one."""
    await clients.watch("ann", "hall", "messages:list", room="hall")
    wanted = [f"message {number}" for number in range(30)]
    for number, body in enumerate(wanted):
        # Some wait for their answer, others are sent before it.
        sent = clients.start(
            "mutateShown",
            client="ann",
            path="messages:send",
            args={**ROOM, "body": body},
            list="messages:list",
        )
        if number % 3 == 0:
            await sent
    await clients.sees("hall", wanted)
    await clients.mutate("ann", "messages:send", room="attic", body="all are answered")
    lengths = [len(value) for value in clients.shown["hall"]]
    assert lengths == sorted(lengths)
    assert all(value == wanted[: len(value)] for value in clients.shown["hall"])
    assert await served.ask("messages:list", room="hall") == wanted


async def test_an_optimistic_update_goes_away_when_its_mutation_fails(clients: Clients) -> None:
    await clients.watch("ann", "hall", "messages:list", room="hall")
    wrong = {**ROOM, "body": "too much", "unknown": 1}
    try:
        await clients.do("mutateShown", client="ann", path="messages:send", args=wrong, list="messages:list")
        raise AssertionError
    except CallFailed as error:
        assert "unknown" in str(error)
    await clients.sees("hall", [])
    assert clients.shown["hall"] == [[], ["too much"], []]

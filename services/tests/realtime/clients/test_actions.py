"""Actions as official clients call them: beside mutations, as who they are, and once."""

from __future__ import annotations

import pytest

from tests.realtime.clients.npm_and_pypi import CallFailed, Clients
from tests.realtime.clients.served import Served
from tests.realtime.clients.tokens import Provider

SLOW = {"client": "bob", "path": "actions:slow", "args": {"room": "hall"}}
GO_ON = {"room": "hall, go on", "body": "!"}


async def test_an_action_is_answered_when_it_has_ended(either: Clients, served: Served) -> None:
    """Mutations by HTTP: PyPI's client (0.8.1) does nothing else while it waits."""
    waiting = either.start("act", **SLOW)
    while await served.ask("messages:list", room="hall") != ["begun"]:
        pass
    await served.ask_to("messages:send", **GO_ON)
    assert await waiting == "done"
    assert await served.ask("messages:list", room="hall") == ["begun", "ended"]


async def test_an_action_runs_beside_what_its_client_does(clients: Clients) -> None:
    await clients.watch("bob", "hall", "messages:list", room="hall")
    waiting = clients.start("act", **SLOW)
    await clients.sees("hall", ["begun"])
    await clients.mutate("bob", "messages:send", room="hall", body="meanwhile")
    await clients.sees("hall", ["begun", "meanwhile"])
    assert not waiting.done()
    await clients.mutate("bob", "messages:send", **GO_ON)
    assert await waiting == "done"
    await clients.sees("hall", ["begun", "meanwhile", "ended"])


async def test_data_of_an_error_comes_to_the_client(either: Clients) -> None:
    with pytest.raises(CallFailed) as told:
        await either.act("ann", "actions:refuses")
    assert told.value.args == ({"code": "refused"},)


async def test_an_action_is_run_as_who_the_client_is_and_as_nobody_else(
    either: Clients, provider: Provider
) -> None:
    for name in ("ann", "bob"):
        await either.watch(name, name, "messages:who")
        await either.do("login", client=name, tokens=[provider.token(name)])
        await either.sees(name, name)
    assert await either.act("ann", "actions:whoCalls") == ["ann", "ann"]
    assert await either.act("bob", "actions:whoCalls") == ["bob", "bob"]
    await either.do("logout", client="bob")
    await either.sees("bob", None)
    assert await either.act("bob", "actions:whoCalls") == [None, None]
    with pytest.raises(CallFailed, match="Could not find public function"):
        await either.act("ann", "actions:hidden")


async def test_an_action_whose_client_is_cut_off_ends_and_is_not_begun_again(
    clients: Clients, served: Served
) -> None:
    """npm's client fails what it had sent, and says so."""
    await clients.watch("ann", "hall", "messages:list", room="hall")
    waiting = clients.start("act", **SLOW)
    await clients.sees("hall", ["begun"])
    served.proxy.cut()
    with pytest.raises(CallFailed, match="Connection lost while action was in flight"):
        await waiting
    await clients.mutate("bob", "messages:send", **GO_ON)
    await clients.sees("hall", ["begun", "ended"])


async def test_an_action_that_runs_while_the_deployment_is_killed_is_not_begun_again(
    clients: Clients, served: Served
) -> None:
    await clients.watch("ann", "hall", "messages:list", room="hall")
    waiting = clients.start("act", **SLOW)
    await clients.sees("hall", ["begun"])
    await served.kill()
    served.proxy.cut()
    await served.start()
    with pytest.raises(CallFailed, match="Connection lost while action was in flight"):
        await waiting
    await clients.mutate("bob", "messages:send", **GO_ON)
    assert await clients.act("bob", "actions:whoCalls") == [None, None]
    assert await served.ask("messages:list", room="hall") == ["begun"]

"""What official clients make of connections that break and of a deployment that is killed: nothing that was
acknowledged is lost, nothing is done twice, and they are shown again what there is."""

from __future__ import annotations

from tests.realtime.clients.npm_and_pypi import Clients
from tests.realtime.clients.served import Served

SEND = {"client": "bob", "path": "messages:send"}


def hello(body: str = "hello") -> dict[str, str]:
    return {"room": "hall", "body": body}


async def test_a_mutation_that_waits_while_the_deployment_is_killed_is_done_once(
    either: Clients, served: Served
) -> None:
    await either.watch("ann", "hall", "messages:list", room="hall")
    await either.mutate("bob", "messages:send", **hello("before"))
    await either.sees("hall", ["before"])
    served.proxy.hold(up=True)
    waiting = either.start("mutate", **SEND, args=hello())
    await served.kill()
    served.proxy.cut()
    served.proxy.let_through()
    await served.start()
    await waiting
    await either.sees("hall", ["before", "hello"])
    assert await served.ask("messages:list", room="hall") == ["before", "hello"]


async def test_a_mutation_whose_answer_is_lost_with_the_deployment_is_done_once(
    clients: Clients, served: Served
) -> None:
    """Npm's alone: PyPI's client calls itself by another name at each connection, so that nobody can know its mutation
    again (seen with 0.8.1)."""
    await clients.watch("ann", "hall", "messages:list", room="hall")
    await clients.mutate("bob", "messages:send", **hello("before"))
    served.proxy.hold(down=True)
    waiting = clients.start("mutate", **SEND, args=hello())
    while await served.ask("messages:list", room="hall") != ["before", "hello"]:
        pass
    assert not waiting.done()
    await served.kill()
    served.proxy.cut()
    served.proxy.let_through()
    await served.start()
    await waiting
    await clients.sees("hall", ["before", "hello"])
    assert await served.ask("messages:list", room="hall") == ["before", "hello"]
    await clients.mutate("ann", "messages:send", **hello("after"))
    await clients.sees("hall", ["before", "hello", "after"])


async def test_mutations_that_were_never_heard_are_sent_again(clients: Clients, served: Served) -> None:
    """npm's: the one of PyPI (0.8.1) may give up what it is sending when its socket is cut ("channel closed")."""
    await clients.watch("ann", "hall", "messages:list", room="hall")
    served.proxy.hold(up=True)
    waiting = [clients.start("mutate", **SEND, args=hello(str(number))) for number in range(5)]
    served.proxy.cut()
    served.proxy.let_through()
    for each in waiting:
        await each
    await clients.mutate("ann", "messages:send", **hello("after"))
    await clients.until(lambda: len(clients.shown["hall"][-1]) == 6)
    assert sorted(clients.shown["hall"][-1]) == ["0", "1", "2", "3", "4", "after"]


async def test_mutations_whose_answers_are_lost_are_done_once_and_in_their_order(
    clients: Clients, served: Served
) -> None:
    await clients.watch("ann", "hall", "messages:list", room="hall")
    served.proxy.hold(down=True)
    wanted = [str(number) for number in range(5)]
    waiting = [clients.start("mutate", **SEND, args=hello(number)) for number in wanted]
    while "2" not in await served.ask("messages:list", room="hall"):
        pass
    served.proxy.cut()
    served.proxy.let_through()
    for each in waiting:
        await each
    await clients.sees("hall", wanted)
    assert await served.ask("messages:list", room="hall") == wanted


async def test_what_others_wrote_while_a_client_was_away_is_shown_when_it_is_back(
    clients: Clients, served: Served
) -> None:
    await clients.do("open", client="eve", url=served.url)
    await clients.watch("ann", "hall", "messages:list", room="hall")
    served.proxy.hold(up=True, down=True)
    await clients.mutate("eve", "messages:send", **hello())
    assert clients.shown["hall"] == [[]]
    served.proxy.cut()
    served.proxy.let_through()
    await clients.sees("hall", ["hello"])


async def test_an_optimistic_update_stays_until_its_mutation_is_seen_whatever_happens_between(
    clients: Clients, served: Served
) -> None:
    await clients.watch("ann", "hall", "messages:list", room="hall")
    served.proxy.hold(down=True)
    shown = clients.start(
        "mutateShown", client="ann", path="messages:send", args=hello(), list="messages:list"
    )
    await clients.sees("hall", ["hello"])
    while await served.ask("messages:list", room="hall") != ["hello"]:
        pass
    await served.kill()
    served.proxy.cut()
    served.proxy.let_through()
    await served.start()
    await shown
    await clients.mutate("ann", "messages:send", **hello("after"))
    await clients.sees("hall", ["hello", "after"])
    lengths = [len(value) for value in clients.shown["hall"]]
    assert lengths == sorted(lengths)

"""Signing in, staying signed in and signing out, as official clients do it."""

from __future__ import annotations

from tests.realtime.clients.npm_and_pypi import Clients
from tests.realtime.clients.served import Served
from tests.realtime.clients.tokens import Provider


async def test_who_signs_in_is_known_until_they_sign_out(either: Clients, provider: Provider) -> None:
    await either.watch("ann", "me", "messages:who")
    assert either.shown["me"] == [None]
    await either.do("login", client="ann", tokens=[provider.token("ann")])
    await either.sees("me", "ann")
    await either.do("login", client="ann", tokens=[provider.token("ann, elsewhere")])
    await either.sees("me", "ann, elsewhere")
    await either.do("logout", client="ann")
    await either.sees("me", None)


async def test_signing_in_takes_two_tokens_and_the_second_is_of_the_same_person(
    clients: Clients, provider: Provider
) -> None:
    await clients.watch("ann", "me", "messages:who")
    await clients.do("login", client="ann", tokens=[provider.token("ann"), provider.token("ann", 7200)])
    await clients.until(lambda: len(clients.auth["ann"]) == 3)
    assert clients.auth["ann"][0] == {"fetched": False}
    assert {"authenticated": True} in clients.auth["ann"] and {"fetched": True} in clients.auth["ann"]
    await clients.mutate("ann", "messages:send", room="hall", body="still here")
    assert clients.shown["me"] == [None, "ann"]


async def test_a_token_is_fetched_again_before_it_ends(clients: Clients, provider: Provider) -> None:
    """Clients do so ten seconds before: one that lasts twelve is asked for again two seconds later."""
    tokens = [provider.token("ann", 12), provider.token("ann", 12), provider.token("ann")]
    await clients.watch("ann", "me", "messages:who")
    await clients.do("login", client="ann", tokens=tokens)
    await clients.until(lambda: clients.auth["ann"].count({"fetched": True}) == 2)
    await clients.mutate("ann", "messages:send", room="hall", body="still here")
    assert clients.shown["me"] == [None, "ann"]
    assert {"authenticated": False} not in clients.auth["ann"]


async def test_who_shows_a_token_that_does_not_hold_is_told_and_stays_nobody(
    clients: Clients, provider: Provider
) -> None:
    await clients.watch("ann", "me", "messages:who")
    for wrong in (provider.token("ann", audience="web"), Provider().token("ann"), provider.token("ann", -60)):
        clients.auth["ann"].clear()
        await clients.do("login", client="ann", tokens=[wrong])
        await clients.until(lambda: {"authenticated": False} in clients.auth["ann"])
    assert set(clients.shown["me"]) == {None}
    await clients.watch("bob", "his", "messages:who")


async def test_who_is_signed_in_stays_so_over_a_kill(
    clients: Clients, served: Served, provider: Provider
) -> None:
    await clients.watch("ann", "me", "messages:who")
    await clients.do("login", client="ann", tokens=[provider.token("ann")])
    await clients.sees("me", "ann")
    await served.kill()
    served.proxy.cut()
    await served.start()
    await clients.mutate("ann", "messages:send", room="hall", body="hello")
    assert clients.shown["me"][:2] == [None, "ann"]
    assert set(clients.shown["me"][1:]) == {"ann"}

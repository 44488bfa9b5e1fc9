"""Keys by URL: fetched once for all who wait, again when one is missing, not too often; kept while nobody answers."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from dfworx.realtime.runtime.jwks import (
    FIRST_PAUSE_SECONDS,
    FRESH_SECONDS,
    KEPT_SECONDS,
    MOST_BYTES,
    PAUSE_SECONDS,
    BadKeys,
    FetchedKeys,
    Unreachable,
    WrittenKeys,
    read_keys,
)
from tests.realtime.runtime.issuer import ES, RS, Key, Served, serve_issuer

ALGORITHMS = ("ES256", "RS256")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serve_issuer() as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(served: Served, clock: Clock) -> FetchedKeys:
    return FetchedKeys(ALGORITHMS, url=f"{served.url}/jwks.json", clock=clock)


async def test_those_who_wait_together_share_one_fetch(served: Served, keys: FetchedKeys) -> None:
    served.may_answer.clear()
    waiting = [asyncio.create_task(keys.find("es", "ES256")) for _ in range(20)]
    await served.was_asked.wait()
    waiting[0].cancel()
    served.may_answer.set()
    found = await asyncio.gather(*waiting[1:])
    assert all(key is not None and key.key_id == "es" for key in found)
    assert served.asked == ["/jwks.json"]


async def test_a_name_that_is_made_up_asks_at_most_once_in_a_while(
    served: Served, keys: FetchedKeys, clock: Clock
) -> None:
    assert await keys.find("es", "ES256")
    for number in range(50):
        assert await keys.find(f"made up {number}", "ES256") is None
    assert len(served.asked) == 1
    clock.now += PAUSE_SECONDS
    served.keys = [new := Key.make("new", "ES256")]
    assert await keys.find(new.kid, "ES256"), "a key that came since is found"
    assert await keys.find("es", "ES256") is None, "and one that is gone isn't"
    assert len(served.asked) == 2


async def test_keys_outlive_a_server_that_is_away_but_not_for_ever(
    served: Served, keys: FetchedKeys, clock: Clock
) -> None:
    assert await keys.find("es", "ES256")
    served.status = 500
    clock.now += FRESH_SECONDS
    assert await keys.find("es", "ES256"), "asked for again beside, nobody waits"
    clock.now += KEPT_SECONDS - FRESH_SECONDS
    with pytest.raises(Unreachable, match="answers 500"):
        await keys.find("es", "ES256")
    served.status = 200
    clock.now += FIRST_PAUSE_SECONDS
    assert await keys.find("es", "ES256")


async def test_old_keys_are_asked_for_again_while_nobody_waits(
    served: Served, keys: FetchedKeys, clock: Clock
) -> None:
    assert await keys.find("es", "ES256")
    clock.now += FRESH_SECONDS
    served.keys = [RS]
    assert await keys.find("es", "ES256"), "as it was known"
    assert await keys.find("not known", "ES256") is None, "waits for the fetch that has begun"
    assert await keys.find("es", "ES256") is None
    assert len(served.asked) == 2


async def test_a_key_is_for_its_own_algorithm() -> None:
    weaker = {**RS.jwk, "kid": "both"}
    known = read_keys(json.dumps({"keys": [weaker, {**ES.jwk, "kid": "both"}, "nonsense", {}]}), ALGORITHMS)
    assert set(known) == {("both", "RS256"), ("both", "ES256")}
    for wrong in (
        {**ES.jwk, "use": "enc"},
        {**ES.jwk, "alg": "ES384"},
        {**ES.jwk, "kid": None},
        {**ES.jwk, "x": "AAAA"},
        {**Key.make("long", "ES384").jwk, "alg": "ES256"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"},
        {"kty": "RSA", "kid": "empty"},
    ):
        with pytest.raises(BadKeys, match="None of the keys"):
            read_keys(json.dumps({"keys": [wrong]}), ALGORITHMS)


@pytest.mark.parametrize("text", ["", "[]", '{"keys": 1}', "nonsense"])
def test_what_is_no_set_of_keys_is_told(text: str) -> None:
    with pytest.raises(BadKeys):
        read_keys(text, ALGORITHMS)


@pytest.mark.parametrize(
    "write",
    [
        lambda text: f"data:application/json,{quote(text)}",
        lambda text: f"data:text/plain;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}",
        lambda text: f"DATA:;BASE64,{base64.b64encode(text.encode()).decode().rstrip('=')}",
    ],
)
async def test_keys_may_be_written_in_the_uri(write: object) -> None:
    assert callable(write)
    keys = WrittenKeys(write(json.dumps({"keys": [ES.jwk]})), ALGORITHMS)
    assert await keys.find("es", "ES256")
    assert await keys.find("es", "RS256") is None
    with pytest.raises(BadKeys, match="base64"):
        WrittenKeys("data:;base64,%21%21", ALGORITHMS)


async def test_an_answer_that_is_not_what_was_asked_for_is_refused(served: Served, clock: Clock) -> None:
    async def problem(path: str = "/jwks.json") -> str:
        with pytest.raises(Unreachable) as refused:
            await FetchedKeys(ALGORITHMS, url=served.url + path, clock=clock).find("es", "ES256")
        return str(refused.value)

    served.kind = "text/html"
    assert "answers 200 with text/html" in await problem()
    served.kind = "application/jwk-set+json; charset=utf-8"
    assert await FetchedKeys(ALGORITHMS, url=served.url).find("es", "ES256")
    served.pages["/large"] = b" " * (MOST_BYTES + 1)
    assert "more than" in await problem("/large")
    served.pages["/none"] = b'{"keys": []}'
    assert "None of the keys" in await problem("/none")
    with pytest.raises(Unreachable):
        await FetchedKeys(ALGORITHMS, url="http://127.0.0.1:1/", clock=clock).find("es", "ES256")


async def test_discovery_names_the_keys_of_its_own_issuer(served: Served) -> None:
    assert await FetchedKeys(ALGORITHMS, issuer=served.url).find("rs", "RS256")
    assert served.asked == ["/.well-known/openid-configuration", "/jwks.json"]
    wrong: list[Any] = [
        {"issuer": "https://other.example", "jwks_uri": served.url},
        {"issuer": served.url},
        [],
    ]
    for told in wrong:
        served.pages["/.well-known/openid-configuration"] = json.dumps(told).encode()
        with pytest.raises(Unreachable, match=r"speaks of another issuer|names no jwks_uri"):
            await FetchedKeys(ALGORITHMS, issuer=served.url).find("rs", "RS256")

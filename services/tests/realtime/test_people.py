"""People with tokens at a client's socket: they come, change, go, run out of time, and can't always be looked up."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.runtime.bundle import Bundle, bundle
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from tests.realtime.client import Client
from tests.realtime.runtime.issuer import ES, Key, claims_of

ISSUER = "https://issuer.example"
JWKS = f"data:application/json,{json.dumps({'keys': [ES.jwk]})}"


@pytest.fixture(scope="session")
def people(node: Path) -> Bundle:
    return bundle(Path(__file__).with_name("people"), node, CHECKOUT / "node_modules")


@pytest.fixture
async def deployment(path: str, node: Path, people: Bundle) -> AsyncIterator[Deployment]:
    made = await open_deployment(path, node, people, {"JWKS": JWKS}, durable=False)
    yield made
    await made.close()


def token(subject: str, **changes: Any) -> str:
    return ES.sign(claims_of(ISSUER, sub=subject, **changes))


async def test_who_asks_comes_changes_and_goes(deployment: Deployment) -> None:
    client = Client(deployment).connect()
    client.watch(("people:me", {}))
    await client.up_to_date()
    seen = [client.values[0]]
    for subject in ("ann", "bo", None):
        client.authenticate(
            *("User",) if subject else ("None",), **({"value": token(subject)} if subject else {})
        )
        await client.up_to_date()
        seen.append(client.values[0])
    assert seen == [None, "ann", "bo", None]


async def test_a_mutation_runs_as_who_sent_it(deployment: Deployment) -> None:
    client = Client(deployment).connect()
    client.authenticate("User", value=token("ann"))
    for _ in range(3):
        client.mutate("people:sign", {})
    client.authenticate("User", value=token("bo"))
    client.mutate("people:sign", {})
    client.authenticate("None")
    client.mutate("people:sign", {})
    client.watch(("people:signatures", {}))
    await client.until(lambda: len(client.answers) == 5)
    await client.until(lambda: len(client.values.get(0, ())) == 5)
    assert client.values[0] == ["ann", "ann", "ann", "bo", None]


async def test_a_token_is_refused_for_the_version_that_it_was_for(deployment: Deployment) -> None:
    client = Client(deployment).connect()
    client.authenticate("User", value=token("ann"))
    client.authenticate("User", value=Key.make("es", "ES256").sign(claims_of(ISSUER)))
    await client.until(lambda: client.closed is not None)
    [error] = [each for each in client.frames if each["type"] == "AuthError"]
    # The official client overlooks what is for a version before its newest.
    assert (error["baseVersion"], error["authUpdateAttempted"]) == (1, True)


async def test_a_token_that_is_just_taken_is_not_too_old_at_once(deployment: Deployment) -> None:
    client = Client(deployment).connect()
    client.authenticate("User", value=token("ann", exp=int(time.time()) - 1))
    client.watch(("people:me", {}))
    await client.up_to_date()
    assert client.values == {0: "ann"}


async def test_keys_that_cannot_be_had_are_no_reason_to_sign_out(
    path: str, node: Path, people: Bundle
) -> None:
    away = await open_deployment(path, node, people, {"JWKS": "http://127.0.0.1:1/jwks.json"}, durable=False)
    client = Client(away).connect()
    client.authenticate("User", value=token("ann"))
    await client.until(lambda: client.closed is not None)
    assert client.frames == []
    assert client.closed == (1013, "AuthProviderUnreachable")
    await away.close()

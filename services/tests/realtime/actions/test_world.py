"""What actions find around them: the network, time, chance, the Web's interfaces; and Node's, where they say so."""

from __future__ import annotations

import asyncio
import hashlib
import os
from base64 import b64encode
from pathlib import Path

from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.deployment import Deployment
from tests.realtime.actions.conftest import OpenActions, act, failed
from tests.realtime.actions.served_pages import served_pages

LENGTH = len(Path(__file__).read_text())
SAID = b'{"said":"hi","ok":[1,2]}'


async def test_an_action_fetches(at_work: Deployment) -> None:
    async with served_pages() as pages:
        told = await act(at_work, "world:fetches", url=pages.url, body="é")
        assert told == {"status": 201.0, "json": {"said": "hi", "ok": [1.0, 2.0]}, "kind": "application/json"}
        assert pages.asked == [("POST / HTTP/1.1", "é".encode())]
        assert await act(at_work, "world:fetchesStream", url=pages.url) == SAID.decode()
        assert await act(at_work, "world:fetchesBytes", url=pages.url) == {"$bytes": b64encode(SAID).decode()}


async def test_what_cannot_be_fetched_is_an_error_of_the_action(at_work: Deployment) -> None:
    message = (await failed(at_work, "world:fetches", url="http://127.0.0.1:1/", body="")).message
    assert message.startswith("Uncaught TypeError: fetch failed")


async def test_a_hundred_actions_wait_at_once(at_work: Deployment) -> None:
    async with served_pages(together=100) as pages:
        asked = [act(at_work, "world:fetches", url=pages.url, body=str(n)) for n in range(100)]
        told = await asyncio.gather(*asked)
    assert [each["status"] for each in told] == [201.0] * 100


async def test_the_webs_interfaces_are_there(at_work: Deployment) -> None:
    told = await act(at_work, "world:webInterfaces")
    digest = b64encode(hashlib.sha256(b"abc").digest()).decode()
    assert told.pop("digest") == {"$bytes": digest}
    assert told == {
        **{"back": "hello", "form": "b", "waited": True, "random": True, "url": "c", "aborted": True},
    }


async def test_convexs_own_runtime_has_no_names_of_nodes(at_work: Deployment) -> None:
    assert await act(at_work, "world:outside") == ["undefined"] * 3


async def test_actions_find_the_deployments_variables(at_work: Deployment) -> None:
    assert await act(at_work, "world:colour") == "green"
    assert await act(at_work, "node:colour") == ["green", None, "function"]


async def test_what_says_use_node_finds_node(at_work: Deployment) -> None:
    assert await act(at_work, "node:hash", text="abc") == hashlib.sha256(b"abc").hexdigest()
    told = await act(at_work, "node:reads", Caller(admin=True), file=__file__)
    assert told == float(LENGTH)
    assert await act(at_work, "node:lists") == []


async def test_an_action_cannot_end_the_process_that_others_run_in(at_work: Deployment) -> None:
    pid = await act(at_work, "node:pid")
    assert "would end other actions too" in (await failed(at_work, "node:leaves")).message
    assert await act(at_work, "node:pid") == pid != os.getpid()


async def test_more_calls_at_once_than_are_asked_at_once_are_all_answered(opened: OpenActions) -> None:
    async with opened() as deployment:
        assert await act(deployment, "calls:manyQueries", count=300.0) == 300.0

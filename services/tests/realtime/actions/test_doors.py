"""Actions by the sync socket and by HTTP."""

from __future__ import annotations

import asyncio
from base64 import b64encode

import httpx

from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.session import MOST_WAITING, TRY_AGAIN_LATER
from tests.realtime.actions.conftest import notes
from tests.realtime.client import KEY, Client


async def test_a_client_is_told_what_its_action_came_to(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    done = await client.acted("calls:speaks", {})
    assert done["success"] and done["result"] is None and "ts" not in done and "errorData" not in done
    assert done["logLines"] == ["[LOG] 'plain' { list: [ 1, 2n, null ] }", "[ERROR] 'later'"]
    refused = await client.acted("calls:throwsData", {})
    assert not refused["success"] and refused["errorData"] == {
        "code": "own",
        "count": {"$integer": "BQAAAAAAAAA="},
    }
    failed = await client.acted("calls:throwsError", {})
    assert failed["result"].startswith("[Request ID: ") and "errorData" not in failed


async def test_actions_of_a_client_run_at_once_and_beside_what_it_watches(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.watch(("notes:list", {}))
    long, short = client.act("calls:untilNoted", {"body": "b"}), client.act("calls:addAndList", {"body": "a"})
    await client.until(lambda: short in client.answers and client.values == {0: ["a"]})
    assert long not in client.answers
    await client.mutated("notes:add", {"body": "b"})
    await client.until(lambda: long in client.answers)


async def test_an_action_is_run_as_who_sent_it_although_somebody_else_signs_in(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.act_as(subject="ann")
    first = client.act("calls:who", {"ms": 100.0})
    client.act_as(subject="bob")
    second = client.act("calls:who", {"ms": 1.0})
    await client.until(lambda: {first, second} <= client.answers.keys())
    assert client.answers[first]["result"] == ["ann"] * 3
    assert client.answers[second]["result"] == ["bob"] * 3


async def test_whoever_signed_in_has_no_more_rights_than_a_client(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.act_as(subject="ann")
    assert (await client.acted("calls:inside", {"depth": 0.0}))["success"]  # the keeper, who only acts as ann
    stranger = Client(at_work).connect()
    told = await stranger.acted("calls:inside", {"depth": 0.0})
    assert "Could not find public function for 'calls:inside'" in told["result"]


async def test_a_client_that_is_gone_is_told_nothing_and_its_action_ends(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    client.act("calls:addAndList", {"body": "to its end"})
    client.session.close()
    async with asyncio.timeout(60):
        while await notes(at_work) != ["to its end"]:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0)
    assert client.frames == []


async def test_a_client_that_floods_is_sent_away(at_work: Deployment) -> None:
    client = Client(at_work).connect()
    for _ in range(MOST_WAITING + 1):
        client.act("missing:missing", {})
    assert client.closed == (TRY_AGAIN_LATER, "TooManyActions")


async def test_http_has_actions_by_three_addresses(at_work: Deployment) -> None:
    transport = httpx.ASGITransport(http_app(at_work, KEY))
    person = b64encode(b'{"issuer":"i","subject":"ann"}').decode()
    key = {"Authorization": f"Convex {KEY.text}:{person}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://deployment") as http:
        for address in ("action", "function"):
            asked = {"path": "calls:who", "args": {"ms": 1}}
            assert (await http.post(f"/api/{address}", json=asked)).json()["value"] == [None] * 3
            told = (await http.post(f"/api/{address}", json=asked, headers=key)).json()
            assert told == {"status": "success", "value": ["ann"] * 3}
            inside = {"path": "calls:inside", "args": {"depth": 0}}
            told = (await http.post(f"/api/{address}", json=inside)).json()
            assert "Could not find public function" in told["errorMessage"]
            assert (await http.post(f"/api/{address}", json=inside, headers=key)).json()["value"] == 0
        run = await http.post("/api/run/calls/speaks", json={"args": {}})
        assert run.json()["value"] is None and len(run.json()["logLines"]) == 2
        told = (await http.post("/api/action", json={"path": "calls:throwsData", "args": {}})).json()
        assert told["status"] == "error" and told["errorData"] == {"code": "own", "count": "5"}

"""The HTTP door, asked as the official clients ask it, as plain programs do, and by those who have no business here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dfworx.realtime.door import MOST_BODY_BYTES
from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.deployment import Deployment
from tests.realtime.client import KEY

ADDRESSES = (
    *("/api/query", "/api/mutation", "/api/action", "/api/function", "/api/run/messages/count"),
    *("/api/query_batch", "/api/query_at_ts"),
)
NONE = (
    b"",
    b"{",
    b"\xff",
    b"[]",
    b"5",
    b'{"path":5,"args":[1,2]}',
    b'{"path":"a:b","args":[1,2]}',
    b'{"path":"a:b","args":{"$x":1}}',
    b'{"path":"a:b","args":{},"format":"xml"}',
    b'{"path":"a:b","args":{},"componentPath":"x"}',
    b'{"path":"a:b","args":5,"queries":[5]}',
)


@pytest.fixture
async def http(at_work: Deployment) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(http_app(at_work, KEY))
    async with httpx.AsyncClient(transport=transport, base_url="http://deployment") as client:
        yield client


async def ask(http: httpx.AsyncClient, address: str, path: str, args: Any, **more: Any) -> dict[str, Any]:
    headers = more.pop("headers", None)
    answer = await http.post(f"/api/{address}", json={"path": path, "args": args, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def send(http: httpx.AsyncClient, body: str) -> None:
    told = await ask(http, "mutation", "messages:send", {"room": "a", "body": body})
    assert told["status"] == "success", told


async def test_queries_and_mutations_are_answered(http: httpx.AsyncClient) -> None:
    await send(http, "hi")
    room = {"room": "a"}
    assert await ask(http, "query", "messages:count", room) == {"status": "success", "value": 1}
    assert await ask(http, "query", "messages:count", [room]) == {"status": "success", "value": 1}
    assert (await ask(http, "function", "messages:count", room))["value"] == 1
    assert (await ask(http, "function", "messages.js:count", room))["value"] == 1
    by_address = await http.get("/api/query", params={"path": "messages:count", "args": '{"room":"a"}'})
    assert by_address.json()["value"] == 1
    run = await http.post("/api/run/messages/count", json={"args": room})
    assert run.json() == {"status": "success", "value": 1}


async def test_values_come_in_the_form_that_is_asked_for(http: httpx.AsyncClient) -> None:
    whole = await ask(http, "query", "world:values", {}, format="convex_encoded_json")
    plain = await ask(http, "query", "world:values", {})
    assert whole["value"] == {
        "big": {"$integer": "BQAAAAAAAAA="},
        "bytes": {"$bytes": "AQI="},
        "endless": {"$float": "AAAAAAAA8H8="},
        "whole": 3.0,
    }
    assert plain["value"] == {"big": "5", "bytes": "AQI=", "endless": "Infinity", "whole": 3}


async def test_a_function_that_fails_says_why(http: httpx.AsyncClient) -> None:
    told = await ask(http, "query", "world:boom", {})
    assert told["status"] == "error" and "errorData" not in told
    assert told["errorMessage"].startswith("[Request ID: ")
    assert "Uncaught TypeError: boom" in told["errorMessage"] and "world.ts" in told["errorMessage"]
    key = {"Authorization": f"Convex {KEY.text}"}
    data = await ask(http, "mutation", "messages:hidden", {"room": "a", "body": "x"}, headers=key)
    assert data["errorData"] == {"body": "x", "code": "refused"}


async def test_what_is_internal_is_for_the_keeper_alone(http: httpx.AsyncClient) -> None:
    for address in ("mutation", "function"):
        told = await ask(http, address, "messages:hidden", {"room": "a", "body": "x"})
        assert "Could not find public function" in told["errorMessage"]


async def test_the_keeper_may_act_as_somebody(http: httpx.AsyncClient) -> None:
    person = b64encode(b'{"issuer":"i","subject":"ann","org_id":"lumen"}').decode()
    for headers, seen in (
        ({"Authorization": f"Convex {KEY.text}:{person}"}, "lumen"),
        ({"Authorization": f"Convex {KEY.text}"}, None),
        ({}, None),
    ):
        assert (await ask(http, "query", "world:claim", {}, headers=headers))["value"] == seen


async def test_a_token_that_is_none_is_refused_and_not_overlooked(http: httpx.AsyncClient) -> None:
    for credentials in ("Bearer nonsense", "Basic YTpi", "Bearer ", "Convex "):
        answer = await http.post(
            "/api/query", json={"path": "world:claim", "args": {}}, headers={"Authorization": credentials}
        )
        assert answer.status_code == 401, credentials
        assert set(answer.json()) == {"code", "message"}


async def test_several_queries_are_as_of_one_moment_and_a_moment_can_be_asked_again(
    http: httpx.AsyncClient,
) -> None:
    await send(http, "one")
    ts = (await http.post("/api/query_ts")).json()["ts"]
    await send(http, "two")
    then = await ask(http, "query_at_ts", "messages:count", {"room": "a"}, ts=ts)
    assert then["value"] == 1
    gone = await http.post(
        "/api/query_at_ts", json={"path": "messages:count", "args": {"room": "a"}, "ts": "AAAAAAAAAAA="}
    )
    assert (gone.status_code, gone.json()["code"]) == (400, "SnapshotGone")
    asked = [{"path": "messages:count", "args": {"room": room}} for room in ("a", "b")]
    batch = await http.post(
        "/api/query_batch", json={"queries": [*asked, {"path": "world:boom", "args": {}}]}
    )
    results = batch.json()["results"]
    assert [each.get("value") for each in results] == [2, 0, None] and results[2]["status"] == "error"


async def test_a_body_that_is_none_is_refused_with_a_reason(http: httpx.AsyncClient) -> None:
    for address in ADDRESSES:
        for body in NONE:
            answer = await http.post(address, content=body)
            assert answer.status_code == 400 and answer.json()["message"], (address, body)
    for address in ("/api/query_at_ts", "/api/query_batch"):
        answer = await http.post(address, content=b'{"path":"a:b","args":{},"ts":"nonsense","queries":5}')
        assert answer.status_code == 400 and answer.json()["message"], address


async def test_a_body_that_is_too_large_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/query", content=b" " * (MOST_BODY_BYTES + 1))
    assert answer.status_code == 413


async def test_browsers_of_any_origin_may_ask(http: httpx.AsyncClient) -> None:
    asked = await http.options(
        "/api/query",
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "convex-client, authorization, content-type",
        },
    )
    assert asked.status_code == 200 and asked.headers["access-control-allow-origin"] == "*"
    assert "convex-client" in asked.headers["access-control-allow-headers"]
    refused = await http.post("/api/query", content=b"{", headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 400 and refused.headers["access-control-allow-origin"] == "*"


async def test_programs_see_that_it_lives(http: httpx.AsyncClient) -> None:
    for path in ("/", "/version", "/instance_name", "/instance_version"):
        assert (await http.get(path)).status_code == 200
    echo = await http.post("/echo", content=b"<script>", headers={"Content-Type": "text/html"})
    assert echo.content == b"<script>" and echo.headers["content-type"] == "application/octet-stream"
    assert (await http.get("/nothing")).status_code == 404

"""HTTP actions as anybody asks them: routes, bodies both ways, who asks, errors, and what is too much."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.site import MOST_BODY_BYTES, site_app
from tests.realtime.actions.conftest import SITE, OpenActions, notes
from tests.realtime.client import KEY


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture
async def site(at_work: Deployment) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(site_app(at_work)))
        yield await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60))


async def test_a_request_is_answered_by_the_function_it_is_routed_to(
    site: httpx.AsyncClient, at_work: Deployment
) -> None:
    made = await site.post("/notes", content="a note")
    assert (made.status_code, made.headers["x-kept"], made.content) == (201, "yes", b"")
    assert (await site.get("/notes")).json() == ["a note"] == await notes(at_work)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/notes/first", "exact"),
        ("/notes/second", "/notes/"),
        ("/notes/", "/notes/"),
        ("/notes/of/ann", "/notes/of/"),
        ("/notes/of", "/notes/"),
    ],
)
async def test_an_exact_path_is_before_the_longest_prefix(
    site: httpx.AsyncClient, asked: str, answer: str
) -> None:
    assert (await site.get(asked)).text == answer


async def test_what_is_routed_nowhere_is_not_found(site: httpx.AsyncClient) -> None:
    for method, asked in (("GET", "/"), ("GET", "/note"), ("DELETE", "/notes"), ("GET", "/notes%2Ffirst")):
        answer = await site.request(method, asked)
        assert (answer.status_code, answer.text) == (404, f"No HttpAction routed for {asked}")


async def test_head_is_what_get_says_without_its_body(site: httpx.AsyncClient) -> None:
    answer = await site.head("/notes/first")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/plain;charset=UTF-8"


async def test_bytes_and_headers_go_both_ways(site: httpx.AsyncClient) -> None:
    sent = bytes(range(256)) * 5000
    answer = await site.put(
        "/echo?a=%20b&c", content=sent, headers={"content-type": "image/odd", "host": "evil.example"}
    )
    assert answer.content == sent
    assert answer.headers["content-type"] == "image/odd"
    assert answer.headers["x-url"] == f"{SITE}/echo?a=%20b&c"
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_who_asks_is_who_the_token_says_and_a_bad_one_says_nobody(site: httpx.AsyncClient) -> None:
    for header in (None, "Bearer nonsense", "Basic YTpi", "Convex key"):
        headers = {} if header is None else {"authorization": header}
        assert (await site.get("/who", headers=headers)).json() == [None, None]


async def test_a_body_comes_in_parts_as_it_is_made(site: httpx.AsyncClient) -> None:
    async with site.stream("GET", "/stream") as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == "begin"
        for body in ("one", "two", "three"):
            await site.post("/notes", content=body)
            assert await anext(lines) == body
        assert [line async for line in lines] == []


async def test_whoever_leaves_is_told_no_more_and_the_action_goes_on(
    site: httpx.AsyncClient, at_work: Deployment
) -> None:
    async with site.stream("GET", "/long") as answer:
        await anext(answer.aiter_raw())
    async with asyncio.timeout(60):
        while await notes(at_work) != ["written to its end"]:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0)


async def test_errors_are_told_as_convex_tells_them(site: httpx.AsyncClient) -> None:
    for asked, words in (
        ("/fails", "Uncaught Error: boom\n    at <anonymous> (../convex/http.ts:"),
        ("/refuses", "Uncaught ConvexError: refused"),
        ("/nothing", "Uncaught Error: An HTTP action must return a Response"),
    ):
        answer = await site.get(asked)
        assert answer.status_code == 500
        told = answer.json()
        assert told["code"].startswith("[Request ID: ") and told["code"].endswith("] Server Error")
        assert told["trace"].startswith(words), told


async def test_twenty_mebibytes_are_answered_and_no_more(site: httpx.AsyncClient) -> None:
    assert len((await site.get(f"/large?size={20 << 20}")).content) == 20 << 20
    answer = await site.get(f"/large?size={(20 << 20) + 1}")
    assert answer.status_code == 500 and "at most 20 MiB" in answer.json()["trace"]


async def test_an_endless_body_is_cut_off_so_that_it_is_seen(site: httpx.AsyncClient) -> None:
    size = 0
    with pytest.raises(httpx.RemoteProtocolError):
        async with site.stream("GET", "/endless") as answer:
            async for part in answer.aiter_raw():
                size += len(part)
    assert size <= 20 << 20
    assert (await site.get("/notes")).json() == []


async def test_too_large_a_request_is_refused_before_anything_is_run(site: httpx.AsyncClient) -> None:
    answer = await site.put("/echo", content=bytes(MOST_BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "PayloadTooLarge")


async def test_a_loop_is_an_error_and_others_are_answered(opened: OpenActions) -> None:
    async with opened(seconds=2) as deployment, served(site_app(deployment)) as url:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            looping = asyncio.create_task(client.get("/loops"))
            while deployment.actions.running == 0:  # noqa: ASYNC110
                await asyncio.sleep(0)
            assert (await client.get("/notes")).json() == []
            assert "timed out" in (await looping).json()["trace"]


async def test_the_deployments_own_address_has_them_below_http(at_work: Deployment) -> None:
    transport = httpx.ASGITransport(http_app(at_work, KEY))
    async with httpx.AsyncClient(transport=transport, base_url="http://deployment") as client:
        assert (await client.get("/http/notes/first")).text == "exact"
        assert (await client.get("/http/missing")).text == "No HttpAction routed for /missing"
        # For whom it is, it says itself: nothing is allowed in its name.
        asked = {"origin": "https://evil.example", "access-control-request-method": "GET"}
        allowed = await client.options("/http/allowed", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://example.org"
        answer = await client.get("/http/notes", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers


async def test_what_ran_is_noted_without_what_a_request_asks(
    site: httpx.AsyncClient, at_work: Deployment
) -> None:
    await site.post("/notes?token=hush", content="hush")
    await at_work.act("calls:throwsError", {})
    await at_work.act("world:colour", {})
    runs, _ = await at_work.runs.since(0)
    assert [(each.kind, each.path, bool(each.message)) for each in runs] == [
        ("mutation", "notes:addInside", False),
        ("httpAction", "POST /notes", False),
        ("action", "calls:throwsError", True),
        ("action", "world:colour", False),
    ]
    assert "hush" not in str(runs)

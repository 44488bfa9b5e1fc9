"""Uploads and downloads through the real server, where a body is what arrives on a socket and not what a test hands
over: what is cut is told so, and who hangs up leaves nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from dfworx.web.files.actions import UploadLimits
from tests.conftest import MakePerson
from tests.web.file_making import Left


@pytest.fixture
async def port(web_app: FastAPI) -> AsyncIterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(web_app, lifespan="off", log_level="warning", timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    # No wait for its start: connections queue in the socket.
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving


def head(token: str, *more: str) -> bytes:
    lines = (
        "POST /api/web/files?name=a.bin HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        *more,
    )
    return "\r\n".join((*lines, "", "")).encode()


async def test_an_endless_body_is_answered_and_its_connection_closed(
    web_app: FastAPI, port: int, make_person: MakePerson, left: Left
) -> None:
    ann = await make_person()
    web_app.state.upload_limits = UploadLimits(9_000_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head(ann.token, "Transfer-Encoding: chunked"))
    answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    sent = 0
    try:
        while not answer.done():
            writer.write(b"10000\r\n" + b"a" * 65_536 + b"\r\n")
            sent += 65_536
            await writer.drain()
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    assert b" 413 " in await answer
    assert b"connection: close" in (await answer).lower()
    assert sent < 60_000_000
    assert await left.everything() == ([], [])


@pytest.mark.parametrize("said", ["Content-Length: 40000000", "Transfer-Encoding: chunked"])
async def test_who_hangs_up_amid_an_upload_leaves_nothing(
    web_app: FastAPI, port: int, make_person: MakePerson, left: Left, said: str
) -> None:
    ann = await make_person()
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head(ann.token, said))
    piece = b"10000\r\n" + b"a" * 65_536 + b"\r\n" if "chunked" in said else b"a" * 65_536
    async with asyncio.timeout(30):
        while not left.stored():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.transport.abort()
        while left.stored():  # noqa: ASYNC110 - the folder is all that tells
            await asyncio.sleep(0)
    assert await left.everything() == ([], [])


async def test_a_body_that_waits_for_a_go_ahead_is_refused_without_one(
    web_app: FastAPI, port: int, make_person: MakePerson, left: Left
) -> None:
    ann = await make_person()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head(ann.token, "Content-Length: 60000000", "Expect: 100-continue"))
    assert b" 413 " in await reader.readline()
    writer.close()
    assert await left.everything() == ([], [])


async def test_many_megabytes_go_through_and_come_back(
    web_app: FastAPI, port: int, make_person: MakePerson
) -> None:
    ann = await make_person()
    content = bytes(range(256)) * 180_000
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as web:
        headers = {"Authorization": f"Bearer {ann.token}"}
        answer = await web.post("/api/web/files?name=a.bin", content=content, headers=headers)
        assert answer.status_code == 201, answer.text
        whole = await web.get(answer.json()["url"])
        assert whole.content == content
        some = await web.get(answer.json()["url"], headers={"Range": "bytes=20000000-20000009"})
        assert (some.status_code, some.content) == (206, content[20_000_000:20_000_010])

"""Files over HTTP, sent and read as browsers do it, and by those who mean no good."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from dfworx.realtime.file_door import UploadLimits, file_routes
from dfworx.realtime.http import http_app
from dfworx.realtime.runtime import files as module
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import load
from tests.realtime.client import KEY

CONTENT = bytes(range(256)) * 4000
DIGEST = b64encode(sha256(CONTENT).digest()).decode()


def asking(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://deployment")


@pytest.fixture
async def http(at_work: Deployment) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(http_app(at_work, KEY)) as client:
        yield client


async def address(deployment: Deployment) -> str:
    result = (await deployment.mutate("files:uploadUrl", {})).result
    assert result.value is not None, result.message
    return str(load(result.value))


async def upload(http: httpx.AsyncClient, deployment: Deployment, content: Any, **headers: str) -> str:
    """The address to read it from."""
    answer = await http.post(await address(deployment), content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    [result] = await deployment.queries.read([("files:url", {"id": answer.json()["storageId"]})], NOBODY)
    assert result.value is not None, result.message
    return str(load(result.value))


def stored(deployment: Deployment) -> list[Path]:
    return [each for each in Path(f"{deployment.path}.files").rglob("*") if each.is_file()]


async def test_what_was_sent_is_read(http: httpx.AsyncClient, at_work: Deployment) -> None:
    sent = {"content-type": "image/png", "digest": f"sha-256={DIGEST}"}
    url = await upload(http, at_work, CONTENT, **sent)
    read = await http.get(url)
    assert (read.status_code, read.content) == (200, CONTENT)
    assert read.headers["content-type"] == "image/png" and read.headers["digest"] == f"sha-256={DIGEST}"
    assert read.headers["accept-ranges"] == "bytes" and int(read.headers["content-length"]) == len(CONTENT)
    head = await http.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(read.headers)
    same = await http.get(url, headers={"if-none-match": read.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert (await http.get(url.upper().replace("/API/STORAGE", "/api/storage"))).content == CONTENT


async def test_a_part_of_it_is_read(http: httpx.AsyncClient, at_work: Deployment) -> None:
    url, size = await upload(http, at_work, CONTENT), len(CONTENT)
    tag = (await http.head(url)).headers["etag"]
    for asked, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=1000-", 1000, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size + 5}", 5, size),
    ):
        for more in ({}, {"if-range": tag}):
            part = await http.get(url, headers={"range": asked, **more})
            assert (part.status_code, part.content) == (206, CONTENT[start:end]), asked
            assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert (await http.head(url, headers={"range": asked})).headers["content-length"] == str(end - start)
    for asked, more in (("bytes=0-1,3-4", {}), ("lines=1-2", {}), ("bytes=0-1", {"if-range": '"other"'})):
        assert (await http.get(url, headers={"range": asked, **more})).status_code == 200, asked
    beyond = await http.get(url, headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


async def test_a_file_may_be_empty(http: httpx.AsyncClient, at_work: Deployment) -> None:
    url = await upload(http, at_work, b"")
    assert ((await http.get(url)).status_code, (await http.get(url)).content) == (200, b"")
    assert (await http.get(url, headers={"range": "bytes=0-"})).status_code == 416


async def test_no_browser_runs_what_somebody_sent(http: httpx.AsyncClient, at_work: Deployment) -> None:
    for sent, told in (
        ("text/html", "text/html"),
        ("image/svg+xml; charset=utf-8", "image/svg+xml; charset=utf-8"),
        ("application/xhtml+xml", "application/xhtml+xml"),
        ("text/javascript", "text/plain; charset=utf-8"),
        ("Application/X-JavaScript; charset=utf-8", "text/plain; charset=utf-8"),
        ("application/octet-stream", "application/octet-stream"),
        ("text/html\x00", "application/octet-stream"),
        ("no type", "application/octet-stream"),
        ("text/html, text/plain", "application/octet-stream"),
        ("é/x", "application/octet-stream"),
    ):
        headers: Any = {"content-type": sent.encode()}
        answer = await http.get(await upload(http, at_work, b"<script>alert(1)</script>", **headers))
        assert answer.headers["content-type"] == told, sent
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
    shown = await http.get(await upload(http, at_work, b"%PDF", **{"content-type": "application/pdf"}))
    assert "content-security-policy" not in shown.headers


async def test_no_functions_words_become_headers(http: httpx.AsyncClient, at_work: Deployment) -> None:
    for told in ("text/html\r\nSet-Cookie: a=b", "text/html; x=\n", "é", "x" * 5000):
        made = await at_work.files.store(b"x", told)
        [result] = await at_work.queries.read([("files:url", {"id": made})], NOBODY)
        answer = await http.get(str(load(result.value or "")))
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "set-cookie" not in answer.headers


async def test_pages_of_other_origins_may_send_and_read(http: httpx.AsyncClient, at_work: Deployment) -> None:
    asks = {"origin": "https://app", "access-control-request-method": "POST"}
    before = await http.options(
        await address(at_work), headers=asks | {"access-control-request-headers": "content-type,digest"}
    )
    assert before.status_code == 200 and before.headers["access-control-allow-origin"] == "*"
    url = await upload(http, at_work, b"x", origin="https://app")
    read = await http.get(url, headers={"origin": "https://app"})
    assert read.headers["access-control-allow-origin"] == "*"
    assert read.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Digest" in read.headers["access-control-expose-headers"]


async def test_who_has_no_address_sends_and_reads_nothing(
    http: httpx.AsyncClient, at_work: Deployment
) -> None:
    good = await address(at_work)
    for url in ("/api/storage/upload", f"{good}x", f"{good[:-3]}", "/api/storage/upload?token=%00%ff"):
        answer = await http.post(url, content=CONTENT)
        assert (answer.status_code, answer.json()["code"]) == (401, "InvalidUploadToken"), url
        assert answer.headers["connection"] == "close"
    made = await at_work.files.store(b"x", None)
    for place in (made, "upload", "..%2f..", "00000000-0000-4000-8000-000000000000", "%00", "x" * 3000):
        answer = await http.get(f"/api/storage/{place}")
        assert answer.status_code == 404, place
    assert len(stored(at_work)) == 1


async def test_what_was_deleted_isnt_there(http: httpx.AsyncClient, at_work: Deployment) -> None:
    url = await upload(http, at_work, CONTENT)
    assert (await at_work.mutate("files:remove", {"id": url.rpartition("/")[2]})).ts
    assert (await http.get(url)).status_code == 404
    lost = await upload(http, at_work, CONTENT)
    await at_work.files.quiet()
    [bytes_of_it] = stored(at_work)
    bytes_of_it.unlink()
    assert (await http.get(lost)).json()["code"] == "FileNotFound"


async def test_other_bytes_than_were_told_are_refused(http: httpx.AsyncClient, at_work: Deployment) -> None:
    for digest in (f"sha-256={b64encode(bytes(32)).decode()}", "md5=x", "sha-256=x", ""):
        answer = await http.post(await address(at_work), content=b"x", headers={"digest": digest})
        assert (answer.status_code, answer.json()["code"]) == (400, "WrongDigest"), digest
    await at_work.files.quiet()
    assert stored(at_work) == []


async def test_no_file_is_larger_than_files_may_be(
    http: httpx.AsyncClient, at_work: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def untold() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    for name in (module, "dfworx.realtime.file_door"):
        monkeypatch.setattr(f"{name if isinstance(name, str) else name.__name__}.MOST_FILE_BYTES", 1_000_000)
    for content in (b"x" * 1_000_001, untold()):
        answer = await http.post(await address(at_work), content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "FileTooLarge")
    await at_work.files.quiet()
    assert stored(at_work) == []


async def test_who_sends_slowly_or_stops_leaves_nothing(at_work: Deployment) -> None:
    async def stops() -> AsyncIterator[bytes]:
        yield b"x" * 2_000_000
        await asyncio.Event().wait()

    async def drips() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.to_thread(bytes)

    for limits, content in (
        (UploadLimits(idle_seconds=0.05), stops()),
        (UploadLimits(first_seconds=0.05), drips()),
    ):
        async with asking(Starlette(routes=file_routes(at_work, limits))) as http:
            answer = await http.post(await address(at_work), content=content)
            assert (answer.status_code, answer.json()["code"]) == (408, "UploadStopped")
    await at_work.files.quiet()
    assert stored(at_work) == []


async def test_whose_connection_ends_leaves_nothing(at_work: Deployment) -> None:
    app = Starlette(routes=file_routes(at_work))
    token = (await address(at_work)).partition("?")[2]
    messages = [
        {"type": "http.request", "body": b"x" * 2_000_000, "more_body": True},
        {"type": "http.disconnect"},
    ]
    told: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/storage/upload", "headers": []}
    await app({**scope, "query_string": token.encode()}, receive, send)
    assert told[0]["status"] == 408
    await at_work.files.quiet()
    assert stored(at_work) == []


async def test_uploads_take_neither_all_memory_nor_the_documents_disk(at_work: Deployment) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def waits() -> AsyncIterator[bytes]:
        begun.set()
        await go_on.wait()
        yield b"x"

    async with asking(Starlette(routes=file_routes(at_work, UploadLimits(at_once=1)))) as http:
        first = asyncio.create_task(http.post(await address(at_work), content=waits()))
        await begun.wait()
        assert (await http.post(await address(at_work), content=b"x")).json()["code"] == "Overloaded"
        go_on.set()
        assert (await first).status_code == 200
        assert (await http.post(await address(at_work), content=b"x")).status_code == 200
    async with asking(Starlette(routes=file_routes(at_work, UploadLimits(room_bytes=1 << 60)))) as http:
        full = await http.post(await address(at_work), content=b"x")
    assert full.status_code == 503 and "no room left" in full.json()["message"]

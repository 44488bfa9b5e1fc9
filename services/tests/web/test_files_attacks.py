"""Files that shouldn't be taken: each is refused with a clear answer, and what is in the storage and in the table
afterwards is what was there before, to the last half-written part. Addresses: test_files_addresses.py."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from dfworx.web.files.actions import UploadLimits
from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import create
from tests.web.file_making import (
    SVG,
    Left,
    drawing,
    gif_that_says,
    picture,
    png_that_says,
    require_refusal,
    send,
    upload,
    webp_that_says,
)


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"a" * 65_536


async def stuck() -> AsyncIterator[bytes]:
    for _ in range(100):
        yield b"a" * 65_536
    await asyncio.Event().wait()


async def test_an_endless_stream_is_cut(
    web_app: FastAPI, make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    before = await left.everything()
    web_app.state.upload_limits = UploadLimits(7_000_000)
    answer = await send(client_as(ann), endless())
    require_refusal(answer, 413, "file_too_large")
    assert "7 MB" in answer.json()["detail"]
    assert answer.headers["connection"] == "close"
    assert await left.everything() == before


async def test_what_says_that_it_is_too_large_is_not_read(
    web_app: FastAPI, make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    web_app.state.upload_limits = UploadLimits(1000)
    read = []

    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield b"a" * 1001

    headers = {"Content-Length": "1001"}
    answer = await client_as(ann).post("/api/web/files?name=a", content=body(), headers=headers)
    require_refusal(answer, 413, "file_too_large")
    assert await left.everything() == ([], [])
    assert (await send(client_as(ann), b"a" * 1000)).status_code == 201


@pytest.mark.parametrize("limits", [{"idle_seconds": 0.2}, {"seconds": 0.2}], ids=["idle", "in all"])
async def test_a_stream_that_does_not_go_on_is_cut(
    web_app: FastAPI, make_person: MakePerson, client_as: ClientAs, left: Left, limits: dict[str, Any]
) -> None:
    ann = await make_person()
    web_app.state.upload_limits = UploadLimits(50_000_000, **limits)
    require_refusal(await send(client_as(ann), stuck()), 408, "upload_too_slow")
    assert await left.everything() == ([], [])


async def test_a_client_that_hangs_up_leaves_nothing(
    web_app: FastAPI, make_person: MakePerson, left: Left
) -> None:
    """As uvicorn tells it: a disconnect amid the body. And a process that ends the request itself."""
    ann = await make_person()
    scope: dict[str, Any] = {
        **{"type": "http", "method": "POST", "path": "/api/web/files", "raw_path": b"/api/web/files"},
        **{"query_string": b"name=a.bin", "http_version": "1.1", "scheme": "http", "root_path": ""},
        "headers": [(b"authorization", f"Bearer {ann.token}".encode()), (b"host", b"localhost")],
    }
    sent: list[dict[str, Any]] = []
    piece = {"type": "http.request", "body": b"a" * 65_536, "more_body": True}
    coming: list[dict[str, Any]] = [piece] * 200 + [{"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def note(event: Any) -> None:
        sent.append(event)

    await web_app(dict(scope), receive, note)
    assert sent[0]["status"] == 400
    assert await left.everything() == ([], [])

    begun = asyncio.Event()
    pieces = iter([piece] * 200)

    async def receive_until_stopped() -> dict[str, Any]:
        found = next(pieces, None)
        if found is None:
            begun.set()
            await asyncio.Event().wait()
        return found or {}

    request = asyncio.create_task(web_app(dict(scope), receive_until_stopped, note))
    await begun.wait()
    assert left.stored() != [], "nothing was begun, so nothing is shown"
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert await left.everything() == ([], [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90\0 a program", "image/png"),
        (picture("JPEG"), "image/png"),
        (picture("PNG"), "text/plain"),
        (picture("GIF"), "application/pdf"),
        (b"<script>alert(1)</script>", "image/png"),
        (b"<script>alert(1)</script>", "application/pdf"),
        (b"%PDF-1.7\n\xff\xfe", "image/jpeg"),
        (b"%PDF-1.7\n\xff\xfe", "application/msword"),
        (b"\xff\xfeg\0r\0", "text/plain"),
        (b"\x1f\x8b\x08\0\xff", "image/svg+xml"),
        (picture("PNG"), "image/svg+xml"),
        (b"words", "nonsense"),
        (b"words", "image/png, text/plain"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:8]),
)
async def test_a_type_that_is_not_what_it_is_is_refused(
    make_person: MakePerson, client_as: ClientAs, left: Left, content: bytes, said: str
) -> None:
    ann = await make_person()
    require_refusal(await send(client_as(ann), content, content_type=said), 422, "wrong_type")
    assert await left.everything() == ([], [])


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.txt", "..", ".", "a/b.txt", "/etc/passwd", "..\\..\\boot.ini", "C:\\a.txt", "c:a.txt"),
        *("a\nb.txt", "a\0b.txt", "a\x1b[2J.txt", "photo\u202egnp.exe", "a\u200bb.txt", "\u2066a.txt"),
        *("CON", "nul.txt", "lpt1.log", "a.txt.", "   ", "a" * 256, "日" * 86, "a*b", "a\u2028b"),
    ],
    ids=ascii,
)
async def test_a_name_that_could_be_another_or_a_path_is_refused(
    make_person: MakePerson, client_as: ClientAs, left: Left, name: str
) -> None:
    ann = await make_person()
    require_refusal(await send(client_as(ann), name=name), 422, "bad_file_name")
    assert await left.everything() == ([], [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (png_that_says(60_000, 60_000), "too_many_pixels"),
        (png_that_says(2**31 - 1, 2**31 - 1), "too_many_pixels"),
        (png_that_says(7_072, 7_072), "too_many_pixels"),
        (gif_that_says(60_000, 60_000), "too_many_pixels"),
        (gif_that_says(5_000, 5_000, frames=41), "too_many_pixels"),
        (gif_that_says(1, 1, frames=2_001), "too_many_pixels"),
        (webp_that_says(16_000, 16_000), "too_many_pixels"),
        (webp_that_says(5_000, 5_000, frames=41), "too_many_pixels"),
        (webp_that_says(1, 1, frames=5_000), "too_many_pixels"),
        (webp_that_says(1 << 24, 1), "broken_image"),
        (picture("PNG")[:20], "broken_image"),
        (picture("JPEG")[:30], "broken_image"),
        (picture("GIF")[:12], "broken_image"),
        (picture("AVIF")[:40], "broken_image"),
        (b"RIFF\xff\xff\xff\xffWEBP", "broken_image"),
        (b"GIF89a" + b"\0" * 100, "broken_image"),
        # Small pieces that are walked through one by one.
        (gif_that_says(1, 1)[:-2] + b"\x01a" * 500_000, "broken_image"),
        (b"\xff\xd8" + b"\xff\xfe\0\x02" * 300_000, "broken_image"),
        (
            png_that_says(1, 1)[:33] + (struct.pack(">I", 0) + b"tEXt" + b"\x7c\x75\x4d\x2c") * 100_000,
            "broken_image",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:24]),
)
async def test_a_bomb_of_a_picture_is_refused(
    make_person: MakePerson, client_as: ClientAs, left: Left, content: bytes, code: str
) -> None:
    ann = await make_person()
    require_refusal(await send(client_as(ann), content, "a.png"), 422, code)
    assert await left.everything() == ([], [])


BILLION = '<!DOCTYPE svg [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + SVG.format("", "<text>&b;</text>")
OUTSIDE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("", "<text>&x;</text>")
BY_DEFAULT = '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>' + SVG.format("", "")
UTF7 = '<?xml version="1.0" encoding="utf-7"?>' + SVG.format("", "+ADw-script+AD4-")
PIECE = "<rect/>"
DRAWINGS = {
    "a script": drawing("<script>alert(1)</script>"),
    "a script of another prefix": drawing('<x:script xmlns:x="http://www.w3.org/2000/svg">1</x:script>'),
    "a script in XHTML": drawing('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
    "an event": drawing(attributes='onload="alert(1)"'),
    "an event in capitals": drawing('<rect ONCLICK="alert(1)"/>'),
    "a foreign object": drawing(
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"
    ),
    "a link that runs": drawing('<a xlink:href="javascript:alert(1)"><text>x</text></a>'),
    "an address that runs": drawing('<use href=" java&#x73;cript:alert(1)"/>'),
    "another document": drawing('<use xlink:href="https://evil.example/a.svg#x"/>'),
    "a picture elsewhere": drawing('<image href="//evil.example/a.png"/>'),
    "HTML as a picture": drawing('<image href="data:text/html;base64,PHNjcmlwdD4="/>'),
    "SVG in SVG": drawing('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'),
    "a style sheet": drawing('<style>@import url("https://evil.example/a.css");</style>'),
    "a style sheet, escaped": drawing("<style>a{fill:u\\72l(https://evil.example)}</style>"),
    "a paint elsewhere": drawing('<rect fill="url(https://evil.example/a.svg#b)"/>'),
    "a style attribute": drawing('<rect style="background:url(//evil.example/a)"/>'),
    "a processing instruction": b'<?xml-stylesheet href="https://evil.example/a.css"?>' + drawing(),
    "a change of an address": drawing('<set attributeName="href" to="javascript:alert(1)"/>'),
    "an animation": drawing('<animate attributeName="href" values="javascript:alert(1)"/>'),
    "another base": drawing('<g xml:base="https://evil.example/"/>'),
    "a billion laughs": BILLION.encode(),
    "an entity outside": OUTSIDE.encode(),
    "an attribute by default": BY_DEFAULT.encode(),
    "another encoding": UTF7.encode(),
    "what isn't whole": drawing()[:-4],
    "another root": b"<!-- --><html xmlns='http://www.w3.org/1999/xhtml'><svg/></html>",
    "too deep": drawing("<g>" * 500 + "</g>" * 500),
    "addresses without an end": drawing("<style>" + "url(" * 450_000 + "</style>"),
    "an address of spaces": drawing("<style>url(" + " " * 1_900_000 + "</style>"),
    "a link of spaces": drawing('<use href="data:image/png;base64,' + " " * 1_900_000 + '!"/>'),
    "too large": drawing(PIECE * 300_000),
}


@pytest.mark.parametrize("content", DRAWINGS.values(), ids=DRAWINGS.keys())
async def test_a_drawing_that_is_more_than_one_is_refused(
    make_person: MakePerson, client_as: ClientAs, left: Left, content: bytes
) -> None:
    ann = await make_person()
    for kind in ("image/svg+xml", None):
        answer = await send(client_as(ann), content, "a.svg", content_type=kind)
        require_refusal(answer, 422, "unsafe_svg")
    assert await left.everything() == ([], [])


async def test_a_drawing_under_another_name_is_refused_or_is_text(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    ann = await make_person()
    require_refusal(
        await send(client_as(ann), drawing("<script/>"), content_type="text/plain"), 422, "unsafe_svg"
    )
    late = b"<!--" + b"-" * 5000 + b"-->" + drawing("<script/>")
    file = await upload(client_as(ann), late, "late.txt")
    answer = await client_as(None).get(file["url"])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_a_storage_that_is_away_is_said_and_keeps_no_row(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    """A file where its folder should be: root isn't stopped by rights."""
    ann = await make_person()
    left.folder.parent.mkdir(exist_ok=True)
    left.folder.write_text("in the way")
    require_refusal(await send(client_as(ann)), 503, "storage_unavailable")
    assert (await left.everything())[1] == []
    left.folder.unlink()
    file = await upload(client_as(ann))
    next(path for path in left.folder.rglob("*") if path.is_file()).unlink()
    require_refusal(await client_as(None).get(file["url"]), 404, "not_found")
    assert (await client_as(ann).delete(f"/api/web/files/{file['file_id']}")).status_code == 204


async def test_a_database_that_refuses_the_row_leaves_no_bytes(
    make_person: MakePerson, client_as: ClientAs, left: Left
) -> None:
    """The post goes while the file comes."""
    ann = await make_person()
    post = await create(client_as(ann))

    async def body() -> AsyncIterator[bytes]:
        yield b"Some words"
        await left.owner.execute("delete from app_web.posts")
        yield b", and more"

    require_refusal(await send(client_as(ann), body(), post_id=post["post_id"]), 422, "unknown_place")
    assert await left.everything() == ([], [])

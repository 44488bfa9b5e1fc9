"""Files as the tests of the web service make, send and look for them."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from PIL import Image

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {0}>{1}</svg>'


def drawing(inside: str = "<rect width='1' height='1'/>", attributes: str = "") -> bytes:
    return SVG.format(attributes, inside).encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), frames: int = 1) -> bytes:
    file = io.BytesIO()
    pages = [Image.new("RGB", size, (number * 40 % 256, 0, 0)) for number in range(frames)]
    more: dict[str, Any] = {"save_all": True, "append_images": pages[1:]} if frames > 1 else {}
    pages[0].save(file, kind, **more)
    return file.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says any size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def gif_that_says(width: int, height: int, frames: int = 1) -> bytes:
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + frame * frames + b";"


def webp_that_says(width: int, height: int, frames: int = 0) -> bytes:
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + (b"ANMF" + struct.pack("<I", 0)) * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


async def send(
    client: httpx.AsyncClient, content: Any = b"Some words", name: str = "notes.txt", **more: Any
) -> httpx.Response:
    kind = more.pop("content_type", None)
    headers = {"Content-Type": kind} if kind else {}
    return await client.post(
        "/api/web/files", params={"name": name, **more}, content=content, headers=headers
    )


async def upload(
    client: httpx.AsyncClient, content: Any = b"Some words", name: str = "notes.txt", **more: Any
) -> dict[str, Any]:
    answer = await send(client, content, name, **more)
    assert answer.status_code == 201, answer.text
    file: dict[str, Any] = answer.json()
    return file


@dataclass(frozen=True)
class Left:
    """What is there of files, everywhere: in the storage's folder, half-written or not, and in the table."""

    folder: Path
    owner: asyncpg.Connection

    def stored(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    async def everything(self) -> tuple[list[str], list[str]]:
        rows = await self.owner.fetch("select f::text from shared_services.files f order by 1")
        return self.stored(), [row[0] for row in rows]


def require_refusal(answer: httpx.Response, status: int, code: str) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["detail"].endswith((".", "pdf")) and len(problem["detail"]) > 30

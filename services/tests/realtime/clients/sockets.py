"""A WebSocket by hand: what no client would send can be sent, and what comes back is told as it came."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
PATIENCE = 60


class Closed(Exception):
    """By the other side."""


def frame(
    payload: bytes, kind: int = TEXT, *, fin: bool = True, masked: bool = True, length: int = -1
) -> bytes:
    """`length`: the one that its head tells, when it isn't the payload's own."""
    size = len(payload) if length < 0 else length
    first = (0x80 if fin else 0) | kind
    bit = 0x80 if masked else 0
    if size < 126:
        head = struct.pack(">BB", first, bit | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", first, bit | 126, size)
    else:
        head = struct.pack(">BBQ", first, bit | 127, size)
    # A mask of zeros: the payload travels as it is.
    return head + (bytes(4) if masked else b"") + payload


def message(**told: Any) -> bytes:
    return frame(json.dumps(told).encode())


class RawSocket:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Also when the other side has had enough before the end."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError:
            pass

    async def receive(self) -> dict[str, Any]:
        """The next message. Raises Closed."""
        try:
            while True:
                head = await self._reader.readexactly(2)
                size = head[1] & 0x7F
                if size > 125:
                    size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8), "big")
                payload = await self._reader.readexactly(size)
                if head[0] & 0x0F == CLOSE:
                    raise Closed
                if head[0] & 0x0F == TEXT:
                    told: dict[str, Any] = json.loads(payload)
                    return told
        except (OSError, asyncio.IncompleteReadError):
            raise Closed from None

    async def ends(self) -> list[str]:
        """What it is told until it is closed, by the kinds of messages."""
        heard = []
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    heard.append((await self.receive())["type"])
            except Closed:
                return heard


@asynccontextmanager
async def raw_socket(port: int, path: str = "/api/1.48.0/sync") -> AsyncIterator[RawSocket]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    asked = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
    ]
    writer.write("\r\n".join([*asked, "", ""]).encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101"), answer
    try:
        yield RawSocket(reader, writer)
    finally:
        writer.transport.abort()

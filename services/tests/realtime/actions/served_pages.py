"""A plain HTTP server on a port of its own, for actions to fetch from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Pages:
    url: str = ""
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    """The head's first line and the body of each request."""
    together: int = 1
    """How many must have asked before anybody is answered."""
    _all: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (int(line[15:]) for line in head.lower().splitlines() if line.startswith("content-length:")), 0
        )
        body = await reader.readexactly(length)
        self.asked.append((head.partition("\r\n")[0], body))
        if len(self.asked) >= self.together:
            self._all.set()
        await self._all.wait()
        said = b'{"said":"hi","ok":[1,2]}'
        writer.write(
            b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        for part in (said[:5], said[5:], b""):
            writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def served_pages(together: int = 1) -> AsyncIterator[Pages]:
    pages = Pages(together=together)
    server = await asyncio.start_server(pages.answer, "127.0.0.1", 0)
    pages.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        yield pages

"""What lies between a client and a deployment on a bad day: connections that are cut, that wait, and that are half
open, on command. Whoever connects while the deployment is away waits at the door, as in the supervisor's socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class FaultProxy:
    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        """How many were ever made."""
        self._carried: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._up, self._down, self._there = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._target = 0
        self.let_through()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lead_to(self, port: int | None) -> None:
        """Where the deployment is now; None: nowhere."""
        self._target = port or 0
        if port:
            self._there.set()
        else:
            self._there.clear()

    def hold(self, *, up: bool = False, down: bool = False) -> None:
        """Keep what clients send (`up`) or are sent (`down`), with connections open as if nothing were amiss."""
        if up:
            self._up.clear()
        if down:
            self._down.clear()

    def let_through(self) -> None:
        self._up.set()
        self._down.set()

    def cut(self) -> None:
        """Every connection, both ends, and what was on its way is lost."""
        for writer in self._open:
            # Without a farewell, as when a cable is pulled. One that has just ended by itself has no socket any more.
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
                )
            writer.transport.abort()
        for task in self._carried:
            task.cancel()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._carry(reader, writer))
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        theirs: asyncio.StreamWriter | None = None
        try:
            answers, theirs = await self._connect()
            self._open.add(theirs)
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, theirs, self._up))
                both.create_task(_pass_on(answers, writer, self._down))
        except* OSError:
            pass
        finally:
            for each in (writer, theirs):
                if each:
                    self._open.discard(each)
                    each.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            await self._there.wait()
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self._target)
            # It died a moment ago, and the test is about to say so.
            await asyncio.sleep(0)


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, open_way: asyncio.Event
) -> None:
    while data := await reader.read(1 << 16):
        await open_way.wait()
        writer.write(data)
        await writer.drain()
    raise ConnectionResetError


@asynccontextmanager
async def fault_proxy() -> AsyncIterator[FaultProxy]:
    proxy = FaultProxy()
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()

"""What lies between a client and a deployment on a bad day: connections that are cut, that wait, and that are half open,
on command. Whoever connects while the deployment is away waits at the door, as in the supervisor's socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_AGAIN = 0.05


class FaultProxy:
    def __init__(self) -> None:
        self.target = 0
        """The deployment's port; changes with each start of it."""
        self.port = 0
        self.connections = 0
        """How many were ever made."""
        self._carried: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self.let_through()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

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
            # Without a farewell, as when a cable is pulled.
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
            )
            writer.transport.abort()
        for task in self._carried:
            task.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        task = asyncio.current_task()
        assert task
        self._carried.add(task)
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
            self._carried.discard(task)
            for each in (writer, theirs):
                if each:
                    self._open.discard(each)
                    each.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.wait({asyncio.ensure_future(asyncio.Event().wait())}, timeout=_AGAIN)


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
    server = await asyncio.start_server(proxy._carry, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()

"""A load of HTTP requests from one process that costs far less than what it measures: each connection writes prepared
bytes and counts the bytes that come back. The first answer of a connection is read whole; all later ones must be as
long and begin with a 200, or the measurement fails. What the load itself costs is part of every sample."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from dfworx.cli.benches.figures import Sample
from dfworx.cli.failure import Failure

Clock = Callable[[], Mapping[int, float]]
"""Processor seconds of some processes, by process id."""

_OK = b"HTTP/1.1 200 "
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Answer:
    head: bytes
    body: bytes


class Client:
    """Connections that stay open, each with a request of its own. Close it, whatever happened."""

    def __init__(self, connections: Sequence[_Connection]) -> None:
        self._connections = connections

    @classmethod
    async def connect(cls, port: int, requests: Sequence[bytes]) -> Client:
        loop = asyncio.get_running_loop()
        connections = []
        for request in requests:
            _, connection = await loop.create_connection(partial(_Connection, request), "127.0.0.1", port)
            connections.append(connection)
        return cls(connections)

    async def ask_once(self) -> list[Answer]:
        """One answer for each connection, read whole; what they measure from now on is as long."""
        return list(await asyncio.gather(*(each.ask_once() for each in self._connections)))

    async def measure(self, seconds: float, clocks: Mapping[str, Clock] | None = None) -> Sample:
        """All connections ask again as soon as they are answered, until the time is over. Call `ask_once` before."""
        before = {name: clock() for name, clock in (clocks or {}).items()}
        own = time.process_time()
        began = time.perf_counter()
        taken = await asyncio.gather(*(each.ask_until(began + seconds) for each in self._connections))
        lasted = time.perf_counter() - began
        cpu = {name: spent(before[name], clock()) for name, clock in (clocks or {}).items()}
        latencies = [latency for each in taken for latency in each]
        return Sample(len(latencies), lasted, latencies, {**cpu, "client": time.process_time() - own})

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


class _Connection(asyncio.Protocol):
    """Half a client: bytes out, bytes counted. One task waits for it at a time."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._transport: asyncio.Transport | None = None
        self._done: asyncio.Future[list[float]] | None = None  # while asking
        self._first: bytearray | None = None  # while the answer is read whole
        self._length = 0  # of a whole answer, head and body; known once one was read
        self._left = 0  # of the answer that is coming in
        self._sent_at = 0.0
        self._until = 0.0
        self._latencies: list[float] = []

    async def ask_once(self) -> Answer:
        self._first = bytearray()
        await self._ask(until=0.0)
        head, _, body = bytes(self._first).partition(b"\r\n\r\n")
        self._first = None
        return Answer(head, body)

    async def ask_until(self, until: float) -> list[float]:
        """The latencies of all requests that were sent before `until`."""
        return await self._ask(until)

    async def _ask(self, until: float) -> list[float]:
        self._until = until
        self._latencies = []
        self._done = asyncio.get_running_loop().create_future()
        self._send()
        async with asyncio.timeout(max(until - time.perf_counter(), 0) + ANSWER_SECONDS):
            return await self._done

    def _send(self) -> None:
        if self._transport is None or self._transport.is_closing():
            self._fail("closed the connection")
            return
        self._left = self._length
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        if self._first is not None:
            self._first += data
            if not self._read_first(self._first):
                return
        else:
            if self._left == self._length and not data.startswith(_OK):
                self._fail(f"answered {data[:80]!r}")
                return
            self._left -= len(data)
            if self._left > 0:
                return
            if self._left < 0:
                self._fail("gave an answer of another length than the first")
                return
        now = time.perf_counter()
        self._latencies.append(now - self._sent_at)
        if now < self._until:
            self._send()
        elif self._done is not None and not self._done.done():
            self._done.set_result(self._latencies)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("closed the connection")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _read_first(self, received: bytearray) -> bool:
        """Whether the answer is there whole; sets what all later ones must be like."""
        head, end, body = received.partition(b"\r\n\r\n")
        if not end:
            return False
        told = _LENGTH.search(head + b"\r\n")
        if not head.startswith(_OK) or told is None:
            self._fail(f"answered {bytes(received[:300])!r}")
            return False
        self._length = len(head) + len(end) + int(told.group(1))
        return len(body) >= int(told.group(1))

    def _fail(self, what: str) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(Failure(f"Nothing could be measured: the server {what}."))


def prepare_request(path: str, token: str) -> bytes:
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        "Accept: application/json",
        f"Authorization: Bearer {token}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """What began in between counts whole; what ended in between is lost."""
    return sum(seconds - before.get(process, 0.0) for process, seconds in after.items())

"""A thousand subscribers of a WebSocket server in one process that costs far less than what it measures: sockets that
don't block, frames read by hand, and of each frame only the number in it. Numbers grow by one with each write.

One publisher writes. A write is over when every subscriber has seen its number or a later one, and IN_FLIGHT of them
are always under way. A frame counts as one delivery whatever it tells of: a server that folds several writes into one
frame has delivered once.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Mapping
from typing import Protocol

from dfworx.cli.benches.figures import Sample
from dfworx.cli.benches.load import Clock, spent
from dfworx.cli.failure import Failure

SUBSCRIBERS = 1_000
IN_FLIGHT = 4
FIRST = 1_000_000
"""Numbers are larger, so that all have the same digits and all frames the same bytes."""
DIGITS = 7
SILENCE_SECONDS = 10.0
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_AT_ONCE = 1 << 13


class Speech(Protocol):
    """How one of the servers is spoken to."""

    def path(self, *, publishes: bool) -> str: ...

    def opening(self, *, publishes: bool) -> list[str]:
        """What a socket says first."""

    def is_in(self, frame: bytes, *, publishes: bool) -> bool:
        """Whether this frame says that the opening was heard; the empty one is before any has come."""

    def write(self, count: int) -> str:
        """What the publisher says to write, when it has sent `count` before."""

    def number(self, frame: bytes) -> int:
        """What a frame brings a subscriber; 0 when it brings nothing. Raises Failure for what should never come."""


class Load:
    """Sockets that stay open. Close it, whatever happened."""

    def __init__(self, port: int, speech: Speech, subscribers: int = SUBSCRIBERS) -> None:
        self._port = port
        self._speech = speech
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._rest: dict[int, bytes] = {}
        """Of each socket, the beginning of a frame whose end hasn't come."""
        self._seen: dict[int, int] = {}
        """Of each subscriber, the last number."""
        self._missing: dict[int, int] = {}
        """Of each number under way, how many subscribers haven't seen it."""
        self._sent_at: dict[int, float] = {}
        self._latencies: list[float] = []
        self._sent = 0
        self._deliveries = 0
        self.frame_bytes = 0
        """Of the last frame that brought a number."""
        try:
            self._publisher = self._sockets[self._open(publishes=True)]
            for _ in range(subscribers):
                self._seen[self._open(publishes=False)] = FIRST
        except BaseException:
            self.close()
            raise

    def measure(self, seconds: float, clocks: Mapping[str, Clock] | None = None) -> Sample:
        """Writes for so long, and what is under way then to its end."""
        self._latencies, self._deliveries = [], 0
        before = {name: clock() for name, clock in (clocks or {}).items()}
        own, began = time.process_time(), time.perf_counter()
        until = began + seconds
        while True:
            while time.perf_counter() < until and len(self._missing) < IN_FLIGHT:
                self._write()
            if not self._missing:
                break
            self._turn()
        lasted = time.perf_counter() - began
        cpu = {name: spent(before[name], clock()) for name, clock in (clocks or {}).items()}
        return Sample(self._deliveries, lasted, self._latencies, {**cpu, "client": time.process_time() - own})

    def write_once(self) -> None:
        """Returns when every subscriber has it."""
        self._write()
        while self._missing:
            self._turn()

    def close(self) -> None:
        for each in self._sockets.values():
            each.close()
        self._poll.close()

    def _write(self) -> None:
        said = self._speech.write(self._sent)
        self._sent += 1
        self._missing[FIRST + self._sent] = len(self._seen)
        self._sent_at[FIRST + self._sent] = time.perf_counter()
        self._publisher.sendall(_masked(_TEXT, said.encode()))

    def _turn(self) -> None:
        ready = self._poll.poll(SILENCE_SECONDS)
        if not ready:
            raise Failure(
                f"Nothing could be measured: {max(self._missing.values())} subscribers were never told of a write."
            )
        for fd, _ in ready:
            data = self._sockets[fd].recv(_AT_ONCE)
            if not data:
                raise Failure("Nothing could be measured: the server closed a connection.")
            self._take(fd, data)

    def _take(self, fd: int, data: bytes) -> None:
        if fd in self._rest:
            data = self._rest.pop(fd) + data
        at, size = 0, len(data)
        while size - at >= 2:
            length, begin = data[at + 1], at + 2
            if length == 126:
                length, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            end = begin + length
            if end > size or begin > size:
                break
            kind = data[at] & 15
            if kind == _TEXT:
                number = self._speech.number(data[begin:end])
                if number and fd in self._seen:
                    self.frame_bytes = length
                    self._deliver(fd, number)
            elif kind == _PING:
                self._sockets[fd].sendall(_masked(_PONG, data[begin:end]))
            elif kind == _CLOSE:
                raise Failure(
                    f"Nothing could be measured: the server said goodbye, {data[begin + 2 : end]!r}."
                )
            at = end
        if at < size:
            self._rest[fd] = data[at:]

    def _deliver(self, fd: int, number: int) -> None:
        self._deliveries += 1
        missing = self._missing
        for each in range(self._seen[fd] + 1, number + 1):
            missing[each] -= 1
            if not missing[each]:
                del missing[each]
                self._latencies.append(time.perf_counter() - self._sent_at.pop(each))
        self._seen[fd] = number

    def _open(self, *, publishes: bool) -> int:
        opened = socket.create_connection(("127.0.0.1", self._port), timeout=SILENCE_SECONDS)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fd = opened.fileno()
        self._sockets[fd] = opened
        opened.sendall(
            (
                f"GET {self._speech.path(publishes=publishes)} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            ).encode()
        )
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive(opened)
        head, _, rest = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise Failure(f"Nothing could be measured: the server answered {head[:80]!r}.")
        for said in self._speech.opening(publishes=publishes):
            opened.sendall(_masked(_TEXT, said.encode()))
        while not self._speech.is_in(rest, publishes=publishes):
            rest += self._receive(opened)
        opened.setblocking(False)
        self._poll.register(fd, select.EPOLLIN)
        return fd

    def _receive(self, opened: socket.socket) -> bytes:
        received = opened.recv(_AT_ONCE)
        if not received:
            raise Failure("Nothing could be measured: the server closed a connection.")
        return received


def _masked(kind: int, payload: bytes) -> bytes:
    """A client's frame. Its mask is zero: it need not hide anything here."""
    size = len(payload)
    head = bytes([0x80 | kind])
    if size < 126:
        return head + bytes([0x80 | size]) + bytes(4) + payload
    return head + b"\xfe" + struct.pack(">H", size) + bytes(4) + payload

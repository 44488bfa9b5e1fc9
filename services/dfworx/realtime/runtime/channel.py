"""Messages to and from one process over a socket, each a length of four bytes and JSON that says first what it is. The
loop itself reads them, with no task in between: a function's every call is two of them."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import deque
from typing import Any, cast

import orjson

_LENGTH = struct.Struct(">I")
_AT_ONCE = 1 << 18

Message = dict[str, Any]


class Channel:
    def __init__(self, ours: socket.socket) -> None:
        ours.setblocking(False)
        self._socket = ours
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._arrived: deque[Message] = deque()
        self._arriving: asyncio.Future[Message] | None = None
        self.ended = False
        """Whether nothing more will come."""
        self._loop.add_reader(ours.fileno(), self._read)

    async def send(self, message: Message) -> None:
        """Raises OSError when there is nobody to read it."""
        text = _dump(message)
        written = _LENGTH.pack(len(text)) + text
        try:
            sent = self._socket.send(written)
        except BlockingIOError:
            sent = 0
        if sent < len(written):
            await self._loop.sock_sendall(self._socket, memoryview(written)[sent:])

    def receive(self) -> asyncio.Future[Message]:
        """The next message. EOFError: the process has ended. RecursionError: what it said is nested too deeply."""
        arriving: asyncio.Future[Message] = self._loop.create_future()
        if self._arrived:
            arriving.set_result(self._arrived.popleft())
        elif self.ended:
            arriving.set_exception(EOFError())
        else:
            self._arriving = arriving
        return arriving

    def close(self) -> None:
        self._end()
        self._socket.close()

    def _read(self) -> None:
        try:
            part = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self._end()
            return
        received = self._received
        received += part
        while len(received) >= 4:
            end = 4 + _LENGTH.unpack_from(received)[0]
            if len(received) < end:
                return
            try:
                message = _load(received[4:end])
            except RecursionError as error:
                self._end(error)
                return
            del received[:end]
            self._take(message)

    def _take(self, message: Message) -> None:
        if self._arriving is not None and not self._arriving.done():
            self._arriving.set_result(message)
        else:
            self._arrived.append(message)
        self._arriving = None

    def _end(self, why: Exception | None = None) -> None:
        if self.ended:
            return
        self.ended = True
        self._loop.remove_reader(self._socket.fileno())
        if self._arriving is not None and not self._arriving.done():
            self._arriving.set_exception(why or EOFError())


def _dump(message: Message) -> bytes:
    try:
        return orjson.dumps(message)
    except orjson.JSONEncodeError:
        # Half a character that a function asked with comes back to it in the words of an error.
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _load(text: bytearray) -> Message:
    try:
        return cast(Message, orjson.loads(text))
    except orjson.JSONDecodeError:
        # Half of one may be written, and what is nested deeply be read by the slower way.
        return cast(Message, json.loads(text))

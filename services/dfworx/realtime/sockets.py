"""Clients' sockets: frames in and out of sessions, on picows. A client that doesn't read is written no more until it
does, and one that shows no sign of life is let go."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest
from picows.picows import WSAutoPingStrategy, WSProtocol  # type: ignore[attr-defined]

from dfworx.realtime.protocol import ping
from dfworx.realtime.session import TRY_AGAIN_LATER, Outlet, Session

MOST_FRAME_BYTES = 24 << 20
"""A client's message: 16 MiB of arguments, and what encoding adds."""
QUIET_SECONDS = 5.0
"""How often sockets are looked at."""
PING_ROUNDS = 2
"""Rounds without a frame from us, before a Ping: clients give up after 30 or 60 seconds of silence."""
LOST_ROUNDS = 24
"""Rounds without a sign of life from the client, before it is let go."""
STUCK_ROUNDS = 6
"""Rounds in which a client took nothing of what waits for it."""
READ_BUFFER = 2048
"""Bytes, to begin with: most clients are quiet."""
HANDSHAKE_SECONDS = 10.0
_CHUNKS_SINCE = (1, 28)
_VERSION = re.compile(rb"^/api/(\d+)\.(\d+)\.[^/]*/sync$")
_PING = ping().encode()
_TEXT = WSMsgType.TEXT
"""Looked up once: an enumeration's members are slow to find, and this is said a thousand times a commit."""
_LOG = logging.LoggerAdapter(logging.getLogger(__name__), {})
"""An adapter, so that picows doesn't make a logger of its own for each socket."""
logging.getLogger(__name__).setLevel(logging.WARNING)

OpenSession = Callable[[Outlet, bool], Session]


class Socket(WSListener):
    """One client's: the `Outlet` of its session."""

    def __init__(self, sockets: Sockets, takes_chunks: bool) -> None:
        super().__init__()
        self.paused = False
        self.sent_in = sockets.round
        self.heard_in = sockets.round
        self.paused_in = 0
        self._sockets = sockets
        self._transport: WSTransport | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self.session = sockets.open_session(self, takes_chunks)

    # ------------------------------------------------------------------------------------------- what picows calls

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._sockets.open.add(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self.heard_in = self._sockets.round
        kind = frame.msg_type
        if kind in (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION):
            self._take(frame)
        elif kind == WSMsgType.CLOSE:
            # What says no code may not be answered with its absence.
            code = frame.get_close_code()
            transport.send_close(WSCloseCode.OK if code == WSCloseCode.NO_INFO else code)
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._sockets.open.discard(self)
        self._transport = None
        self.session.close()

    def pause_writing(self) -> None:
        self.paused = True
        self.paused_in = self._sockets.round

    def resume_writing(self) -> None:
        self.paused = False
        self.session.resume()

    # ------------------------------------------------------------------------------------------ what a session calls

    def send(self, frame: bytes) -> None:
        if self._transport is not None:
            self.sent_in = self._sockets.round
            self._transport.send(_TEXT, frame)

    def close(self, code: int, reason: str = "") -> None:
        if self._transport is not None:
            self._transport.send_close(WSCloseCode(code), reason.encode()[:123])
            self._transport.disconnect()

    def look(self) -> None:
        """Once a round: is the client still there?"""
        now = self._sockets.round
        if now - self.heard_in >= LOST_ROUNDS or (self.paused and now - self.paused_in >= STUCK_ROUNDS):
            self._drop()
        elif now - self.sent_in >= PING_ROUNDS:
            self.send(_PING)
            if self._transport is not None:
                self._transport.send_ping()

    def _drop(self) -> None:
        self.session.close()
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def _take(self, frame: WSFrame) -> None:
        payload: bytes = frame.get_payload_as_bytes()
        if frame.fin and not self._parts:
            self.session.receive(payload)
            return
        self._parts.append(payload)
        self._size += len(payload)
        if self._size > MOST_FRAME_BYTES:
            self.close(WSCloseCode.MESSAGE_TOO_BIG.value, "MessageTooBig")
        elif frame.fin:
            whole, self._parts, self._size = b"".join(self._parts), [], 0
            self.session.receive(whole)


class Sockets:
    """All that are open."""

    def __init__(self, open_session: OpenSession) -> None:
        self.open_session = open_session
        self.open: set[Socket] = set()
        self.round = 0

    def protocol(self, *, config: Any, server_state: Any, app_state: Any) -> Upgraded:
        """What uvicorn hands a connection to that asks to become a WebSocket."""
        del config, server_state, app_state
        return Upgraded(self)

    def accept(self, request: WSUpgradeRequest) -> Socket | None:
        """None is answered with 404."""
        path: bytes = request.path.partition(b"?")[0]
        version = _VERSION.match(path)
        if version is None and path != b"/api/sync":
            return None
        chunks = version is not None and (int(version[1]), int(version[2])) >= _CHUNKS_SINCE
        return Socket(self, chunks)

    async def look_forever(self) -> None:
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            self.round += 1
            for socket in list(self.open):
                socket.look()

    def close(self) -> None:
        """Clients come back when there is somebody again."""
        for socket in list(self.open):
            socket.close(TRY_AGAIN_LATER, "InternalServerError: the deployment is restarting")


class Upgraded(WSProtocol):  # type: ignore[misc]
    """picows's side of one connection; takes over after uvicorn has read the request, which it is given again."""

    def __init__(self, sockets: Sockets) -> None:
        super().__init__(
            None,
            None,
            False,
            sockets.accept,
            _LOG,
            True,
            HANDSHAKE_SECONDS,
            False,
            QUIET_SECONDS,
            QUIET_SECONDS,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            True,
            MOST_FRAME_BYTES,
            None,
            READ_BUFFER,
        )

    def data_received(self, data: bytes) -> None:
        while data:
            buffer = self.get_buffer(len(data))
            taken = min(len(buffer), len(data))
            buffer[:taken] = data[:taken]
            self.buffer_updated(taken)
            data = data[taken:]

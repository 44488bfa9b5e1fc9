"""One query of a deployment, watched over a socket until it is enough. The protocol is that of Convex's clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import typer
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from dfworx.cli.deployments.asking import printable, say_log_lines
from dfworx.cli.deployments.running import Running
from dfworx.cli.failure import Failure

AGAIN_SECONDS = 1.0
MOST_FRAME_BYTES = 64 << 20


async def watch_query(
    running: Running, path: str, args: Any, identity: dict[str, Any] | None, tell: Callable[[Any], None]
) -> None:
    """`tell` gets each new value, encoded. Comes back when the deployment does; ends by being cancelled, or with a
    Failure."""
    said: list[str] = []
    while True:
        try:
            watching = _Watching(running, path, args, identity, tell, said)
            await ws_connect(
                partial(_just, watching),
                f"ws{running.url.removeprefix('http')}/api/sync",
                max_frame_size=MOST_FRAME_BYTES,
            )
        except (OSError, ValueError) as error:
            if not said:
                raise Failure(f"{running.url} can't be watched ({error}).") from None
        else:
            await watching.ended
            if watching.refused:
                raise Failure(watching.refused)
            typer.echo(f"{running.url} is gone; waiting for it.", err=True)
        await asyncio.sleep(AGAIN_SECONDS)


def _just(watching: _Watching) -> _Watching:
    return watching


class _Watching(WSListener):
    def __init__(
        self,
        running: Running,
        path: str,
        args: Any,
        identity: dict[str, Any] | None,
        tell: Callable[[Any], None],
        said: list[str],
    ) -> None:
        """`said`: the last thing that was told, so that it isn't told again after coming back."""
        super().__init__()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.refused = ""
        self._running, self._identity = running, identity
        self._query = {"type": "Add", "queryId": 0, "udfPath": path, "args": [args]}
        self._tell, self._said = tell, said
        self._parts: list[bytes] = []

    def on_ws_connected(self, transport: WSTransport) -> None:
        who = {} if self._identity is None else {"impersonating": self._identity}
        for message in (
            {"type": "Connect", "sessionId": str(uuid4()), "connectionCount": 0, "lastCloseReason": None},
            {"type": "Authenticate", "baseVersion": 0, "tokenType": "Admin", "value": self._running.admin_key}
            | who,
            {"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": [self._query]},
        ):
            transport.send(WSMsgType.TEXT, json.dumps(message).encode())

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._parts.append(frame.get_payload_as_bytes())
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                self._take(json.loads(whole))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def _take(self, told: dict[str, Any]) -> None:
        if told["type"] in ("AuthError", "FatalError"):
            self.refused = str(told["error"])
        for change in told.get("modifications", ()):
            news = json.dumps(change.get("value", change.get("errorMessage")))
            if news in self._said and change["type"] == "QueryUpdated":
                continue
            self._said[:] = [news]
            say_log_lines(change.get("logLines", ()))
            if change["type"] == "QueryUpdated":
                self._tell(change["value"])
            elif change["type"] == "QueryFailed":
                typer.echo(printable(change["errorMessage"]), err=True)

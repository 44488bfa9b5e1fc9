"""How the three servers that are held against each other are spoken to: our deployment by Convex's sync protocol, and
two relays of a few lines that hand on what they are given, one by `ws`, one by socket.io. What the relays hand on is
made as long as a frame of ours was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import uuid4

from dfworx.cli.benches.realtime_load import DIGITS, FIRST
from dfworx.cli.failure import Failure

_QUERY = b'"QueryUpdated"'
_NUMBER = b'"number":'
_FAILED = (b'"success":false', b'"FatalError"', b'"QueryFailed"', b'"AuthError"')


@dataclass(frozen=True)
class Convex:
    """Subscribers watch the last message of a room; publishers send messages there."""

    room: str
    body: str = "x" * 200

    def path(self, *, publishes: bool) -> str:
        return "/api/1.48.0/sync"

    def opening(self, *, publishes: bool) -> list[str]:
        said = [connect()]
        return said if publishes else [*said, watch(("messages:last", {"room": self.room}))]

    def is_in(self, received: bytes, *, publishes: bool) -> bool:
        return publishes or (_QUERY in received and received.endswith(b"}"))

    def write(self, count: int) -> str:
        return mutation(count, "messages:send", {"room": self.room, "body": self.body})

    def number(self, frame: bytes) -> int:
        if _QUERY in frame:
            at = frame.find(_NUMBER) + len(_NUMBER)
            if at >= len(_NUMBER):
                return int(frame[at : at + DIGITS])
        if any(each in frame for each in _FAILED):
            raise Failure(f"Nothing could be measured: the deployment answered {frame[:300]!r}.")
        return 0


@dataclass(frozen=True)
class Strangers(Convex):
    """No two of them watch the same: each is in a room of its own."""

    def opening(self, *, publishes: bool) -> list[str]:
        return Convex(uuid4().hex).opening(publishes=publishes)


@dataclass(frozen=True)
class Ws:
    frame_bytes: int

    def path(self, *, publishes: bool) -> str:
        return "/publish" if publishes else "/"

    def opening(self, *, publishes: bool) -> list[str]:
        return []

    def is_in(self, received: bytes, *, publishes: bool) -> bool:
        return True

    def write(self, count: int) -> str:
        return str(FIRST + count + 1).ljust(self.frame_bytes, "x")

    def number(self, frame: bytes) -> int:
        return int(frame[:DIGITS])


@dataclass(frozen=True)
class SocketIo:
    frame_bytes: int

    def path(self, *, publishes: bool) -> str:
        return "/socket.io/?EIO=4&transport=websocket"

    def opening(self, *, publishes: bool) -> list[str]:
        return ["40/publish," if publishes else "40"]

    def is_in(self, received: bytes, *, publishes: bool) -> bool:
        return (b'40/publish,{"sid"' if publishes else b'40{"sid"') in received and received.endswith(b"}")

    def write(self, count: int) -> str:
        # A subscriber gets it as 42["m","..."].
        return f'42/publish,["m","{str(FIRST + count + 1).ljust(self.frame_bytes - 10, "x")}"]'

    def number(self, frame: bytes) -> int:
        return int(frame[8 : 8 + DIGITS]) if frame.startswith(b"42") else 0


def connect() -> str:
    return json.dumps(
        {
            "type": "Connect",
            "sessionId": str(uuid4()),
            "connectionCount": 0,
            "lastCloseReason": "InitialConnect",
            "clientTs": 0,
        }
    )


def watch(*queries: tuple[str, dict[str, object]]) -> str:
    """The first that a socket says it watches."""
    added = [
        {"type": "Add", "queryId": number, "udfPath": path, "args": [args]}
        for number, (path, args) in enumerate(queries)
    ]
    return json.dumps({"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": added})


def mutation(request: int, path: str, args: dict[str, object]) -> str:
    return json.dumps({"type": "Mutation", "requestId": request, "udfPath": path, "args": [args]})

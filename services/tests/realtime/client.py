"""A client in this process: frames in and out of a session, held against the rules that the official client holds
them against."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from dfworx.realtime.cohorts import Cohorts
from dfworx.realtime.protocol import read_timestamp
from dfworx.realtime.runtime.admin_key import AdminKey
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.session import Session
from dfworx.realtime.values import Value, decode, encode

KEY = AdminKey("tests|0123456789abcdef")
SESSION = "0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001"


class Client:
    """Remembers what it was told: values by query, answers by request, and all frames."""

    def __init__(
        self, deployment: Deployment, cohorts: Cohorts | None = None, *, takes_chunks: bool = True
    ) -> None:
        self.paused = False
        self.frames: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.values: dict[int, Any] = {}
        self.errors: dict[int, dict[str, Any]] = {}
        self.answers: dict[int, dict[str, Any]] = {}
        self.closed: tuple[int, str] | None = None
        self.version = {"querySet": 0, "identity": 0, "ts": "AAAAAAAAAAA="}
        self._chunks: list[str] = []
        self._news = asyncio.Event()
        self._query_set = self._identity = self._request = 0
        cohorts = cohorts or Cohorts(deployment.queries)
        self.session = Session(deployment, KEY, cohorts, self, takes_chunks=takes_chunks)

    # ------------------------------------------------------------------------------------------------- the outlet

    def send(self, frame: bytes) -> None:
        assert self.closed is None
        self.raw.append(frame)
        told = json.loads(frame)
        self.frames.append(told)
        self._take(told)
        self._news.set()

    def close(self, code: int, reason: str = "") -> None:
        self.closed = (code, reason)
        self._news.set()

    def _take(self, told: dict[str, Any]) -> None:
        match told["type"]:
            case "Transition":
                assert told["startVersion"] == self.version, "a Transition starts where the last one ended"
                for name in ("querySet", "identity"):
                    assert told["endVersion"][name] >= self.version[name]
                assert read_timestamp(told["endVersion"]["ts"]) >= self.ts
                self.version = told["endVersion"]
                for change in told["modifications"]:
                    self._change(change)
            case "TransitionChunk":
                assert told["partNumber"] == len(self._chunks)
                self._chunks.append(told["chunk"])
                if len(self._chunks) == told["totalParts"]:
                    whole, self._chunks = "".join(self._chunks), []
                    self._take(json.loads(whole))
            case "MutationResponse" | "ActionResponse":
                assert told["requestId"] not in self.answers, "a request is answered once"
                if told.get("ts"):
                    assert read_timestamp(told["ts"]) > self.ts, "the answer comes before the Transition"
                self.answers[told["requestId"]] = told

    def _change(self, change: dict[str, Any]) -> None:
        number = change["queryId"]
        self.values.pop(number, None)
        self.errors.pop(number, None)
        if change["type"] == "QueryUpdated":
            self.values[number] = decode(change["value"])
        elif change["type"] == "QueryFailed":
            self.errors[number] = change

    # -------------------------------------------------------------------------------------------- what it may say

    @property
    def ts(self) -> int:
        return read_timestamp(self.version["ts"])

    def say(self, **message: Any) -> None:
        self.session.receive(json.dumps(message).encode())

    def connect(self, *, session: str = SESSION, count: int = 0, **more: Any) -> Client:
        reason = "unknown" if count else "InitialConnect"
        self.say(type="Connect", sessionId=session, connectionCount=count, lastCloseReason=reason, **more)
        return self

    def watch(self, *queries: tuple[str, Value], first: int = 0) -> None:
        added = [
            {"type": "Add", "queryId": number, "udfPath": path, "args": [encode(args)]}
            for number, (path, args) in enumerate(queries, first)
        ]
        self.modify(added)

    def forget(self, *numbers: int) -> None:
        self.modify([{"type": "Remove", "queryId": number} for number in numbers])

    def modify(self, changes: list[dict[str, Any]]) -> None:
        base = self._query_set
        self._query_set += 1
        self.say(type="ModifyQuerySet", baseVersion=base, newVersion=base + 1, modifications=changes)

    def authenticate(self, kind: str, **token: Any) -> None:
        base = self._identity
        self._identity += 1
        self.say(type="Authenticate", baseVersion=base, tokenType=kind, **token)

    def act_as(self, **claims: Any) -> None:
        person = {"issuer": "i", "subject": "s", **claims}
        self.authenticate("Admin", value=KEY.text, impersonating=person)

    def mutate(self, path: str, args: Value) -> int:
        """Its request's number."""
        number = self._request
        self._request += 1
        self.say(type="Mutation", requestId=number, udfPath=path, args=[encode(args)])
        return number

    async def mutated(self, path: str, args: Value) -> dict[str, Any]:
        number = self.mutate(path, args)
        await self.until(lambda: number in self.answers)
        return self.answers[number]

    def act(self, path: str, args: Value) -> int:
        """Its request's number."""
        number = self._request
        self._request += 1
        self.say(type="Action", requestId=number, udfPath=path, args=[encode(args)])
        return number

    async def acted(self, path: str, args: Value) -> dict[str, Any]:
        number = self.act(path, args)
        await self.until(lambda: number in self.answers)
        return self.answers[number]

    # ----------------------------------------------------------------------------------------------- what it sees

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def up_to_date(self) -> None:
        """All that it asked for is told."""
        await self.until(lambda: (self.version["querySet"], self.version["identity"]) == self.asked)

    @property
    def asked(self) -> tuple[int, int]:
        return self._query_set, self._identity

    def transitions(self) -> list[dict[str, Any]]:
        return [each for each in self.frames if each["type"] == "Transition"]

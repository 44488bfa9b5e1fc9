"""One Node process that runs functions: started, given a bundle, told to run, answered when it asks, killed when it
doesn't come back. How it works inside is told in worker.mjs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import psutil

from dfworx.realtime.runtime.channel import Message
from dfworx.realtime.runtime.node_process import NodeProcess

MEMORY_MB = 256
"""Of one worker; whoever wants more ends its process, and no other's function with it."""
CODE_SECONDS = 1.0
"""How long a function's own code may run, the database's time not counted."""
MOST_SECONDS = 15.0
"""However little of the processor it got."""
LOOK_SECONDS = 0.02
"""How often it is looked at what a function has used; most have ended by then."""
LOAD_SECONDS = 30.0
_PROGRAM = Path(__file__).with_name("worker.mjs")

Answer = Callable[[list[dict[str, Any]]], Awaitable[list[dict[str, Any]]]]
"""Calls of a function in, for each `{"value": ...}` or `{"error": ..., "data": ...}` out."""


GivesWay = Callable[[float], bool]
"""Whether a function that has run for so many seconds is to be ended so that others can go on."""


class WorkerDied(Exception):
    """The process is gone; the message says why, for whoever wrote the function."""


class GaveWay(WorkerDied):
    """It has held others up, and may be tried again. Its process works on: whoever started it ends it."""

    def __init__(self) -> None:
        super().__init__("This function was ended so that others could go on.")


@dataclass(frozen=True, slots=True)
class Call:
    """One run of one function."""

    module: str
    name: str
    kind: Literal["query", "mutation"]
    args: str
    """JSON of a list with the one argument, encoded."""
    now_ms: float
    seed: tuple[int, int, int, int]
    identity: dict[str, Any] | None = None
    later: bool = False
    """Whether writes may be told with what is asked next, and answered when nothing can be made of the answer."""
    ids: dict[str, list[str]] = field(default_factory=dict)
    """By table, for documents that it may insert."""
    foreseen: dict[int, Any] = field(default_factory=dict)
    """By a query's number, the query and its first rows: what it needn't ask."""
    documents: dict[str, Any] = field(default_factory=dict)
    """By their ids, with their tables: those that it needn't ask for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    value: str | None
    """Encoded JSON; None: it failed."""
    message: str
    """Why it failed, with frames of its code."""
    data: str | None
    """A ConvexError's, encoded."""
    log_lines: list[str]
    streams: list[tuple[int, int, bool]]
    """Of each query: its number, how many rows were taken, whether its end was seen."""
    got: list[tuple[Any, Any]]
    """Of the first documents that it got, and of all that it needn't ask for: the id and the table, as it said them."""
    writes: list[dict[str, Any]]
    """Calls that were left for the end."""
    observed: dict[str, Any]
    """What it looked at besides documents: time, random, identity, claims, allClaims."""


@dataclass(slots=True)
class _Turn:
    """While the process is waited for."""

    arriving: asyncio.Future[Message]
    began: float
    seconds: float
    """That it may take."""
    used_before: float | None = None
    """Seconds of the processor that it had used."""


class Worker:
    def __init__(self, process: NodeProcess, *, behind: bool) -> None:
        """`behind`: others are given the processor first."""
        self._process = process
        self._channel = process.channel
        self.gives_way: GivesWay = never
        self.behind = behind
        self.look_seconds = LOOK_SECONDS
        self._spent = 0.0
        """Seconds that the function that runs has taken, while it was its turn."""

    @classmethod
    async def start(
        cls, node: Path, code: str, filename: str, env: Mapping[str, str], *, behind: bool = False
    ) -> tuple[Self, dict[str, Any]]:
        """With what the bundle has: functions, schema, auth. `env` is its process.env. Raises WorkerDied."""
        options = f"--max-old-space-size={MEMORY_MB}", "--single-threaded-gc"
        try:
            process = await NodeProcess.start(node, _PROGRAM, *options)
        except OSError as error:
            raise WorkerDied(f"No process could be started to run functions: {error}") from error
        if behind:
            process.stand_behind()
        worker = cls(process, behind=behind)
        await worker._send({"type": "load", "code": code, "filename": filename, "env": dict(env)})
        told = await worker._receive(LOAD_SECONDS)
        if told["type"] != "loaded":
            await worker.kill()
            raise WorkerDied(told["message"])
        described: dict[str, Any] = json.loads(told["described"])
        return worker, described

    async def run(self, call: Call, answer: Answer) -> Outcome:
        """Also while a function that runs here waits for an answer: the answer may need another function's run. Raises
        WorkerDied; then this worker is of no more use."""
        outside, self._spent = self._spent, 0.0
        await self._send(
            {
                "type": "run",
                "module": call.module,
                "name": call.name,
                "kind": call.kind,
                "args": call.args,
                "now": call.now_ms,
                "seed": call.seed,
                "identity": call.identity,
                "later": call.later,
                "ids": call.ids,
                "foreseen": {str(number): page for number, page in call.foreseen.items()},
                "documents": call.documents,
            }
        )
        while True:
            told = await self._receive(CODE_SECONDS - self._spent)
            match told["type"]:
                case "calls":
                    await self._send({"type": "answer", "answers": await answer(told["calls"])})
                case "ask":
                    await self._send({"type": "answer", "answers": await answer([told["call"]])})
                case _:
                    self._spent = outside
                    return _outcome(told)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._channel.ended

    async def kill(self) -> None:
        await self._process.kill()

    async def _send(self, message: Message) -> None:
        try:
            await self._channel.send(message)
        except OSError as error:
            raise WorkerDied("The process that ran this function ended.") from error

    async def _receive(self, seconds: float) -> Message:
        """Raises WorkerDied, also when it takes longer."""
        began = time.monotonic()
        arriving = self._channel.receive()
        self._look_later(_Turn(arriving, began, max(seconds, LOOK_SECONDS)))
        try:
            told = await arriving
        except EOFError as error:
            await self.kill()
            raise WorkerDied(
                f"The process that ran this function ended, most likely because it wanted more than {MEMORY_MB} MB."
            ) from error
        except RecursionError as error:
            await self.kill()
            raise WorkerDied("What this function asked the database for is nested too deeply.") from error
        except TimeoutError as error:
            await self.kill()
            raise WorkerDied(
                f"Function execution timed out (maximum duration {CODE_SECONDS:g}s of its own code)."
            ) from error
        finally:
            self._looking.cancel()
            self._spent += time.monotonic() - began
        return told

    def _look_later(self, turn: _Turn) -> None:
        self._looking = asyncio.get_running_loop().call_later(self.look_seconds, self._look, turn)

    def _look(self, turn: _Turn) -> None:
        """Whether it has had its time: on a busy machine, as much of the processor."""
        lasted, used = time.monotonic() - turn.began, self._processor_seconds()
        if turn.used_before is None:
            # By now it can have used no more than what has passed.
            turn.used_before = used - lasted
        if not turn.arriving.done():
            if lasted >= turn.seconds and (used - turn.used_before >= turn.seconds or lasted >= MOST_SECONDS):
                turn.arriving.set_exception(TimeoutError())
            elif self.gives_way(self._spent + lasted):
                turn.arriving.set_exception(GaveWay())
            else:
                self._look_later(turn)

    def _processor_seconds(self) -> float:
        try:
            return self._process.processor_seconds()
        except psutil.Error:
            return 0.0


def never(seconds: float) -> bool:
    return False


def _outcome(told: dict[str, Any]) -> Outcome:
    return Outcome(
        told["value"] if told["type"] == "done" else None,
        told.get("message", ""),
        told.get("data"),
        told["logs"],
        [(number, taken, ended) for number, taken, ended in told["streams"]],
        [(text, table) for text, table in told["got"]],
        told["writes"],
        told["observed"],
    )

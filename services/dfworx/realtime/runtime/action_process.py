"""One Node process that runs actions, many at once: started, given a bundle, told to run, answered when one asks. How
it works inside is told in actions.mjs."""

from __future__ import annotations

import asyncio
import base64
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from dfworx.realtime.runtime.bundle import FILENAME, Bundle
from dfworx.realtime.runtime.channel import Message
from dfworx.realtime.runtime.functions import Result
from dfworx.realtime.runtime.node_process import NodeProcess
from dfworx.realtime.runtime.worker import LOAD_SECONDS, WorkerDied

BLOCKED_TIMES = 6
"""How many times as long as it may hold the processor a process may say nothing, however little it got of it."""
GRACE_SECONDS = 0.5
"""Within which a sign of life comes from a process that isn't held up."""
HEAP_MB, MEMORY_MB = 512, 1024
"""Of one process: for values, and in all, with bytes and code."""
_PROGRAM = Path(__file__).with_name("actions.mjs")

Keep = Callable[[Coroutine[Any, Any, None]], object]
AnswerCall = Callable[[str, str], Awaitable[dict[str, Any]]]
"""What an action asks, and with which JSON; `{"value": ...}` or `{"error": ..., "data": ...}`."""


@dataclass(frozen=True, slots=True)
class Head:
    """Of an HTTP action's response."""

    status: int
    headers: list[tuple[str, str]]


@dataclass(eq=False, slots=True)
class Run:
    """Of one action; made within the loop that it runs in."""

    id: str
    asked: Message
    """What the process is told of it."""
    answer: AnswerCall
    log_lines: list[str] = field(default_factory=list)
    ended: asyncio.Future[Result] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    head: asyncio.Future[Head | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """None: it ended without one."""
    parts: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    """Of the response's body, one at a time; None is its end."""

    def end(self, value: str | None, message: str = "", data: str | None = None) -> None:
        if self.ended.done():
            return
        self.ended.set_result(Result(value, message, data, self.log_lines))
        if not self.head.done():
            self.head.set_result(None)
        self.parts.put_nowait(None)


@dataclass(frozen=True, slots=True)
class _Ping:
    """A sign of life that is asked for."""

    at: float
    used: float
    """Seconds of the processor that the process had had by then."""
    answered: asyncio.Future[bool]


class ActionProcess:
    def __init__(self, process: NodeProcess, memory_mb: int, keep: Keep) -> None:
        self.runs: dict[str, Run] = {}
        self.retired = False
        """Whether it is given no more to run, and is killed when those that there are have ended."""
        self.used_at = time.monotonic()
        """When something last began or ended in it."""
        self._process = process
        self._memory_mb = memory_mb
        self._keep = keep
        self._pings: deque[_Ping] = deque()
        """That it hasn't answered."""
        self._sending = asyncio.Lock()
        self._receiving = asyncio.create_task(self._receive_forever())
        self.why_ended = "The process that ran this action ended, and other actions in it with it."

    @classmethod
    async def start(
        cls,
        node: Path,
        bundle: Bundle,
        env: dict[str, str],
        *,
        for_node: bool,
        heap_mb: int = HEAP_MB,
        memory_mb: int = MEMORY_MB,
        keep: Keep = asyncio.ensure_future,
    ) -> tuple[ActionProcess, dict[str, Any]]:
        """With what functions a bundle for Node has. `keep` sees to the end of what is begun. Raises WorkerDied."""
        try:
            process = await NodeProcess.start(node, _PROGRAM, f"--max-old-space-size={heap_mb}")
        except OSError as error:
            raise WorkerDied(f"No process could be started to run actions: {error}") from error
        # Queries and mutations are given the processor first.
        process.stand_behind()
        code = bundle.node_code if for_node else bundle.code
        about = {
            "code": code,
            "filename": FILENAME,
            "node": for_node,
            "folder": str(bundle.folder),
            "env": env,
        }
        try:
            await process.channel.send({"type": "load", **about})
            told = await asyncio.wait_for(process.channel.receive(), LOAD_SECONDS)
        except (OSError, EOFError, TimeoutError) as error:
            await process.kill()
            raise WorkerDied(
                "The process that runs actions ended before it had read the functions."
            ) from error
        if told["type"] != "loaded":
            await process.kill()
            raise WorkerDied(told["message"])
        return cls(process, memory_mb, keep), told["functions"]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.ended

    async def moves(self) -> bool:
        """Whether it goes on with what it is told. What is begun in it after that has begun."""
        if self._held_since() >= GRACE_SECONDS or self.ended:
            return False
        try:
            return await asyncio.wait_for(asyncio.shield(self._ping()), GRACE_SECONDS)
        except TimeoutError:
            return False

    async def run(self, run: Run) -> None:
        """Begins it; its end is told to `run`."""
        if self._receiving.done():
            run.end(None, self.why_ended)
            return
        self.runs[run.id] = run
        self.used_at = time.monotonic()
        await self._send(run.asked)

    async def more(self, run: Run) -> None:
        """Of the response's body is wanted."""
        await self._send({"type": "more", "run": run.id})

    async def give_up(self, run: Run, why: str) -> None:
        """What it still does nobody waits for; since that can't be ended alone, no more actions are run here."""
        if self.runs.pop(run.id, None):
            self.retired = True
            run.end(None, why)
            await self._send({"type": "end", "run": run.id})

    def look(self, blocked_seconds: float) -> str | None:
        """Once in a while: asks for a sign of life. Why it is to be ended, or None."""
        try:
            if psutil.Process(self.pid).memory_info().rss > self._memory_mb << 20:
                return (
                    f"The process that ran this action ended: actions wanted more than {self._memory_mb} MB."
                )
            used = self._process.processor_seconds()
        except psutil.Error:
            return self.why_ended
        if not self._pings:
            self._ping()
            return None
        held, used = self._held_since(), used - self._pings[0].used
        # On a busy machine: as much of the processor.
        if held >= blocked_seconds and (used >= blocked_seconds or held >= blocked_seconds * BLOCKED_TIMES):
            return (
                "The process that ran this action ended: an action in it held the processor for more than "
                f"{blocked_seconds:g}s without waiting for anything."
            )
        return None

    def _ping(self) -> asyncio.Future[bool]:
        ping = _Ping(
            time.monotonic(), self._process.processor_seconds(), asyncio.get_running_loop().create_future()
        )
        self._pings.append(ping)
        self._keep(self._send({"type": "ping"}))
        return ping.answered

    def _held_since(self) -> float:
        """Seconds since the first ping that it hasn't answered."""
        return time.monotonic() - self._pings[0].at if self._pings else 0.0

    async def kill(self, why: str) -> None:
        if not self._receiving.done():
            self.why_ended = why
        await self._process.kill()
        await self._receiving

    async def _send(self, message: Message) -> None:
        # What isn't read any more is told as the process's end.
        async with self._sending:
            if not self.ended:
                with suppress(OSError):
                    await self._process.channel.send(message)

    async def _receive_forever(self) -> None:
        while True:
            try:
                told = await self._process.channel.receive()
            except (EOFError, RecursionError):
                break
            if told["type"] == "pong":
                self._pings.popleft().answered.set_result(True)
            elif (run := self.runs.get(told["run"])) is not None:
                self._take(run, told)
        self.retired = True
        while self._pings:
            self._pings.popleft().answered.set_result(False)
        for run in self.runs.values():
            run.end(None, self.why_ended)
        self.runs.clear()

    def _take(self, run: Run, told: Message) -> None:
        match told["type"]:
            case "log":
                run.log_lines.append(told["line"])
            case "call":
                self._keep(self._answer(run, told))
            case "head":
                run.head.set_result(Head(told["status"], [(name, value) for name, value in told["headers"]]))
            case "part":
                run.parts.put_nowait(base64.b64decode(told["body"]))
            case _:
                del self.runs[run.id]
                self.used_at = time.monotonic()
                run.end(told.get("value"), told.get("message", ""), told.get("data"))

    async def _answer(self, run: Run, told: Message) -> None:
        answer = await run.answer(told["op"], told["text"])
        await self._send({"type": "answer", "run": run.id, "call": told["call"], **answer})

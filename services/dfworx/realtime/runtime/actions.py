"""Actions: run beside each other in processes of their own, which are started when there is something to run and end
when there has been nothing for a while. What was begun is never begun again.

A process in which nothing moves is given nothing more; when others wait for what it holds, it is ended.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from dfworx.realtime.runtime.action_process import HEAP_MB, MEMORY_MB, ActionProcess, Head, Run
from dfworx.realtime.runtime.callers import NOBODY, Caller
from dfworx.realtime.runtime.functions import (
    DEEPEST,
    UNEXPECTED,
    Function,
    Refused,
    Result,
    find_function,
    hold,
    hold_value,
)
from dfworx.realtime.runtime.program import Program
from dfworx.realtime.runtime.runs import Runs
from dfworx.realtime.runtime.worker import WorkerDied
from dfworx.realtime.values import Value, dump

T = TypeVar("T")
log = logging.getLogger(__name__)
LOOK_SECONDS = 0.25
MOST_PROCESSES = 3
"""Of one kind."""
ENOUGH = 48
"""Actions in a process, before another one is started."""
MOST_RETIRED = 4
"""Of one kind, that end what was begun in them."""
MOST_RESPONSE_BYTES = 20 << 20


@dataclass(frozen=True, slots=True)
class ActionLimits:
    seconds: float = 30 * 60
    """How long an action may take; Convex's own limits."""
    node_seconds: float = 10 * 60
    blocked_seconds: float = 10
    """How long one may hold the processor without waiting for anything while others wait for it."""
    idle_seconds: float = 60
    """After which a process that has nothing to run is ended."""
    at_once: int = 256
    http_at_once: int = 128
    waiting: int = 2048
    """More are refused."""
    heap_mb: int = HEAP_MB
    memory_mb: int = MEMORY_MB


Answer = Callable[[str, str, Caller, int], Awaitable[dict[str, Any]]]
"""What an action asks, with which JSON, for whom, and how deep in a row of actions it is."""


LONGEST_PATH = 200
"""Of a request, in the log."""


class ResponseTooLarge(Exception):
    """What an HTTP action answers."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    url: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    head: Head
    parts: AsyncIterator[bytes]
    """Raises ResponseTooLarge, WorkerDied: then the answer isn't whole."""


class Actions:
    def __init__(
        self,
        program: Program,
        tables: Callable[[], Mapping[str, int]],
        answer: Answer,
        limits: ActionLimits,
        noted: Runs,
    ) -> None:
        """`tables` are those that ids may be of."""
        self._program = program
        self._tables = tables
        self._answer = answer
        self._limits = limits
        self._noted = noted
        self._processes: dict[bool, list[ActionProcess]] = {False: [], True: []}
        """Of Convex's own runtime, and of Node's."""
        self._starting = asyncio.Lock()
        self._moved = asyncio.Event()
        """Set when a process has ended, or may have room again."""
        self._places = asyncio.Semaphore(limits.at_once)
        self._http_places = asyncio.Semaphore(limits.http_at_once)
        self._waiting = 0
        self._numbers = itertools.count()
        self._looking: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        self.runs = 0

    @property
    def pids(self) -> list[int]:
        return [each.pid for processes in self._processes.values() for each in processes]

    @property
    def running(self) -> int:
        """How many actions processes have begun."""
        return sum(len(each.runs) for processes in self._processes.values() for each in processes)

    # ------------------------------------------------------------------------------------------------- what is run

    async def act(self, path: str, args: Value, caller: Caller = NOBODY, depth: int = 0) -> Result:
        """What it came to, which is waited for to its end, also when whoever asked for it waits no more."""
        return await asyncio.shield(self._keep(self._act(path, args, caller, depth)))

    async def _act(self, path: str, args: Value, caller: Caller, depth: int) -> Result:
        ran, began = "", time.monotonic()
        try:
            if depth >= DEEPEST:
                raise Refused(f"Actions call one another more than {DEEPEST} deep.")
            function = find_function(self._program.functions, path, "action", internal=caller.admin)
            ran = function.path
            hold(args, function.args, self._tables(), f"Arguments for {function.path} are", "Argument")
            module, _, name = function.path.partition(":")
            asked = {"module": module, "name": name, "args": f"[{dump(args)}]"}
            run = self._make_run(asked, caller, depth)
            await self._begin(run, function.node, None if depth else self._places)
            result = self._checked(function, await run.ended)
        except (Refused, WorkerDied) as error:
            result = Result(None, str(error))
        except Exception:
            log.exception("%s was not run", path)
            result = Result(None, UNEXPECTED)
        if ran:
            self._noted.note("action", ran, caller, time.monotonic() - began, result)
        return result

    async def serve(self, request: HttpRequest, caller: Caller) -> HttpAnswer | Result:
        """What `http.ts` answers; a Result is its failure."""
        return await asyncio.shield(self._keep(self._serve(request, caller)))

    async def _serve(self, request: HttpRequest, caller: Caller) -> HttpAnswer | Result:
        told = {
            "url": request.url,
            "method": request.method,
            "headers": request.headers,
            "body": base64.b64encode(request.body).decode(),
        }
        run = self._make_run({"request": told}, caller, 0)
        # Without what stands behind the question mark, which may be a secret.
        path, began = f"{request.method} {urlsplit(request.url).path[:LONGEST_PATH]}", time.monotonic()

        def note(ended: asyncio.Future[Result]) -> None:
            result = ended.result()
            if result.value is not None or result.message:
                self._noted.note("httpAction", path, caller, time.monotonic() - began, result)

        run.ended.add_done_callback(note)
        try:
            process = await self._begin(run, False, self._http_places)
        except (Refused, WorkerDied) as error:
            return Result(None, str(error))
        head = await run.head
        return await run.ended if head is None else HttpAnswer(head, self._parts(process, run))

    async def _parts(self, process: ActionProcess, run: Run) -> AsyncIterator[bytes]:
        size = 0
        while (part := await run.parts.get()) is not None:
            size += len(part)
            if size > MOST_RESPONSE_BYTES:
                why = f"The response of an HTTP action may have at most {MOST_RESPONSE_BYTES >> 20} MiB."
                await process.give_up(run, why)
                raise ResponseTooLarge(why)
            yield part
            await process.more(run)
        if (result := await asyncio.shield(run.ended)).value is None:
            raise WorkerDied(result.message)

    def _make_run(self, asked: dict[str, Any], caller: Caller, depth: int) -> Run:
        number = str(next(self._numbers))
        told = {"type": "run", "run": number, "identity": caller.identity, **asked}
        return Run(number, told, lambda op, text: self._answer(op, text, caller, depth))

    def _checked(self, function: Function, result: Result) -> Result:
        if result.value is None:
            return result
        try:
            hold_value(result.value, function, self._tables())
        except Refused as error:
            return Result(None, str(error), log_lines=result.log_lines)
        return result

    # ------------------------------------------------------------------------------------------------- where it runs

    async def _begin(self, run: Run, node: bool, places: asyncio.Semaphore | None) -> ActionProcess:
        """Without `places`, since whoever holds one waits for it. Raises Refused, WorkerDied."""
        self.runs += 1
        if self._waiting >= self._limits.waiting:
            raise Refused("Too many actions wait for their turn in this deployment; try again later.")
        self._waiting += 1
        try:
            if places is not None:
                await places.acquire()
                run.ended.add_done_callback(lambda _: places.release())
            process = await self._find_process(node)
        except BaseException:
            run.end(None)
            raise
        finally:
            self._waiting -= 1
        limits = self._limits
        seconds = limits.node_seconds if node else limits.seconds
        why = f"Action execution timed out (maximum duration {seconds:g}s)."
        timer = asyncio.get_running_loop().call_later(
            seconds, lambda: self._keep(self._give_up(process, run, why))
        )
        run.ended.add_done_callback(lambda _: timer.cancel())
        run.ended.add_done_callback(lambda _: self._moved.set())
        await process.run(run)
        return process

    async def _give_up(self, process: ActionProcess, run: Run, why: str) -> None:
        await process.give_up(run, why)
        if not process.runs or not await process.moves():
            await self._end(process, why)

    async def _find_process(self, node: bool) -> ActionProcess:
        """One in which things move. Raises WorkerDied."""
        while True:
            known = [each for each in self._processes[node] if not each.retired]
            room = len(known) < MOST_PROCESSES
            for process in sorted(known, key=lambda each: len(each.runs)):
                if (len(process.runs) < ENOUGH or not room) and await process.moves():
                    return process
            async with self._starting:
                if self._closed:
                    raise WorkerDied("The deployment is being stopped.")
                there = [each for each in self._processes[node] if not each.retired]
                if there == known and room:
                    return await self._start_process(node)
            if there == known:
                self._moved.clear()
                await self._moved.wait()

    async def _start_process(self, node: bool) -> ActionProcess:
        program, limits = self._program, self._limits
        process, _ = await ActionProcess.start(
            program.node,
            program.bundle,
            program.env,
            for_node=node,
            heap_mb=limits.heap_mb,
            memory_mb=limits.memory_mb,
            keep=self._keep,
        )
        self._processes[node].append(process)
        retired = [each for each in self._processes[node] if each.retired]
        if len(retired) > MOST_RETIRED:
            self._keep(
                self._end(
                    retired[0], "This action was ended, since its functions were changed again and again."
                )
            )
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_forever())
        return process

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for process in itertools.chain(*self._processes.values()):
                if (why := self._look(process)) is not None:
                    self._keep(self._end(process, why))
            self._moved.set()

    def _look(self, process: ActionProcess) -> str | None:
        """Why it is to be ended."""
        if process.ended:
            return process.why_ended
        idle = time.monotonic() - process.used_at
        if not process.runs and (process.retired or idle >= self._limits.idle_seconds):
            return "Nothing was left to run."
        # Whoever is alone holds up nobody.
        alone = len(process.runs) == 1 and not self._waiting
        return process.look(math.inf if alone else self._limits.blocked_seconds)

    async def _end(self, process: ActionProcess, why: str) -> None:
        for processes in self._processes.values():
            with suppress(ValueError):
                processes.remove(process)
        await process.kill(why)
        self._moved.set()

    # ------------------------------------------------------------------------------------------------ change and end

    def change_program(self, program: Program) -> None:
        """From now on these are the functions; what runs ends as it began."""
        self._program = program
        for process in itertools.chain(*self._processes.values()):
            process.retired = True

    async def close(self) -> None:
        """What actions have asked for is done before it returns."""
        self._closed = True
        async with self._starting:
            # The last one that was being started is known now.
            if self._looking is not None:
                self._looking.cancel()
        for process in list(itertools.chain(*self._processes.values())):
            await self._end(process, "The deployment was stopped.")
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, doing: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

"""Runs what is due: a scheduled mutation in the line of all mutations, done and told to be done by one commit; an
action beside it, told to run before it runs, so that none is begun twice.

It sleeps until the next moment and is woken by commits that schedule. At most so many stand in the line at a time: a
client's mutation waits for them at most, and each of them has its place before whoever comes later.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from dfworx.realtime.engine import jobs
from dfworx.realtime.engine.committer import WritesStopped
from dfworx.realtime.engine.jobs import Job, Line
from dfworx.realtime.engine.store import Store, open_connection
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.functions import UNEXPECTED, Refused, Result, canonical
from dfworx.realtime.runtime.line import Waiting, Written
from dfworx.realtime.runtime.mutations import Mutations
from dfworx.realtime.values import Value

AT_ONCE: dict[Line, int] = {"mutation": 16, "action": 16}
MOST_STARTED = 1000
"""With those that gave way to others and will be tried again."""
AGAIN_SECONDS = 1.0
"""After a disk took nothing."""
LONGEST_SLEEP = 60.0
"""Of a timer: the clock may be set, and a machine may sleep."""

log = logging.getLogger(__name__)
Write = Callable[[Callable[[Transaction], bool | None]], Awaitable[bool | None]]
Act = Callable[[str, Value, Caller], Awaitable[Result]]


class Scheduler:
    def __init__(self, path: str, mutations: Mutations, write: Write, act: Act) -> None:
        self._store = Store(open_connection(path))
        self._mutations = mutations
        self._write = write
        self._act = act
        self._started: dict[Line, dict[int, bool]] = {line: {} for line in jobs.LINES}
        """By number; whether it takes one of the places."""
        self._timer: asyncio.Handle | None = None
        self._forgetting = False
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Once mutations are written. What ran when the deployment ended is told to have failed."""
        broken_off = jobs.running_jobs(self._store)

        def end_all(transaction: Transaction) -> None:
            for job in broken_off:
                self.end(transaction, job, jobs.BROKEN_OFF)

        if broken_off:
            await self._write(end_all)
        self.look_soon()

    def look_soon(self) -> None:
        """After a commit that scheduled something, and whenever something has ended."""
        if self._closed:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        """Starts what is due, and sleeps until the next moment."""
        now = time.time() * 1000
        try:
            moment = self._start_due(now)
        except sqlite3.Error:
            log.exception("What is due can't be read")
            moment = now + AGAIN_SECONDS * 1000
        seconds = LONGEST_SLEEP if moment is None else min((moment - now) / 1000, LONGEST_SLEEP)
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _start_due(self, now: float) -> float | None:
        """When the next is due."""
        for line, started in self._started.items():
            free = min(AT_ONCE[line] - sum(started.values()), MOST_STARTED - len(started))
            due = jobs.due_jobs(self._store, line, now, len(started) + free) if free > 0 else []
            for job in [each for each in due if each.number not in started][: max(free, 0)]:
                started[job.number] = True
                self._start(line, job)
        if not self._forgetting and jobs.has_old(self._store, now):
            self._forgetting = True
            self._task(self._forget())
        return jobs.next_moment(self._store, now)

    def _start(self, line: Line, job: Job) -> None:
        call = self._call(job)
        if call is None:
            # Its cron or its document has gone since; whoever took it took its place too.
            self._started[line].pop(job.number)
            return
        path, args = call
        function = self._mutations.program.functions.get(canonical(path))
        caller = Caller(admin=True, job=job.document)
        if function is not None and function.kind == "action":
            self._task(self._run_action(line, job, path, args, caller))
        else:
            errand = _Errand(self, line, job)
            self._mutations.put(Waiting(path, args, errand.done, caller, errand=errand))

    def _call(self, job: Job) -> tuple[str, Value] | None:
        if job.document is not None:
            return jobs.call_of(self._store, job.document)
        cron = self._mutations.program.crons.get(job.cron or "")
        return (cron.path, cron.args) if cron else None

    async def _run_action(self, line: Line, job: Job, path: str, args: Value, caller: Caller) -> None:
        try:
            if await self._write(lambda transaction: jobs.begin(transaction, job, apart=True)):
                await self._tell(job, await self._outcome(path, args, caller))
        except WritesStopped:
            await asyncio.sleep(AGAIN_SECONDS)
        self.leave(line, job)

    async def _outcome(self, path: str, args: Value, caller: Caller) -> str | None:
        try:
            result = await self._act(path, args, caller)
        except Exception:
            log.exception("The scheduled action %s was not run", path)
            return UNEXPECTED
        if result.value is not None:
            return None
        log.info("The scheduled action %s failed: %s", path, result.message)
        return result.message

    async def _tell(self, job: Job, error: str | None) -> None:
        """Until the disk takes it."""
        while True:
            try:
                await self._write(lambda transaction: self.end(transaction, job, error))
                return
            except WritesStopped:
                await asyncio.sleep(AGAIN_SECONDS)

    async def _forget(self) -> None:
        try:
            await self._write(jobs.forget_done)
        except WritesStopped:
            await asyncio.sleep(AGAIN_SECONDS)
        self._forgetting = False
        self.look_soon()

    def end(self, transaction: Transaction, job: Job, error: str | None) -> None:
        cron = self._mutations.program.crons.get(job.cron or "")
        again = (cron.line, cron.after(job.moment, transaction.now_ms)) if cron else None
        jobs.end(transaction, job, error, again)

    def leave(self, line: Line, job: Job) -> None:
        """It has ended, or will be looked for again."""
        self._started[line].pop(job.number, None)
        self.look_soon()

    def mutated(self, line: Line, job: Job, written: Written) -> None:
        if written.stopped:
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self.leave, line, job)
        else:
            self.leave(line, job)

    def give_way(self, line: Line, job: Job) -> None:
        """It is tried again later, and another one may have its place until then."""
        self._started[line][job.number] = False
        self.look_soon()

    def _task(self, running: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Actions that run are broken off, as the next start will say."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._store.connection.close()


@dataclass(frozen=True, slots=True)
class _Errand:
    """A scheduled mutation's."""

    scheduler: Scheduler
    line: Line
    job: Job

    def begin(self, transaction: Transaction) -> None:
        if not jobs.begin(transaction, self.job):
            raise Refused("It was canceled.")

    def end(self, transaction: Transaction, error: str | None) -> None:
        self.scheduler.end(transaction, self.job, error)

    def give_way(self) -> None:
        self.scheduler.give_way(self.line, self.job)

    def done(self, written: Written) -> None:
        if written.result.value is None:
            log.info("A scheduled mutation failed: %s", written.result.message)
        self.scheduler.mutated(self.line, self.job, written)

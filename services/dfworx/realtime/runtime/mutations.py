"""The one line of mutations: each runs in the one writing process, several share a commit, and only when the disk has
it is anybody told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from dfworx.realtime.engine.committer import Commit, Committer, WritesStopped
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.requests import Done, find_request, keep_request
from dfworx.realtime.engine.schema import fits
from dfworx.realtime.engine.store import Writer
from dfworx.realtime.runtime.file_calls import FileCalls
from dfworx.realtime.runtime.functions import (
    UNEXPECTED,
    Around,
    Function,
    Refused,
    Result,
    Spoiled,
    find_function,
    run_function,
)
from dfworx.realtime.runtime.line import Deed, Errand, Waiting, Written
from dfworx.realtime.runtime.patient import Changed
from dfworx.realtime.runtime.program import Program, new_chance
from dfworx.realtime.runtime.runs import Runs
from dfworx.realtime.runtime.slow_mutations import SlowMutations
from dfworx.realtime.runtime.spares import Spares
from dfworx.realtime.runtime.worker import GaveWay, Worker, WorkerDied

log = logging.getLogger(__name__)
MOST_IN_A_COMMIT = 64
PATIENCE_SECONDS = 0.04
"""How long a mutation may run while others wait. Then it runs apart (slow_mutations.py)."""


class _Failed(Exception):
    """A mutation that failed: what it wrote is taken back."""


class Mutations:
    def __init__(
        self,
        program: Program,
        worker: Worker,
        spares: Spares,
        writer: Writer,
        cursors: Cursors,
        files: FileCalls,
        run_ahead: Callable[[list[Commit]], None],
        publish: Callable[[list[Commit], Callable[[], None]], None],
        noted: Runs,
        slowly: asyncio.Lock,
    ) -> None:
        """`run_ahead` gets commits that readers see and nobody may be told of; `publish` those that the disk has, and
        what answers their callers."""
        self.program = program
        self.worker = worker
        self._spares = spares
        self.writing = asyncio.Lock()
        """Held from the first mutation of a commit to its end: whoever else writes takes it too."""
        self.committer = Committer(writer, time.time_ns())
        self._writer = writer
        self._cursors = cursors
        self._files = files
        self._run_ahead = run_ahead
        self._publish = publish
        self._noted = noted
        self._line: asyncio.Queue[Waiting | Deed] = asyncio.Queue()
        self.slow = SlowMutations(lambda: self.program, self.put, slowly)

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return self._line.qsize() + self.slow.waiting

    def put(self, waiting: Waiting | Deed) -> None:
        self._line.put_nowait(waiting)

    async def run_forever(self) -> None:
        while True:
            waiting = await self._line.get()
            async with self.writing:
                done: list[tuple[Waiting | Deed, Written]] = []
                while True:
                    if isinstance(waiting, Deed):
                        written: Written | None = self._do(waiting)
                    else:
                        written = await self._write(waiting, bool(done))
                    if written is not None:
                        done.append((waiting, written))
                    if self._line.empty() or len(done) >= MOST_IN_A_COMMIT:
                        break
                    waiting = self._line.get_nowait()
                await self._commit(done)

    async def _write(self, waiting: Waiting, holds_up: bool) -> Written | None:
        """None: it gave way to others, and will be back. `holds_up`: whether others wait for its end."""
        result, ts, stopped, apart = Result(None), None, False, waiting.apart
        if apart is None and self.slow.takes(waiting.path):
            self._set_apart(waiting)
            return None
        patience = PATIENCE_SECONDS if apart is None else apart.patience
        since = alone = time.monotonic()

        def gives_way(_: float) -> bool:
            nonlocal alone
            now = time.monotonic()
            if not holds_up and self._line.empty():
                alone = now
                return False
            return now - since >= patience

        worker = self.worker if apart is None else apart.worker
        worker.gives_way = gives_way
        try:
            result, ts = await self._run(waiting)
        except Refused as error:
            result = Result(None, str(error))
        except (GaveWay, Changed) as error:
            if apart is None:
                await self._renew_worker()
                self._set_apart(waiting)
            else:
                apart.held = time.monotonic() - alone
                apart.left.set_result(error)
            return None
        except WorkerDied as error:
            result = Result(None, str(error))
            await self._end_worker(waiting)
        except WritesStopped as error:
            result, stopped = Result(None, str(error)), True
        except Exception:
            # Whatever it was, it may not end the line. What the worker waits for now isn't known.
            log.exception("%s was not run", waiting.path)
            result = Result(None, UNEXPECTED)
            await self._end_worker(waiting)
        if apart is not None:
            apart.held = time.monotonic() - alone
            apart.left.set_result(None)
        seconds = time.monotonic() - waiting.began
        if waiting.errand is not None and ts is None and not stopped:
            return self._end_failed(waiting.errand, result, seconds)
        return Written(result, ts, stopped, seconds=seconds)

    def _end_failed(self, errand: Errand, result: Result, seconds: float) -> Written:
        told = self._do(
            Deed(lambda transaction: errand.end(transaction, result.message), lambda written: None)
        )
        return Written(result, told.ts, told.stopped, seconds=seconds)

    def _do(self, deed: Deed) -> Written:
        try:
            check = fits(self.program.schema, self._writer.catalog)
            with self.committer.mutation(time.time_ns(), check) as (transaction, commit):
                deed.do(transaction)
        except WritesStopped as error:
            return Written(Result(None, str(error)), None, stopped=True)
        except Exception as error:
            return Written(Result(None, str(error)), None, error=error)
        return Written(Result("null"), commit.ts)

    def _set_apart(self, waiting: Waiting) -> None:
        if waiting.errand is not None:
            waiting.errand.give_way()
        self.slow.put(waiting)

    async def _end_worker(self, waiting: Waiting) -> None:
        if waiting.apart is None:
            await self._renew_worker()
        else:
            await waiting.apart.worker.kill()

    async def _renew_worker(self) -> None:
        self.worker = await self._spares.replace(self.worker, self.program)

    async def _run(self, waiting: Waiting) -> tuple[Result, int | None]:
        if waiting.request and (found := find_request(self._writer, *waiting.request)):
            return Result(found.value, log_lines=found.log_lines), found.ts
        program, caller, apart = self.program, waiting.caller, waiting.apart
        if apart is not None:
            if apart.failed is not None:
                raise Refused(apart.failed)
            if apart.program is not program:
                raise Changed
            apart.worker.rewind()
        function = find_function(program.functions, waiting.path, "mutation", internal=caller.admin)
        waiting.ran, waiting.began = function.path, waiting.began or time.monotonic()
        if apart is None and self.worker.ended:
            await self._renew_worker()
        try:
            return await self._run_once(waiting, function, later=True)
        except Spoiled:
            return await self._run_once(waiting, function, later=False)

    async def _run_once(
        self, waiting: Waiting, function: Function, *, later: bool
    ) -> tuple[Result, int | None]:
        """Raises Spoiled."""
        program, result, apart = self.program, Result(None), waiting.apart
        check = fits(program.schema, self._writer.catalog)
        try:
            with self.committer.mutation(time.time_ns(), check) as (transaction, commit):
                transaction.job = waiting.caller.job
                if waiting.errand is not None:
                    waiting.errand.begin(transaction)
                around = Around(
                    self.worker if apart is None else apart.worker,
                    program.functions,
                    transaction,
                    self._cursors,
                    self._files,
                    waiting.caller.identity,
                    new_chance(),
                    program.foresight,
                )
                result = await run_function(around, function, waiting.args, later=later)
                if result.value is None:
                    raise _Failed
                if waiting.errand is not None:
                    waiting.errand.end(transaction, None)
                if waiting.request:
                    keep_request(
                        self._writer, *waiting.request, Done(commit.ts, result.value, result.log_lines)
                    )
        except _Failed:
            return result, None
        return result, commit.ts

    async def _commit(self, done: list[tuple[Waiting | Deed, Written]]) -> None:
        group: list[Commit] = []
        try:
            if self.committer.is_large:
                group = await asyncio.to_thread(self.committer.flush)
            else:
                group = self.committer.flush()
            if group:
                # While the disk is waited for there is time for those who will be told of it.
                self._run_ahead(group)
                await asyncio.to_thread(self.committer.sync)
        except WritesStopped as error:
            for _, written in done:
                if written.ts is not None:
                    written.result, written.ts, written.stopped = Result(None, str(error)), None, True

        def answer() -> None:
            for waiting, written in done:
                try:
                    waiting.done(written)
                except Exception:
                    log.exception("An answer was not told to %s", waiting)

        self._publish(group, answer)
        for waiting, written in done:
            if isinstance(waiting, Waiting) and waiting.ran is not None:
                self._noted.note("mutation", waiting.ran, waiting.caller, written.seconds, written.result)

    async def close(self) -> None:
        await self.slow.close()
        await self.worker.kill()

"""Queries, run beside each other in reading processes, each on a snapshot; what somebody watches is run again when it
holds no longer, once for all who would see the same."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from dfworx.realtime.engine.committer import Commit
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.store import Store, open_connection
from dfworx.realtime.engine.subscriptions import ReadSet
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.executions import Asked, Execution, Executions, Seen, Watch, seen_by, seen_like
from dfworx.realtime.runtime.file_calls import FileCalls
from dfworx.realtime.runtime.functions import (
    UNEXPECTED,
    Around,
    Function,
    Refused,
    Result,
    find_function,
    run_function,
)
from dfworx.realtime.runtime.program import Program, new_chance
from dfworx.realtime.runtime.runs import Runs
from dfworx.realtime.runtime.snapshots import Snapshots
from dfworx.realtime.runtime.spares import Spares
from dfworx.realtime.runtime.system_queries import answer_system_query
from dfworx.realtime.runtime.worker import GaveWay, GivesWay, Worker, WorkerDied, never
from dfworx.realtime.values import Value, dump, load

LONG_SECONDS = 0.1
"""A query that takes longer runs apart from the others, where only those wait for it that take long too."""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Reader:
    store: Store
    worker: Worker
    program: Program
    """That its worker has loaded."""


@dataclass(eq=False, slots=True)
class _Run:
    """One that is on its way. It sees at least the commit `since`."""

    since: int
    waiting: list[Watch] = field(default_factory=list)


class Queries:
    def __init__(
        self,
        program: Program,
        spares: Spares,
        path: str,
        cursors: Cursors,
        files: FileCalls,
        noted: Runs,
    ) -> None:
        self.program = program
        self.ts = 0
        """The last commit that watchers were told of."""
        self.runs = 0
        self._noted = noted
        self.snapshots = Snapshots(path)
        self._path = path
        self._cursors = cursors
        self._files = files
        self._executions = Executions()
        self._spares = spares
        self._slow: _Reader | None = None
        """Runs what takes long, one at a time and behind everybody else; made when it is needed."""
        self.slowly = asyncio.Lock()
        """Held while anything that takes long runs, a mutation too: all processors but one are the others'."""
        self._slow_paths: set[str] = set()
        """Of functions that took long the last time."""
        self._readers: asyncio.LifoQueue[_Reader] = asyncio.LifoQueue()
        self._opened = self._most = 0
        """How many readers there are, and may be."""
        self._running: dict[tuple[Asked, bool, str | None], _Run] = {}
        self._looks: dict[str, Seen] = {}
        """By function: what its last run looked at in who asked. The next one most likely looks at the same."""
        self._told = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # ---------------------------------------------------------------------------------------------------- watching

    def hold(self, watch: Watch, least: int = 0) -> bool:
        """Gives it an execution that holds now. False: there is none as yet; the watch is woken when a run has ended
        that sees the commit `least`."""
        known = self._executions.find(watch)
        if known is not None:
            self._executions.hold(known, watch)
            return True
        key = self._key(watch)
        run = self._running.get(key)
        if run is None or run.since < least:
            run = self._running[key] = _Run(self.ts)
            self._start(self._run(key, run, [watch]))
        run.waiting.append(watch)
        return False

    def hold_together(self, watches: Sequence[Watch]) -> None:
        """All of them, at one snapshot, for a client to whom commits leave no other moment; each is woken."""
        self._start(self._run(None, _Run(self.ts, list(watches)), watches))

    def share(self, execution: Execution, watch: Watch) -> None:
        """Another one's, which holds."""
        self._executions.hold(execution, watch)

    def release(self, watch: Watch) -> None:
        self._executions.release(watch)

    def run_ahead(self, group: list[Commit]) -> None:
        """What these end is run again, as far as there is somebody free, before anybody is told of them; nobody is told
        of the runs any earlier."""
        for execution in islice(self._executions.concerned(group), self._readers.qsize()):
            for watch in islice(execution.watchers, 1):
                key = self._key(watch)
                if key not in self._running:
                    run = self._running[key] = _Run(group[-1].ts)
                    self._start(self._run(key, run, [watch]))

    def publish(self, group: list[Commit]) -> set[Watch]:
        """That these are on the disk. Whom they concern."""
        woken: set[Watch] = set()
        for commit in group:
            self.ts = commit.ts
            woken |= self._executions.publish(commit)
        self._tell()
        return woken

    def change_program(self, program: Program, ts: int) -> None:
        """From now on these are the functions; everybody is woken."""
        self.program, self.ts = program, ts
        self._looks.clear()
        self._running.clear()
        self._tell()
        for watch in self._executions.end_all(ts):
            watch.wake()

    @property
    def kept(self) -> int:
        """How many executions somebody watches."""
        return len(self._executions)

    def _tell(self) -> None:
        self._told.set()
        self._told = asyncio.Event()

    def _key(self, watch: Watch) -> tuple[Asked, bool, str | None]:
        look, caller = self._looks.get(watch.asked.path), watch.caller
        seen = None if look is None else json.dumps(seen_like(caller.identity, look))
        return watch.asked, caller.admin, seen

    async def _run(
        self, key: tuple[Asked, bool, str | None] | None, run: _Run, asking: Sequence[Watch]
    ) -> None:
        """`asking`: for whom. Those who wait besides may turn out to see something else; they ask again."""
        program = self.program
        ended = await self._execute([(each.asked, each.caller) for each in asking])
        while self.ts < ended[0][0].ran_at:
            await self._told.wait()
        if key is not None and self._running.get(key) is run:
            del self._running[key]
        of: dict[Asked, Execution] = {}
        # What was run of functions that have been replaced since is nobody's.
        for execution, reads in ended if program is self.program else ():
            self._executions.add(execution, reads)
            self._remember(execution)
            of[execution.asked] = execution
        for watch in run.waiting:
            found = of.get(watch.asked)
            if watch.wanted and found is not None and found.suits(watch):
                self._executions.hold(found, watch)
            watch.wake()
        for execution in of.values():
            self._executions.drop_unwatched(execution)

    def _remember(self, execution: Execution) -> None:
        if execution.seen is None:
            self._looks.pop(execution.asked.path, None)
        else:
            self._looks[execution.asked.path] = execution.seen

    # --------------------------------------------------------------------------------------------------------- once

    async def read(self, asked: Sequence[tuple[str, Value]], caller: Caller) -> list[Result]:
        """For somebody who doesn't watch: all at one moment."""
        ended = await self._execute([(Asked(path, dump(args)), caller) for path, args in asked])
        return [each.result for each, _ in ended]

    async def read_at(self, ts: int, path: str, args: Value, caller: Caller) -> Result:
        """At a moment that `snapshots` holds. Raises SnapshotGone."""
        async with self.snapshots.use(ts) as store:
            async with self._reader() as reader:
                execution, _ = await self._execute_one(reader, store, Asked(path, dump(args)), caller)
        return execution.result

    async def _execute(self, asked: Sequence[tuple[Asked, Caller]]) -> list[tuple[Execution, ReadSet]]:
        paths = {each.path for each, _ in asked}
        if paths.isdisjoint(self._slow_paths):
            try:
                async with self._reader(_takes_long) as reader:
                    return await self._execute_with(reader, asked)
            except GaveWay:
                self._slow_paths |= paths
        async with self.slowly:
            try:
                self._slow = self._slow or await self._make_reader(slow=True)
            except WorkerDied as error:
                return self._fail(asked, str(error))
            began = time.monotonic()
            ended = await self._execute_with(self._slow, asked)
            if not _takes_long(time.monotonic() - began):
                self._slow_paths -= paths
            return ended

    @asynccontextmanager
    async def _reader(self, gives_way: GivesWay = never) -> AsyncIterator[_Reader]:
        if self._readers.empty() and self._opened < self._most:
            self._opened += 1
            self._start(self._open_another())
        reader = await self._readers.get()
        reader.worker.gives_way = gives_way
        try:
            yield reader
        finally:
            self._readers.put_nowait(reader)

    async def _execute_with(
        self, reader: _Reader, asked: Sequence[tuple[Asked, Caller]]
    ) -> list[tuple[Execution, ReadSet]]:
        try:
            with reader.store.snapshot():
                return [await self._execute_one(reader, reader.store, *each) for each in asked]
        except sqlite3.Error as error:
            return self._fail(
                asked, f"Documents can't be read at the moment: {error}. Look at the documents' file."
            )

    def _fail(self, asked: Sequence[tuple[Asked, Caller]], why: str) -> list[tuple[Execution, ReadSet]]:
        return [(Execution(each, Result(None, why), self.ts), ReadSet()) for each, _ in asked]

    async def _execute_one(
        self, reader: _Reader, store: Store, asked: Asked, caller: Caller
    ) -> tuple[Execution, ReadSet]:
        ran_at = store.ts
        transaction = Transaction(store, time.time_ns() / 1e6)
        if caller.admin and asked.path.startswith("_system/"):
            args = load(asked.args)
            told = answer_system_query(asked.path, args, transaction, self.program, self._cursors)
            if told is not None:
                return Execution(asked, told, ran_at, admin=True), transaction.reads
        ran: Function | None = None
        began = time.monotonic()
        try:
            if reader.program is not self.program or reader.worker.ended:
                await self._renew(reader)
            functions = reader.program.functions
            ran = function = find_function(functions, asked.path, "query", internal=caller.admin)
            self.runs += 1
            around = Around(
                reader.worker,
                functions,
                transaction,
                self._cursors,
                self._files,
                caller.identity,
                new_chance(),
                reader.program.foresight,
            )
            result = await run_function(around, function, load(asked.args), asked.journal)
        except Refused as error:
            result = Result(None, str(error))
        except GaveWay:
            await self._renew(reader)
            raise
        except WorkerDied as error:
            result = Result(None, str(error))
            await self._renew(reader)
        except sqlite3.Error:
            raise
        except Exception:
            log.exception("%s was not run", asked.path)
            result = Result(None, UNEXPECTED)
            await self._renew(reader)
        if ran is not None:
            self._noted.note("query", ran.path, caller, time.monotonic() - began, result)
        seen = seen_by(caller.identity, result.observed)
        return Execution(asked, result, ran_at, seen, caller.admin), transaction.reads

    # ------------------------------------------------------------------------------------------- beginning and end

    async def open_readers(self, most: int) -> None:
        """One now, and the others when queries wait for it: an idle process takes memory. Raises WorkerDied."""
        self._opened, self._most = 1, most
        self._readers.put_nowait(await self._make_reader())

    async def _open_another(self) -> None:
        try:
            self._readers.put_nowait(await self._make_reader())
        except WorkerDied:
            # Who waits is served by those that there are, and the next one who does asks for another again.
            self._opened -= 1

    async def _make_reader(self, *, slow: bool = False) -> _Reader:
        program = self.program
        worker = await (program.start_worker(behind=True) if slow else self._spares.take(program))
        return _Reader(Store(open_connection(self._path)), worker, program)

    async def _renew(self, reader: _Reader) -> None:
        reader.program = self.program
        reader.worker = await self._spares.replace(reader.worker, reader.program)

    def _start(self, running: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        readers = [self._slow] if self._slow else []
        while not self._readers.empty():
            readers.append(self._readers.get_nowait())
        for reader in readers:
            await reader.worker.kill()
            reader.store.connection.close()
        self.snapshots.close()


def _takes_long(seconds: float) -> bool:
    return seconds >= LONG_SECONDS

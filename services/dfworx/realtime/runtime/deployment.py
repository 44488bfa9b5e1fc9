"""A deployment at work: documents, functions, the one who writes, those who read, and who watches what.

Mutations wait in one line. Each runs in the one writing worker, several share a commit, and only when the disk has it
are their callers answered and watchers woken. Queries run beside each other in reading workers, each on a snapshot.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from dfworx.realtime.engine.committer import Commit, Committer, WritesStopped
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.requests import TABLE as REQUESTS
from dfworx.realtime.engine.requests import Done, find_request, keep_request
from dfworx.realtime.engine.schema import Schema, apply_schema, fits, read_schema
from dfworx.realtime.engine.store import Store, Writer, open_connection
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.executions import Asked, Execution, Executions, looked_at
from dfworx.realtime.runtime.functions import (
    Around,
    Function,
    Refused,
    Result,
    find_function,
    read_functions,
    run_function,
)
from dfworx.realtime.runtime.worker import Worker, WorkerDied
from dfworx.realtime.values import Value, load

MOST_IN_A_COMMIT = 64
MOST_TRIES = 6
"""How often queries are run again for one moment that holds for all of them, before commits wait for them."""

Wake = Callable[[], None]
"""A watcher: called when something that it watches is old, or its own mutation is committed."""


@dataclass(slots=True)
class Written:
    """What a mutation came to. `ts` is None when it failed."""

    result: Result
    ts: int | None


@dataclass(slots=True)
class _Waiting:
    path: str
    args: Value
    identity: dict[str, Any] | None
    request: tuple[UUID, int] | None
    answer: asyncio.Future[Written]
    internal: bool = False


@dataclass(slots=True)
class _Reader:
    store: Store
    worker: Worker


class _Failed(Exception):
    """A mutation that failed: what it wrote is taken back."""


class Deployment:
    """Made by `open_deployment`, ended by `close`."""

    def __init__(
        self, writer: Writer, worker: Worker, node: Path, bundle: Bundle, described: dict[str, Any]
    ) -> None:
        self._writer = writer
        self._worker = worker
        self._node = node
        self._bundle = bundle
        self.functions: dict[str, Function] = read_functions(described["functions"])
        self.schema = read_schema(described["schema"]) if described["schema"] else Schema(validates=False)
        self.auth: str | None = described["auth"]
        self._committer = Committer(writer, time.time_ns())
        self._cursors = Cursors(_cursor_key(writer))
        self._executions = Executions[Wake]()
        self._readers: asyncio.Queue[_Reader] = asyncio.Queue()
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._published = asyncio.Condition()
        self._commits_may_go = asyncio.Lock()
        self._running = WeakValueDictionary[Asked, asyncio.Lock]()
        self._tasks: list[asyncio.Task[None]] = []
        self.ts = self._committer.ts
        """The last commit that watchers were told of."""
        self.runs = 0
        """How many functions were run, for figures."""

    # ------------------------------------------------------------------------------------------------ mutations

    async def mutate(
        self,
        path: str,
        args: Value,
        identity: dict[str, Any] | None = None,
        request: tuple[UUID, int] | None = None,
        *,
        internal: bool = False,
    ) -> Written:
        """Answered when it is durable. One with a request that was done is not done again. Raises WritesStopped."""
        answer: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(_Waiting(path, args, identity, request, answer, internal))
        return await answer

    async def _write_forever(self) -> None:
        while True:
            waiting = await self._waiting.get()
            done: list[tuple[_Waiting, Written]] = []
            while True:
                try:
                    done.append((waiting, await self._write(waiting)))
                except WritesStopped as error:
                    waiting.answer.set_exception(error)
                if self._waiting.empty() or len(done) >= MOST_IN_A_COMMIT:
                    break
                waiting = self._waiting.get_nowait()
            await self._commit(done)

    async def _write(self, waiting: _Waiting) -> Written:
        if waiting.request and (found := find_request(self._writer, *waiting.request)):
            return Written(Result(found.value, log_lines=found.log_lines), found.ts)
        result = Result(None)
        try:
            function = find_function(self.functions, waiting.path, "mutation", internal=waiting.internal)
            with self._committer.mutation(time.time_ns(), fits(self.schema, self._writer.catalog)) as (
                transaction,
                commit,
            ):
                result = await self._run(self._worker, transaction, function, waiting.args, waiting.identity)
                if result.value is None:
                    raise _Failed
                if waiting.request:
                    keep_request(
                        self._writer, *waiting.request, Done(commit.ts, result.value, result.log_lines)
                    )
        except Refused as error:
            return Written(Result(None, str(error)), None)
        except WorkerDied as error:
            self._worker = await self._start_worker()
            return Written(Result(None, str(error)), None)
        except _Failed:
            return Written(result, None)
        return Written(result, commit.ts)

    async def _commit(self, done: list[tuple[_Waiting, Written]]) -> None:
        try:
            async with self._commits_may_go:
                group = await asyncio.to_thread(self._committer.flush)
        except WritesStopped as error:
            for waiting, written in done:
                if written.ts is None:
                    waiting.answer.set_result(written)
                else:
                    waiting.answer.set_exception(error)
            return
        woken: set[Wake] = set()
        for commit in group:
            woken |= self._publish(commit)
        async with self._published:
            self._published.notify_all()
        # Answered first: a mutation's answer stands before any news of it.
        for waiting, written in done:
            if not waiting.answer.done():
                waiting.answer.set_result(written)
        for wake in woken:
            wake()

    def _publish(self, commit: Commit) -> set[Wake]:
        self.ts = commit.ts
        return self._executions.publish(commit)

    # -------------------------------------------------------------------------------------------------- queries

    async def query(self, path: str, args: Value, identity: dict[str, Any] | None = None) -> Result:
        """Once, for somebody who doesn't watch."""
        try:
            function = find_function(self.functions, path, "query")
        except Refused as error:
            return Result(None, str(error))
        execution, _ = await self._execute(Asked(function.path, "", None), function, args, identity)
        return execution.result

    async def watch(
        self, wanted: list[tuple[Asked, dict[str, Any] | None]], watcher: Wake
    ) -> tuple[int, list[Execution[Wake]]]:
        """All of them as they are at one moment, and that moment. From then on the watcher is woken when one is old;
        each must be released."""
        taken: set[Execution[Wake]] = set()
        kept: list[Execution[Wake]] = []
        try:
            for _ in range(MOST_TRIES):
                if (found := await self._together(wanted, watcher, taken)) is not None:
                    kept = found
                    return self.ts, kept
            async with self._commits_may_go:
                while (found := await self._together(wanted, watcher, taken)) is None:
                    pass
                kept = found
                return self.ts, kept
        finally:
            # Those of earlier tries, or all of them when nobody waits for them any more.
            for each in taken.difference(kept):
                self.release(each, watcher)

    def release(self, execution: Execution[Wake], watcher: Wake) -> None:
        self._executions.release(execution, watcher)

    async def _together(
        self,
        wanted: list[tuple[Asked, dict[str, Any] | None]],
        watcher: Wake,
        taken: set[Execution[Wake]],
    ) -> list[Execution[Wake]] | None:
        """None when a commit came in between. All that it looked at is `taken`: watched from that moment on."""

        async def take(asked: Asked, identity: dict[str, Any] | None) -> Execution[Wake]:
            execution = await self._current(asked, identity)
            execution.watchers.add(watcher)
            taken.add(execution)
            return execution

        executions = list(await asyncio.gather(*(take(*each) for each in wanted)))
        newest = max((each.ran_at for each in executions), default=0)
        async with self._published:
            await self._published.wait_for(lambda: self.ts >= newest)
        return None if any(each.stale for each in executions) else executions

    async def _current(self, asked: Asked, identity: dict[str, Any] | None) -> Execution[Wake]:
        if (known := self._executions.find(asked, identity)) is not None:
            return known
        try:
            function = find_function(self.functions, asked.path, "query")
        except Refused as error:
            return Execution(asked, Result(None, str(error)), 0, None)
        # One at a time: who waits most likely sees the same, and then needs no run.
        async with self._running.setdefault(asked, asyncio.Lock()):
            if (known := self._executions.find(asked, identity)) is not None:
                return known
            execution, transaction = await self._execute(asked, function, load(asked.args), identity)
            self._executions.add(execution, transaction.reads)
        return execution

    async def _execute(
        self, asked: Asked, function: Function, args: Value, identity: dict[str, Any] | None
    ) -> tuple[Execution[Wake], Transaction]:
        reader = await self._readers.get()
        try:
            with reader.store.snapshot():
                ran_at = reader.store.ts
                transaction = Transaction(reader.store, time.time_ns() / 1e6)
                try:
                    result = await self._run(
                        reader.worker, transaction, function, args, identity, asked.journal
                    )
                except WorkerDied as error:
                    result = Result(None, str(error))
                    reader.worker = await self._start_worker()
        finally:
            self._readers.put_nowait(reader)
        return Execution(asked, result, ran_at, looked_at(identity, result.observed)), transaction

    async def _run(
        self,
        worker: Worker,
        transaction: Transaction,
        function: Function,
        args: Value,
        identity: dict[str, Any] | None,
        journal: str | None = None,
    ) -> Result:
        self.runs += 1
        chance = random.Random(secrets.randbits(64))  # noqa: S311  # what functions draw is told to be no secret
        around = Around(worker, self.functions, transaction, self._cursors, identity, chance, {}, [])
        return await run_function(around, function, args, journal)

    # ------------------------------------------------------------------------------------------ beginning and end

    async def start(self, path: str, readers: int) -> None:
        """Raises BadSchema, WorkerDied."""
        self._writer.begin()
        try:
            for _ in apply_schema(self._writer, self.schema):
                await asyncio.sleep(0)
            self._writer.commit(self.ts)
        finally:
            self._writer.roll_back()
        for _ in range(readers):
            self._readers.put_nowait(_Reader(Store(open_connection(path)), await self._start_worker()))
        self._tasks.append(asyncio.create_task(self._write_forever()))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._worker.kill()
        while not self._readers.empty():
            reader = self._readers.get_nowait()
            await reader.worker.kill()
            reader.store.connection.close()
        self._writer.roll_back()
        self._writer.connection.close()

    async def _start_worker(self) -> Worker:
        worker, _ = await Worker.start(self._node, self._bundle.code, FILENAME, {})
        return worker


FILENAME = "convex.js"


async def open_deployment(
    path: str, node: Path, bundle: Bundle, *, readers: int = 2, durable: bool = True
) -> Deployment:
    """`path` is the documents' file. Raises BadSchema, WorkerDied."""
    writer = Writer(open_connection(path, durable=durable))
    writer.create()
    writer.connection.executescript(REQUESTS)
    worker, described = await Worker.start(node, bundle.code, FILENAME, {})
    deployment = Deployment(writer, worker, node, bundle, described)
    try:
        await deployment.start(path, readers)
    except BaseException:
        await deployment.close()
        raise
    return deployment


def _cursor_key(writer: Writer) -> bytes:
    """Kept with the documents that cursors point into."""
    connection = writer.connection
    connection.execute("create table if not exists secrets (name text primary key, value blob not null)")
    connection.execute(
        "insert or ignore into secrets (name, value) values ('cursors', ?)", (secrets.token_bytes(32),)
    )
    [key] = connection.execute("select value from secrets where name = 'cursors'").fetchone()
    return bytes(key)

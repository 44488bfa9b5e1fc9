"""A deployment at work: documents, functions, the one line of those who write, and those who read and watch.

A commit goes one way: it is durable, then its caller is answered, then watchers are woken.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from dfworx.realtime.engine.committer import Commit, WritesStopped
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.files import ROWS as FILES
from dfworx.realtime.engine.jobs import TABLE as JOBS
from dfworx.realtime.engine.requests import KEPT_SECONDS
from dfworx.realtime.engine.requests import TABLE as REQUESTS
from dfworx.realtime.engine.schema import apply_schema
from dfworx.realtime.engine.store import Store, Writer, open_connection
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.engine.variables import TABLE as VARIABLES
from dfworx.realtime.engine.variables import change_variables, read_variables, write_variables
from dfworx.realtime.runtime.action_calls import ActionCalls
from dfworx.realtime.runtime.actions import ActionLimits, Actions
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY, Caller
from dfworx.realtime.runtime.calls import answer_alone
from dfworx.realtime.runtime.crons import apply_crons
from dfworx.realtime.runtime.file_addresses import FileAddresses
from dfworx.realtime.runtime.file_calls import FileCalls
from dfworx.realtime.runtime.files import Files
from dfworx.realtime.runtime.functions import Result, find_function, line_of
from dfworx.realtime.runtime.line import Deed, Waiting, Written
from dfworx.realtime.runtime.maintenance import Maintenance
from dfworx.realtime.runtime.mutations import Mutations
from dfworx.realtime.runtime.program import Program, load_program
from dfworx.realtime.runtime.queries import Queries
from dfworx.realtime.runtime.runs import Runs
from dfworx.realtime.runtime.scheduler import Scheduler
from dfworx.realtime.runtime.spares import Spares
from dfworx.realtime.runtime.worker import Worker
from dfworx.realtime.values import Value
from dfworx.shared.storage import Storage

T = TypeVar("T")


class Deployment:
    """Made by `open_deployment`, ended by `close`."""

    def __init__(
        self,
        path: str,
        writer: Writer,
        program: Program,
        worker: Worker,
        env: Mapping[str, str],
        kept_seconds: float,
        action_limits: ActionLimits,
    ) -> None:
        cursors = Cursors(secret(writer.connection, "cursors"))
        self.path = path
        """Of the documents' file."""
        self.runs = Runs()
        self._env = env
        """What the start has set in `process.env`; it stands before what was set since."""
        self._writer = writer
        self._spares = Spares()
        self.files = Files(_storage(path, writer), Store(open_connection(path)), self.write)
        self.file_addresses = FileAddresses(
            program.env.get("CONVEX_CLOUD_URL", ""), secret(writer.connection, "uploads")
        )
        self._file_calls = FileCalls(self.file_addresses, self.files.leave)
        self.queries = Queries(program, self._spares, path, cursors, self._file_calls, self.runs)
        self.mutations = Mutations(
            program,
            worker,
            self._spares,
            writer,
            cursors,
            self._file_calls,
            self.queries.run_ahead,
            self._publish,
            self.runs,
            self.queries.slowly,
        )
        self.actions = Actions(
            program, lambda: writer.catalog.tables, ActionCalls(self).answer, action_limits, self.runs
        )
        self._changing = asyncio.Lock()
        """Held while other functions or variables take the place of those that there are."""
        self._maintenance = Maintenance(path, writer, self.mutations, self.queries.snapshots, kept_seconds)
        self._scheduler = Scheduler(path, self.mutations, self.write, self.act)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def program(self) -> Program:
        return self.queries.program

    @property
    def ts(self) -> int:
        """The last commit that watchers were told of."""
        return self.queries.ts

    def admin_key(self) -> str:
        """The one that is kept with the documents."""
        return f"dfworx|{secret(self._writer.connection, 'admin key').hex()}"

    def kind_of(self, path: str, *, internal: bool) -> str:
        """Raises Refused."""
        return find_function(self.program.functions, path, None, internal=internal).kind

    async def mutate(
        self, path: str, args: Value, caller: Caller = NOBODY, request: tuple[UUID, int] | None = None
    ) -> Written:
        """For whoever can wait; a session gives the line a `Waiting` of its own."""
        return await self._stand_in_line(lambda done: Waiting(path, args, done, caller, request))

    async def act(self, path: str, args: Value, caller: Caller = NOBODY) -> Result:
        """An action's end is waited for; whoever waits no more doesn't end it."""
        return await self.actions.act(path, args, caller)

    async def answer(self, op: str, args: dict[str, Any], caller: Caller) -> str:
        """What an action asks of the database, as a transaction of its own. Raises one of `calls.MISTAKES`."""

        def deed(transaction: Transaction) -> str:
            transaction.job = caller.job
            functions = self.mutations.program.functions
            return answer_alone(
                op, args, transaction, lambda asked: line_of(functions, asked), self._file_calls
            )

        try:
            return await self.write(deed)
        except WritesStopped as error:
            raise BadCall(str(error)) from None

    async def write(self, deed: Callable[[Transaction], T]) -> T:
        """What this process itself does to documents, durable when it returns; watchers are woken. Raises
        WritesStopped and what `deed` raises: then nothing is written."""
        given: list[T] = []
        written = await self._stand_in_line(
            lambda done: Deed(lambda transaction: given.append(deed(transaction)), done)
        )
        if written.error is not None:
            raise written.error
        if written.stopped:
            raise WritesStopped(written.result.message)
        return given[0]

    async def _stand_in_line(self, make: Callable[[Callable[[Written], None]], Waiting | Deed]) -> Written:
        answer: asyncio.Future[Written] = asyncio.get_running_loop().create_future()

        def done(written: Written) -> None:
            if not answer.done():
                answer.set_result(written)

        self.mutations.put(make(done))
        return await answer

    async def rewrite(self, deed: Callable[[Writer], T]) -> T:
        """What takes long and concerns everybody, in one transaction and a thread of its own: mutations wait, reads go
        on. Raises WritesStopped and what `deed` raises: then nothing is written."""
        async with self.mutations.writing:
            ts = self.mutations.committer.advance(time.time_ns())
            try:
                self._writer.begin()
                given = await asyncio.to_thread(deed, self._writer)
                await asyncio.to_thread(self._writer.commit, ts)
            except (sqlite3.Error, OSError) as error:
                raise WritesStopped(f"Nothing can be written at the moment: {error}.") from error
            finally:
                self._writer.roll_back()
        self.queries.change_program(self.program, ts)
        return given

    async def replace(self, bundle: Bundle) -> None:
        """Other functions in place of those that there are, which stay until all is well. Raises WorkerDied, BadSchema,
        BadAuthConfig, BadFunctions, BadCrons."""
        async with self._changing:
            await self._change(bundle, self.variables())

    def variables(self) -> dict[str, str]:
        """Those that were set while it was served."""
        return read_variables(self._writer.connection)

    async def set_variables(self, changes: Mapping[str, str | None]) -> None:
        """For every function that runs from now on; None takes one out. All of them, or none. Raises BadVariable, and
        what `replace` raises when the functions can't be loaded with them."""
        async with self._changing:
            known = self.variables()
            variables = change_variables(known, changes, self._env)
            if variables != known:
                await self._change(self.program.bundle, variables)

    async def _change(self, bundle: Bundle, variables: Mapping[str, str]) -> None:
        program, worker = await load_program(self.program.node, bundle, {**variables, **self._env})
        try:
            async with self.mutations.writing:
                ts = await self._apply(program, variables)
                old, self.mutations.worker = self.mutations.worker, worker
                self.mutations.program = program
        except BaseException:
            await worker.kill()
            raise
        self.queries.change_program(program, ts)
        self.actions.change_program(program)
        self._scheduler.look_soon()
        await old.kill()

    async def start(self, readers: int) -> None:
        """Raises WorkerDied, BadSchema."""
        self.queries.ts = await self._apply(self.program, self.variables())
        await self.queries.open_readers(readers)
        await self.files.open()
        self._tasks = [
            asyncio.create_task(self.mutations.run_forever()),
            asyncio.create_task(self.mutations.slow.run_forever()),
            asyncio.create_task(self._maintenance.run_forever()),
        ]
        await self._scheduler.start()

    async def tidy(self) -> None:
        """What is otherwise done from time to time. Raises sqlite3.Error, OSError."""
        await self._maintenance.tidy()

    async def _apply(self, program: Program, variables: Mapping[str, str]) -> int:
        """The timestamp from which the program's schema and its variables hold."""
        ts = self.mutations.committer.advance(time.time_ns())
        self._writer.begin()
        try:
            for _ in apply_schema(self._writer, program.schema):
                await asyncio.sleep(0)
            write_variables(self._writer.connection, variables)
            apply_crons(self._writer.connection, program.crons, ts / 1e6)
            await asyncio.to_thread(self._writer.commit, ts)
        finally:
            self._writer.roll_back()
        return ts

    async def close(self) -> None:
        await self._scheduler.close()
        await self.actions.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.queries.close()
        await self.files.close()
        await self.mutations.close()
        await self._spares.close()
        self._writer.roll_back()
        self._writer.close()

    def _publish(self, group: list[Commit], answer: Callable[[], None]) -> None:
        woken = self.queries.publish(group)
        # Answered first: a mutation's answer stands before any news of it.
        answer()
        self.files.settle()
        for watch in woken:
            watch.wake()
        if any(commit.scheduled for commit in group):
            self._scheduler.look_soon()


async def open_deployment(
    path: str,
    node: Path,
    bundle: Bundle,
    env: dict[str, str] | None = None,
    *,
    readers: int = 2,
    durable: bool = True,
    kept_seconds: float = KEPT_SECONDS,
    action_limits: ActionLimits = ActionLimits(),  # noqa: B008 - it can't be changed
) -> Deployment:
    """`path` is the documents' file; `env` what functions find in `process.env` besides the variables that are kept
    there. Raises BadDocuments, BadSchema, WorkerDied, BadAuthConfig, BadFunctions, BadCrons."""
    given = env or {}
    writer = Writer(open_connection(path, durable=durable))
    try:
        writer.create()
        writer.connection.executescript(f"{REQUESTS};{FILES};{JOBS};{VARIABLES}")
        known = read_variables(writer.connection)
        program, worker = await load_program(node, bundle, {**known, **given})
    except BaseException:
        writer.close()
        raise
    deployment = Deployment(path, writer, program, worker, given, kept_seconds, action_limits)
    try:
        await deployment.start(readers)
    except BaseException:
        await deployment.close()
        raise
    return deployment


def _storage(path: str, writer: Writer) -> Storage:
    """Beside the documents, in a folder that is theirs alone: a file that takes their place has another one, and loses
    none of theirs."""
    return Storage(Path(f"{path}.files") / secret(writer.connection, "files").hex()[:16])


def secret(connection: sqlite3.Connection, name: str) -> bytes:
    """32 bytes of chance, kept with the documents that they guard."""
    connection.execute("create table if not exists secrets (name text primary key, value blob not null)")
    connection.execute(
        "insert or ignore into secrets (name, value) values (?, ?)", (name, secrets.token_bytes(32))
    )
    [key] = connection.execute("select value from secrets where name = ?", (name,)).fetchone()
    return bytes(key)

"""A deployment at work: documents, functions, the one line of those who write, and those who read and watch.

A commit goes one way: it is durable, then its caller is answered, then watchers are woken.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from dfworx.realtime.engine.committer import Commit
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.requests import TABLE as REQUESTS
from dfworx.realtime.engine.schema import apply_schema
from dfworx.realtime.engine.store import Writer, open_connection
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY, Caller
from dfworx.realtime.runtime.functions import find_function
from dfworx.realtime.runtime.mutations import Mutations, Waiting, Written
from dfworx.realtime.runtime.program import Program, load_program
from dfworx.realtime.runtime.queries import Queries
from dfworx.realtime.runtime.spares import Spares
from dfworx.realtime.runtime.worker import Worker
from dfworx.realtime.values import Value


class Deployment:
    """Made by `open_deployment`, ended by `close`."""

    def __init__(self, path: str, writer: Writer, program: Program, worker: Worker) -> None:
        cursors = Cursors(secret(writer.connection, "cursors"))
        self._writer = writer
        self._spares = Spares()
        self.queries = Queries(program, self._spares, path, cursors)
        self.mutations = Mutations(
            program, worker, self._spares, writer, cursors, self.queries.run_ahead, self._publish
        )
        self._line: asyncio.Task[None] | None = None

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
        answer: asyncio.Future[Written] = asyncio.get_running_loop().create_future()

        def done(written: Written) -> None:
            if not answer.done():
                answer.set_result(written)

        self.mutations.put(Waiting(path, args, done, caller, request))
        return await answer

    async def replace(self, bundle: Bundle) -> None:
        """Other functions in place of those that there are, which stay until all is well. Raises WorkerDied, BadSchema,
        BadAuthConfig."""
        program, worker = await load_program(self.program.node, bundle, self.program.env)
        try:
            async with self.mutations.writing:
                ts = await self._apply(program)
                old, self.mutations.worker = self.mutations.worker, worker
                self.mutations.program = program
        except BaseException:
            await worker.kill()
            raise
        self.queries.change_program(program, ts)
        await old.kill()

    async def start(self, readers: int) -> None:
        """Raises WorkerDied, BadSchema."""
        self.queries.ts = await self._apply(self.program)
        for _ in range(readers):
            await self.queries.open_reader()
        self._spares.prepare(self.program)
        self._line = asyncio.create_task(self.mutations.run_forever())

    async def _apply(self, program: Program) -> int:
        """The timestamp from which the program's schema holds."""
        ts = self.mutations.committer.advance(time.time_ns())
        self._writer.begin()
        try:
            for _ in apply_schema(self._writer, program.schema):
                await asyncio.sleep(0)
            await asyncio.to_thread(self._writer.commit, ts)
        finally:
            self._writer.roll_back()
        return ts

    async def close(self) -> None:
        if self._line is not None:
            self._line.cancel()
            with suppress(asyncio.CancelledError):
                await self._line
        await self.queries.close()
        await self.mutations.worker.kill()
        await self._spares.close()
        self._writer.roll_back()
        self._writer.close()

    def _publish(self, group: list[Commit], answer: Callable[[], None]) -> None:
        woken = self.queries.publish(group)
        # Answered first: a mutation's answer stands before any news of it.
        answer()
        for watch in woken:
            watch.wake()


async def open_deployment(
    path: str,
    node: Path,
    bundle: Bundle,
    env: dict[str, str] | None = None,
    *,
    readers: int = 2,
    durable: bool = True,
) -> Deployment:
    """`path` is the documents' file. Raises BadSchema, WorkerDied, BadAuthConfig."""
    program, worker = await load_program(node, bundle, env or {})
    writer = Writer(open_connection(path, durable=durable))
    writer.create()
    writer.connection.executescript(REQUESTS)
    deployment = Deployment(path, writer, program, worker)
    try:
        await deployment.start(readers)
    except BaseException:
        await deployment.close()
        raise
    return deployment


def secret(connection: sqlite3.Connection, name: str) -> bytes:
    """32 bytes of chance, kept with the documents that they guard."""
    connection.execute("create table if not exists secrets (name text primary key, value blob not null)")
    connection.execute(
        "insert or ignore into secrets (name, value) values (?, ?)", (name, secrets.token_bytes(32))
    )
    [key] = connection.execute("select value from secrets where name = ?", (name,)).fetchone()
    return bytes(key)

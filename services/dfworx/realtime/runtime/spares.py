"""A process that has the functions loaded and waits to take the place of one that is ended, so that nobody waits until
one has begun."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from dfworx.realtime.runtime.program import Program
from dfworx.realtime.runtime.worker import Worker, WorkerDied


class Spares:
    def __init__(self) -> None:
        self._coming: tuple[Program, asyncio.Task[Worker]] | None = None

    async def take(self, program: Program) -> Worker:
        """Raises WorkerDied."""
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] is program:
            worker = await coming[1]
        else:
            await _end(coming)
            worker = await program.start_worker()
        self.prepare(program)
        return worker

    async def replace(self, worker: Worker, program: Program) -> Worker:
        """One in place of one that is of no more use, with the same standing. When none can be had now it is the old
        one: whoever uses that next finds it dead, and comes here again."""
        await worker.kill()
        with suppress(WorkerDied):
            new = await self.take(program)
            new.gives_way = worker.gives_way
            if worker.behind:
                new.stand_behind()
            return new
        return worker

    def prepare(self, program: Program) -> None:
        if self._coming is None:
            self._coming = program, asyncio.create_task(program.start_worker())

    async def close(self) -> None:
        coming, self._coming = self._coming, None
        await _end(coming)


async def _end(coming: tuple[Program, asyncio.Task[Worker]] | None) -> None:
    if coming is not None:
        with suppress(WorkerDied):
            await (await coming[1]).kill()

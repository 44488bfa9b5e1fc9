"""Processes that have the functions loaded and wait to take the place of those that are ended, so that nobody waits
until one has begun. There are none before the first was ended: most deployments never need one, and each takes
memory."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from dfworx.realtime.runtime.program import Program
from dfworx.realtime.runtime.worker import Worker, WorkerDied

KEPT = 2
"""One for whoever writes and one for whoever reads: who attacks does so at both doors."""
QUIET_SECONDS = 1.0
"""After one was taken, before others are begun: whoever waited for it has the processor first."""


class Spares:
    def __init__(self) -> None:
        self._coming: deque[tuple[Program, asyncio.Task[Worker]]] = deque()
        self._later: asyncio.TimerHandle | None = None

    async def take(self, program: Program) -> Worker:
        """Raises WorkerDied."""
        while self._coming:
            loaded, coming = self._coming.popleft()
            if loaded is program:
                return await coming
            await _end(coming)
        return await program.start_worker()

    async def replace(self, worker: Worker, program: Program) -> Worker:
        """One in place of one that is of no more use, with the same standing: whoever stands behind waits until one has
        begun there. When none can be had now it is the old one: whoever uses that next finds it dead, and comes here
        again."""
        await worker.kill()
        self._prepare_later(program)
        with suppress(WorkerDied):
            new = await (program.start_worker(behind=True) if worker.behind else self.take(program))
            new.gives_way = worker.gives_way
            return new
        return worker

    def _prepare(self, program: Program) -> None:
        while len(self._coming) < KEPT:
            self._coming.append((program, asyncio.create_task(program.start_worker())))

    def _prepare_later(self, program: Program) -> None:
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._prepare, program)

    async def close(self) -> None:
        if self._later is not None:
            self._later.cancel()
        while self._coming:
            await _end(self._coming.popleft()[1])


async def _end(coming: asyncio.Task[Worker]) -> None:
    with suppress(WorkerDied):
        await (await coming).kill()

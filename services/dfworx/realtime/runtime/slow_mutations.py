"""Mutations that take long, one at a time: each thinks in a process that stands behind all others, and stands in the
line only to ask and to write. There everything that it asked before is asked again; when the answers are other ones it
begins anew, and may stay in the line twice as long, so that it ends however much is written meanwhile."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from dfworx.realtime.runtime.functions import canonical
from dfworx.realtime.runtime.line import Apart, Waiting
from dfworx.realtime.runtime.patient import Changed, PatientWorker
from dfworx.realtime.runtime.program import Program
from dfworx.realtime.runtime.worker import WorkerDied

log = logging.getLogger(__name__)
LONG_SECONDS = 0.04
"""A function that takes less runs in the line again the next time."""
STAY_SECONDS = 0.002
"""In the line, at first."""
REST = 50
"""How many times as long as it has stayed there it stays away: so much more of the time is the others'."""
AGAIN_SECONDS = 1.0
"""Until a process is asked for again when none could be had."""


class SlowMutations:
    def __init__(
        self, program: Callable[[], Program], visit: Callable[[Waiting], None], slowly: asyncio.Lock
    ) -> None:
        """`visit` puts one into the line. `slowly` is held while one runs, as it is for queries that take long."""
        self._slowly = slowly
        self._program = program
        self._visit = visit
        self._paths: set[str] = set()
        """Of functions that took long the last time."""
        self._line: asyncio.Queue[Waiting] = asyncio.Queue()
        self._ready: tuple[Program, PatientWorker] | None = None
        """A process, and what it has loaded; begun when it is needed."""

    @property
    def waiting(self) -> int:
        return self._line.qsize()

    def takes(self, path: str) -> bool:
        return canonical(path) in self._paths

    def put(self, waiting: Waiting) -> None:
        self._paths.add(canonical(waiting.path))
        self._line.put_nowait(waiting)

    async def run_forever(self) -> None:
        while True:
            waiting = await self._line.get()
            async with self._slowly:
                await self._run(waiting)

    async def _run(self, waiting: Waiting) -> None:
        stay = STAY_SECONDS
        while await self._is_changed(waiting, stay):
            stay *= 2

    async def _is_changed(self, waiting: Waiting, stay: float) -> bool:
        """Runs it once. Whether it must be run again, since what it read has changed."""
        program, worker = await self._take_worker()
        failed: str | None = None
        while True:
            waiting.apart = apart = Apart(worker, program, stay, failed)
            self._visit(waiting)
            left = await apart.left
            again = time.monotonic() + apart.held * REST
            if left is None:
                if worker.is_left:
                    # It was done or taken away before it came to its end here.
                    await worker.kill()
                elif failed is None and worker.seconds < LONG_SECONDS:
                    self._paths.discard(canonical(waiting.path))
                return False
            if isinstance(left, Changed):
                await worker.kill()
            else:
                try:
                    await worker.hear()
                except WorkerDied as error:
                    # What failed did nothing, whenever that was.
                    failed = str(error)
            if failed is None:
                await asyncio.sleep(again - time.monotonic())
            if isinstance(left, Changed):
                return True

    async def _take_worker(self) -> tuple[Program, PatientWorker]:
        while True:
            program = self._program()
            if self._ready is not None and (self._ready[0] is not program or self._ready[1].ended):
                await self._ready[1].kill()
                self._ready = None
            try:
                if self._ready is None:
                    worker = await program.start_patient_worker()
                    self._ready = program, worker
                self._ready[1].forget()
                return self._ready
            except WorkerDied:
                log.exception("No process could be started for mutations that take long")
                await asyncio.sleep(AGAIN_SECONDS)

    async def close(self) -> None:
        if self._ready is not None:
            await self._ready[1].kill()

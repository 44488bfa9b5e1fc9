"""The worker as a process: hands the outbox over, runs jobs, keeps the clock, and shows that it lives. It outlives
PostgreSQL and Redis: without them it waits, at most five seconds at a time. Told to stop it gives its jobs back and is
gone within a few seconds; killed, its jobs are taken up by the next worker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import httpx
import procrastinate

from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.db import Database
from dfworx.shared.sessions import SessionEnder
from dfworx.shared.settings import Settings, read_settings
from dfworx.shared.storage import Storage
from dfworx.worker.bridge import convex_consumer
from dfworx.worker.convex import find_deployment
from dfworx.worker.delivery import Delivery
from dfworx.worker.events import Consumer
from dfworx.worker.jobs import JobsConnector, build_jobs, requeue_stalled, work
from dfworx.worker.letters import mail_consumer
from dfworx.worker.mail import Mailer
from dfworx.worker.relay import Relay
from dfworx.worker.schedule import schedules
from dfworx.worker.sessions import sessions_consumer
from dfworx.worker.webhook import webhook_consumer

FRESH_SECONDS = 5.0
LONGEST_PAUSE = 5.0
PULSE = Path("run") / "worker.pulse"
"""In the home; holds the process id, and is as old as the last sign of life. Read by cli/health.py."""

logger = logging.getLogger("dfworx.worker")


class Pulse:
    """Beats while both halves do: the one that looks at the outbox and the one that runs jobs."""

    def __init__(self, home: Path) -> None:
        self._file = home / PULSE
        self._looked_at = self._worked_at = -FRESH_SECONDS
        self._shown = False

    def looked(self) -> None:
        self._looked_at = time.monotonic()
        self._beat()

    def worked(self) -> None:
        self._worked_at = time.monotonic()
        self._beat()

    def _beat(self) -> None:
        if min(self._looked_at, self._worked_at) < time.monotonic() - FRESH_SECONDS:
            return
        try:
            if self._shown:
                os.utime(self._file)
            else:
                self._show()
        except FileNotFoundError:
            self._shown = False
        except OSError as error:
            logger.warning("The sign of life %s can't be written: %s", self._file, error.strerror)

    def _show(self) -> None:
        """Whole or not at all: somebody may be reading it."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{os.getpid()}\n")
        draft.replace(self._file)
        self._shown = True

    def end(self) -> None:
        self._file.unlink(missing_ok=True)


class Worker:
    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        """Raises ValueError for settings of mail or webhook that can't be used."""
        self._settings = settings
        self._url = settings.database_url.get_secret_value()
        self._database = Database(settings)
        self._redis = connect_redis(settings.redis_url.get_secret_value())
        self._cache = Cache(self._redis)
        mailer = Mailer(settings)
        deployment = find_deployment(settings, client)
        # Each consumer of the outbox: one line.
        consumers = [
            mail_consumer(self._database, mailer, settings.origin),
            sessions_consumer(SessionEnder(self._redis, self._cache), self._cache),
            webhook_consumer(settings, client),
            convex_consumer(deployment) if deployment else None,
        ]
        self._consumers: list[Consumer] = [each for each in consumers if each is not None]
        self._schedules = schedules(mailer, Storage.of(settings), settings.origin, deployment)
        self._pulse = Pulse(settings.home)

    async def run(self, stop: asyncio.Event) -> None:
        relay = Relay(self._database, self._url, self._consumers, self._pulse.looked)
        relaying = asyncio.create_task(relay.run())
        pause = 0.25
        try:
            while not stop.is_set():
                began = time.monotonic()
                try:
                    await self._round(stop, relaying)
                except (procrastinate.exceptions.ProcrastinateException, OSError, TimeoutError) as error:
                    logger.warning("Jobs can't be run now: %s", error)
                pause = 0.25 if time.monotonic() - began > 10 else min(pause * 2, LONGEST_PAUSE)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
        finally:
            relaying.cancel()
            await asyncio.wait([relaying])
            self._pulse.end()
            await self._close()

    async def _round(self, stop: asyncio.Event, relaying: asyncio.Task[None]) -> None:
        """Until told to stop, or a connection is lost. Raises what ends it."""
        connector = JobsConnector(self._url)
        delivery = Delivery(self._database, self._consumers)
        app = build_jobs(connector, delivery, self._schedules, self._database, self._cache)
        async with app.open_async():
            working = asyncio.create_task(work(app))
            parts: list[Coroutine[Any, Any, Any]] = [self._tend(app), connector.lost.wait(), stop.wait()]
            waiting = [asyncio.create_task(part) for part in parts]
            try:
                done, _ = await asyncio.wait(
                    [working, relaying, *waiting], return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    await task
            finally:
                for task in (*waiting, working):
                    task.cancel()
                await asyncio.gather(*waiting, working, return_exceptions=True)

    async def _tend(self, app: procrastinate.App) -> None:
        while True:
            await requeue_stalled(app)
            self._pulse.worked()
            await asyncio.sleep(1)

    async def _close(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._database.close(), 2)
        await self._redis.aclose()


async def serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with httpx.AsyncClient() as client:
        try:
            worker = Worker(settings, client)
        except ValueError as error:
            raise SystemExit(f"The worker can't start. {error}") from None
        await worker.run(stop)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s:     %(message)s")
    # They tell of every job and of each lost connection with its whole stack; we tell what matters, in a line.
    for name in ("procrastinate", "psycopg.pool", "httpx"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(serve(read_settings()))


if __name__ == "__main__":
    main()

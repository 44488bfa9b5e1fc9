"""The job library, put together for one round of the worker: its connections, its tasks, its periodic tasks. A lost
connection ends the round, since the library may then not know what became of a job that it ran; the next round begins
as a new worker, and what the old one held is taken up again (`tend`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
import psycopg
from procrastinate import App, PsycopgConnector, sql
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.delivery import Backoff, Delivery
from dfworx.worker.relay import QUEUE, TASK
from dfworx.worker.schedule import Schedule

HEARTBEAT_SECONDS = 1.0
STALLED_SECONDS = 5.0
"""Who has not been heard of for so long is dead, and what it held is given to others."""
AT_ONCE = 10
FINISH_SECONDS = 3.0
"""What running jobs get when the worker stops; then they are given back."""

ANY_QUEUE = "procrastinate_any_queue_v1"
LOOK_AGAIN = {"type": "job_inserted", "job_id": 0}
"""What the library's own trigger says of a new job."""

logger = logging.getLogger("dfworx.worker")


class JobsConnector(PsycopgConnector):
    """Knows whether a statement of the library ever failed for another reason than a refusal it expects. And tells the
    library's worker that a job has ended: the next one of the same entity may begin, for which it would else look
    once a second."""

    def __init__(self, url: str) -> None:
        super().__init__(
            conninfo=url, configure=_in_schema_jobs, min_size=1, max_size=6, timeout=FINISH_SECONDS
        )
        self.lost = asyncio.Event()
        self._tell: Notify | None = None

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        self._tell = on_notification
        await super().listen_notify(on_notification, channels)

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        try:
            await super().execute_query_async(query, **arguments)
        except ConnectorException as error:
            self._note(error)
            raise
        if query == sql.queries["finish_job"] and self._tell is not None:
            await self._tell(channel=ANY_QUEUE, payload=orjson.dumps(LOOK_AGAIN).decode())

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        try:
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row
        except ConnectorException as error:
            self._note(error)
            raise

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        try:
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows
        except ConnectorException as error:
            self._note(error)
            raise

    def _note(self, error: ConnectorException) -> None:
        if not isinstance(error, UniqueViolation):
            self.lost.set()


async def _in_schema_jobs(connection: psycopg.AsyncConnection[Any]) -> None:
    # Not a setting of the role: those are reset at every migrate, and its other connections have no search path.
    await connection.execute("set search_path = jobs")
    await connection.commit()


def build_jobs(
    connector: JobsConnector,
    delivery: Delivery,
    schedules: Sequence[Schedule],
    database: Database,
    cache: Cache,
) -> App:
    app = App(connector=connector)
    app.task(name=TASK, queue=QUEUE, pass_context=True, retry=Backoff())(delivery.deliver)
    for schedule in schedules:
        _add_schedule(app, schedule, database, cache)
    return app


def _add_schedule(app: App, schedule: Schedule, database: Database, cache: Cache) -> None:
    async def run(timestamp: int) -> None:
        """A failure waits for the next time; it is told, not kept as a job."""
        try:
            done = await schedule.run(database, cache)
        except Exception as error:
            logger.error("%s failed and is tried again at its next time: %r", schedule.name, error)
        else:
            if done:
                logger.info("%s: %d", schedule.name, done)

    name = f"schedule.{schedule.name}"
    # Of one that takes longer than its pause, one runs and at most one waits.
    task = app.task(name=name, queue="schedules", lock=name, queueing_lock=name)(run)
    app.periodic(cron=schedule.cron, periodic_id=schedule.name)(task)


async def work(app: App) -> None:
    """Runs jobs until it is cancelled, or the library gives up."""
    await app.run_worker_async(
        concurrency=AT_ONCE,
        install_signal_handlers=False,
        fetch_job_polling_interval=1.0,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        shutdown_graceful_timeout=FINISH_SECONDS,
        delete_jobs="successful",
    )


async def requeue_stalled(app: App) -> int:
    """Gives the jobs of workers that died to whoever is here. A scheduled one whose next time waits already ends: a
    second can't wait beside it."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    return len(stalled)

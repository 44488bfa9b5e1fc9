"""From the outbox to jobs. Each event becomes one job for each consumer that wants it, in the transaction that marks
it as handed over; a job carries the event's number and nothing of what it says. Jobs are numbered in the order of the
events because one worker at a time has the turn, and the library never runs two of one consumer and entity side by
side or out of order: that is the order per entity."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

import asyncpg

from dfworx.shared.db import Database
from dfworx.shared.errors import ApiError
from dfworx.worker.events import Consumer

BATCH = 200
LOOK_SECONDS = 1.0
AWAY_SECONDS = 1.0
"""How long it waits when the database is away."""
CHANNEL = "dfworx_outbox"
TASK = "deliver"
QUEUE = "events"

logger = logging.getLogger("dfworx.worker")

_DEFER = """
    select jobs.procrastinate_defer_jobs_v1(array(
      select row($1, $2, e.priority, e.lock, null, jsonb_build_object('event_id', e.id, 'consumer', e.consumer), null)
             ::jobs.procrastinate_job_to_defer_v1
        from unnest($3::bigint[], $4::text[], $5::text[], $6::integer[])
             with ordinality as e (id, consumer, lock, priority, place)
       order by e.place))
"""


async def hand_over(database: Database, consumers: Sequence[Consumer], *, batch: int = BATCH) -> int:
    """How many events were handed over; 0 also when another worker has the turn."""
    async with database.unsealed() as writer:
        if not await writer.fetchval(
            "select true from jobs.turns where name = 'outbox' for update skip locked"
        ):
            return 0
        rows = await writer.fetch("select * from shared_services.outbox_take($1)", batch)
        if not rows:
            return 0
        events = sorted(rows, key=lambda row: int(row["outbox_id"]))
        handed = [(row, each) for row in events for each in consumers if each.wants(row["topic"])]
        ids, names = [row["outbox_id"] for row, _ in handed], [each.name for _, each in handed]
        locks = [f"{each.name}:{row['organization_id']}:{row['entity_id']}" for row, each in handed]
        priorities = [int(each.is_urgent(row["topic"])) for row, each in handed]
        await writer.execute("select shared_services.outbox_expect($1, $2)", ids, names)
        await writer.execute(_DEFER, QUEUE, TASK, ids, names, locks, priorities)
        # Those that nobody wants are done.
        await writer.execute("select shared_services.outbox_settle($1)", [row["outbox_id"] for row in events])
    return len(events)


class Relay:
    """Looks whenever it is told that something was noted, and every second in case the word was lost."""

    def __init__(
        self, database: Database, url: str, consumers: Sequence[Consumer], looked: Callable[[], None]
    ) -> None:
        """`looked` is called after each look that the database has answered."""
        self._database = database
        self._url = url
        self._consumers = consumers
        self._looked = looked
        self._word = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                self._word.clear()
                try:
                    handed = await hand_over(self._database, self._consumers)
                except ApiError as error:
                    logger.warning("The outbox can't be looked at now: %s", error.detail)
                    await asyncio.sleep(AWAY_SECONDS)
                    continue
                self._looked()
                if handed < BATCH:
                    await self._wait()
        finally:
            listening.cancel()

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._word.wait(), LOOK_SECONDS)
        except TimeoutError:
            pass

    async def _listen(self) -> None:
        while True:
            connection: asyncpg.Connection | None = None
            try:
                connection = await asyncpg.connect(self._url, timeout=5)
                gone = asyncio.Event()
                connection.add_termination_listener(lambda *_, gone=gone: gone.set())
                await connection.add_listener(CHANNEL, lambda *_: self._word.set())
                await gone.wait()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pass
            finally:
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(AWAY_SECONDS)

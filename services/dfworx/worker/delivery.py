"""Delivering one event to one consumer, as a job: what is left to do is asked of the database first, so a job that runs
again after a crash finds what is done. A failure is tried again, ever more slowly, for half a day; then the event is
given up for this consumer, and the organization's admins are told in their system log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Unavailable
from dfworx.worker.events import MIRROR, Consumer, Event, Undeliverable

MOST_TRIES = 24
"""With the waits below, some 13 hours."""
LONGEST_WAIT = 3600
AWAY_WAIT = 30
"""At most, while what it goes to is away: that is a part of the install, and comes back."""
NOBODY = UUID(int=0)

logger = logging.getLogger("dfworx.worker")


def worker_for(organization_id: UUID) -> Caller:
    """The worker in one organization: what it writes there is under that organization's seal."""
    return Caller(NOBODY, organization_id, "guest", NOBODY)


class GaveUp(Exception):
    """The job stays as failed, for the operator."""


class Backoff(BaseRetryStrategy):
    """1, 2, 4 seconds and so on, at most an hour, or AWAY_WAIT. What a stopping worker gives back is tried at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, GaveUp):
            return None
        longest = AWAY_WAIT if isinstance(exception, Unavailable) else LONGEST_WAIT
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, longest)})


class Delivery:
    def __init__(self, database: Database, consumers: Sequence[Consumer]) -> None:
        self._database = database
        self._consumers = {consumer.name: consumer for consumer in consumers}

    async def deliver(self, context: JobContext, event_id: int, consumer: str) -> None:
        """Raises whatever the consumer does, and Unavailable: the job is then tried again."""
        try:
            async with self._database.unsealed() as reader:
                row = await reader.fetchrow(
                    "select * from shared_services.outbox_read($1, $2)", event_id, consumer
                )
        except ValueError as error:  # a payload that is JSON for PostgreSQL and for nobody else
            logger.error("Event %d was given up for %s: it can't be read", event_id, consumer)
            async with self._database.unsealed() as writer:
                await writer.execute("select shared_services.outbox_failed($1, $2)", event_id, consumer)
            raise GaveUp from error
        if row is None:
            return
        event = Event(**row)
        try:
            if consumer not in self._consumers:
                raise Undeliverable(f"there is no {consumer} here any more")
            await self._consumers[consumer].deliver(event)
        except Unavailable:
            raise
        except Exception as error:
            if not isinstance(error, Undeliverable) and context.job.attempts + 1 < MOST_TRIES:
                logger.warning(
                    "Event %d (%s) didn't reach %s and is tried again: %s",
                    *(event.event_id, event.topic, consumer, type(error).__name__),
                )
                raise
            await self._give_up(event, consumer, error)
            raise GaveUp from None
        async with self._database.unsealed() as writer:
            await writer.execute("select shared_services.outbox_delivered($1, $2)", event_id, consumer)

    async def _give_up(self, event: Event, consumer: str, error: Exception) -> None:
        # Not the error's own text for the admins: it could tell of the machine, or of a link.
        reason = str(error) if isinstance(error, Undeliverable) else type(error).__name__
        logger.error("Event %d (%s) was given up for %s: %s", event.event_id, event.topic, consumer, reason)
        async with self._database.unsealed() as writer:
            await writer.execute("select shared_services.outbox_failed($1, $2)", event.event_id, consumer)
        if event.topic.startswith(MIRROR):
            return
        async with self._database.write(worker_for(event.organization_id)) as writer:
            await writer.execute(
                """
                insert into app_admin.system_logs (organization_id, service, level, message, context)
                values ($1, 'worker', 'error', $2, $3)
                """,
                event.organization_id,
                f"{event.topic} could not be delivered to {consumer}: {reason}",
                {"event_id": event.event_id, "entity_id": str(event.entity_id), "consumer": consumer},
            )

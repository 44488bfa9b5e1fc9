"""Removing what nobody needs any more, in batches that never hold the database up. What doesn't fit into one time waits
for the next."""

from __future__ import annotations

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database

BATCH = 1000
MOST_BATCHES = 50


async def sweep_outbox(database: Database, _: Cache) -> int:
    """Events that were delivered a week ago, or given up two weeks ago."""
    return await _sweep(database, "select shared_services.outbox_sweep($1)")


async def sweep_expired(database: Database, _: Cache) -> int:
    """Expired resets of passwords, and invitations that expired a month ago."""
    return await _sweep(database, "select app_auth.sweep_expired($1)")


async def sweep_system_logs(database: Database, _: Cache) -> int:
    """What an organization keeps no longer: its setting `system_log_days`."""
    return await _sweep(database, "select app_admin.sweep_system_logs($1)")


async def sweep_empty_searches(database: Database, _: Cache) -> int:
    """Of a year ago."""
    return await _sweep(database, "select app_admin.sweep_empty_searches($1)")


async def sweep_jobs(database: Database, _: Cache) -> int:
    """Jobs that ended two weeks ago. Those that succeed go at once, so these are the failed ones."""
    return await _sweep(
        database,
        """
        with old as (
          select j.id from jobs.procrastinate_jobs j
           where j.status in ('succeeded', 'failed', 'cancelled', 'aborted')
             and (select max(e.at) from jobs.procrastinate_events e where e.job_id = j.id)
                 < now() - interval '14 days'
           order by j.id limit $1
        ), gone as (
          delete from jobs.procrastinate_jobs j using old where j.id = old.id returning j.id
        )
        select count(*)::integer from gone
        """,
    )


async def _sweep(database: Database, query: str) -> int:
    total = 0
    for _ in range(MOST_BATCHES):
        async with database.unsealed() as writer:
            gone: int = await writer.fetchval(query, BATCH)
        total += gone
        if gone < BATCH:
            break
    return total

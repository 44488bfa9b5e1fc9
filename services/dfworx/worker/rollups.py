"""Daily figures of each organization for its admins. Whoever writes leaves a mark on the day; the days that have marks
are counted whole, beside the taking of the marks in one transaction under the organization's own seal. So a day comes
out the same however often it is counted, what was written while it was counted is counted again, and days that nobody
wrote to cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database, Writer
from dfworx.worker.delivery import worker_for

BATCH = 100
MARKS = 5000
LONGEST_WINDOW = timedelta(days=29)
"""Somebody who was active on a day counts among the active of the month that ends so much later."""


async def roll_up(database: Database, _: Cache) -> int:
    """How many days were counted."""
    done, after = 0, UUID(int=0)
    while True:
        async with database.unsealed() as reader:
            rows = await reader.fetch("select * from app_admin.marked_organizations($1, $2)", after, BATCH)
        for (organization_id,) in rows:
            after = organization_id
            while counted := await _roll_up_marked(database, organization_id):
                done += counted
        if len(rows) < BATCH:
            return done


async def _roll_up_marked(database: Database, organization_id: UUID) -> int:
    async with database.write(worker_for(organization_id)) as writer:
        # One at a time: a count that began earlier must not be written over a later one.
        await writer.execute("select from jobs.turns where name = 'rollups' for update")
        days = [day for (day,) in await writer.fetch("select * from app_admin.take_marks($1)", MARKS)]
        if days:
            await count_days(writer, organization_id, days)
    return len(days)


async def count_days(writer: Writer, organization_id: UUID, days: Sequence[date]) -> None:
    """Anew, whatever was counted before."""
    counted = await writer.fetch("select * from app_admin.count_days($1)", days)
    active = await writer.fetch(
        "select * from app_admin.count_active($1, $2)", min(days), max(days) + LONGEST_WINDOW
    )
    await _write_figures(writer, organization_id, [*counted, *active])


async def _write_figures(writer: Writer, organization_id: UUID, figures: Sequence[asyncpg.Record]) -> None:
    """Of what there was none of there is no row, unless there was one."""
    await writer.execute(
        """
        insert into app_admin.analytics as a (organization_id, day, metric, value)
        select $1, f.day, f.metric, f.value from unnest($2::date[], $3::text[], $4::bigint[]) as f (day, metric, value)
         where f.value <> 0
            or exists (select from app_admin.analytics e
                        where e.organization_id = $1 and e.day = f.day and e.metric = f.metric)
        on conflict (organization_id, day, metric)
        do update set value = excluded.value, updated_at = now() where a.value <> excluded.value
        """,
        organization_id,
        [figure["day"] for figure in figures],
        [figure["metric"] for figure in figures],
        [figure["value"] for figure in figures],
    )

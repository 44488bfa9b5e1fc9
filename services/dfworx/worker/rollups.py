"""Daily figures of each organization for its admins: yesterday's, which may have been counted before its end, and
today's so far. A day that is counted again gives the same rows, so it may be done at any time and twice at once. Read
by one definer function across organizations, written under each organization's own seal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.delivery import worker_for

BATCH = 100
METRICS = ("posts_published", "comments_written", "active_authors", "members")


async def roll_up(database: Database, _: Cache) -> int:
    """How many organizations have figures of today."""
    today = datetime.now(UTC).date()
    await roll_up_day(database, today - timedelta(days=1))
    return await roll_up_day(database, today)


async def roll_up_day(database: Database, day: date) -> int:
    done, after = 0, UUID(int=0)
    while True:
        async with database.unsealed() as reader:
            rows = await reader.fetch("select * from app_admin.daily_figures($1, $2, $3)", day, after, BATCH)
        for row in rows:
            after = row["organization_id"]
            await _write_figures(database, after, day, {metric: row[metric] for metric in METRICS})
        done += len(rows)
        if len(rows) < BATCH:
            return done


async def _write_figures(
    database: Database, organization_id: UUID, day: date, figures: dict[str, int]
) -> None:
    async with database.write(worker_for(organization_id)) as writer:
        await writer.execute(
            """
            insert into app_admin.analytics as a (organization_id, day, metric, value)
            select $1, $2, f.metric, f.value from unnest($3::text[], $4::bigint[]) as f (metric, value)
            on conflict (organization_id, day, metric)
            do update set value = excluded.value, updated_at = now() where a.value <> excluded.value
            """,
            organization_id,
            day,
            list(figures),
            list(figures.values()),
        )

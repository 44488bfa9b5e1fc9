"""`bench analytics`: what counting a new day costs an organization with a million comments behind it, beside one with
ten thousand. Both have the same people on the same days; a round writes the same new day into each and lets the
worker's own rollup count it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import uvloop

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, interleave, median
from dfworx.cli.benches.posts_making import owner_url
from dfworx.cli.benches.servers import open_home, serve_valkey
from dfworx.cli.database_roles import role_url
from dfworx.cli.failure import Failure
from dfworx.cli.home import write_private
from dfworx.cli.install import Install
from dfworx.cli.migrations import MIGRATIONS, migrate, prepare_cluster
from dfworx.cli.parts.postgres import DATABASE
from dfworx.cli.progress import Progress
from dfworx.cli.seal_keys import write_seal_keys
from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from dfworx.worker.rollups import roll_up

NAME = "rollup_day_1m_vs_10k"
FIGURES = (NAME,)
GOAL = Goal("<=", 1.25)
ROUNDS = 21
SMALL_DATABASE = "few"
EVENTS: Mapping[str, int] = {DATABASE: 1_000_000, SMALL_DATABASE: 10_000}
NEW_DAY = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=1000)
NEW_EVENTS = 1_000
"""Comments of the new day, in both."""
ORGANIZATION = UUID("00000000-0000-4000-8000-00000000000a")

# A hundred people who were there on each of a thousand days, and a thousand posts.
_PAST = (
    "insert into public.organizations (organization_id, name, slug) values ($1, 'Lumen', 'lumen')",
    """
    insert into public.users (user_id, organization_id, name, origin, created_at)
    select md5('person ' || n)::uuid, $1, 'Person ' || n, 'imported', timestamptz '2020-01-01Z'
      from generate_series(1, 100) n
    """,
    "insert into app_web.profiles (organization_id, user_id) select $1, md5('person ' || n)::uuid"
    " from generate_series(1, 100) n",
    """
    insert into app_web.posts (post_id, organization_id, user_id, title, slug, content, status, search, created_at,
                               published_at)
    select md5('post ' || n)::uuid, $1, md5('person ' || 1 + n % 100)::uuid, 'A', 'p' || n, 'B', 'published', '',
           timestamptz '2020-01-01Z' + n * interval '1 day', timestamptz '2020-01-01Z' + n * interval '1 day'
      from generate_series(0, 999) n
    """,
    """
    insert into app_admin.active_days (organization_id, user_id, day)
    select $1, md5('person ' || p)::uuid, date '2020-01-01' + d
      from generate_series(1, 100) p, generate_series(0, 999) d
    """,
)
# In the order of time, as they would have come. $2: how many.
_PAST_COMMENTS = """
insert into app_web.comments (organization_id, post_id, user_id, content, search, created_at)
select $1, md5('post ' || n % 1000)::uuid, md5('person ' || 1 + n % 100)::uuid, 'C', '',
       timestamptz '2020-01-01Z' + n * (interval '1000 days' / ($2::bigint + 1))
  from generate_series(1, $2::bigint) n
"""
_NEW_DAY = """
insert into app_web.comments (organization_id, post_id, user_id, content, created_at)
select $1, md5('post ' || n % 1000)::uuid, md5('person ' || 1 + n % 100)::uuid, 'C', $2
  from generate_series(1, $3::int) n
"""


def measure(
    folder: Path, only: Collection[str], progress: Progress, events: Mapping[str, int] = EVENTS
) -> tuple[str, list[Figure]]:
    """PostgreSQL's version, and the figure with what explains it."""
    with open_home(folder) as install:
        assert install.cluster is not None
        _require_data(install, progress, events)
        with progress.step("Starting PostgreSQL"):
            install.cluster.start()
        try:
            for name in events:
                kid = migrate(owner_url(install, name), install.secrets, install.home)
                write_seal_keys(install.home, install.secrets, kid)
            with serve_valkey(install) as served, progress.step("Measuring the rollup of a new day"):
                return uvloop.run(_measure(served, events))
        finally:
            install.cluster.stop("fast")


def _require_data(install: Install, progress: Progress, events: Mapping[str, int]) -> None:
    """Made once, and again when it would be made otherwise now."""
    assert install.cluster is not None
    whole = install.home.path / "whole.json"
    wanted = json.dumps(_made_with(events), indent=1) + "\n"
    if install.cluster.exists() and whole.exists() and whole.read_text() == wanted:
        return
    whole.unlink(missing_ok=True)
    shutil.rmtree(install.cluster.data, ignore_errors=True)
    install.cluster.create(progress.report)
    cluster = install.cluster
    cluster.start()
    try:
        for name, number in events.items():
            with progress.step(f"Writing {number:,} past comments"):
                migrate(prepare_cluster(cluster, install.secrets, name), install.secrets, install.home)
                asyncio.run(_fill(cluster.url(database=name), number))
    finally:
        cluster.stop("fast")
    write_private(whole, wanted)


def _made_with(events: Mapping[str, int]) -> dict[str, object]:
    migrations = (file.read_bytes() for file in sorted(MIGRATIONS.glob("*.sql")))
    maker = hashlib.sha256("".join((*_PAST, _PAST_COMMENTS)).encode())
    for each in migrations:
        maker.update(each)
    return {"maker": maker.hexdigest(), "events": dict(events)}


async def _fill(superuser_url: str, events: int) -> None:
    connection = await asyncpg.connect(superuser_url, command_timeout=None)
    try:
        # No triggers: the past is written as counted, and nothing of it is marked.
        await connection.execute("set session_replication_role = replica")
        for statement in _PAST:
            await connection.execute(statement, ORGANIZATION)
        await connection.execute(_PAST_COMMENTS, ORGANIZATION, events)
        await connection.execute("vacuum (freeze, analyze)")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _measure(install: Install, events: Mapping[str, int]) -> tuple[str, list[Figure]]:
    redis = connect_redis(install.redis_url)
    databases = {
        name: Database(
            Settings(
                database_url=role_url(owner_url(install, name), "dfworx_worker", install.secrets),
                redis_url=install.redis_url,
                seal_key_file=install.home.seal_keys / "dfworx_worker",
                home=install.home.path,
            )
        )
        for name in events
    }
    owners = {name: await asyncpg.connect(owner_url(install, name)) for name in events}
    try:
        rollups = {
            name: partial(_count_new_day, owners[name], databases[name], Cache(redis)) for name in events
        }
        for rollup in rollups.values():
            await rollup()  # what is planned at first isn't what is measured
        samples = await interleave(rollups, ROUNDS)
        version: str = await owners[DATABASE].fetchval("show server_version")
    finally:
        for owner in owners.values():
            await owner.close()
        for database in databases.values():
            await database.close()
        await redis.aclose()
    figures = [compare(NAME, Ratio(GOAL, DATABASE, SMALL_DATABASE, _seconds), samples)]
    for name, number in events.items():
        rounds = [_seconds(each) * 1000 for each in samples[name]]
        figures.append(median(f"rollup_day_after_{number}", "ms", None, rounds))
    return version, figures


def _seconds(sample: Sample) -> float:
    return sample.seconds


async def _count_new_day(owner: asyncpg.Connection, database: Database, cache: Cache) -> Sample:
    """The day after the past, which is as it was before once this is over: each round has the same behind it."""
    await _forget_new_day(owner)
    await owner.execute(_NEW_DAY, ORGANIZATION, NEW_DAY, NEW_EVENTS)
    began = time.perf_counter()
    days = await roll_up(database, cache)
    seconds = time.perf_counter() - began
    counted = await owner.fetchval(
        "select value from app_admin.analytics where organization_id = $1 and day = $2 and metric = 'comments'",
        *(ORGANIZATION, NEW_DAY.date()),
    )
    await _forget_new_day(owner)
    if (days, counted) != (1, NEW_EVENTS):
        raise Failure(f"The rollup counted {counted} comments on {days} days, so nothing can be compared.")
    return Sample(1, seconds, [seconds])


async def _forget_new_day(owner: asyncpg.Connection) -> None:
    await owner.execute("delete from app_web.comments where created_at >= $1", NEW_DAY)
    for table in ("active_days", "analytics"):
        await owner.execute(f"delete from app_admin.{table} where day >= $1", NEW_DAY.date())  # noqa: S608
    await owner.execute("delete from app_admin.analytics_marks")
    for table in (
        "app_web.comments",
        "app_admin.active_days",
        "app_admin.analytics",
        "app_admin.analytics_marks",
    ):
        await owner.execute(f"vacuum {table}")

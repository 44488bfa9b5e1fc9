"""The job library's tables: made once, moved on with the library, and handed to the worker alone."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from dfworx.cli.jobs_schema import (
    bring_up_jobs,
    installed_version,
    library_folder,
    scripts_between,
)
from tests.conftest import TestDatabase

NEWER = "create function later() returns int language sql as 'select 1'; create table later_things (id int);"


async def told_version(owner: asyncpg.Connection) -> str:
    told: str = await owner.fetchval("select obj_description('jobs'::regnamespace)")
    return told


async def test_a_second_migrate_changes_nothing(owner: asyncpg.Connection) -> None:
    version = ".".join(map(str, installed_version()))
    assert await told_version(owner) == f"procrastinate {version}"
    assert not await bring_up_jobs(owner)


async def test_a_newer_library_brings_its_migrations_once(
    owner: asyncpg.Connection, database: TestDatabase, tmp_path: Path
) -> None:
    folder = tmp_path / "sql"
    (folder / "migrations").mkdir(parents=True)
    (folder / "migrations" / "99.00.00_01_later.sql").write_text(NEWER)
    (folder / "migrations" / "99.01.00_01_too_late.sql").write_text("no SQL at all")
    assert await bring_up_jobs(owner, version=(99, 0, 0), folder=folder)
    assert await told_version(owner) == "procrastinate 99.0.0"
    assert not await bring_up_jobs(owner, version=(99, 0, 0), folder=folder)
    assert not await bring_up_jobs(owner, version=(3, 0, 0), folder=folder), (
        "an older library changes nothing"
    )
    worker = await asyncpg.connect(database.url("dfworx_worker"))
    try:
        assert await worker.fetchval("select jobs.later()") == 1
        assert await worker.fetch("select * from jobs.later_things") == []
    finally:
        await worker.close()
    config = await owner.fetchval("select proconfig from pg_proc where proname = 'later'")
    assert config == ["search_path=jobs, pg_catalog"]


async def test_a_migration_that_fails_leaves_all_as_it_was(owner: asyncpg.Connection, tmp_path: Path) -> None:
    before = await told_version(owner)
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "99.00.00_01_later.sql").write_text(f"{NEWER} no SQL at all")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await bring_up_jobs(owner, version=(99, 0, 0), folder=tmp_path)
    assert await told_version(owner) == before
    assert await owner.fetchval("select to_regclass('jobs.later_things')") is None


def test_the_library_names_its_migrations_as_we_read_them() -> None:
    """Else a newer one would pass unseen."""
    every = list((library_folder() / "migrations").glob("*.sql"))
    assert len(every) > 30
    assert scripts_between(library_folder(), (-1, 0, 0), (99, 0, 0)) == sorted(every)
    assert scripts_between(library_folder(), installed_version(), (99, 0, 0)) == []

"""Emptying a database that isn't ours alone: what the migrations made goes, and can be made again; nothing else."""

import asyncio
from pathlib import Path

import asyncpg

from dfworx.cli.db import drop_ours
from dfworx.cli.home import Home
from dfworx.cli.migrations import migrate
from tests.conftest import TestDatabase


async def test_a_reset_of_an_outside_database_leaves_other_programs_tables(
    database: TestDatabase, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    await owner.execute("create table public.theirs (a int)")
    await owner.execute("create schema app_theirs; create table app_theirs.b (c int)")
    await drop_ours(database.owner_url)
    assert await owner.fetchval("select to_regclass('public.users')") is None
    assert await owner.fetchval("select to_regnamespace('app_web')") is None
    assert await owner.fetchval("select to_regclass('public.theirs')") is not None
    assert await owner.fetchval("select to_regclass('app_theirs.b')") is not None
    home = Home(tmp_path)
    home.prepare()
    await asyncio.to_thread(migrate, database.owner_url, database.servers.secrets, home)
    assert await owner.fetchval("select count(*) from public.users") == 0

"""Bringing databases up to date, on a clone of the migrated template and on a plain PostgreSQL of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, Secrets, choose_port
from dfworx.cli.migrations import connect, migrate, migration_versions
from dfworx.cli.parts.postgres import throwaway_cluster

if TYPE_CHECKING:
    from tests.conftest import TestDatabase


def test_versions_are_numbered_from_one_without_a_gap() -> None:
    versions = migration_versions()
    assert versions == [f"{number:03}" for number in range(1, len(versions) + 1)]
    assert len(versions) >= 6


def test_files_that_are_no_migrations_are_passed_over(tmp_path: Path) -> None:
    for name in ("002_b.sql", "001_a.sql", "notes.md", "draft.sql"):
        (tmp_path / name).touch()
    assert migration_versions(tmp_path) == ["001", "002"]


def test_a_second_run_applies_nothing(database: TestDatabase, tmp_path: Path) -> None:
    told: list[str] = []
    home = Home(tmp_path)
    migrate(database.owner_url, database.servers.secrets, home, told.append)
    assert told == []
    assert not home.log("migrations").exists()


def test_a_database_whose_rights_the_owner_cannot_take_back_is_refused(
    database: TestDatabase, tmp_path: Path
) -> None:
    async def give_away() -> None:
        superuser = await asyncpg.connect(database.servers.cluster.url(database="postgres"))
        await superuser.execute(f"alter database {database.name} owner to supabase_admin")
        await superuser.execute(f"grant temporary on database {database.name} to public")
        await superuser.close()

    asyncio.run(give_away())
    with pytest.raises(Failure, match="REVOKE TEMPORARY, CREATE ON DATABASE test_"):
        migrate(database.owner_url, database.servers.secrets, Home(tmp_path))


def test_a_plain_server_is_made_ready_by_an_owner_without_special_rights(tmp_path: Path) -> None:
    secrets = Secrets("a master secret for a plain server")
    home = Home(tmp_path / "home")
    home.prepare()

    async def make_owner(url: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("create role keeper login createrole password 'p@ss/word'")
        await connection.execute("create database store owner keeper")
        await connection.close()

    async def ask(url: str) -> tuple[bool, list[str]]:
        connection = await asyncpg.connect(url)
        rows = await connection.fetch("select rolname from pg_roles where rolsuper or rolbypassrls")
        ledger = await connection.fetchval("select count(*) from supabase_migrations.schema_migrations")
        await connection.close()
        return ledger == len(migration_versions()), [row["rolname"] for row in rows]

    with throwaway_cluster(tmp_path, secrets) as cluster:
        asyncio.run(make_owner(cluster.url(database="postgres")))
        owner_url = cluster.url("keeper", "p@ss/word", "store")
        told: list[str] = []
        migrate(owner_url, secrets, home, told.append)
        assert any("Supabase project" in line for line in told)
        complete, powerful = asyncio.run(ask(owner_url))
    assert complete
    assert powerful == ["supabase_admin"]
    log = home.log("migrations").read_text()
    assert "p@ss" not in log and "p%40ss" not in log


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://me:x@127.0.0.1:{closed}/app", "can't be reached at 127.0.0.1 .*connection refused"),
        ("postgresql://me:x@name.invalid/app", "can't be reached at name.invalid"),
        ("mysql://me:x@127.0.0.1/app", "is no PostgreSQL address"),
    ],
)
async def test_an_unreachable_database_is_one_sentence(url: str, told: str) -> None:
    with pytest.raises(Failure, match=f"DATABASE_URL.*{told}") as raised:
        await connect(url.format(closed=choose_port()))
    assert "\n" not in str(raised.value)


async def test_a_refused_login_is_one_sentence(database: TestDatabase) -> None:
    wrong = database.servers.cluster.url("postgres", "wrong", database.name)
    with pytest.raises(Failure, match="DATABASE_URL refuses the login"):
        await connect(wrong)

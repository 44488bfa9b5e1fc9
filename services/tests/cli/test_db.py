"""What `db` refuses before it touches anything. Emptying a database that isn't ours alone: what the migrations made
goes, and can be made again; nothing else."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from dfworx.cli.db import drop_ours
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.main import build_app
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


def test_a_reset_that_nobody_can_confirm_asks_for_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:x@127.0.0.1:1/app")
    result = CliRunner().invoke(build_app("db"), ["db", "reset"], input="y\n")
    assert isinstance(result.exception, Failure) and "--yes" in str(result.exception)
    assert not (tmp_path / "home").exists()


def test_the_address_of_an_install_that_is_not_there_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = CliRunner().invoke(build_app("db"), ["db", "url", "owner"])
    assert isinstance(result.exception, Failure) and "start one with: ./dfworx up" in str(result.exception)
    assert not (tmp_path / "home").exists()
    outside = "postgresql://me:x@db.example.com/app"
    monkeypatch.setenv("DATABASE_URL", outside)
    assert CliRunner().invoke(build_app("db"), ["db", "url", "owner"]).stdout == f"{outside}\n"

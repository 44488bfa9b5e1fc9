"""What `db` refuses before it touches anything, new seal keys by command, and emptying a database that isn't ours
alone: what the migrations made goes, and can be made again; nothing else."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from dfworx.cli.db import drop_ours
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.main import build_app
from dfworx.cli.migrations import migrate
from dfworx.cli.seal_keys import GRACE_SECONDS, known_kid
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


@pytest.fixture
def home(database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An install whose database is outside."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("DFWORX_HOME", str(home.path))
    monkeypatch.setenv("DATABASE_URL", database.owner_url)
    monkeypatch.setenv("DFWORX_SECRET", database.servers.secrets.master)
    return home


async def run_db(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, build_app("db"), ["db", *words])


async def keys_without_end(owner: asyncpg.Connection) -> set[int]:
    rows = await owner.fetch("select distinct kid from private.seal_keys where not_after is null")
    return {row["kid"] for row in rows}


async def test_new_seal_keys_take_the_place_of_the_older_ones(home: Home, owner: asyncpg.Connection) -> None:
    for kid in (2, 3):
        told = await run_db("rotate-seal-key")
        assert told.exit_code == 0 and f"key number {kid}." in told.stdout
        assert f"in {GRACE_SECONDS} seconds" in told.stdout
        assert known_kid(home) == kid
        assert await keys_without_end(owner) == {kid}


async def test_services_elsewhere_get_their_keys_before_the_older_ones_end(
    home: Home, owner: asyncpg.Connection, database: TestDatabase
) -> None:
    told = await run_db("rotate-seal-key", "--keep-old")
    key = database.servers.secrets.seal_key("dfworx_web", 2).hex()
    assert f"dfworx_web: DFWORX_SEAL_KID=2 DFWORX_SEAL_KEY={key}\n" in told.stdout
    assert await keys_without_end(owner) == {1, 2}
    told = await run_db("rotate-seal-key", "--end-old")
    assert told.exit_code == 0 and "key number 2." in told.stdout
    assert await keys_without_end(owner) == {2}
    assert database.servers.secrets.seal_key("dfworx_web", 2).hex() not in told.stdout


async def test_two_rotations_at_once_follow_one_another(home: Home, owner: asyncpg.Connection) -> None:
    command = [sys.executable, "-m", "dfworx.cli.main", "db", "rotate-seal-key"]
    both = [await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE) for _ in range(2)]
    told = [(await each.communicate())[0].decode() for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sorted(line for text in told for line in text.splitlines() if "number" in line) == [
        "Services seal with key number 2.",
        "Services seal with key number 3.",
    ]
    assert known_kid(home) == 3
    assert await keys_without_end(owner) == {3}


async def test_another_home_learns_the_keys_in_force_by_migrating(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run_db("rotate-seal-key", "--keep-old")
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "another"))
    told = await run_db("rotate-seal-key", "--end-old")
    assert isinstance(told.exception, Failure) and "./dfworx db migrate" in str(told.exception)
    assert (await run_db("migrate")).exit_code == 0
    assert known_kid(Home(tmp_path / "another")) == 2


async def test_both_halves_of_a_rotation_at_once_are_refused(home: Home) -> None:
    told = await run_db("rotate-seal-key", "--keep-old", "--end-old")
    assert isinstance(told.exception, Failure) and "--keep-old first" in str(told.exception)


async def test_a_database_without_tables_is_one_sentence(home: Home, database: TestDatabase) -> None:
    await drop_ours(database.owner_url)
    told = await run_db("rotate-seal-key")
    assert isinstance(told.exception, Failure) and "./dfworx db migrate first" in str(told.exception)
    assert known_kid(home) is None


def test_seal_keys_of_an_install_that_is_not_there_make_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    told = CliRunner().invoke(build_app("db"), ["db", "rotate-seal-key"])
    assert isinstance(told.exception, Failure) and "./dfworx up" in str(told.exception)
    assert not (tmp_path / "home").exists()

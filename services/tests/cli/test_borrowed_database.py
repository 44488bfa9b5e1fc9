"""A database that is lent to the walls suite comes back as it was, and none that holds an install is touched."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from dfworx.cli.borrowed_database import borrowed, give_back, require_borrowable
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, Secrets
from dfworx.cli.parts.postgres import Cluster, throwaway_cluster

SECRETS = Secrets("of the operator's server")

# Everything that lending could leave behind.
STATE = """
    select (select array_agg(rolname::text order by 1) from pg_roles),
           (select array_agg((nspname, coalesce(nspacl, acldefault('n', nspowner)))::text order by 1) from
             pg_namespace),
           (select array_agg(oid::regclass::text || coalesce(relacl, acldefault('r', relowner))::text order
             by 1) from pg_class where oid >= 16384),
           (select array_agg(oid::regprocedure::text order by 1) from pg_proc where oid >= 16384),
           (select array_agg(d::text order by 1) from (select defaclrole::regrole, defaclacl from pg_default_acl) d),
           (select array_agg(m::text order by 1) from (select roleid::regrole, member::regrole from pg_auth_members) m),
           has_database_privilege('public', current_database(), 'temp'),
           (select array_agg(note order by 1) from public.notes)
"""


def ask(url: str, *statements: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return tuple((await connection.fetchrow(statements[-1])) or ())
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """One without an install: the cluster of the other tests has its roles."""
    with (
        TemporaryDirectory(prefix="dfworx-tests-") as folder,
        throwaway_cluster(Path(folder), SECRETS) as cluster,
    ):
        yield cluster


@pytest.fixture
def url(server: Cluster) -> Iterator[str]:
    """An ordinary user's database with something of theirs in it."""
    superuser = server.url(database="postgres")
    ask(
        superuser,
        "create role operator login createrole password 'x'",
        "create database lent owner operator",
        "select 1",
    )
    mine = server.url("operator", "x", "lent")
    ask(server.url(database="lent"), "grant usage, create on schema public to operator", "select 1")
    ask(mine, "create table public.notes (note text)", "insert into public.notes values ('mine')", "select 1")
    yield mine
    with suppress(Failure):
        give_back(mine)
    ask(superuser, "drop database lent with (force)", "drop role operator", "select 1")


def home(folder: Path) -> Home:
    made = Home(folder / "home")
    made.prepare()
    return made


def test_it_is_given_back_as_it_was(url: str, tmp_path: Path) -> None:
    before = ask(url, STATE)
    with borrowed(url, SECRETS, home(tmp_path)):
        assert ask(url, "select count(*) from public.organizations") == (0,)
        ask(url, "insert into public.organizations (name, slug) values ('Acme', 'acme')", "select 1")
        assert ask(url, STATE) != before
    assert ask(url, STATE) == before


def test_what_a_killed_run_left_is_taken_away_by_the_next(url: str, tmp_path: Path) -> None:
    before = ask(url, STATE)
    lending = borrowed(url, SECRETS, home(tmp_path))
    lending.__enter__()
    require_borrowable(url)
    assert ask(url, STATE) == before


def test_a_database_with_tables_of_an_install_is_refused(url: str) -> None:
    ask(url, "create table public.organizations (a int)", "select 1")
    with pytest.raises(Failure, match="has DFWorX's tables"):
        require_borrowable(url)
    assert ask(url, "select count(*) from public.organizations") == (0,)


def test_a_server_with_roles_of_an_install_is_refused(url: str, server: Cluster) -> None:
    superuser = server.url(database="postgres")
    ask(superuser, "create role dfworx_web login password 'theirs'", "select 1")
    try:
        with pytest.raises(Failure, match="roles of an install"):
            require_borrowable(url)
        assert ask(server.url("dfworx_web", "theirs", "lent"), "select 1") == (1,)
    finally:
        ask(superuser, "drop role dfworx_web", "select 1")


def test_a_superuser_and_somebody_without_createrole_are_refused(url: str, server: Cluster) -> None:
    with pytest.raises(Failure, match="is a superuser"):
        require_borrowable(server.url(database="lent"))
    ask(server.url(database="postgres"), "alter role operator nocreaterole", "select 1")
    with pytest.raises(Failure, match="CREATEROLE"):
        require_borrowable(url)

"""PostgreSQL in a backup: a dump of one snapshot with the server's own tools, the roles beside it, and both put into an
empty cluster."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from dfworx.cli.backups.measures import differences, take_measures
from dfworx.cli.failure import Failure
from dfworx.cli.jobs_schema import LIBRARY, installed_version
from dfworx.cli.migrations import DATABASE_LOCK, connect, migration_versions
from dfworx.cli.parts.postgres import DATABASE, PROGRAMS, SUPERUSER, Cluster, server_environment

DUMP, ROLES = "database.dump", "roles.sql"
# What pg_dumpall says of roles, a line each; around it are words for psql.
_ABOUT_ROLES = re.compile(rf"(?:CREATE ROLE|ALTER ROLE|GRANT) (?!{SUPERUSER}\b).*;")


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database, as long as its connection lives."""

    connection: asyncpg.Connection
    name: str

    async def facts(self) -> dict[str, Any]:
        """What must fit where it is restored, and how large it is."""
        [row] = await self.connection.fetch(
            """
            select current_setting('server_version_num')::int / 10000 as postgres,
                   pg_database_size(current_database()) as bytes,
                   array(select version from supabase_migrations.schema_migrations order by 1) as migrations,
                   obj_description('jobs'::regnamespace) as jobs
            """
        )
        return dict(row)

    async def storage_keys(self) -> set[str]:
        """Of the files that it names."""
        rows = await self.connection.fetch("select storage_key from shared_services.files")
        return {row["storage_key"] for row in rows}

    async def measures(self) -> dict[str, Any]:
        return await take_measures(self.connection)


@asynccontextmanager
async def hold_schema(cluster: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """A connection while which nobody migrates; raises Failure when somebody does."""
    connection = await connect(cluster.url(), name="this home")
    try:
        if not await connection.fetchval(f"select pg_try_advisory_lock_shared({DATABASE_LOCK})"):
            raise Failure("The database is being brought up to date; try again when that is done.")
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def take_snapshot(connection: asyncpg.Connection) -> AsyncIterator[Snapshot]:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield Snapshot(connection, await connection.fetchval("select pg_export_snapshot()"))


async def dump(cluster: Cluster, snapshot: str, folder: Path) -> None:
    """The snapshot's database and the roles, into files of the folder. Raises Failure."""
    await _run(
        cluster,
        *("pg_dump", "--format=custom", "--create", f"--snapshot={snapshot}", "--lock-wait-timeout=60000"),
        *(f"--file={folder / DUMP}", f"--dbname={DATABASE}"),
    )
    await _run(
        cluster,
        "pg_dumpall",
        "--roles-only",
        "--no-role-passwords",
        f"--file={folder / ROLES}",
        "--database=postgres",
    )


async def fill(cluster: Cluster, folder: Path) -> None:
    """Puts a dump into a running cluster that has no database yet. Raises Failure."""
    server = await connect(cluster.url(database="postgres"), name="the new home")
    try:
        roles = [line for line in (folder / ROLES).read_text().splitlines() if _ABOUT_ROLES.fullmatch(line)]
        await server.execute("\n".join(roles))
    except asyncpg.PostgresError as error:
        raise Failure(f"The roles of the backup can't be made: {error}; nothing was changed.") from None
    finally:
        await server.close()
    await _run(
        cluster,
        *("pg_restore", "--create", "--exit-on-error", "--dbname=postgres", str(folder / DUMP)),
    )


async def require_same(cluster: Cluster, saved: dict[str, Any]) -> dict[str, Any]:
    """Raises Failure when what was restored is not what was saved."""
    connection = await connect(cluster.url(), name="the new home")
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            found = await take_measures(connection)
    finally:
        await connection.close()
    changed = differences(saved, found)
    if changed:
        raise Failure(
            f"What was restored is not what was saved: {', '.join(changed[:5])}; nothing was changed."
        )
    return found


def require_known(facts: dict[str, Any]) -> None:
    """Raises Failure for a database that was made by a newer DFWorX than this one."""
    newer = sorted(set(facts["migrations"]) - set(migration_versions()))
    if newer:
        raise Failure(
            f"The backup is of a newer DFWorX: its database has the migration {newer[-1]}, which this one doesn't "
            "know. Restore it with that version, or a later one."
        )
    known = int(_version_of_server().split(".")[0])
    if facts["postgres"] > known:
        raise Failure(
            f"The backup is of PostgreSQL {facts['postgres']}, and this DFWorX has {known}; take a newer one."
        )
    jobs = [int(number) for number in re.findall(r"\d+", facts["jobs"] or "")]
    if tuple(jobs) > installed_version():
        raise Failure(
            f"The backup is of a newer DFWorX: its jobs are of {facts['jobs']}, this one has an older {LIBRARY}."
        )


def _version_of_server() -> str:
    done = subprocess.run(
        [str(PROGRAMS / "pg_dump"), "--version"], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[2]


async def _run(cluster: Cluster, program: str, *arguments: str) -> None:
    where = ["--host=127.0.0.1", f"--port={cluster.port}", f"--username={SUPERUSER}", "--no-password"]
    # A password on a command line is everyone's to read.
    environment = {**server_environment(), "PGPASSWORD": cluster.password}
    process = await asyncio.create_subprocess_exec(
        str(PROGRAMS / program),
        *(*where, *arguments),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _, told = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        lines = told.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise Failure(f"{program} failed: {lines[0]}")

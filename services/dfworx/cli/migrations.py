"""Bringing a database up to date: what Supabase has on day one, the numbered migrations, role passwords, seal keys.

One way for every database: the embedded one, a throwaway one of the tests, and a Supabase project or plain
PostgreSQL behind DATABASE_URL. The migrations are applied by the official Supabase CLI as the owner, and it is
only called when its ledger lacks a version, so that a second start costs two queries.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import asyncpg

from dfworx.cli.database_roles import (
    scram_verifier,
    set_role_passwords,
    set_role_settings,
)
from dfworx.cli.failure import Failure, Report, quiet
from dfworx.cli.home import INFRASTRUCTURE, Home, Secrets
from dfworx.cli.jobs_schema import bring_up_jobs
from dfworx.cli.parts import node
from dfworx.cli.parts.postgres import DATABASE, OWNER, SUPERUSER, Cluster
from dfworx.cli.seal_keys import known_kid, set_seal_keys

MIGRATIONS = INFRASTRUCTURE / "supabase" / "migrations"
BOOTSTRAP = INFRASTRUCTURE / "supabase" / "bootstrap.sql"
# Any number will do, as long as every DFWorX takes the same: two installs may share one database server.
DATABASE_LOCK = 4_837_115


def migrate(owner_url: str, secrets: Secrets, home: Home, report: Report = quiet) -> int:
    """Bring the owner's database up to date, and say the number of the seal keys in force. Safe to run again, and by
    two commands at once."""
    return asyncio.run(_migrate(owner_url, secrets, home, report))


def prepare_cluster(cluster: Cluster, secrets: Secrets, database: str = DATABASE) -> str:
    """Make the database and its owner on our own server, as its superuser; returns the owner's URL."""
    asyncio.run(_prepare_cluster(cluster, secrets, database))
    return cluster.url(OWNER, secrets.password(OWNER), database)


def migration_versions(folder: Path = MIGRATIONS) -> list[str]:
    """The versions on disk, in order: the digits before the first underscore, as the Supabase CLI reads them."""
    matches = (re.fullmatch(r"(\d+)_.*\.sql", file.name) for file in folder.iterdir())
    return sorted(match.group(1) for match in matches if match)


async def connect(url: str, *, name: str = "DATABASE_URL") -> asyncpg.Connection:
    """A connection, or one sentence; `name` is what the person has set or knows this address by."""
    try:
        return await asyncpg.connect(url, timeout=10, server_settings={"application_name": "dfworx"})
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        raise Failure(
            f"The database of {name} refuses the login ({error}); check the user, password and name."
        ) from None
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        host = urlsplit(url).hostname
        raise Failure(
            f"The database of {name} can't be reached at {host} ({_reason(error)}); check the address and that it runs."
        ) from None
    except (ValueError, asyncpg.InterfaceError) as error:
        raise Failure(
            f"{name} is no PostgreSQL address ({error}); it looks like postgresql://USER:PASSWORD@HOST/NAME."
        ) from None


async def _prepare_cluster(cluster: Cluster, secrets: Secrets, database: str) -> None:
    try:
        server = await connect(cluster.url(database="postgres"), name=f"this home ({SUPERUSER})")
    except Failure as failure:
        if isinstance(failure.__context__, asyncpg.InvalidPasswordError):
            raise Failure(
                f"The database in {cluster.data.parent} was made with another secret; "
                "set DFWORX_SECRET to that one, or use another DFWORX_HOME."
            ) from None
        raise
    try:
        if not await server.fetchval("select true from pg_database where datname = $1", database):
            await server.execute(f'create database "{database}"')
    finally:
        await server.close()
    inside = await connect(cluster.url(database=database), name=f"this home ({SUPERUSER})")
    try:
        await inside.execute(BOOTSTRAP.read_text())
        await inside.execute(f"alter role {OWNER} password '{scram_verifier(secrets.password(OWNER))}'")
    finally:
        await inside.close()


async def _migrate(owner_url: str, secrets: Secrets, home: Home, report: Report) -> int:
    owner = await connect(owner_url)
    try:
        await owner.execute(f"select pg_advisory_lock({DATABASE_LOCK})")
        if not await owner.fetchval(
            "select to_regrole('authenticated') is not null and to_regnamespace('auth') is not null"
        ):
            report("Adding the roles and functions that a Supabase project has")
            await owner.execute(BOOTSTRAP.read_text())
        missing = await _missing_versions(owner)
        if missing:
            report(f"Applying {len(missing)} migration{'s' if len(missing) > 1 else ''}")
            await asyncio.to_thread(_push, owner_url, home, report)
        await bring_up_jobs(owner)
        await _require_walls(owner)
        await set_role_settings(owner)
        await set_role_passwords(owner, owner_url, secrets)
        return await set_seal_keys(owner, secrets, known_kid(home))
    except asyncpg.PostgresError as error:
        raise Failure(f"The database could not be brought up to date: {error}") from error
    finally:
        await owner.close()


async def _require_walls(owner: asyncpg.Connection) -> None:
    """A REVOKE on a database by somebody who doesn't own it changes nothing and says nothing: so it is asked."""
    database = await owner.fetchval(
        """
        select quote_ident(current_database())
         where exists (select from pg_roles
                        where rolname like 'dfworx\\_%'
                          and (has_database_privilege(rolname, current_database(), 'TEMP')
                               or has_database_privilege(rolname, current_database(), 'CREATE')))
        """
    )
    if database is not None:
        raise Failure(
            "Services could make tables of their own in this database, which its walls forbid, and the user of "
            "DATABASE_URL may not change that; let the database's owner run: "
            f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC"
        )


async def _missing_versions(owner: asyncpg.Connection) -> list[str]:
    applied: set[str] = set()
    if await owner.fetchval("select to_regclass('supabase_migrations.schema_migrations') is not null"):
        rows = await owner.fetch("select version from supabase_migrations.schema_migrations")
        applied = {row["version"] for row in rows}
    return [version for version in migration_versions() if version not in applied]


def _push(owner_url: str, home: Home, report: Report) -> None:
    node.install_packages(home.path, report)
    environment, address = _without_password(owner_url)
    done = subprocess.run(
        [
            *(str(node.supabase_executable()), "db", "push", "--workdir", str(INFRASTRUCTURE)),
            *("--db-url", address, "--yes", "--skip-vault", "--agent", "no"),
        ],
        env={**node.npm_environment(home.path), **environment, "SUPABASE_TELEMETRY_DISABLED": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    log = home.log("migrations")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        told = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
        errors = [line for line in told if "ERROR" in line or line.startswith("failed")] or told[-3:]
        raise Failure(f"A migration could not be applied: {' '.join(errors[:3])} (all of it is in {log})")


def _without_password(owner_url: str) -> tuple[dict[str, str], str]:
    """Environment and address for an outside tool: a password on a command line is everyone's to read."""
    parts = urlsplit(owner_url)
    user, address = quote(unquote(parts.username or "")), parts.netloc.rsplit("@", 1)[-1]
    query = dict(parse_qsl(parts.query))
    if parts.hostname in ("127.0.0.1", "localhost", "::1"):
        # The CLI asks for TLS otherwise; anywhere but on this machine that is right.
        query.setdefault("sslmode", "disable")
    bare = parts._replace(netloc=f"{user}@{address}", query=urlencode(query))
    return {"PGPASSWORD": unquote(parts.password or "")}, urlunsplit(bare)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer within 10 seconds"
    if isinstance(error, socket.gaierror):
        return "its name is unknown"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error)

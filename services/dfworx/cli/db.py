"""`dfworx db`: migrate, seed, reset, new seal keys, and the addresses of the database. The work is done in
`migrations.py`, `database_roles.py`, `seal_keys.py` and `seed.py`; what destroys or invents data is for development
only.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import asyncpg
import typer

from dfworx.cli import seal_keys
from dfworx.cli import seed as seeding
from dfworx.cli.database_roles import role_url
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, locate_home
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.migrations import DATABASE_LOCK, connect, migrate, prepare_cluster
from dfworx.cli.parts import supervision, valkey
from dfworx.cli.parts.processes import end_processes, remove_stale_lock
from dfworx.cli.progress import Progress
from dfworx.shared.datasets import DATASETS

__all__ = ["app", "migrate"]

app = typer.Typer(help="Look after the database.", no_args_is_help=True, add_completion=False)

LOGINS = ("owner", "auth", "web", "admin", "worker")


@app.command("migrate")
def migrate_database() -> None:
    """Apply missing migrations, and set the passwords and seal keys of the services' roles."""
    progress = Progress()
    with running_database(progress) as install:
        _bring_up_to_date(install, progress)
    typer.echo("The database is up to date.")


@app.command()
def seed(
    schema: Annotated[str | None, typer.Option(help="Only this schema's section of seed.sql.")] = None,
) -> None:
    """Fill an empty development database with two example organizations."""
    with running_database(Progress()) as install:
        _require_development(install, "seeded")
        done = seeding.run_sections(install.database_url, schema)
    typer.echo(f"Seeded: {', '.join(done) or 'nothing, there is no seed'}.")


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Throw away all data of a development install, then migrate and seed."""
    if not yes and not sys.stdin.isatty():
        raise Failure("There is no terminal to ask whether to delete everything; if you mean it, add --yes.")
    progress = Progress()
    with running_database(progress) as install:
        _require_development(install, "reset")
        if not yes:
            typer.confirm(f"Delete everything in the database of {install.origin}?", abort=True)
        with progress.step("Deleting the database"):
            _recreate_database(install)
            _flush_redis(install)
        with progress.step("Bringing the database up to date"):
            _bring_up_to_date(install, progress)
            seeding.run_sections(install.database_url)
    typer.echo("The database is as on the first day.")


@app.command("rotate-seal-key")
def rotate_seal_key(
    keep_old: Annotated[
        bool,
        typer.Option(
            "--keep-old", help="Services run elsewhere too: say what to set there, end nothing yet."
        ),
    ] = False,
    end_old: Annotated[
        bool, typer.Option("--end-old", help="After --keep-old, when every service has the new key.")
    ] = False,
) -> None:
    """Give every service a new key for its database context; the older ones are refused soon after."""
    if keep_old and end_old:
        raise Failure("Give --keep-old first, and --end-old when every service has the new key.")
    _require_home()
    with running_database(Progress()) as install:
        kid = asyncio.run(_rotate_seal_keys(install, keep_old=keep_old, end_old=end_old))
    typer.echo(f"Services seal with key number {kid}.")
    if not keep_old:
        typer.echo(f"Older keys are refused in {seal_keys.GRACE_SECONDS} seconds.")
        return
    typer.echo("Older keys hold until you run: ./dfworx db rotate-seal-key --end-old")
    typer.echo(
        "First run ./dfworx db migrate on other machines, and set this where a service gets its key by variable:"
    )
    for line in seal_keys.told_by_environment(install.secrets, kid):
        typer.echo(f"  {line}")
    typer.echo("Then run ./dfworx db rotate-seal-key --end-old; until you do, older keys hold.")


@app.command()
def url(role: Annotated[str, typer.Argument(help="owner, auth, web, admin or worker.")]) -> None:
    """Print the address with which a role reaches the database; it holds the password."""
    if role not in LOGINS:
        raise Failure(f"There is no database login named {role}; there are: {', '.join(LOGINS)}.")
    home = _require_home()
    home.prepare()
    install = assemble_install(home, os.environ)
    owner = install.database_url
    typer.echo(owner if role == "owner" else role_url(owner, f"dfworx_{role}", install.secrets))


def _require_home() -> Home:
    home = locate_home(os.environ)
    if not home.path.is_dir() and not os.environ.get("DATABASE_URL"):
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    return home


@contextmanager
def running_database(progress: Progress) -> Iterator[Install]:
    """The install with its database running: an embedded server is started for the while if it is down."""
    home = locate_home(os.environ)
    home.prepare()
    with home.lock():
        if supervision.is_running(home):
            yield assemble_install(home, os.environ)
            return
        end_processes(home.path)
        remove_stale_lock(home.path / "postgres" / "data")
        install = assemble_install(home, os.environ, choose_free_ports=True)
        if install.cluster is None:
            yield install
            return
        if not install.cluster.exists():
            with progress.step("Creating the database"):
                install.cluster.create(progress.report)
        install.cluster.open_the_way(progress.report)
        install.cluster.start()
        try:
            prepare_cluster(install.cluster, install.secrets)
            yield install
        finally:
            install.cluster.stop("fast")


def _bring_up_to_date(install: Install, progress: Progress) -> None:
    kid = migrate(install.database_url, install.secrets, install.home, progress.report)
    seal_keys.write_seal_keys(install.home, install.secrets, kid)


async def _rotate_seal_keys(install: Install, *, keep_old: bool, end_old: bool) -> int:
    owner = await connect(install.database_url)
    try:
        await owner.execute(f"select pg_advisory_lock({DATABASE_LOCK})")
        if not end_old:
            return await seal_keys.rotate_seal_keys(owner, install.home, install.secrets, keep_old=keep_old)
        kid = await seal_keys.require_keys(owner, install.secrets, seal_keys.known_kid(install.home))
        await seal_keys.end_older_keys(owner, kid)
        return kid
    except asyncpg.UndefinedTableError:
        raise Failure("This database has no tables yet; run ./dfworx db migrate first.") from None
    except asyncpg.PostgresError as error:
        raise Failure(f"The seal keys could not be rotated: {error}") from error
    finally:
        await owner.close()


def _require_development(install: Install, done: str) -> None:
    if not install.development:
        raise Failure(f"Only a development install can be {done}; this one runs with DFWORX_ENV=production.")


def _recreate_database(install: Install) -> None:
    if install.cluster:
        asyncio.run(_drop_database(install.cluster.url(database="postgres"), install.cluster.url()))
        prepare_cluster(install.cluster, install.secrets)
    else:
        asyncio.run(drop_ours(install.database_url))


async def _drop_database(server_url: str, database_url: str) -> None:
    name = database_url.rsplit("/", 1)[-1]
    server = await connect(server_url)
    try:
        await server.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await server.close()


async def drop_ours(owner_url: str) -> None:
    """A database outside is not ours to drop, and may hold other programs' tables: what the migrations made goes."""
    tables = [dataset.name for dataset in DATASETS.values() if dataset.system == "PostgreSQL"]
    schemas = {name.partition(".")[0] for name in tables} - {"public"}
    owner = await connect(owner_url)
    try:
        async with owner.transaction():
            for schema in sorted(schemas | {"app", "jobs", "supabase_migrations"}):
                await owner.execute(f'drop schema if exists "{schema}" cascade')
            for table in tables:
                if table.startswith("public."):
                    await owner.execute(f"drop table if exists {table} cascade")
    except asyncpg.PostgresError as error:
        raise Failure(f"The database could not be emptied: {error}") from error
    finally:
        await owner.close()


def _flush_redis(install: Install) -> None:
    """An embedded server, or a database number of an outside one, belongs to one install."""
    import redis

    if install.valkey and valkey.answers(install.redis_url):
        # Not running, as the install is down: what it kept on disk goes.
        for file in install.valkey.folder.glob("appendonlydir/*"):
            file.unlink()
        return
    with redis.Redis.from_url(install.redis_url, socket_timeout=5) as client:
        client.flushdb()

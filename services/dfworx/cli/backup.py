"""`dfworx backup`: an install as one file, taken while people work in it; `list` and `drill` look after those that are
taken by themselves. `restore` makes an install of one again."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dfworx.cli.backups.archive import is_encrypted
from dfworx.cli.backups.drill import prove_backup
from dfworx.cli.backups.encryption import VARIABLE, ask_new_passphrase, ask_passphrase
from dfworx.cli.backups.records import drop_old, list_backups, name_backup, note, read_plan, read_state
from dfworx.cli.backups.taking import Taken, take_backup
from dfworx.cli.db import running_database
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, locate_home
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import supervision
from dfworx.cli.parts.processes import MARK
from dfworx.cli.progress import Progress

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


class FileOrCommand(TyperGroup):
    """What is no command is the file of a backup to take."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = {*self.commands, "--help", "-h"}
        return super().parse_args(ctx, args if not args or args[0] in known else ["take", *args])


app = typer.Typer(
    help="Write the whole install into one archive: ./dfworx backup FILE",
    cls=FileOrCommand,
    no_args_is_help=True,
    add_completion=False,
)


@app.command()
def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The archive; it may not be there yet.")],
    encrypt: Annotated[
        bool,
        typer.Option("--encrypt", help="With a passphrase: DFWORX_BACKUP_PASSPHRASE, or it is asked for."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write database, chat, files and keys into one archive, also while people work (`take` may be left out)."""
    passphrase = ask_new_passphrase(os.environ) if encrypt else None
    taken = take_now(file.absolute(), passphrase)
    told = summary(taken)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    typer.echo(
        f"{taken.file} has {told['rows']} rows, {told['documents']} documents and {told['files']} files."
    )
    if told["missing_files"]:
        typer.echo(f"{told['missing_files']} files were not there: {', '.join(taken.missing[:3])}", err=True)
    for name in taken.manifest["outside"]:
        typer.echo(f"What is behind {name} is not in it; back that up where it is.", err=True)
    for name in taken.manifest["by_environment"]:
        typer.echo(f"{name} is not in it; keep it elsewhere, a restored install needs it.", err=True)
    if not encrypt:
        typer.echo(
            "It is not encrypted and holds this install's secrets: keep it where nobody else reads.", err=True
        )


@app.command("list")
def list_kept(as_json: AsJson = False) -> None:
    """Show the backups that were taken by themselves, and how the last one and the last drill went."""
    home = require_home()
    plan, state = read_plan(home, os.environ), read_state(home)
    kept = [each.told() for each in list_backups(plan.folder)]
    if as_json:
        told = {"folder": str(plan.folder), "every_hours": plan.hours, "keep": plan.keep, "backups": kept}
        typer.echo(json.dumps({**told, "last": state}, indent=2))
        return
    for each in kept:
        sealed = "encrypted" if each["encrypted"] else "not encrypted"
        typer.echo(f"  {each['at']}  {each['bytes'] / 1e6:>10,.1f} MB  {sealed:<13}  {each['file']}")
    if not kept:
        typer.echo(f"There are no backups in {plan.folder}; take one every day with DFWORX_BACKUP_EVERY=24.")
    for name, last in state.items():
        typer.echo(f"  Last {name}: {last['at']}, {'well' if last['ok'] else last['why']}")


@app.command()
def drill(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="[default: the newest]")] = None,
    as_json: AsJson = False,
) -> None:
    """Prove a backup: restore it into a scratch folder and compare every table and wall with what was saved."""
    home = require_home()
    home.prepare()
    os.umask(0o077)
    if file is None:
        newest = next(iter(list_backups(read_plan(home, os.environ).folder)), None)
        if newest is None:
            raise Failure("There is no backup to prove; name one, or set DFWORX_BACKUP_EVERY.")
        file = newest.file
    file, began = file.absolute(), time.monotonic()
    try:
        passphrase = ask_passphrase(os.environ) if is_encrypted(file) else None
        proven = prove_backup(home, file, os.environ, passphrase=passphrase, progress=Progress())
    except Failure as failure:
        note(home, "drill", ok=False, file=str(file), why=str(failure))
        raise
    told = {"file": str(file), "seconds": round(time.monotonic() - began, 1), **proven}
    note(home, "drill", ok=True, **told)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    typer.echo(
        f"{file} holds: {told['rows']} rows of {told['tables']} tables, {told['policies']} policies, "
        f"{told['grants']} grants and {told['files']} files are what was saved."
    )


@app.command(hidden=True)
def due() -> None:
    """For the supervisor: takes a backup when one is due, and deletes those beyond the number that is kept."""
    home = require_home()
    plan, now = read_plan(home, os.environ), datetime.now(UTC)
    newest = next(iter(list_backups(plan.folder)), None)
    if not plan.hours or (newest and now - newest.at < timedelta(hours=plan.hours)):
        return
    plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    passphrase = ask_new_passphrase(os.environ) if os.environ.get(VARIABLE) else None
    try:
        taken = take_now(name_backup(plan.folder, now, encrypted=passphrase is not None), passphrase)
    except Failure as failure:
        note(home, "backup", ok=False, every_hours=plan.hours, why=str(failure))
        raise
    note(home, "backup", ok=True, every_hours=plan.hours, **summary(taken))
    dropped = drop_old(plan)
    typer.echo(f"{taken.file} was taken, {len(dropped)} older ones were deleted.")


def take_now(file: Path, passphrase: str | None) -> Taken:
    progress = Progress()
    os.umask(0o077)
    with reached_install(progress) as install:
        return asyncio.run(take_backup(install, file, os.environ, passphrase=passphrase, progress=progress))


def require_home() -> Home:
    home = locate_home(os.environ)
    if not home.path.is_dir():
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    return home


@contextmanager
def reached_install(progress: Progress) -> Iterator[Install]:
    """With its database running. One that is down is held and started for the while; one that runs is not held, so it
    may be stopped, which ends the backup."""
    home = require_home()
    home.prepare()
    # Whoever was started by the supervisor doesn't see it among the home's processes.
    if MARK in os.environ or supervision.is_running(home):
        yield assemble_install(home, os.environ)
        return
    if not (home.path / "postgres" / "data" / "PG_VERSION").exists() and not os.environ.get("DATABASE_URL"):
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    with running_database(progress) as install:
        yield install


def summary(taken: Taken) -> dict[str, Any]:
    manifest = taken.manifest
    convex = manifest.get("convex", {"tables": {}})
    return {
        "file": str(taken.file),
        "bytes": taken.bytes,
        "taken_at": manifest["taken_at"],
        "rows": sum(table["rows"] for table in manifest["tables"].values()),
        "documents": sum(table["rows"] for table in convex["tables"].values()),
        "files": manifest["files"]["count"],
        "missing_files": manifest["files"]["missing"],
        "outside": manifest["outside"],
        "by_environment": manifest["by_environment"],
    }

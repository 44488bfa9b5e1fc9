"""`dfworx backup`: an install as one file, taken while people work in it. `restore` makes an install of it again."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from dfworx.cli.backups.encryption import ask_new_passphrase
from dfworx.cli.backups.taking import Taken, take_backup
from dfworx.cli.db import running_database
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import supervision
from dfworx.cli.progress import Progress


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The archive; it may not be there yet.")],
    encrypt: Annotated[
        bool,
        typer.Option("--encrypt", help="With a passphrase: DFWORX_BACKUP_PASSPHRASE, or it is asked for."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Write database, chat, files and keys into one archive, also while people work."""
    passphrase = ask_new_passphrase(os.environ) if encrypt else None
    progress = Progress()
    os.umask(0o077)
    with reached_install(progress) as install:
        taken = asyncio.run(
            take_backup(install, file.absolute(), os.environ, passphrase=passphrase, progress=progress)
        )
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


@contextmanager
def reached_install(progress: Progress) -> Iterator[Install]:
    """With its database running. One that is down is held and started for the while; one that runs is not held, so it
    may be stopped, which ends the backup."""
    home = locate_home(os.environ)
    if not home.path.is_dir():
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    home.prepare()
    if supervision.is_running(home):
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

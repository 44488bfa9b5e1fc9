"""`dfworx restore`: an install of an archive that `backup` has written, in an empty home or in place of another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from dfworx.cli.backups.archive import is_encrypted
from dfworx.cli.backups.encryption import ask_passphrase
from dfworx.cli.backups.restoring import restore_backup
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.parts import valkey
from dfworx.cli.parts.processes import find_processes
from dfworx.cli.progress import Progress


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` has written.")],
    force: Annotated[
        bool, typer.Option("--force", help="In place of the install that is there, which is kept beside.")
    ] = False,
) -> None:
    """Make an install of an archive; everybody signs in anew."""
    file = file.absolute()
    passphrase = ask_passphrase(os.environ) if is_encrypted(file) else None
    if os.environ.get("DATABASE_URL"):
        raise Failure(
            "DATABASE_URL names a database outside, and a backup is restored into a home's own; unset it."
        )
    home = locate_home(os.environ)
    home.prepare()
    _require_redis()
    with home.lock(wait=False):
        if find_processes(home.path):
            raise Failure(f"The install in {home.path} is running; stop it first: ./dfworx down")
        restored = restore_backup(
            home, file, os.environ, passphrase=passphrase, force=force, progress=Progress()
        )
        _forget_sessions()
    typer.echo(f"{home.path} is the install of {restored.manifest['taken_at']}; start it with: ./dfworx up")
    if restored.before is not None:
        typer.echo(f"What was there is in {restored.before}", err=True)
    for name in restored.manifest["outside"]:
        typer.echo(f"What was behind {name} is not part of it; set it as it was.", err=True)
    for name in restored.manifest["by_environment"]:
        if name not in os.environ:
            typer.echo(f"The install was given {name}; set it as it was before you start it.", err=True)


def _require_redis() -> None:
    """One outside has answers and sessions of later than the backup: it must be there to be emptied."""
    url = os.environ.get("REDIS_URL")
    problem = valkey.answers(url, timeout=5) if url else None
    if problem:
        raise Failure(
            f"The Redis of REDIS_URL can't be reached ({problem}); it has to be emptied, so start it."
        )


def _forget_sessions() -> None:
    import redis

    url = os.environ.get("REDIS_URL")
    if url:
        with redis.Redis.from_url(url, socket_timeout=5) as client:
            client.flushdb()
        typer.echo(f"The Redis at {urlsplit(url).hostname} was emptied.", err=True)

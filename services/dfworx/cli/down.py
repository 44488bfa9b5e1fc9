"""`dfworx down`: stop this install, in order, and leave no process of it, whatever state it is in."""

from __future__ import annotations

import os

import typer

from dfworx.cli.home import Home, locate_home
from dfworx.cli.install import forget_start
from dfworx.cli.parts import supervision
from dfworx.cli.parts.processes import remove_stale_lock


def down() -> None:
    """Stop this install."""
    home = locate_home(os.environ)
    if not home.path.is_dir():
        typer.echo("This install is not running.")
        return
    home.prepare()
    with home.lock():
        stopped = stop(home)
    typer.echo("This install is stopped." if stopped else "This install is not running.")


def stop(home: Home) -> int:
    """Call it holding the home's lock; returns how many processes were stopped."""
    stopped = supervision.stop(home)
    remove_stale_lock(home.path / "postgres" / "data")
    forget_start(home)
    return stopped

"""What a person sees of an import, how they stop it, and the install it goes into: the same for all kinds."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from dfworx.cli.database_roles import role_url
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.importing.folder import Note
from dfworx.cli.importing.run import Steps, Stopped
from dfworx.cli.importing.writing import Result, SettingsOf
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import supervision
from dfworx.shared.settings import Settings

SHOWN = 20
"""Lines of skipped files and of warnings on a terminal; --json has all."""

Import = Callable[[Steps, Callable[[], bool]], Awaitable[Result]]
"""Told what shows its steps, and what says that it should stop."""


def running_install() -> Install:
    home = locate_home(os.environ)
    if not home.path.is_dir() or not supervision.is_running(home):
        raise Failure("This install is not running; start it with: ./dfworx up --detach")
    return assemble_install(home, os.environ)


def settings_of(install: Install) -> SettingsOf:
    def of_role(role: str) -> Settings:
        values = {
            "env": "development" if install.development else "production",
            "origin": install.origin,
            "database_url": role_url(install.database_url, role, install.secrets),
            "redis_url": install.redis_url,
            "seal_key_file": install.home.seal_keys / role,
        }
        return Settings.model_validate(values)

    return of_role


def run_shown(what: str, begin: Import, *, as_json: bool, dry_run: bool = False) -> None:
    """Run it, with a bar meanwhile and its result at the end. `what` is in the plural."""
    steps = _Bar(visible=sys.stderr.isatty() and not as_json)
    try:
        with steps:
            result = asyncio.run(_until_stopped(begin, steps))
    except Stopped as stop:
        done = stop.result.created + stop.result.updated
        typer.echo(
            f"Stopped. {done} {what} were written, each of them whole; run it again to go on.", err=True
        )
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=1))
    else:
        _print_result(result, dry_run=dry_run)


async def _until_stopped(begin: Import, steps: _Bar) -> Result:
    """Ctrl-C lets what is being written come to its end."""
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    return await begin(steps, asked_to_stop.is_set)


class _Bar:
    """One bar a step, on standard error."""

    def __init__(self, *, visible: bool) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True, disable=not visible)
        self._task: TaskID | None = None

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, doing: str, total: int) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(doing, total=total)

    def advance(self, by: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, by)


def _print_result(result: Result, *, dry_run: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    _print_notes(console, "Skipped", result.skipped)
    _print_notes(console, "Warnings", result.warnings)
    table = Table(box=None, pad_edge=False)
    for name in ("created", "updated", "unchanged", "skipped", "warnings"):
        table.add_column(name, justify="right")
    counts = result.created, result.updated, result.unchanged, len(result.skipped), len(result.warnings)
    table.add_row(*(f"{count:,}" for count in counts))
    console.print(table)
    if dry_run:
        console.print("A dry run: nothing was written.")


def _print_notes(console: Console, heading: str, notes: list[Note]) -> None:
    """What is true of many files is said once."""
    files: dict[str, list[str]] = {}
    for note in notes:
        files.setdefault(note.why, []).append(note.file)
    if not files:
        return
    console.print(f"[bold]{heading}[/bold]")
    for why, names in sorted(files.items(), key=lambda item: (-len(item[1]), item[1]))[:SHOWN]:
        more = f" and {len(names) - 1:,} more: each" if len(names) > 1 else ""
        console.print(f"  {escape(names[0])}{more} {escape(why)}")
    if len(files) > SHOWN:
        console.print(f"  and {len(files) - SHOWN:,} more, see --json")
    console.print()

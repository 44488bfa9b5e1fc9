"""`dfworx import markdown`: a folder of Markdown files becomes the posts of an organization. Understanding and
writing them is in `importing/`; here is what a person types and sees.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from dfworx.cli.database_roles import role_url
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.importing.fields import Status, parse_status_map
from dfworx.cli.importing.folder import Note
from dfworx.cli.importing.run import Stopped, import_folder
from dfworx.cli.importing.writing import Result, SettingsOf
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import supervision
from dfworx.shared.settings import Settings

SHOWN = 20
"""Lines of skipped files and of warnings on a terminal; --json has all."""

app = typer.Typer(help="Bring documents into an organization.", no_args_is_help=True, add_completion=False)


@app.callback()
def documents() -> None:
    """Bring documents into an organization."""


@app.command("markdown")
def import_markdown(
    # Not a Path here: that would take an empty word for the current folder.
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder, with all folders below it.")],
    organization: Annotated[
        str, typer.Option("--organization", metavar="SLUG", help="Whose posts they become.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")] = False,
    status: Annotated[
        str,
        typer.Option(
            metavar="WORD=STATUS,...",
            help="What a status in the front matter means here: Draft=draft,Withdrawn=archived. "
            "Everything else is published.",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make a post of every Markdown file, or bring up to date those made before."""
    organization = organization.strip().lower()
    if not folder:
        raise Failure("DIR is empty; give the folder that holds the Markdown files.")
    if not organization:
        raise Failure("--organization is empty; give the slug of the organization that gets the posts.")
    try:
        mapped = parse_status_map(status)
    except ValueError as error:
        raise Failure(str(error)) from None
    install = _running_install()
    steps = _Bar(visible=sys.stderr.isatty() and not as_json)
    try:
        with steps:
            result = asyncio.run(
                _import_until_stopped(install, Path(folder), organization, mapped, dry_run, steps)
            )
    except Stopped as stop:
        done = stop.result.created + stop.result.updated
        typer.echo(
            f"Stopped. {done} posts were written, each of them whole; run it again to go on.", err=True
        )
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=1))
    else:
        _print_result(result, dry_run=dry_run)


def _running_install() -> Install:
    home = locate_home(os.environ)
    if not home.path.is_dir() or not supervision.is_running(home):
        raise Failure("This install is not running; start it with: ./dfworx up --detach")
    return assemble_install(home, os.environ)


async def _import_until_stopped(
    install: Install, folder: Path, organization: str, mapped: dict[str, Status], dry_run: bool, steps: _Bar
) -> Result:
    """Ctrl-C lets the posts being written come to their end."""
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    return await import_folder(
        folder,
        organization,
        mapped,
        owner_url=install.database_url,
        settings_of=_settings_of(install),
        dry_run=dry_run,
        steps=steps,
        stopped=asked_to_stop.is_set,
    )


def _settings_of(install: Install) -> SettingsOf:
    def settings_of(role: str) -> Settings:
        values = {
            "env": "development" if install.development else "production",
            "origin": install.origin,
            "database_url": role_url(install.database_url, role, install.secrets),
            "redis_url": install.redis_url,
            "seal_key_file": install.home.seal_keys / role,
        }
        return Settings.model_validate(values)

    return settings_of


# What a person sees ---------------------------------------------------------------------------------------------


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

    def advance(self) -> None:
        if self._task is not None:
            self._progress.advance(self._task)


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

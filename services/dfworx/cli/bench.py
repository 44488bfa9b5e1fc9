"""`dfworx bench`: figures measured on this machine, most of them ratios of what was measured side by side in one run.
A goal that isn't held is a figure, not a failure: the command fails only when nothing could be measured.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dfworx.cli.benches.figures import CLIENT_SHARE, Figure
from dfworx.cli.benches.machine import describe_machine
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.progress import Progress


@dataclass(frozen=True)
class Bench:
    name: str
    where: str
    """Module with `FIGURES`, the names of figures with a goal, and `measure(folder, only, progress)`."""
    about: str
    reads_corpus: bool = False
    """`measure` takes `corpus`, a folder of Markdown, too."""

    def load(self) -> Any:
        return importlib.import_module(self.where)


BUSY = 0.9
"""Of one core: a client that takes more can't ask faster."""

BENCHES = (
    Bench("posts", "dfworx.cli.benches.posts", "Reading the list of posts, of a million."),
    Bench(
        "realtime", "dfworx.cli.benches.realtime", "The embedded Convex deployment: updates, relays, attacks."
    ),
    Bench("chat", "dfworx.cli.benches.chat", "A message to all members who have the thread open."),
    Bench(
        "collab", "dfworx.cli.benches.collab", "Several people writing one text, from a key to the others."
    ),
    Bench(
        "frames", "dfworx.cli.benches.frames", "Scrolling a long thread and typing beside others in Chromium."
    ),
    Bench(
        "analytics", "dfworx.cli.benches.analytics", "Counting a new day, with a million events behind it."
    ),
    Bench("pages", "dfworx.cli.benches.pages", "Lighthouse on the web app's pages.", reads_corpus=True),
)


def bench(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Its name; all when left out.")] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="FIGURE", help="This figure alone; repeatable.")
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="The Markdown that `pages` shows; else our own docs.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs, one line a benchmark.")] = False,
) -> None:
    """Measure how fast this is here, against what it would be without what protects it."""
    chosen = choose_benches(name)
    wanted = [choose_figures(each, only or []) for each in chosen]
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Like Ctrl-C, so that servers end with the benchmark that is ended.
        signal.signal(number, signal.default_int_handler)
    home = locate_home(os.environ)
    home.prepare()
    progress = Progress()
    for each, figures in zip(chosen, wanted, strict=True):
        more = {"corpus": corpus} if each.reads_corpus else {}
        postgres, measured = each.load().measure(home.path / "bench" / each.name, figures, progress, **more)
        machine = describe_machine(postgres)
        if as_json:
            typer.echo(json.dumps(describe(each.name, machine, measured)))
        else:
            print_figures(Console(highlight=False), each.name, machine, measured)


def choose_benches(name: str | None) -> list[Bench]:
    if name is None:
        return list(BENCHES)
    chosen = [each for each in BENCHES if each.name == name]
    if not chosen:
        known = ", ".join(each.name for each in BENCHES)
        raise Failure(f"There is no benchmark named {name}; choose from: {known}.")
    return chosen


def choose_figures(bench: Bench, only: Sequence[str]) -> list[str]:
    known: Sequence[str] = bench.load().FIGURES
    for name in only:
        if name not in known:
            raise Failure(
                f"The benchmark {bench.name} has no figure {name}; choose from: {', '.join(known)}."
            )
    return list(only or known)


def describe(name: str, machine: dict[str, Any], figures: Sequence[Figure]) -> dict[str, Any]:
    return {"bench": name, "machine": machine, "figures": [each.describe() for each in figures]}


def print_figures(console: Console, name: str, machine: dict[str, Any], figures: Sequence[Figure]) -> None:
    console.print(f"[bold]{name}[/bold] on " + ", ".join(f"{key} {value}" for key, value in machine.items()))
    goals = Table("figure", "value", "goal", "holds", "rounds", box=None, pad_edge=False)
    reasons = Table("what explains them", "value", "unit", box=None, pad_edge=False, style="dim")
    for table in (goals, reasons):
        table.columns[1].justify = "right"
    for figure in figures:
        told = figure.describe()
        if figure.goal is None:
            reasons.add_row(figure.name, f"{told['value']:g}", figure.unit)
            continue
        spread = f"{min(told['rounds']):g} to {max(told['rounds']):g}"
        holds = "yes" if figure.holds else "[red]no[/red]"
        goals.add_row(figure.name, f"{told['value']:g}", told["goal"], holds, spread)
    for table in (goals, reasons):
        if table.row_count:
            console.print(table)
    for figure in figures:
        if figure.name.endswith(CLIENT_SHARE) and figure.value > BUSY:
            variant = figure.name.removesuffix(CLIENT_SHARE)
            console.print(f"The load itself was the limit for {variant}: it may be faster than was measured.")

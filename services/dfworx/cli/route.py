"""`dfworx route`: where a dataset lives, and where a new one belongs. Prints the registry of shared/datasets.py
and knows nothing of its own; needs no running install.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dfworx.cli.failure import Failure
from dfworx.shared.datasets import DATASETS, DAY, DECISIONS, HOUR, MINUTE, Dataset, Trait

_KINDS: dict[Trait, str] = {
    "shared": "several apps",
    "app": "one app",
    "realtime": "live",
    "hot": "read often",
    "analytics": "analytics",
}


def route(
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET]", help="Such as app_web.posts.")] = None,
    shared: Annotated[bool, typer.Option("--shared", help="Data that several apps use.")] = False,
    app: Annotated[str | None, typer.Option("--app", metavar="NAME", help="Data of one app.")] = None,
    realtime: Annotated[bool, typer.Option("--realtime", help="Data that people watch change.")] = False,
    hot: Annotated[bool, typer.Option("--hot", help="Data read far more often than written.")] = False,
    analytics: Annotated[
        bool, typer.Option("--analytics", help="Data for questions over much history.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say where a dataset lives, or where new data belongs; without a word, list all datasets."""
    flags: dict[Trait, bool] = {
        "shared": shared, "app": app is not None, "realtime": realtime, "hot": hot, "analytics": analytics,
    }  # fmt: skip
    asked = [trait for trait, given in flags.items() if given]
    if len(asked) + (dataset is not None) > 1:
        raise Failure(
            "Ask one thing at a time: a dataset, or one of --shared, --app, --realtime, --hot, --analytics."
        )
    if dataset is not None:
        found = find_dataset(dataset)
        answer: dict[str, Any] = describe(found)
        rows = [found]
    elif asked:
        rows = list(datasets_of(asked[0], app))
        answer = {**decide(asked[0], app), "datasets": [describe(each) for each in rows]}
    else:
        rows = list(DATASETS.values())
        answer = {"datasets": [describe(each) for each in rows]}
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    if dataset is not None:
        _print_dataset(console, rows[0])
        return
    if asked:
        console.print(f"{answer['question']}: [bold]{answer['home']}[/bold]")
        console.print(f"Because {answer['why']}.\n")
    _print_table(console, rows)


def find_dataset(name: str) -> Dataset:
    """By its name, or by its last word where only one has it; raises Failure with the nearest names."""
    wanted = name.strip()
    if wanted in DATASETS:
        return DATASETS[wanted]
    same_word = [each for each in DATASETS if each.rpartition(".")[2] == wanted]
    if len(same_word) == 1:
        return DATASETS[same_word[0]]
    last_words = {each.rpartition(".")[2]: each for each in DATASETS}
    near = same_word or [
        last_words.get(word, word)
        for word in difflib.get_close_matches(wanted, [*DATASETS, *last_words], n=1)
    ]
    advice = f"did you mean {' or '.join(near)}?" if near else "./dfworx route lists them all."
    raise Failure(f"There is no dataset named {wanted}; {advice}")


def datasets_of(trait: Trait, app: str | None) -> Iterable[Dataset]:
    schema = f"{schema_of(app)}." if app is not None else ""
    return [each for each in DATASETS.values() if trait in each.traits and each.name.startswith(schema)]


def decide(trait: Trait, app: str | None) -> dict[str, str]:
    answer = DECISIONS[trait]
    home = answer.home.replace("app_{name}", schema_of(app)) if app is not None else answer.home
    return {"question": answer.question, "home": home, "why": answer.why}


def schema_of(app: str) -> str:
    """The schema of an app, there or yet to come; raises Failure for what can't name one."""
    name = app.strip().removeprefix("app_")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
        raise Failure(f"{app!r} can't name an app; write small letters, digits and underscores, such as web.")
    return f"app_{name}"


def describe(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name,
        "home": dataset.system,
        "written_by": dataset.owner,
        "kinds": list(dataset.traits),
        "redis_seconds": dataset.seconds or None,
        "forgotten_with": list(dataset.embeds),
        "why": dataset.why,
    }


def cache_of(dataset: Dataset) -> str:
    kept = f"{_span(dataset.seconds)}" if dataset.seconds else ""
    if dataset.system == "Redis":
        return f"lives there, {kept}" if kept else "lives there"
    return f"Redis, {kept}" if kept else "none"


def _span(seconds: int) -> str:
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}{'s' if seconds > unit else ''}"
    raise AssertionError


def _print_dataset(console: Console, dataset: Dataset) -> None:
    cache = cache_of(dataset)
    if dataset.embeds:
        cache += f"; forgotten also when {' or '.join(dataset.embeds)} changes"
    console.print(f"[bold]{dataset.name}[/bold]")
    for name, value in (
        ("home", dataset.system),
        ("written by", dataset.owner),
        ("kind", ", ".join(_KINDS[trait] for trait in dataset.traits)),
        ("cache", cache),
        ("why", dataset.why),
    ):
        console.print(f"  {name:<11} {value}")


def _print_table(console: Console, datasets: list[Dataset]) -> None:
    if not datasets:
        console.print("No dataset of this kind is there yet.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("dataset", "home", "written by", "cache"):
        table.add_column(heading, no_wrap=True)
    table.add_column("why")
    for each in datasets:
        table.add_row(each.name, each.system, each.owner, cache_of(each), each.why)
    console.print(table)

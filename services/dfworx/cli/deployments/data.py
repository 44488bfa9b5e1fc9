"""`dfworx realtime data`: which tables a deployment has, and what is in one."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from dfworx.cli.deployments.asking import Asking, printable
from dfworx.cli.deployments.running import Folder, Key, Url, find_running
from dfworx.cli.failure import Failure
from dfworx.realtime.engine.display import show_value
from dfworx.realtime.values import load

WIDEST = 10_000
"""Of a table that no terminal shows."""


class Order(StrEnum):
    ASC = "asc"
    DESC = "desc"


class Format(StrEnum):
    PRETTY = "pretty"
    JSON = "json"
    JSONL = "jsonl"


def data(
    table: Annotated[str | None, typer.Argument(help="Without one, the tables are listed.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many documents.")] = 100,
    order: Annotated[Order, typer.Option(help="By when they were made.")] = Order.DESC,
    form: Annotated[Format, typer.Option("--format", help="For people, or as JSON.")] = Format.PRETTY,
    folder: Folder = None,
    url: Url = None,
    admin_key: Key = None,
) -> None:
    """List the tables, or the documents of one."""
    with Asking(find_running(folder, url, admin_key)) as asking:
        if table is None:
            _list_tables(asking)
            return
        found = list_documents(asking, table, limit + 1, order)
    documents = found[:limit]
    if form is Format.JSONL:
        for document in documents:
            typer.echo(json.dumps(document, ensure_ascii=False))
    elif form is Format.JSON:
        typer.echo(json.dumps(documents, ensure_ascii=False, indent=2))
    elif not documents:
        typer.echo("There are no documents in this table.", err=True)
    else:
        _show(documents)
        if len(found) > limit:
            which = "newest" if order is Order.DESC else "oldest"
            typer.echo(f"The {limit} {which} documents; --limit shows more.", err=True)


def list_documents(asking: Asking, table: str, limit: int, order: str) -> list[dict[str, Any]]:
    """Encoded. Raises Failure when there is no such table."""
    documents: list[dict[str, Any]] = []
    cursor = None
    while len(documents) < limit:
        options = {"cursor": cursor, "numItems": limit - len(documents)}
        args = {"table": table, "order": str(order), "paginationOpts": options}
        page = asking.call("_system/cli/tableData", args, kind="query")
        documents += page["page"]
        cursor = page["continueCursor"]
        if page["isDone"]:
            break
    if not documents and not table.startswith("_") and table not in _tables(asking):
        known = ", ".join(_tables(asking)) or "none"
        raise Failure(f"There is no table {table}; there are: {known}.")
    return documents


def _tables(asking: Asking) -> list[str]:
    return [each["name"] for each in asking.call("_system/cli/tables", {}, kind="query")["page"]]


def _list_tables(asking: Asking) -> None:
    names = _tables(asking)
    for name in names:
        typer.echo(name)
    if not names:
        typer.echo("There are no tables yet.", err=True)


def _show(documents: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    names = dict.fromkeys(["_id", "_creationTime", *sorted({name for each in documents for name in each})])
    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in names:
        shown.add_column(Text(printable(name)), no_wrap=True, overflow="ellipsis")
    for each in documents:
        values = (show_value(load(json.dumps(each[name]))) if name in each else "" for name in names)
        shown.add_row(*(Text(printable(value)) for value in values))
    Console(width=None if sys.stdout.isatty() else WIDEST, highlight=False).print(shown)

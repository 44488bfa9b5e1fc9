"""`dfworx realtime logs`: what functions log and how they end, as it happens."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Annotated, Any

import typer

from dfworx.cli.deployments.asking import Asking, printable
from dfworx.cli.deployments.running import Folder, Key, Url, find_running
from dfworx.cli.failure import Failure

AGAIN_SECONDS = 1.0


def logs(
    history: Annotated[int, typer.Option(min=0, help="How many of the last runs to begin with.")] = 0,
    success: Annotated[
        bool, typer.Option("--success", help="Also runs that logged nothing and did what they should.")
    ] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Every run as a line of JSON.")] = False,
    folder: Folder = None,
    url: Url = None,
    admin_key: Key = None,
) -> None:
    """Follow the runs of functions until Ctrl-C."""
    running = find_running(folder, url, admin_key)
    with Asking(running) as asking:
        told = _ask(asking, 0)
        entries = told["entries"][-history:] if history else []
        away = False
        try:
            while True:
                for entry in entries:
                    for line in [json.dumps(entry, ensure_ascii=False)] if jsonl else _lines(entry, success):
                        typer.echo(printable(line))
                try:
                    told, away = _ask(asking, told["newCursor"]), False
                    entries = told["entries"]
                except Failure as failure:
                    if not away:
                        typer.echo(f"{failure} Waiting for it.", err=True)
                    entries, away = [], True
                    time.sleep(AGAIN_SECONDS)
        except KeyboardInterrupt:
            return


def _ask(asking: Asking, cursor: float) -> dict[str, Any]:
    told: dict[str, Any] = asking.ask("GET", f"/api/stream_function_logs?cursor={cursor!r}")
    return told


def _lines(entry: dict[str, Any], success: bool) -> list[str]:
    at = datetime.fromtimestamp(entry["timestamp"]).astimezone()
    start = f"{at:%Y-%m-%d %H:%M:%S} {entry['udfType'][0]}({entry['identifier']})"
    lines = [f"{start} [{each['level']}] {' '.join(each['messages'])}" for each in entry["logLines"]]
    if entry["error"]:
        lines.append(f"{start} {entry['error']}")
    elif success:
        lines.append(f"{start} took {entry['executionTime'] * 1000:.1f} ms")
    return lines

"""`dfworx status`: what runs, where, how well, and how much memory all of it takes together."""

from __future__ import annotations

import json
import os
from typing import Annotated, Any

import typer

from dfworx.cli import health
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.install import assemble_install
from dfworx.cli.parts import supervision
from dfworx.cli.parts.processes import find_processes, memory_mb


def status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what runs and how well; exit code 1 unless all of it is healthy."""
    home = locate_home(os.environ)
    if not home.path.is_dir():
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    processes = find_processes(home.path)
    install = assemble_install(home, os.environ)
    urls = health.service_urls(install)
    checks = health.part_checks(install) if processes else {}
    problems = health.ask_all(checks)
    services = {
        name: {"url": url, "healthy": name in problems and problems[name] is None}
        for name, url in urls.items()
    }
    answer: dict[str, Any] = {
        "origin": install.origin,
        "convex": install.convex_url,
        "database_url": install.database_url,
        "redis_url": install.redis_url,
        "memory_mb": memory_mb(processes),
        "services": services,
    }
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
    elif processes:
        _print_table(answer, problems)
        if install.realtime is None:
            typer.echo(f"  {'convex':<10} {'outside':<12} {install.convex_url}")
    if not processes:
        raise Failure("This install is not running; start it with: ./dfworx up")
    if not supervision.is_supervised(processes):
        raise Failure("Nothing would restart a part that dies; repair it with: ./dfworx up")
    unwell = [f"{name} ({reason})" for name, reason in problems.items() if reason]
    if unwell:
        raise Failure(f"Not healthy: {', '.join(unwell)}; see ./dfworx logs, or repair it with: ./dfworx up")


def _print_table(answer: dict[str, Any], problems: dict[str, str | None]) -> None:
    typer.echo(f"{answer['origin']}, {answer['memory_mb']:.0f} MB of memory")
    for name, reason in problems.items():
        url = answer["services"].get(name, {}).get("url", "")
        typer.echo(f"  {name:<10} {'healthy' if reason is None else 'not healthy':<12} {url}".rstrip())

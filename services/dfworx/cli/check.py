"""`./dfworx check`: every rule that needs no running install, one line each.

What must stay true: all checks run even when one fails, so that a person sees the whole list at once, and
none of them changes a tracked file.
"""

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from dfworx.cli.failure import Failure, quiet
from dfworx.cli.gen import generate, stale_files, stale_sentence
from dfworx.cli.home import CHECKOUT, Home, locate_home
from dfworx.cli.parts import node

Complaint = str
"""What a check has to say when it fails; empty when all is well."""


@dataclass(frozen=True)
class Check:
    name: str
    run: Callable[[Home], Complaint]


@dataclass(frozen=True)
class Result:
    name: str
    complaint: Complaint
    seconds: float


def check(
    only: Annotated[list[str] | None, typer.Argument(help="Names of checks; all when none is named.")] = None,
) -> None:
    """Lint, types, import rules, generated files, TypeScript and its unit tests, migrations."""
    console = Console()
    chosen = choose_checks(only or [])
    results = run_checks(locate_home(os.environ), chosen, console)
    failed = [result.name for result in results if result.complaint]
    if failed:
        raise Failure(f"{len(failed)} of {len(results)} failed: {', '.join(failed)}.")
    console.print("All is well." if len(results) > 1 else f"{results[0].name} is well.")


def choose_checks(names: list[str]) -> list[Check]:
    known = {each.name: each for each in CHECKS}
    for name in names:
        if name not in known:
            raise Failure(f"There is no check named {name}; choose from {', '.join(known)}.")
    return [known[name] for name in names] or list(CHECKS)


def run_checks(home: Home, checks: list[Check], console: Console) -> list[Result]:
    """Run them two at a time, print each as it ends, and what failed once more in full at the end."""
    home.prepare()
    node.install_packages(home.path, console.print)
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda each: _timed(each, home, console), checks))
    for result in results:
        if result.complaint:
            console.rule(Text(result.name), align="left", style="red")
            console.print(Text(result.complaint.strip()), soft_wrap=True)
    return results


def _timed(check: Check, home: Home, console: Console) -> Result:
    begun = time.monotonic()
    try:
        complaint = check.run(home)
    except Failure as failure:
        complaint = str(failure)
    result = Result(check.name, complaint, time.monotonic() - begun)
    word, style = ("failed", "red") if complaint else ("ok", "green")
    console.print(Text.assemble((f"{word:<7}", style), f"{result.name:<12}{result.seconds:6.1f} s"))
    return result


def _python_tool(*command: str) -> Callable[[Home], Complaint]:
    """A module of the development environment, run in services/ where its configuration is."""
    return lambda _home: _complaint([sys.executable, "-m", *command], cwd="services", env=dict(os.environ))


def _import_rules(_home: Home) -> Complaint:
    # No `python -m` door, and its script's first line breaks in a folder with a long name or a space.
    start = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return _complaint(
        [sys.executable, "-c", start, "--no-cache", "--no-logo"], cwd="services", env=dict(os.environ)
    )


def _npm_check(home: Home) -> Complaint:
    command = ["npm", "run", "check", "--workspaces", "--if-present", "--silent"]
    return _complaint(command, cwd=".", env=node.npm_environment(home.path))


def _npm_tool(*command: str) -> Callable[[Home], Complaint]:
    """A program of the Node packages, run in the checkout where its configuration is."""
    return lambda home: _complaint(
        ["npm", "exec", "--offline", "--", *command], cwd=".", env=node.npm_environment(home.path)
    )


def _generated(home: Home) -> Complaint:
    stale = stale_files(generate(home, quiet))
    return stale_sentence(stale) if stale else ""


def _migrations(_home: Home) -> Complaint:
    """Statements that lock, lose or rename what is in use; the rules left out are in squawk.toml, with reasons."""
    squawk = str(Path(sysconfig.get_path("scripts")) / "squawk")
    return _complaint(
        [squawk, "--config", "squawk.toml", "--reporter", "gcc", "migrations/*.sql"],
        cwd="infrastructure/supabase",
        env=dict(os.environ),
    )


def _launcher(_home: Home) -> Complaint:
    return _complaint(["sh", "-n", "dfworx"], cwd=".", env=dict(os.environ))


def _complaint(command: list[str], cwd: str, env: dict[str, str]) -> Complaint:
    done = subprocess.run(
        command,
        cwd=CHECKOUT / cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return ""
    return done.stdout.strip() or f"{command[0]} ended with {done.returncode} and said nothing."


_PYTHON = (".", "../examples")
_TYPESCRIPT = ("apps", "convex", "examples", "packages")

# The slowest first, so that two at a time end soonest.
CHECKS = (
    Check("types", _python_tool("mypy", "--no-color-output")),
    Check("generated", _generated),
    Check("typescript", _npm_check),
    Check("convex", _npm_tool("tsc", "--project", "convex")),
    Check("stage", _npm_tool("tsc", "--project", "convex/tests")),
    Check("examples", _npm_tool("tsc", "--project", "examples")),
    Check("eslint", _npm_tool("eslint", "--max-warnings", "0", *_TYPESCRIPT)),
    Check("vitest", _npm_tool("vitest", "run", "--silent", "--reporter", "dot")),
    Check("prettier", _npm_tool("prettier", "--check", "--log-level", "warn", *_TYPESCRIPT)),
    Check("imports", _import_rules),
    Check("lint", _python_tool("ruff", "check", "--quiet", "--output-format=concise", *_PYTHON)),
    Check("format", _python_tool("ruff", "format", "--check", "--output-format=concise", *_PYTHON)),
    Check("migrations", _migrations),
    Check("launcher", _launcher),
)

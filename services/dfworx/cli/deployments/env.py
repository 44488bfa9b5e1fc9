"""`dfworx realtime env`: what functions find in `process.env`, kept with the deployment's documents."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Folder, Key, Running, Url, find_running
from dfworx.cli.failure import Failure

_PLAIN = re.compile(r"[\w./:@+-]*", re.ASCII)
Name = Annotated[str, typer.Argument(metavar="NAME")]

app = typer.Typer(help="Environment variables of a deployment.", no_args_is_help=True, add_completion=False)


@app.command("list")
def list_variables(folder: Folder = None, url: Url = None, admin_key: Key = None) -> None:
    """Print all that were set, as NAME=value."""
    with Asking(find_running(folder, url, admin_key)) as asking:
        for name, value in _variables(asking).items():
            typer.echo(f"{name}={_quoted(value)}")


@app.command("get")
def get_variable(name: Name, folder: Folder = None, url: Url = None, admin_key: Key = None) -> None:
    """Print the value of one."""
    with Asking(find_running(folder, url, admin_key)) as asking:
        known = _variables(asking)
    if name not in known:
        raise Failure(f"The environment variable {name} is not set.")
    typer.echo(known[name])


@app.command("set")
def set_variable(
    name: Name,
    value: Annotated[
        str | None, typer.Argument(help="Without one it is read from standard input, unseen by others.")
    ] = None,
    folder: Folder = None,
    url: Url = None,
    admin_key: Key = None,
) -> None:
    """Set one, for every function that runs from now on."""
    named, equals, rest = name.partition("=")
    if equals and value is not None:
        raise Failure("Write NAME VALUE or NAME=VALUE, and quotes around a value with spaces.")
    if equals:
        name, value = named, rest
    if value is None:
        value = (
            typer.prompt(f"Value of {name}", hide_input=True) if sys.stdin.isatty() else sys.stdin.read()
        ).removesuffix("\n")
    _change(find_running(folder, url, admin_key), name, value)


@app.command("unset")
def unset_variable(name: Name, folder: Folder = None, url: Url = None, admin_key: Key = None) -> None:
    """Take one out. It is no mistake when it isn't there."""
    _change(find_running(folder, url, admin_key), name, None)


def _variables(asking: Asking) -> dict[str, str]:
    told: dict[str, str] = asking.ask("GET", "/api/v1/list_environment_variables")["environmentVariables"]
    return told


def _change(running: Running, name: str, value: str | None) -> None:
    with Asking(running) as asking:
        asking.ask("POST", "/api/update_environment_variables", {"changes": [{"name": name, "value": value}]})


def _quoted(value: str) -> str:
    """As files of environment variables have it."""
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

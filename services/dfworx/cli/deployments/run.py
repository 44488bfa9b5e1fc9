"""`dfworx realtime run`: any function of a deployment, internal ones too."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Folder, Key, Running, Url, find_running
from dfworx.cli.failure import Failure

_SUFFIX = re.compile(r"\.(ts|js|tsx|jsx|mts|mjs|cts|cjs)$")


def run(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="messages:list, api.messages.list, or a file's path.")
    ],
    args: Annotated[str, typer.Argument(metavar="[ARGS]", help="The argument, an object as JSON.")] = "{}",
    identity: Annotated[
        str | None, typer.Option(metavar="JSON", help="Whom to call it as: claims of an identity.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and print a query's every new value.")
    ] = False,
    folder: Folder = None,
    url: Url = None,
    admin_key: Key = None,
) -> None:
    """Run a function, and print its value as JSON."""
    running = find_running(folder, url, admin_key)
    wanted, given = function_path(path, running.folder), _object(args, "The argument")
    caller = None if identity is None else _identity(_object(identity, "--identity"))
    if watch:
        _watch(running, wanted, given, caller)
        return
    with Asking(running, caller) as asking:
        print_value(asking.call(wanted, given))


def print_value(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def function_path(told: str, folder: Path | None = None) -> str:
    """`module:export`, of what people write: `api.dir.module.export`, or a path with the folder's name in front."""
    if told.startswith(("api.", "internal.")):
        _, *module, export = told.split(".")
        if not module:
            raise Failure(f"{told} names no function; write api.module.function.")
        return f"{'/'.join(module)}:{export}"
    module_path, _, export = told.partition(":")
    module_path = _SUFFIX.sub("", module_path)
    first, _, rest = module_path.partition("/")
    if rest and first == (folder.name if folder else "convex") and not (folder and (folder / first).is_dir()):
        module_path = rest
    return f"{module_path}:{export or 'default'}"


def _watch(running: Running, path: str, args: Any, identity: dict[str, Any] | None) -> None:
    from dfworx.cli.deployments.watching import watch_query

    try:
        asyncio.run(watch_query(running, path, args, identity, print_value))
    except KeyboardInterrupt:
        return


def _object(text: str, what: str) -> Any:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise Failure(f'{what} is no JSON ({error}); write it as \'{{"room": "a"}}\'.') from None
    if not isinstance(told, dict):
        raise Failure(f'{what} must be an object, written as \'{{"room": "a"}}\'.')
    return told


def _identity(told: dict[str, Any]) -> dict[str, Any]:
    """With what every identity has; the issuer is that of Convex's own command line."""
    return {"issuer": "https://convex.test", "subject": "somebody"} | told

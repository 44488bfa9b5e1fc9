"""`dfworx realtime`: any folder of Convex functions as a deployment on this machine, in the foreground. Standard output
is for programs, one line of JSON when it answers; what functions log and what is wrong with them goes to standard
error.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from dfworx.cli.deployments.backup import backup, restore
from dfworx.cli.deployments.data import data as show_data
from dfworx.cli.deployments.env import app as variables_app
from dfworx.cli.deployments.logs import logs
from dfworx.cli.deployments.run import run
from dfworx.cli.deployments.running import Running, announced
from dfworx.cli.deployments.snapshots import export_snapshot, import_snapshot
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, Home, locate_home
from dfworx.cli.parts import node
from dfworx.cli.parts.realtime import data_folder, folder_data
from dfworx.realtime import app as deployment

app = typer.Typer(
    help="Serve Convex functions, and look after them.", no_args_is_help=True, add_completion=False
)
app.add_typer(variables_app, name="env")
for command in (run, logs, backup, restore):
    app.command()(command)
app.command("data")(show_data)
app.command("export")(export_snapshot)
app.command("import")(import_snapshot)

HOST = "127.0.0.1"


@app.callback()
def realtime() -> None:
    """Serve Convex functions, and look after them."""


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of functions.")],
    port: Annotated[
        int, typer.Option(min=0, max=65534, help="HTTP actions are at the next one; 0: any two free ones.")
    ] = 3210,
    data: Annotated[
        Path | None,
        typer.Option(help="The file with the documents. [default: one for each folder, in the state folder]"),
    ] = None,
    env: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What functions find in process.env.")
    ] = None,
    answer_hours: Annotated[
        float, typer.Option(min=0.1, help="How long answers are kept for clients that lost their connection.")
    ] = 24,
) -> None:
    """Serve a folder of Convex functions until Ctrl-C, and take what changes in it."""
    folder = folder.absolute()
    home = locate_home(os.environ)
    home.prepare()
    variables = dict(_variable(each) for each in env or ())
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for name in ("uvicorn", "watchfiles"):
        logging.getLogger(name).setLevel(logging.WARNING)
    data_folder(home).mkdir(mode=0o700, exist_ok=True)
    file = (data or folder_data(home, folder)).absolute()
    with _listening(port) as (listening, site):
        options = deployment.Options(
            folder=folder,
            data=file,
            url=_address(listening),
            site_url=_address(site),
            node=node.node_executable(home.path),
            packages=_packages(home, folder),
            env=variables,
            admin_key=None,
            watch=True,
            answer_hours=answer_hours,
        )
        try:
            uvloop.run(_serve_until_stopped(home, options, listening, site))
        except deployment.MISTAKES as error:
            raise Failure(str(error)) from error
        except sqlite3.Error as error:
            raise Failure(
                f"The documents in {file} can't be read ({error}); name another file with --data."
            ) from error


async def _serve_until_stopped(
    home: Home, options: deployment.Options, listening: socket.socket, site: socket.socket
) -> None:
    found = ExitStack()

    def tell(admin_key: str) -> None:
        found.enter_context(announced(home, Running(options.url, admin_key, options.folder, options.data)))
        told = {"url": options.url, "site_url": options.site_url, "admin_key": admin_key}
        typer.echo(json.dumps(told))

    serving = asyncio.create_task(deployment.serve(options, listening, site, tell))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with found, suppress(asyncio.CancelledError):
        await serving


@contextmanager
def _listening(port: int) -> Iterator[tuple[socket.socket, socket.socket]]:
    """For functions, and for HTTP actions."""
    with _listen(port) as first, _listen(port and port + 1) as second:
        yield first, second


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=1024)
    except PermissionError:
        raise Failure(f"Port {port} may only be opened by root; take one above 1023 with --port.") from None
    except OSError:
        raise Failure(
            f"Port {port} is taken by another program; stop it, or take another with --port (0 for any)."
        ) from None


def _address(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}"


def _packages(home: Home, folder: Path) -> Path:
    """Those of the project that the folder is in, when it has what Convex's own command line brings; else ours."""
    for place in (folder, *folder.parents):
        packages = place / "node_modules"
        if (packages / "convex").is_dir() and (packages / "esbuild").is_dir():
            return packages
    node.install_packages(home.path, lambda line: typer.echo(line, err=True))
    return CHECKOUT / "node_modules"


def _variable(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not (name and equals):
        raise Failure(f"--env {given} has no value; write --env NAME=VALUE.")
    return name, value

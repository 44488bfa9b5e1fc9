"""`python -m dfworx.realtime`: the deployment on the listening socket that it is handed, as its environment says."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import uvloop

from dfworx.realtime.app import MISTAKES, Options, serve

PREFIX = "DFWORX_REALTIME_"
OF_FUNCTIONS = f"{PREFIX}ENV_"


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    told = {name.removeprefix(PREFIX): value for name, value in os.environ.items() if name.startswith(PREFIX)}
    env = {
        name.removeprefix(OF_FUNCTIONS): value
        for name, value in os.environ.items()
        if name.startswith(OF_FUNCTIONS)
    }
    options = Options(
        folder=Path(told["FOLDER"]),
        data=Path(told["DATA"]),
        url=told["URL"],
        site_url=told["SITE_URL"],
        node=Path(told["NODE"]),
        packages=Path(told["PACKAGES"]),
        env=env,
        admin_key=told.get("ADMIN_KEY"),
        watch=told.get("WATCH") == "1",
    )
    try:
        uvloop.run(run(options, socket.socket(fileno=0)))
    except MISTAKES as error:
        sys.exit(str(error))


async def run(options: Options, listening: socket.socket) -> None:
    """Until it is told to end."""
    serving = asyncio.current_task()
    assert serving is not None
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, serving.cancel)
    with suppress(asyncio.CancelledError):
        await serve(options, listening)


main()

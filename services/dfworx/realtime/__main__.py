"""`python -m dfworx.realtime`: the deployment on the listening socket that it is handed, as its environment says."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import uvloop
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from dfworx.realtime.app import MISTAKES, Options, serve
from dfworx.realtime.engine.requests import KEPT_SECONDS


class Settings(BaseSettings):
    """What `Options` has, as environment variables: DFWORX_REALTIME_FOLDER and so on."""

    model_config = SettingsConfigDict(env_prefix="DFWORX_REALTIME_")

    folder: Path
    data: Path
    url: str
    site_url: str
    node: Path
    packages: Path
    env: dict[str, str]
    admin_key: str
    watch: bool
    answer_hours: float = Field(default=KEPT_SECONDS / 3600, gt=0)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    options = Options(**Settings().model_dump())
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

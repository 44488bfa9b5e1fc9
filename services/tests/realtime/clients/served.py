"""`./dfworx realtime serve` in a process of its own, killed and started again as often as a test likes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from dfworx.cli.home import CHECKOUT
from tests.realtime.clients.proxy import FaultProxy

FUNCTIONS = Path(__file__).with_name("functions")
PATIENCE = 60


class Served:
    """A deployment, and the way to it that faults lie on."""

    def __init__(
        self, folder: Path, proxy: FaultProxy, variables: Mapping[str, str], functions: Path = FUNCTIONS
    ) -> None:
        self._folder = folder
        self._variables = variables
        self._functions = functions
        self.proxy = proxy
        self.process: asyncio.subprocess.Process | None = None
        self.url = ""
        """Past the proxy."""
        self.admin_key = ""

    async def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(str(CHECKOUT / "dfworx"), "realtime", "serve", str(self._functions)),
                *("--port", "0", "--data", str(self._folder / "data.sqlite")),
                *(word for name, value in self._variables.items() for word in ("--env", f"{name}={value}")),
                env={**os.environ, "DFWORX_HOME": str(self._folder / "home")},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE):
            line = await self.process.stdout.readline()
        assert line, self.log()
        told = json.loads(line)
        self.url, self.admin_key = told["url"], told["admin_key"]
        self.proxy.lead_to(urlsplit(self.url).port)

    async def kill(self) -> None:
        assert self.process
        self.proxy.lead_to(None)
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """As Ctrl-C does; its exit code."""
        assert self.process
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def ask(self, path: str, **args: Any) -> Any:
        """A fresh answer of a query, by HTTP and past the proxy."""
        return await self._call("query", path, args)

    async def ask_to(self, path: str, **args: Any) -> Any:
        """What a mutation gives, likewise."""
        return await self._call("mutation", path, args)

    async def tell(self, path: str, **args: Any) -> Any:
        """What a mutation of ours gives, as the operator."""
        return await self._call("mutation", path, args, {"Authorization": f"Convex {self.admin_key}"})

    async def _call(
        self, kind: str, path: str, args: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Any:
        async with httpx.AsyncClient(timeout=PATIENCE, headers=headers) as client:
            answer = await client.post(f"{self.url}/api/{kind}", json={"path": path, "args": args})
        told = answer.json()
        assert told["status"] == "success", told
        return told["value"]

    def log(self) -> str:
        return (self._folder / "log").read_text()


@asynccontextmanager
async def deployment(folder: Path, proxy: FaultProxy, keys: str) -> AsyncIterator[Served]:
    served = Served(folder, proxy, {"KEYS": keys})
    try:
        await served.start()
        yield served
    finally:
        if served.process and served.process.returncode is None:
            await served.kill()

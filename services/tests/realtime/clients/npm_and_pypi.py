"""Official clients in a process of their own, npm's or PyPI's, told what to do; what they are shown is kept, all of it
and in order."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import node_executable

PATIENCE = 60


class CallFailed(Exception):
    """The client's promise was rejected, with this."""


class Clients:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._heard = asyncio.Condition()
        self.shown: dict[str, list[Any]] = defaultdict(list)
        """Of each watch, every value it was given; an error as `{"error": ...}`."""
        self.auth: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """Of each client, when it asked for a token and what it said of being signed in."""

    def start(self, command: str, **wanted: Any) -> asyncio.Future[Any]:
        """Answered some time."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"id": number, "command": command, **wanted}).encode() + b"\n")
        return answer

    async def do(self, command: str, **wanted: Any) -> Any:
        """Raises CallFailed."""
        async with asyncio.timeout(PATIENCE):
            return await self.start(command, **wanted)

    async def mutate(self, client: str, path: str, **args: Any) -> Any:
        return await self.do("mutate", client=client, path=path, args=args)

    async def act(self, client: str, path: str, **args: Any) -> Any:
        return await self.do("act", client=client, path=path, args=args)

    async def watch(self, client: str, watch: str, path: str, **args: Any) -> None:
        """Until its first value is there."""
        await self.do("watch", client=client, watch=watch, path=path, args=args)
        await self.until(lambda: bool(self.shown[watch]))

    async def sees(self, watch: str, value: Any) -> None:
        await self.until(lambda: self.shown[watch][-1:] == [value])

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._heard:
            await self._heard.wait_for(holds)

    async def listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            told = json.loads(line)
            if "id" in told:
                answer = self._answers.pop(told["id"])
                if "error" in told:
                    answer.set_exception(CallFailed(told["error"]))
                else:
                    answer.set_result(told["value"])
            elif "watch" in told:
                self.shown[told.pop("watch")].append(told["value"] if "value" in told else told)
            else:
                self.auth[told.pop("auth")].append(told)
            async with self._heard:
                self._heard.notify_all()


def npm() -> list[str]:
    return [str(node_executable(locate_home(os.environ).path)), str(Path(__file__).with_name("clients.mjs"))]


def pypi() -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("pypi_clients.py"))]


@asynccontextmanager
async def started_clients(command: list[str]) -> AsyncIterator[Clients]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 24,
    )
    clients = Clients(process)
    listening = asyncio.create_task(clients.listen())
    try:
        yield clients
    finally:
        process.kill()
        await process.wait()
        await listening

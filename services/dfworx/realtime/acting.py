"""The actions of one client, each beside all else. A client that goes is told nothing more, and they go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dfworx.realtime.protocol import Action, action_done, action_failed
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.failures import failure_of


class Acting:
    def __init__(self, deployment: Deployment, send: Callable[[str], None]) -> None:
        self._deployment = deployment
        self._send = send
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = False

    def __len__(self) -> int:
        """How many have not ended."""
        return len(self._tasks)

    def start(self, action: Action, caller: Caller) -> None:
        task = asyncio.create_task(self._act(action, caller))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def leave(self) -> None:
        """The client has gone."""
        self._left = True

    async def _act(self, action: Action, caller: Caller) -> None:
        result = await self._deployment.act(action.path, action.args, caller)
        if self._left:
            return
        if result.value is not None:
            self._send(action_done(action.request, result.value, result.log_lines))
        else:
            self._send(action_failed(action.request, failure_of(action.path, result), result.log_lines))

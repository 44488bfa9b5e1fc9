"""Who has looked at which post, gathered in the process and handed to Redis every few seconds in one command, so that
reading costs no round trip more; the worker adds them up. A person's looks at a post within one hour of the clock
are one. What isn't handed over when the process is killed, or while Redis is away or full, is lost: a view is no
fact that anybody waits for, and no read fails for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS

FLUSH_SECONDS = 3.0
MOST_WAITING = 10_000
MOST_SEEN = 200_000

_HOUR = 3600
_VIEWED = DATASETS["viewed"]
_VIEWS = DATASETS["views"]

# KEYS: who has looked at what in this hour, and what waits for the worker. ARGV: the seconds that the first is kept,
# then the looks.
_HAND_OVER = """
for each = 2, #ARGV do
  if redis.call('SADD', KEYS[1], ARGV[each]) == 1 then redis.call('SADD', KEYS[2], ARGV[each]) end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return #ARGV - 1
"""

logger = logging.getLogger("dfworx.views")


class ViewBuffer:
    def __init__(self, redis: Redis, *, clock: Callable[[], float] = time.time) -> None:
        self._hand_over = redis.register_script(_HAND_OVER)
        self._clock = clock
        self._hour = -1
        self._seen: set[bytes] = set()
        """Of this hour: what was handed over needn't be again."""
        self._waiting: list[str] = []

    def note(self, caller: Caller, post_id: UUID) -> None:
        """Whoever was just sent the post has seen it. Costs no round trip and never fails."""
        hour = int(self._clock() // _HOUR)
        if hour != self._hour or len(self._seen) >= MOST_SEEN:
            self._hour = hour
            self._seen.clear()
        look = post_id.bytes + caller.user_id.bytes
        if look not in self._seen and len(self._waiting) < MOST_WAITING:
            self._seen.add(look)
            self._waiting.append(f"{post_id}:{caller.user_id}")

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        viewed = f"{_VIEWED.name}:{self._hour}"
        try:
            await self._hand_over(keys=[viewed, _VIEWS.name], args=[_VIEWED.seconds, *waiting])
        except RedisError:
            logger.warning("Redis doesn't take views; %d are not counted.", len(waiting))

    @asynccontextmanager
    async def flushing(self) -> AsyncIterator[None]:
        """Hands over every few seconds, and at the end what is left."""
        task = asyncio.create_task(self._keep_flushing())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await self.flush()

    async def _keep_flushing(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()


def _view_buffer(request: Request) -> ViewBuffer:
    views: ViewBuffer = request.app.state.views
    return views


Views = Annotated[ViewBuffer, Depends(_view_buffer)]

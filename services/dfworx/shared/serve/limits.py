"""How often somebody may ask, counted in Redis for all processes: the one mechanism of sign-ins, by address and
email, and of what people do once they are signed in. Cached reads are not counted: answering one costs less than
counting it would. Redis away means that nobody is counted who has a session, since whoever writes has a name and
PostgreSQL answers one write at a time; a sign-in is refused then (auth/limits.py)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.shared.caller import SAFE_METHODS
from dfworx.shared.context import Caller
from dfworx.shared.errors import TooMany
from dfworx.shared.serve.asking import Standing, asked
from dfworx.shared.settings import Settings

_PAUSE_SECONDS = 1.0
"""So long nobody is counted after Redis didn't answer: else each write would wait for it."""


class Windows:
    """Sliding windows in Redis."""

    def __init__(self, redis: Redis) -> None:
        # The pool is the service's own, with its time-outs; the URL is read for its scheme alone.
        pool: Any = redis.connection_pool
        storage = RedisStorage("async+redis://", implementation="redispy", connection_pool=pool)
        self._windows = SlidingWindowCounterRateLimiter(storage)

    async def count(self, rule: RateLimitItem, what: str, who: str) -> None:
        """Raises TooMany, or RedisError."""
        free = await self._windows.hit(rule, what, who)
        window = await self._windows.get_window_stats(rule, what, who)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        remaining = max(0, window.remaining) if free else 0
        if (current := asked.get()) is not None:
            current.stands(Standing(rule.amount, remaining, seconds))
        if not free:
            raise TooMany(
                f"Too many tries. Try again in {_spoken(seconds)}.", headers={"Retry-After": str(seconds)}
            )


@dataclass(frozen=True, slots=True)
class Rules:
    """By person, over all services."""

    writes: RateLimitItem
    searches: RateLimitItem


PRODUCTION = Rules(writes=parse("600/1 minute"), searches=parse("240/1 minute"))
DEVELOPMENT = Rules(*[parse("1000000/1 minute")] * 2)


def rules_for(settings: Settings) -> Rules:
    return DEVELOPMENT if settings.env == "development" else PRODUCTION


class PersonLimits:
    def __init__(self, windows: Windows, rules: Rules) -> None:
        self._windows = windows
        self._rules = rules
        self._not_before = 0.0

    async def count(self, request: Request, caller: Caller) -> None:
        """Raises TooMany. A write, or a read with words to search for."""
        if request.method not in SAFE_METHODS:
            rule, what = self._rules.writes, "writes"
        elif request.query_params.get("q"):
            rule, what = self._rules.searches, "searches"
        else:
            return
        if time.monotonic() < self._not_before:
            return
        try:
            await self._windows.count(rule, what, str(caller.user_id))
        except RedisError:
            self._not_before = time.monotonic() + _PAUSE_SECONDS


def _spoken(seconds: int) -> str:
    if seconds < 90:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"

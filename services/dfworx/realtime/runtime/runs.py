"""What has run: kept for a while for whoever keeps the deployment, and counted. Arguments and values are not kept: they
may hold what is nobody's business."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.functions import Kind, Result

MOST = 1000
MOST_CHARACTERS = 4 << 20
"""Of all that is kept: one run may log a megabyte."""
LONGEST_MESSAGE = 10_000
WAITING_SECONDS = 30.0
"""How long whoever follows is kept waiting when nothing runs."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_STEP = 0.001
"""Between two runs of one moment: cursors are milliseconds, and no two are the same."""


RunKind = Kind | Literal["httpAction"]


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of one function."""

    cursor: float
    """When it ended, in milliseconds since 1970."""
    kind: RunKind
    path: str
    """The function's; of an HTTP action the request's."""
    seconds: float
    message: str
    """Why it failed; empty: it has not."""
    log_lines: list[str]
    request: str
    """The id that its caller was told, when it failed."""
    who: str

    @property
    def characters(self) -> int:
        return len(self.message) + sum(map(len, self.log_lines))


@dataclass(slots=True)
class Tally:
    """Of one kind of run with one outcome."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    """By `BUCKETS`, and one for what took longer."""
    seconds: float = 0.0


class Runs:
    def __init__(self) -> None:
        self.tallies: dict[tuple[RunKind, bool], Tally] = {}
        """By kind, and whether it did what it should."""
        self._kept: deque[Ran] = deque()
        self._characters = 0
        self._last = time.time() * 1000
        self._told = asyncio.Event()

    def note(self, kind: RunKind, path: str, caller: Caller, seconds: float, result: Result) -> None:
        tally = self.tallies.setdefault((kind, result.value is not None), Tally())
        tally.counts[bisect_left(BUCKETS, seconds)] += 1
        tally.seconds += seconds
        self._last = max(self._last + _STEP, time.time() * 1000)
        message = "" if result.value is not None else result.message[:LONGEST_MESSAGE]
        who = "instance_admin" if caller.admin else "unknown" if caller.identity is None else "user"
        ran = Ran(self._last, kind, path, seconds, message, result.log_lines, result.request, who)
        self._kept.append(ran)
        self._characters += ran.characters
        while len(self._kept) > MOST or (self._characters > MOST_CHARACTERS and len(self._kept) > 1):
            self._characters -= self._kept.popleft().characters
        self._told.set()

    async def since(self, cursor: float) -> tuple[list[Ran], float]:
        """What has ended after it, and the cursor to ask with the next time. Waits for a while when there is nothing;
        whoever asks for the first time, with 0, is answered at once."""
        # Of a clock that went back, or of another deployment.
        cursor = min(cursor, self._last)
        with suppress(TimeoutError):
            async with asyncio.timeout(WAITING_SECONDS):
                while 0 < cursor == self._last:
                    self._told.clear()
                    await self._told.wait()
        return list(self._after(cursor)), self._last

    def _after(self, cursor: float) -> Iterator[Ran]:
        newer = 0
        for ran in reversed(self._kept):
            if ran.cursor <= cursor:
                break
            newer += 1
        return islice(self._kept, len(self._kept) - newer, None)

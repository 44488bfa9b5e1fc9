"""What an organization's admins are told of requests that failed or took long: a row of its system log each, beside the
line in the operator's own log. Written a moment later and some at a time, so that no request waits for it; when the
database is away, or there is more than can be written, rows are lost and lines are not. A row says what was asked, by
whom and what broke, never a word of what was sent."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from pathlib import Path
from typing import Any, Literal

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import ApiError

Level = Literal["warning", "error"]
MOST_WAITING = 200
_PAUSE_SECONDS = 0.25
_OURS = Path(__file__).resolve().parents[2]

logger = logging.getLogger("dfworx.requests")


class SystemLog:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[tuple[Caller, Level, str, dict[str, Any]]] = deque(maxlen=MOST_WAITING)

    def note(self, caller: Caller, level: Level, message: str, context: dict[str, Any]) -> None:
        """Messages of one mistake are alike but for numbers and ids: by that they are grouped."""
        self._waiting.append((caller, level, message, context))

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        while self._waiting:
            caller, level, message, context = self._waiting.popleft()
            try:
                async with self._database.write(caller, beside=True) as writer:
                    await writer.execute("select app.write_log($1, $2, $3)", level, message, context)
            except ApiError as error:
                # The operator's log has the line.
                self._waiting.clear()
                logger.warning("The system log can't be written now: %s", error.code)


def told_of(failure: BaseException | None, code: str | None) -> str:
    """What broke, as its kind and where in our source: what an exception says may hold what people sent."""
    if isinstance(failure, ApiError):
        failure = failure.__cause__ or failure
    if failure is None:
        return code or "no answer"
    kind = type(failure).__qualname__
    if isinstance(failure, ApiError):
        return failure.code
    frames = [
        f for f in traceback.extract_tb(failure.__traceback__) if Path(f.filename).is_relative_to(_OURS)
    ]
    if not frames:
        return kind
    return f"{kind} in {Path(frames[-1].filename).relative_to(_OURS)}, {frames[-1].name}"

"""Who was here today, how requests were answered and what wasn't found, for an organization's admins. Gathered in the
process and written some seconds later, so that no request waits for it. What can't be written is lost: figures must
hold no service up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import ApiError

PAUSE_SECONDS = 3.0
MOST_KNOWN = 100_000
"""People whom the process remembers as noted. Beyond, some are noted again, which changes nothing."""

MOST_SEARCHES = 500
"""Different ones between two writes; more are not counted."""

logger = logging.getLogger("dfworx.requests")


@dataclass(slots=True)
class _Answered:
    caller: Caller
    """One of those who asked: in their organization it is counted."""
    requests: int = 0
    failed: int = 0
    seconds: float = 0.0


class Activity:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._answered: dict[UUID, _Answered] = {}
        self._people: dict[UUID, Caller] = {}
        self._empty: dict[tuple[UUID, str], tuple[Caller, int]] = {}
        self._noted: set[UUID] = set()
        self._day: date | None = None

    def count(self, caller: Caller, seconds: float, *, failed: bool) -> None:
        answered = self._answered.get(caller.organization_id)
        if answered is None:
            answered = self._answered[caller.organization_id] = _Answered(caller)
        answered.requests += 1
        answered.failed += failed
        answered.seconds += seconds
        if caller.user_id not in self._noted:
            self._people[caller.user_id] = caller

    def count_empty_search(self, caller: Caller, words: str) -> None:
        """Nothing was found for these. Kept without who searched."""
        key = (caller.organization_id, words)
        if key in self._empty or len(self._empty) < MOST_SEARCHES:
            self._empty[key] = (caller, self._empty.get(key, (caller, 0))[1] + 1)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        today = datetime.now(UTC).date()
        if today != self._day or len(self._noted) > MOST_KNOWN:
            self._day, self._noted = today, set()
        answered, self._answered = self._answered, {}
        people, self._people = self._people, {}
        empty, self._empty = self._empty, {}
        try:
            for each in answered.values():
                async with self._database.write(each.caller, beside=True) as writer:
                    await writer.execute(
                        "select app.note_requests($1, $2, $3)",
                        *(each.requests, each.failed, round(each.seconds * 1000)),
                    )
            for caller in people.values():
                async with self._database.write(caller, beside=True) as writer:
                    await writer.execute("select app.note_active()")
                self._noted.add(caller.user_id)
            for (_, words), (caller, times) in empty.items():
                async with self._database.write(caller, beside=True) as writer:
                    await writer.execute("select app.note_empty_search($1, $2)", words, times)
        except ApiError as error:
            logger.warning("Figures of requests can't be written now: %s", error.code)

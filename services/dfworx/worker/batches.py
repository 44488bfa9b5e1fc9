"""What is done across organizations is done in batches, and one organization's rows must not hold up all others': a
batch that fails or takes too long is done one row at a time, where the database gives any of those that wait, so that
what fails alone is passed by."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from dfworx.shared.errors import ApiError

MOST_FAILURES = 10
"""One by one; then what is left waits for the next time."""

logger = logging.getLogger("dfworx.worker")


async def in_batches(
    take: Callable[[int], Awaitable[Sequence[Any]]], at_once: int, *, name: str
) -> AsyncIterator[Sequence[Any]]:
    """Batches that `take` has done, until nothing waits. Raises what it raises when not one could be done."""
    done = failures = 0
    while True:
        try:
            rows = await take(at_once)
        except ApiError as error:
            if at_once > 1:
                logger.warning("%s: a batch failed (%s) and is done one by one.", name, error.code)
                at_once = 1
                continue
            failures += 1
            if failures < MOST_FAILURES:
                continue
            if not done:
                raise
            return
        done += len(rows)
        if rows:
            yield rows
        if len(rows) < at_once:
            return

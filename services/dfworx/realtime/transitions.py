"""Transitions as frames. Clients that are told the same thing at the same moment share one frame's bytes: a thousand
subscribers of one query are served by one text."""

from __future__ import annotations

from dfworx.realtime.protocol import QueryFailed, QueryRemoved, QueryUpdated, Version, transition
from dfworx.realtime.runtime.executions import Execution
from dfworx.realtime.runtime.failures import failure_of

KEPT = 256
KEPT_BYTES = 32 << 20
"""Of frames: those of the last commits."""

Told = tuple[tuple[int, Execution], ...]
"""What is new, each with the number that its client knows it by."""


class Transitions:
    def __init__(self) -> None:
        self._frames: dict[tuple[Version, Version, tuple[int, ...], Told], bytes] = {}
        self._bytes = 0

    def frame(self, start: Version, end: Version, removed: tuple[int, ...], told: Told) -> bytes:
        key = (start, end, removed, told)
        frame = self._frames.get(key)
        if frame is None:
            changes = [*map(QueryRemoved, removed), *(_change(*each) for each in told)]
            frame = transition(start, end, changes).encode()
            self._frames[key] = frame
            self._bytes += len(frame)
            while self._bytes > KEPT_BYTES or len(self._frames) > KEPT:
                self._bytes -= len(self._frames.pop(next(iter(self._frames))))
        return frame


def _change(number: int, execution: Execution) -> QueryUpdated | QueryFailed:
    result = execution.result
    if result.value is not None:
        return QueryUpdated(number, result.value, result.log_lines, result.journal)
    failure = failure_of(execution.asked.path, result)
    return QueryFailed(number, failure, result.log_lines, result.journal)

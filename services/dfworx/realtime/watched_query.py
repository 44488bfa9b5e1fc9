"""One query that one client watches: what it asks, what it has, and what the client was last told."""

from __future__ import annotations

from typing import Protocol

from dfworx.realtime.protocol import Add
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.executions import Asked, Execution
from dfworx.realtime.runtime.functions import Result
from dfworx.realtime.values import dump


class Watcher(Protocol):
    """A session."""

    caller: Caller

    def wake(self, watched: WatchedQuery) -> None: ...


class WatchedQuery:
    """A `Watch`, for one client."""

    __slots__ = ("asked", "execution", "least", "number", "session", "told", "wanted")

    def __init__(self, session: Watcher, add: Add) -> None:
        self.session = session
        self.number = add.query
        self.asked = Asked(add.path, dump(add.args), add.journal)
        self.execution: Execution | None = None
        self.least = 0
        """The commit that its next execution must have seen."""
        self.told: Result | None = None
        """What the client was last told."""
        self.wanted = True

    @property
    def caller(self) -> Caller:
        return self.session.caller

    @property
    def is_new(self) -> bool:
        """Whether the client wasn't told of this yet."""
        execution, told = self.execution, self.told
        return (
            execution is not None
            and execution.result is not told
            and (told is None or execution.result.seen_from_outside != told.seen_from_outside)
        )

    def tell(self) -> None:
        assert self.execution is not None
        self.told = self.execution.result
        if self.told.journal is not None and self.told.journal != self.asked.journal:
            self.asked = self.asked._replace(journal=self.told.journal)

    def wake(self) -> None:
        self.session.wake(self)

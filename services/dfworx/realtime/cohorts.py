"""Clients that watch the same single query and stand at the same version are told the same frames, so together they are
one watcher: a commit costs one look and one text for all of them, and for each no more than a write to its socket.

A session joins when nothing else goes on in it, and leaves as soon as anything does.
"""

from __future__ import annotations

import time
from math import inf
from typing import Protocol

from dfworx.realtime.protocol import CHUNK_BYTES, Version
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.executions import Execution, moment_of
from dfworx.realtime.runtime.queries import Queries
from dfworx.realtime.transitions import Transitions

Key = tuple[Execution, Version, int, str]
"""What was told, where its Transition ended, the number that it is known by, and what of who asks it hangs on."""


class Hearer(Protocol):
    """What frames go out by."""

    paused: bool
    """Whether the client reads more slowly than it is written to."""

    def send(self, frame: bytes) -> None: ...


class Member(Protocol):
    cohort: Cohort | None

    def leave_cohort(self) -> None:
        """To go on by itself from where the cohort stands."""


class Cohort:
    """A `Watch` that stands for its members'."""

    def __init__(
        self, cohorts: Cohorts, told: Execution, version: Version, number: int, caller: Caller
    ) -> None:
        self._cohorts = cohorts
        self.asked = told.asked
        self.execution: Execution | None = None
        self.told = told
        """What all members were told."""
        self.version = version
        """Where the last Transition of each of them ended."""
        self.number = number
        self.caller = caller
        """One of theirs. The others' are like it in all that was looked at."""
        self.seen = told.seen
        self.expires = inf
        """When the first of their tokens ends."""
        self.members: dict[Member, Hearer] = {}

    @property
    def wanted(self) -> bool:
        return bool(self.members)

    @property
    def key(self) -> Key:
        return self.told, self.version, self.number, str(self.seen)

    def wake(self) -> None:
        queries = self._cohorts.queries
        while self.members:
            if self.execution is self.told:
                queries.release(self)
            if self.execution is None and not queries.hold(self, self.told.until or 0):
                return
            execution: Execution | None = self.execution
            assert execution is not None
            self._tell(execution)
            if execution.until is None:
                return

    def drop(self, member: Member) -> None:
        del self.members[member]
        if not self.members:
            self._cohorts.forget(self)

    def _tell(self, execution: Execution) -> None:
        if not self._holds_for_all(execution):
            self._dissolve(list(self.members))
            return
        if execution.result.seen_from_outside == self.told.result.seen_from_outside:
            self._cohorts.move(self, execution, self.version)
            return
        moment = moment_of((execution,), self.version.ts, self._cohorts.queries.ts)
        assert moment is not None, "one query alone holds at some moment"
        end = self.version._replace(ts=moment)
        frame = self._cohorts.transitions.frame(self.version, end, (), ((self.number, execution),))
        if len(frame) > CHUNK_BYTES:
            self._dissolve(list(self.members))
            return
        self._dissolve([each for each, hearer in self.members.items() if hearer.paused])
        hearers = list(self.members.values())
        if not hearers:
            return
        self._cohorts.move(self, execution, end)
        for hearer in hearers:
            hearer.send(frame)

    def _holds_for_all(self, execution: Execution) -> bool:
        return (
            (execution.seen is None or execution.seen == self.seen)
            and execution.result.journal is None
            and time.time() < self.expires
        )

    def _dissolve(self, members: list[Member]) -> None:
        for each in members:
            each.leave_cohort()


class Cohorts:
    def __init__(self, queries: Queries) -> None:
        self.queries = queries
        self.transitions = Transitions()
        self._known: dict[Key, Cohort] = {}

    def join(
        self, member: Member, hearer: Hearer, told: Execution, version: Version, number: int, caller: Caller
    ) -> Cohort:
        cohort = Cohort(self, told, version, number, caller)
        known = self._known.setdefault(cohort.key, cohort)
        if known is cohort:
            self.queries.share(told, cohort)
        known.members[member] = hearer
        known.expires = min(known.expires, caller.expires or inf)
        return known

    def move(self, cohort: Cohort, told: Execution, version: Version) -> None:
        """To what its members are told now. Two that meet are one from then on."""
        self._unlist(cohort)
        cohort.told, cohort.version = told, version
        known = self._known.setdefault(cohort.key, cohort)
        if known is not cohort:
            for member in cohort.members:
                member.cohort = known
            known.members |= cohort.members
            known.expires = min(known.expires, cohort.expires)
            cohort.members = {}
            self.queries.release(cohort)

    def forget(self, cohort: Cohort) -> None:
        self._unlist(cohort)
        self.queries.release(cohort)

    def _unlist(self, cohort: Cohort) -> None:
        if self._known.get(cohort.key) is cohort:
            del self._known[cohort.key]

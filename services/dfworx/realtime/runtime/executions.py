"""Queries that somebody watches, each run once for all who would see the same.

Two who ask the same function for the same thing share one run when what it looked at in who asks is the same for both;
its value is one text. An execution holds from the commit that it read to the one that touched what it read. Several
hold together when there is a moment at which all of them do: that moment is what a client is told.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from dfworx.realtime.engine.committer import Commit
from dfworx.realtime.engine.subscriptions import ReadSet, Subscriptions
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.functions import Result

REMEMBERED = 10_000
"""Commits, against which a run that began before them is held when it ends."""
CLOCK_SECONDS = 5.0
"""How long what depends on the clock is given to those who come later."""

Seen = str | dict[str, str] | None
"""What of who asks was looked at, as JSON: nothing, some claims, or all there is."""


class Asked(NamedTuple):
    """What is run: the function, its arguments as encoded JSON, and where its page ended before."""

    path: str
    args: str
    journal: str | None = None


class Watch(Protocol):
    """One query of one client."""

    asked: Asked
    execution: Execution | None
    """That it has; None: it waits for one."""

    @property
    def wanted(self) -> bool:
        """False: its client has gone, or asks for it no longer."""

    @property
    def caller(self) -> Caller: ...

    def wake(self) -> None:
        """The execution that it has holds no longer, or the run that it waits for has ended."""


@dataclass(eq=False, slots=True)
class Execution:
    asked: Asked
    result: Result
    ran_at: int
    """The timestamp of the snapshot that it read: from then on it holds."""
    seen: Seen = None
    admin: bool = False
    """Whether it was run for one who may call what isn't public."""
    until: int | None = None
    """The commit that touched what it read. None: it holds still."""
    watchers: set[Watch] = field(default_factory=set)
    ended: float = field(default_factory=time.monotonic)

    def suits(self, watch: Watch) -> bool:
        caller = watch.caller
        return self.admin == caller.admin and (
            self.seen is None or self.seen == seen_like(caller.identity, self.seen)
        )


def seen_like(identity: dict[str, Any] | None, like: Seen) -> Seen:
    """Of who asks, what another execution looked at."""
    if like is None:
        return None
    if isinstance(like, str) or identity is None:
        return _write(identity)
    return {name: _write(identity.get(name)) for name in like}


def seen_by(identity: dict[str, Any] | None, observed: dict[str, Any]) -> Seen:
    """Whether there is somebody at all counts as soon as the identity was asked for."""
    if not observed.get("identity"):
        return None
    if identity is None or observed.get("allClaims"):
        return _write(identity)
    return {name: _write(identity.get(name)) for name in observed.get("claims", ())}


def moment_of(executions: Iterable[Execution], least: int, now: int) -> int | None:
    """The newest moment, not before `least`, at which all of them hold; `now` is the last commit."""
    newest = now
    for each in executions:
        least = max(least, each.ran_at)
        if each.until is not None:
            newest = min(newest, each.until - 1)
    return newest if least <= newest else None


class Executions:
    """Those that hold, and those that somebody is still told of."""

    def __init__(self) -> None:
        self._known: dict[Asked, list[Execution]] = {}
        self._subscriptions = Subscriptions[Execution]()
        self._commits: deque[Commit] = deque(maxlen=REMEMBERED)

    def find(self, watch: Watch) -> Execution | None:
        """One that holds now and for this person."""
        for each in self._known.get(watch.asked, ()):
            if each.suits(watch) and not _by_the_clock(each):
                return each
        return None

    def add(self, execution: Execution, reads: ReadSet) -> None:
        """A run that has just ended. What was committed since it began may have touched what it read."""
        for commit in reversed(self._commits):
            if commit.ts <= execution.ran_at:
                break
            if any(map(reads.holds, commit.touched)):
                execution.until = commit.ts
        if execution.until is not None:
            return
        self._subscriptions.watch(execution, reads)
        self._known.setdefault(execution.asked, []).append(execution)

    def hold(self, execution: Execution, watch: Watch) -> None:
        watch.execution = execution
        execution.watchers.add(watch)

    def release(self, watch: Watch) -> None:
        execution = watch.execution
        if execution is not None:
            watch.execution = None
            execution.watchers.discard(watch)
            self.drop_unwatched(execution)

    def drop_unwatched(self, execution: Execution) -> None:
        if not execution.watchers:
            self._forget(execution)

    def concerned(self, group: Iterable[Commit]) -> set[Execution]:
        """Those that hold until then, and no longer."""
        return set().union(*(self._subscriptions.concerned(each.touched) for each in group))

    def publish(self, commit: Commit) -> set[Watch]:
        """Whom it concerns."""
        self._commits.append(commit)
        return self._end(self._subscriptions.concerned(commit.touched), commit.ts)

    def end_all(self, ts: int) -> set[Watch]:
        """The functions themselves have changed: whom it concerns is everybody."""
        return self._end({each for known in self._known.values() for each in known}, ts)

    def __len__(self) -> int:
        return sum(map(len, self._known.values()))

    def _end(self, executions: Iterable[Execution], ts: int) -> set[Watch]:
        woken: set[Watch] = set()
        for execution in executions:
            if execution.ran_at < ts:
                execution.until = ts
                woken |= execution.watchers
                self._forget(execution)
        return woken

    def _forget(self, execution: Execution) -> None:
        self._subscriptions.forget(execution)
        known = self._known.get(execution.asked, [])
        if execution in known:
            known.remove(execution)
            if not known:
                del self._known[execution.asked]


def _by_the_clock(execution: Execution) -> bool:
    """Whether it tells a time that is over, or drew lots for somebody else."""
    observed = execution.result.observed
    return bool(observed.get("random")) or (
        bool(observed.get("time")) and time.monotonic() - execution.ended > CLOCK_SECONDS
    )


def _write(value: Any) -> str:
    """What begins with a quote is no other JSON: most claims are texts."""
    return f'"{value}' if isinstance(value, str) else json.dumps(value, sort_keys=True)

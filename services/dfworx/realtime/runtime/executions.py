"""Queries that somebody watches, each run once for all who would see the same.

Two who ask the same function for the same thing share one run when what it looked at in who asks is the same for both;
its value is one text. A commit makes a run old when it touched what the run read, and it is run again when next asked.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dfworx.realtime.engine.committer import Commit
from dfworx.realtime.engine.subscriptions import ReadSet, Subscriptions
from dfworx.realtime.runtime.functions import Result

Watcher = TypeVar("Watcher", bound=Hashable)
REMEMBERED = 10_000
"""Commits, against which a run that began before them is held when it ends."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is run: the function, its arguments as encoded JSON, and where its page ended before."""

    path: str
    args: str
    journal: str | None


@dataclass(eq=False, slots=True)
class Execution(Generic[Watcher]):
    asked: Asked
    result: Result
    ran_at: int
    """The timestamp of the snapshot that it read."""
    identity: str | dict[str, str] | None
    """What of who asked it hangs on, as JSON: nothing, some claims, or all there is."""
    watchers: set[Watcher] = field(default_factory=set)
    stale: bool = False

    def suits(self, identity: dict[str, Any] | None) -> bool:
        return self.identity is None or self.identity == seen_of(identity, self.identity)


def seen_of(identity: dict[str, Any] | None, like: str | dict[str, str]) -> str | dict[str, str]:
    """Of who asks, what another execution looked at."""
    if isinstance(like, str) or identity is None:
        return _write(identity)
    return {name: _write(identity.get(name)) for name in like}


def looked_at(identity: dict[str, Any] | None, observed: dict[str, Any]) -> str | dict[str, str] | None:
    """Whether there is somebody at all counts as soon as the identity was asked for."""
    if not observed.get("identity"):
        return None
    if identity is None or observed.get("allClaims"):
        return _write(identity)
    return {name: _write(identity.get(name)) for name in observed.get("claims", ())}


class Executions(Generic[Watcher]):
    def __init__(self) -> None:
        self._known: dict[Asked, list[Execution[Watcher]]] = {}
        self._subscriptions = Subscriptions[Execution[Watcher]]()
        self._commits: deque[Commit] = deque(maxlen=REMEMBERED)

    def find(self, asked: Asked, identity: dict[str, Any] | None) -> Execution[Watcher] | None:
        """One that holds now and for this person."""
        return next(
            (each for each in self._known.get(asked, ()) if not each.stale and each.suits(identity)), None
        )

    def add(self, execution: Execution[Watcher], reads: ReadSet) -> None:
        """A run that has just ended. What was committed since it began may have made it old already."""
        since = [commit for commit in self._commits if commit.ts > execution.ran_at]
        execution.stale = any(reads.holds(touched) for commit in since for touched in commit.touched)
        if not execution.stale:
            self._subscriptions.watch(execution, reads)
            self._known.setdefault(execution.asked, []).append(execution)

    def release(self, execution: Execution[Watcher], watcher: Watcher) -> None:
        """What nobody watches is forgotten."""
        execution.watchers.discard(watcher)
        if not execution.watchers:
            self._forget(execution)

    def publish(self, commit: Commit) -> set[Watcher]:
        """Who watches what is old now."""
        self._commits.append(commit)
        woken: set[Watcher] = set()
        for execution in self._subscriptions.concerned(commit.touched):
            if execution.ran_at < commit.ts:
                execution.stale = True
                woken |= execution.watchers
                self._forget(execution)
        return woken

    def __len__(self) -> int:
        return sum(map(len, self._known.values()))

    def _forget(self, execution: Execution[Watcher]) -> None:
        self._subscriptions.forget(execution)
        known = self._known.get(execution.asked, [])
        if execution in known:
            known.remove(execution)
            if not known:
                del self._known[execution.asked]


def _write(value: Any) -> str:
    return json.dumps(value, sort_keys=True)

"""What one client has asked for, and how far what it was told has come. Lives as long as its socket."""

from __future__ import annotations

from typing import NamedTuple

from dfworx.realtime.protocol.requests import Add, Authenticate, BadRequest, ModifyQuerySet, Remove


class Version(NamedTuple):
    """A tuple, since each Transition of each client looks one up and makes one."""

    query_set: int = 0
    identity: int = 0
    ts: int = 0


class QuerySet:
    """The queries that a client watches. What it asks for waits until a Transition takes it along."""

    def __init__(self) -> None:
        self.told = Version()
        """Where the last Transition ended."""
        self.asked_query_set = 0
        """The newest version of a ModifyQuerySet that was taken in."""
        self.asked_identity = 0
        """How many Authenticates were taken in."""
        self.queries: dict[int, Add] = {}
        """All that are asked for, also those not yet told of."""
        self._removed: set[int] = set()
        """Removed since the last Transition, though that or an earlier one told of them."""
        self._shown: set[int] = set()
        """Told of, and not yet told to be removed."""

    def modify(self, message: ModifyQuerySet) -> None:
        """Raises BadRequest, and then has changed nothing."""
        if message.base != self.asked_query_set:
            raise BadRequest(
                f"BaseVersionMismatch: the query set is at version {self.asked_query_set}, not {message.base}."
            )
        if message.new <= message.base:
            raise BadRequest("newVersion must be greater than baseVersion.")
        # Of what is there nothing is looked at but what changes: a client may add a thousand, each by a message.
        added: dict[int, Add] = {}
        gone: set[int] = set()
        for change in message.changes:
            number = change.query
            there = number in added or (number in self.queries and number not in gone)
            match change:
                case Add() if there:
                    raise BadRequest(f"Query {number} is there already.")
                case Add():
                    added[number] = change
                case Remove() if not there:
                    raise BadRequest(f"There is no query {number}.")
                case Remove() if added.pop(number, None) is None:
                    gone.add(number)
        self._removed |= (gone - added.keys()) & self._shown
        for number in gone:
            del self.queries[number]
        self.queries |= added
        self.asked_query_set = message.new

    def authenticate(self, message: Authenticate) -> None:
        """Raises BadRequest."""
        if message.base != self.asked_identity:
            raise BadRequest(
                f"BaseVersionMismatch: the identity is at version {self.asked_identity}, not {message.base}."
            )
        self.asked_identity += 1

    @property
    def asked(self) -> Version:
        """Where the next Transition ends, but for its timestamp."""
        return Version(self.asked_query_set, self.asked_identity, self.told.ts)

    @property
    def identity_changed(self) -> bool:
        """Then every query is run anew, whether or not it looks at who asks."""
        return self.asked_identity != self.told.identity

    def advance(self, ts: int, shown: set[int]) -> tuple[Version, Version, list[int]]:
        """One Transition: where it starts, where it ends, and which queries it says are removed, before all else.
        `shown` are those whose results it brings. A timestamp before the last one told is the engine's mistake."""
        if ts < self.told.ts:
            raise ValueError(f"A Transition to {ts} would go back from {self.told.ts}")
        start, end = self.told, Version(self.asked_query_set, self.asked_identity, ts)
        removed = sorted(self._removed) if self._removed else []
        if removed:
            self._shown -= self._removed
            self._removed = set()
        self._shown |= shown
        self.told = end
        return start, end, removed

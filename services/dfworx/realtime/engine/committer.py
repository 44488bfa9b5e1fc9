"""Mutations, one after the other, and several in one commit.

Each runs in a savepoint and sees what those before it wrote; what it did counts when the disk has it. So nobody is told
of a commit that could still be lost, and a disk that takes some milliseconds is waited for once by all that came
meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dfworx.realtime.engine.store import Writer
from dfworx.realtime.engine.subscriptions import Touched
from dfworx.realtime.engine.transaction import Fits, Transaction

LARGE = 500
"""Keys that went or came."""


class WritesStopped(Exception):
    """The disk takes nothing more; reads go on. Says why."""


@dataclass(slots=True)
class Commit:
    """One mutation's, durable once the group it is in is."""

    ts: int
    touched: list[Touched] = field(default_factory=list)
    scheduled: bool = False
    """Whether there is something new to run later."""


class Committer:
    def __init__(self, writer: Writer, now_ns: int) -> None:
        self._writer = writer
        self.ts = max(writer.ts, now_ns)
        """The last timestamp given: never less than one that anybody was told."""
        self.waiting: list[Commit] = []
        """Done, and not yet on the disk."""
        self._created = 0.0
        """The last `_creationTime` given: a nanosecond, by which timestamps grow, is too fine for it."""
        self._stopped: str | None = None
        """Why nothing will be written any more."""
        self._lost = False
        """Whether SQLite has taken back the whole group, as it does when a disk is full."""

    @contextmanager
    def mutation(self, now_ns: int, fits: Fits) -> Iterator[tuple[Transaction, Commit]]:
        """Left without an exception, it waits for the next `flush`; left by one, it has never been. Raises
        WritesStopped."""
        if self._stopped is not None:
            raise WritesStopped(self._stopped)
        try:
            if not self.waiting and not self._writer.connection.in_transaction:
                self._writer.begin()
        except sqlite3.Error as error:
            raise WritesStopped(_words(error)) from error
        # A clock that goes back doesn't take timestamps with it.
        commit = Commit(max(self.ts + 1, now_ns))
        transaction = Transaction(self._writer, commit.ts / 1e6, fits, created=self._created)
        try:
            with self._writer.savepoint():
                yield transaction, commit
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.DatabaseError as error:
            self._lost = not self._writer.connection.in_transaction
            raise WritesStopped(_words(error)) from error
        self.ts, self._created = commit.ts, transaction.created
        commit.touched = transaction.touched
        commit.scheduled = transaction.usage.scheduled > 0
        self.waiting.append(commit)

    def advance(self, now_ns: int) -> int:
        """A timestamp for what else is written, between two groups."""
        self.ts = max(self.ts + 1, now_ns)
        return self.ts

    @property
    def is_large(self) -> bool:
        """Whether to commit what waits takes long enough to do it beside everything else."""
        return sum(len(each.touched) for each in self.waiting) > LARGE

    def flush(self) -> list[Commit]:
        """The group, for readers to see. Only after `sync` the disk has it. Raises WritesStopped, and then none of it
        has been."""
        group, self.waiting = self.waiting, []
        lost, self._lost = self._lost, False
        if lost and group:
            raise WritesStopped("Nothing can be written at the moment: the disk is full. Make room on it.")
        try:
            if group:
                self._writer.show(group[-1].ts)
            else:
                self._writer.roll_back()
        except sqlite3.Error as error:
            self._writer.roll_back()
            raise WritesStopped(_words(error)) from error
        return group

    def sync(self) -> None:
        """What was flushed, durable. Slow: the disk is waited for. Raises WritesStopped: then it is there for readers,
        and may be gone after a failure of power; nothing is written any more, since nobody knows on top of what."""
        try:
            self._writer.sync()
        except (OSError, sqlite3.Error) as error:
            self._stopped = (
                f"The disk doesn't say whether it has what was written last: {error}. Nothing more is written until "
                "this deployment is started anew."
            )
            raise WritesStopped(self._stopped) from error


def _words(error: sqlite3.Error) -> str:
    return f"Nothing can be written at the moment: {error}. Make room on the disk, or look at the documents' file."

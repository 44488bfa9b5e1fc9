"""The embedded Convex deployment in a backup: its documents as of one moment, copied while they are served, and the
bytes of its files."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dfworx.cli.failure import Failure
from dfworx.realtime.engine.store import Store

_PAGES_AT_ONCE = 4096
_WALKED_AT_ONCE = 1000


@dataclass(frozen=True)
class Moment:
    """What the documents' file holds, as long as its connection lives."""

    connection: sqlite3.Connection

    def file_keys(self) -> set[str]:
        """Of the bytes that documents name."""
        return {key for (key,) in self.connection.execute("select key from files")}

    def copy(self, target: Path, say: Callable[[str], None]) -> None:
        """Of this moment, whatever is written meanwhile: the copying reads in the transaction that is open here."""

        def shown(_status: int, remaining: int, total: int) -> None:
            say(f"{(total - remaining) * 100 // max(total, 1)} %")

        with closing(sqlite3.connect(target)) as copy:
            self.connection.backup(copy, pages=_PAGES_AT_ONCE, progress=shown)
            # One file, without a log beside it.
            copy.execute("pragma journal_mode = delete")


@contextmanager
def hold_moment(source: Path) -> Iterator[Moment]:
    """The documents as they are now. Raises Failure."""
    try:
        # Neither made when it isn't there, nor taken for a file of another program.
        connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        with closing(connection):
            connection.execute("pragma busy_timeout = 10000")
            connection.execute("begin")
            # The first reading is the moment.
            connection.execute("select value from facts where name = 'ts'").fetchone()
            connection.execute("select number from documents limit 1").fetchone()
            yield Moment(connection)
    except sqlite3.Error as error:
        raise Failure(f"The documents in {source} can't be copied: {error}.") from None


def measure_documents(copy: Path) -> dict[str, Any]:
    """Rows and digest of each table of a copy, and its time. Raises Failure when it is damaged."""
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            [found] = connection.execute("pragma quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            store = Store(connection)
            tables = {name: _measure(store, name) for name in sorted(store.catalog.tables)}
            return {"ts": str(store.ts), "tables": tables}
    except sqlite3.Error as error:
        raise Failure(f"The copy of the documents is damaged: {error}.") from None


def _measure(store: Store, table: str) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), 0
    for some in store.walk(table, _WALKED_AT_ONCE):
        rows += len(some)
        for row in some:
            digest.update(row.text.encode() + b"\n")
    return {"rows": rows, "digest": digest.hexdigest()}

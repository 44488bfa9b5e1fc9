"""Documents and index entries in SQLite, as one connection sees them.

A document is its encoded JSON, `_id` and `_creationTime` included, stored and handed out as it is. An entry leads from
an index's key to it. A reader's connection holds one snapshot while it reads; the one writer's sees what it has
written, and a savepoint takes back what a failed function wrote: nobody else ever sees it.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dfworx.realtime.engine.catalog import (
    SCHEMA,
    Catalog,
    catalog_version,
    create_system_tables,
    create_table,
    load_catalog,
)
from dfworx.realtime.engine.postings import TABLES as POSTINGS
from dfworx.realtime.engine.postings import (
    change_postings,
    fill_postings,
    postings_of,
    prepare_to_write,
    touched_by,
)
from dfworx.realtime.engine.ranges import BY_CREATION_TIME, BY_ID, Interval, everything, one
from dfworx.realtime.engine.subscriptions import Touched
from dfworx.realtime.values import load

TABLES = """
create table if not exists documents (number integer primary key, text text not null);
create table if not exists entries (
  index_number integer not null,
  key blob not null,
  document integer not null,
  primary key (index_number, key)
) without rowid;
"""

PAGE_BYTES = 4096
LOG_BYTES = 4 << 20
"""That SQLite's log may hold before it is taken into the documents' file."""

ASCENDING = (
    "select d.number, e.key, d.text from entries e cross join documents d on d.number = e.document"
    " where e.index_number = ? and e.key >= ? and e.key < ? order by e.key limit ?"
)
DESCENDING = ASCENDING.replace("order by e.key", "order by e.key desc")


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """Of the document, whichever index leads to it."""
    key: bytes
    text: str
    """The document's encoded JSON."""

    def document(self) -> dict[str, Any]:
        return cast(dict[str, Any], load(self.text))


class Store:
    """Reads. What it says holds for the snapshot that its connection is in."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._catalog: Catalog | None = None
        self._stands = False
        """Whether nobody changes the catalog but `require_table`: then it isn't asked for its version each time."""

    @property
    def catalog(self) -> Catalog:
        if self._catalog is None or not (
            self._stands or self._catalog.version == catalog_version(self.connection)
        ):
            self._catalog = load_catalog(self.connection)
        return self._catalog

    @contextmanager
    def _catalog_stands(self) -> Iterator[None]:
        before = self._stands
        _, self._stands = self.catalog, True
        try:
            yield
        finally:
            self._stands = before

    def scan(self, index: int, interval: Interval, limit: int, *, descending: bool = False) -> list[Row]:
        statement = DESCENDING if descending else ASCENDING
        rows = self.connection.execute(statement, (index, interval.low, interval.high, limit))
        return [Row(*row) for row in rows]

    def find(self, index: int, key: bytes) -> Row | None:
        """The one document that has this key."""
        return next(iter(self.scan(index, one(key), 1)), None)

    def placed(self, index: int, place: int) -> tuple[int, str] | None:
        """The document that has a place in a search index: its number and its text."""
        found: tuple[int, str] | None = self.connection.execute(
            "select d.number, d.text from places p join documents d on d.number = p.document"
            " where p.index_number = ? and p.place = ?",
            (index, place),
        ).fetchone()
        return found

    def walk(self, table: str, at_once: int, by: str = BY_ID) -> Iterator[list[Row]]:
        """Every document of a table, so many a step."""
        index, rest = self.catalog.indexes[table][by], everything()
        while rows := self.scan(index.number, rest, at_once):
            yield rows
            rest = rest.behind(rows[-1].key)

    def count(self, index: int) -> int:
        row = self.connection.execute(
            "select count(*) from entries where index_number = ?", (index,)
        ).fetchone()
        return int(row[0])

    @property
    def ts(self) -> int:
        """The last commit's timestamp."""
        row = self.connection.execute("select value from facts where name = 'ts'").fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One state of everything, however long it takes and whatever is committed meanwhile."""
        self.connection.execute("begin")
        try:
            with self._catalog_stands():
                yield
        finally:
            self.connection.execute("rollback")


class Writer(Store):
    """The only one. Between `begin` and `commit` it runs one function after the other, each in a savepoint."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._is_durable = bool(connection.execute("pragma synchronous").fetchone()[0])
        self._log: int | None = None
        """SQLite's log, opened to be synced."""
        self._unsaved = 0
        """About how many bytes the log has that the documents' file hasn't."""
        prepare_to_write(connection)

    def create(self) -> None:
        """Makes the tables of a new file."""
        self.connection.executescript(SCHEMA + TABLES + POSTINGS)
        self.begin()
        create_system_tables(self.connection)
        self.connection.execute("commit")

    def begin(self) -> None:
        self.connection.execute("begin immediate")

    def commit(self, ts: int) -> None:
        """Everything since `begin`, durable when it returns. Slow: the disk has a word in it."""
        self.show(ts)
        self.sync()

    def show(self, ts: int) -> None:
        """Everything since `begin`: readers see it from now on, and the disk has it after `sync`."""
        self.connection.execute(
            "insert into facts (name, value) values ('ts', ?) on conflict (name) do update set value = excluded.value",
            (ts,),
        )
        self.connection.execute("commit")

    def sync(self) -> None:
        """What was shown is durable when it returns. Raises OSError, and then nobody knows what the disk has."""
        if self._is_durable:
            if self._log is None:
                [(_, _, path)] = self.connection.execute("pragma database_list").fetchall()
                self._log = os.open(f"{path}-wal", os.O_RDONLY)
            os.fdatasync(self._log)
        if self._unsaved > LOG_BYTES:
            self._unsaved = 0
            self.connection.execute("pragma wal_checkpoint(passive)")

    def close(self) -> None:
        if self._log is not None:
            os.close(self._log)
        self.connection.close()

    def roll_back(self) -> None:
        self._catalog = None
        if self.connection.in_transaction:
            self.connection.execute("rollback")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Takes back all that was written inside it, when it is left by an exception."""
        self.connection.execute("savepoint one")
        try:
            with self._catalog_stands():
                yield
        except BaseException:
            # Its version may be given again, to another one.
            self._catalog = None
            # A full disk takes the whole transaction back, and the savepoint with it.
            if self.connection.in_transaction:
                self.connection.execute("rollback to one")
                self.connection.execute("release one")
            raise
        self.connection.execute("release one")

    def require_table(self, name: str) -> int:
        """Its number; the table is made when it is new. Raises BadName."""
        if name not in self.catalog.tables:
            create_table(self.connection, name)
            self._catalog = None
        return self.catalog.tables[name]

    def write(
        self, table: str, old: tuple[int, dict[str, Any]] | None, new: tuple[dict[str, Any], str] | None
    ) -> list[Touched]:
        """Puts `new`, a document and its text, in the place of `old`, the stored one with its number: one of the two
        may be missing. Tells every key that went or came."""
        if old is None:
            assert new is not None
            cursor = self.connection.execute("insert into documents (text) values (?)", (new[1],))
            number = cast(int, cursor.lastrowid)
        elif new is None:
            number = old[0]
            self.connection.execute("delete from documents where number = ?", (number,))
        else:
            number = old[0]
            self.connection.execute("update documents set text = ? where number = ?", (new[1], number))
        touched = []
        for known in self.catalog.indexes[table].values():
            before = tuple(known.index.parts(old[1])) if old else None
            after = tuple(known.index.parts(new[0])) if new else None
            if before and before != after:
                self.connection.execute(
                    "delete from entries where index_number = ? and key = ?", (known.number, b"".join(before))
                )
            if after and after != before:
                self.connection.execute(
                    "insert into entries (index_number, key, document) values (?, ?, ?)",
                    (known.number, b"".join(after), number),
                )
            # A reader of the key reads the document too, so a key that stays is told as well.
            touched += [Touched(known.number, parts) for parts in {before, after} if parts]
        for search in self.catalog.searches[table].values():
            found = postings_of(search.index, old[1]) if old else {}
            finds = postings_of(search.index, new[0]) if new else {}
            change_postings(self.connection, search.number, number, found, finds)
            touched += touched_by(search.number, found, finds)
        self._unsaved += PAGE_BYTES * (1 + len(touched)) + (len(new[1]) if new else 0)
        return touched

    def fill_index(self, table: str, name: str, at_once: int) -> Iterator[int]:
        """Enters every document of a table into a new index, `at_once` a step; gives how many are done."""
        index, done = self.catalog.indexes[table][name], 0
        for rows in self.walk(table, at_once):
            self.connection.executemany(
                "insert into entries (index_number, key, document) values (?, ?, ?)"
                " on conflict do update set document = excluded.document",
                [(index.number, b"".join(index.index.parts(row.document())), row.number) for row in rows],
            )
            done += len(rows)
            yield done

    def empty_index(self, index: int, at_once: int) -> Iterator[int]:
        """Takes every entry out of one, `at_once` a step; gives how many are done."""
        done = 0
        while cursor := self.connection.execute(
            "delete from entries where index_number = ?1 and key in"
            " (select key from entries where index_number = ?1 order by key limit ?2)",
            (index, at_once),
        ):
            if not cursor.rowcount:
                return
            done += cursor.rowcount
            yield done

    def fill_search_index(self, table: str, name: str, at_once: int) -> Iterator[int]:
        """As `fill_index`; in the order in which documents came, in which they stand together."""
        search, done = self.catalog.searches[table][name], 0
        for rows in self.walk(table, at_once, BY_CREATION_TIME):
            fill_postings(self.connection, search, ((row.number, row.document()) for row in rows))
            done += len(rows)
            yield done


class BadDocuments(Exception):
    """The documents' file is none, or broken; the message says what to do."""


@contextmanager
def hold_file(path: Path) -> Iterator[None]:
    """Two that serve it would each answer without what the other has written. Raises BadDocuments."""
    try:
        file = path.open("ab")
    except OSError as error:
        raise BadDocuments(
            f"The documents can't be kept in {path} ({error.strerror}); name another file with --data."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadDocuments(
                f"{path} is being served already; stop that one, or name another file with --data."
            ) from None
        yield


def open_connection(path: str, *, durable: bool = True) -> sqlite3.Connection:
    """For one reader or the writer; transactions are begun and ended by hand. Unless `durable` is false, `Writer.sync`
    waits for the disk. Raises BadDocuments."""
    try:
        return _open(path, durable=durable)
    except sqlite3.Error as error:
        raise BadDocuments(
            f"The documents in {path} can't be read: {error}. Put a copy from before in its place, or move the file "
            "away to begin without documents."
        ) from error


def _open(path: str, *, durable: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    connection.executescript(
        f"""
        pragma journal_mode = wal;
        pragma synchronous = {"normal" if durable else "off"};
        pragma wal_autocheckpoint = 0;
        pragma foreign_keys = on;
        pragma busy_timeout = 10000;
        pragma cache_size = -16000;
        pragma temp_store = memory;
        """
    )
    return connection

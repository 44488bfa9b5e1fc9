"""Which tables and indexes a deployment has. Numbers are given once and never again: ids hold a table's, and what was
read is told by an index's."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from dfworx.realtime.engine.postings import KnownSearch, SearchIndex, drop_postings
from dfworx.realtime.engine.ranges import BY_CREATION_TIME, BY_ID, Index

FIRST_TABLE = 10_001
"""Convex keeps the numbers before it for tables of its own."""
SYSTEM_TABLES = {"_scheduled_functions": 539, "_storage": 540}
"""With the numbers that they have in Convex, so that ids of an export stay what they are."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


class BadName(Exception):
    """What no table or index may be called."""


@dataclass(frozen=True, slots=True)
class KnownIndex:
    number: int
    index: Index


@dataclass(slots=True)
class Catalog:
    """As one snapshot has it."""

    tables: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    """Of tables, by number."""
    indexes: dict[str, dict[str, KnownIndex]] = field(default_factory=dict)
    """By table, then by name."""
    searches: dict[str, dict[str, KnownSearch]] = field(default_factory=dict)
    """Search indexes, by table, then by name."""
    version: int = 0
    """Grows with each change of it."""
    plans: dict[bytes, Any] = field(default_factory=dict, repr=False, compare=False)
    """Of queries that were asked, by their JSON (queries.py)."""

    def index(self, table: str, name: str) -> KnownIndex | None:
        return self.indexes.get(table, {}).get(name)


SCHEMA = """
create table if not exists facts (name text primary key, value integer not null) without rowid;
create table if not exists tables (number integer primary key, name text not null unique);
create table if not exists indexes (
  number integer primary key,
  table_number integer not null references tables,
  name text not null,
  fields text not null,
  unique (table_number, name)
);
create table if not exists search_indexes (
  number integer primary key,
  table_number integer not null references tables,
  name text not null,
  field text not null,
  filters text not null,
  unique (table_number, name)
);
create table if not exists checked (name text primary key, validator text not null) without rowid;
"""


def load_catalog(connection: sqlite3.Connection) -> Catalog:
    catalog = Catalog(version=catalog_version(connection))
    for number, name in connection.execute("select number, name from tables"):
        catalog.tables[name], catalog.names[number] = number, name
        catalog.indexes[name], catalog.searches[name] = {}, {}
    for number, table, name, fields in connection.execute(
        "select number, table_number, name, fields from indexes order by number"
    ):
        owner = catalog.names[table]
        catalog.indexes[owner][name] = KnownIndex(number, Index(owner, name, tuple(json.loads(fields))))
    for number, table, name, path, filters in connection.execute(
        "select number, table_number, name, field, filters from search_indexes order by number"
    ):
        owner = catalog.names[table]
        index = SearchIndex(owner, name, path, tuple(json.loads(filters)))
        catalog.searches[owner][name] = KnownSearch(number, index)
    return catalog


def catalog_version(connection: sqlite3.Connection) -> int:
    row = connection.execute("select value from facts where name = 'catalog'").fetchone()
    return int(row[0]) if row else 0


def create_table(connection: sqlite3.Connection, name: str) -> None:
    """With the two indexes that every table has. Raises BadName."""
    require_name(name, "A table")
    [(last,)] = connection.execute("select coalesce(max(number), 0) from tables")
    _add_table(connection, name, max(FIRST_TABLE, last + 1))


def create_system_tables(connection: sqlite3.Connection) -> None:
    """Those that aren't there yet."""
    there = {name for (name,) in connection.execute("select name from tables")}
    for name, number in SYSTEM_TABLES.items():
        if name not in there:
            _add_table(connection, name, number)


def number_tables(connection: sqlite3.Connection, numbers: dict[str, int]) -> None:
    """Of tables that have no documents, whose ids would begin with another number. None of those that keep theirs may
    have one of these."""
    connection.execute("pragma defer_foreign_keys = on")
    naming = connection.execute(
        'select m.name, f."from" from sqlite_master m, pragma_foreign_key_list(m.name) f'
        " where m.type = 'table' and f.\"table\" = 'tables'"
    ).fetchall()
    # Two may change places, so that for a moment they have none.
    for sign in (-1, 1):
        for name, number in numbers.items():
            [(old,)] = connection.execute("select number from tables where name = ?", (name,))
            for table, column in [("tables", "number"), *naming]:
                connection.execute(
                    f"update {table} set {column} = ? where {column} = ?",  # noqa: S608 - our own names
                    (sign * number, old),
                )
    _changed(connection)


def is_system(table: str) -> bool:
    """Whether functions may only read it, and by `ctx.db.system`."""
    return table.startswith("_")


def create_index(connection: sqlite3.Connection, table: str, name: str, fields: tuple[str, ...]) -> None:
    """Without entries: whoever makes it fills it. `fields` without the `_creationTime` that stands behind them. Raises
    BadName."""
    _require_index_name(name)
    if "_creationTime" in fields or "_id" in fields or len(set(fields)) < len(fields):
        raise BadName(
            f"Index {table}.{name} may list each field once, and not _creationTime or _id, which stand behind."
        )
    _add_index(connection, table, name, (*fields, "_creationTime"))


def drop_index(connection: sqlite3.Connection, number: int) -> None:
    """Without its entries: whoever drops it takes them out before."""
    connection.execute("delete from indexes where number = ?", (number,))
    _changed(connection)


def create_search_index(connection: sqlite3.Connection, index: SearchIndex) -> None:
    """Without postings: whoever makes it fills it. Raises BadName."""
    _require_index_name(index.name)
    connection.execute(
        "insert into search_indexes (number, table_number, name, field, filters)"
        " values ((select coalesce(max(value), 0) + 1 from facts where name = 'index'),"
        " (select number from tables where name = ?), ?, ?, ?)",
        (index.table, index.name, index.field, json.dumps(index.filters)),
    )
    _count(connection, "index")
    _changed(connection)


def drop_search_index(connection: sqlite3.Connection, number: int) -> None:
    drop_postings(connection, number)
    connection.execute("delete from search_indexes where number = ?", (number,))
    _changed(connection)


def require_name(name: str, what: str) -> None:
    """Raises BadName."""
    if not _NAME.fullmatch(name):
        raise BadName(
            f"{what} can't be named {name[:70]!r}: "
            "a name begins with a letter and has at most 64 letters, digits and _."
        )


def _require_index_name(name: str) -> None:
    require_name(name, "An index")
    if name in (BY_ID, BY_CREATION_TIME):
        raise BadName(f"Every table has an index {name} already; give yours another name.")


def _add_table(connection: sqlite3.Connection, name: str, number: int) -> None:
    connection.execute("insert into tables (number, name) values (?, ?)", (number, name))
    _add_index(connection, name, BY_ID, ("_id",))
    _add_index(connection, name, BY_CREATION_TIME, ("_creationTime",))


def _add_index(connection: sqlite3.Connection, table: str, name: str, fields: tuple[str, ...]) -> None:
    connection.execute(
        "insert into indexes (number, table_number, name, fields)"
        " values ((select coalesce(max(value), 0) + 1 from facts where name = 'index'),"
        " (select number from tables where name = ?), ?, ?)",
        (table, name, json.dumps(fields)),
    )
    _count(connection, "index")
    _changed(connection)


def _changed(connection: sqlite3.Connection) -> None:
    _count(connection, "catalog")


def _count(connection: sqlite3.Connection, name: str) -> None:
    connection.execute(
        "insert into facts (name, value) values (?, 1) on conflict (name) do update set value = value + 1",
        (name,),
    )

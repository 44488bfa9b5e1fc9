"""What one function does to documents: a mutation or a query from its first read to its end, with all that it calls.

It keeps what was read, which tells when a query must run again, and what was touched, which tells whom a commit
concerns. The messages of its errors are what the function's author sees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dfworx.realtime.engine.catalog import BadName, is_system
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.limits import (
    ARRAY_ELEMENTS,
    DOCUMENT_BYTES,
    DOCUMENT_DEPTH,
    DOCUMENT_FIELDS,
    LimitReached,
    Usage,
)
from dfworx.realtime.engine.pages import Asked, Page, read_page
from dfworx.realtime.engine.queries import Plan, Stream, plan_query
from dfworx.realtime.engine.ranges import BY_ID, Interval, everything, one
from dfworx.realtime.engine.store import Row, Store, Writer
from dfworx.realtime.engine.subscriptions import ReadSet, Touched
from dfworx.realtime.values import (
    UNDEFINED,
    DocumentId,
    InvalidId,
    Undefined,
    Value,
    depth_of,
    dump,
    new_internal,
    order_key,
    parse_id,
    size_of,
)

SYSTEM_FIELDS = ("_id", "_creationTime")
READ_ONLY = "System tables (prefixed with `_`) are read-only."
CATALOG = 0
"""In read sets the number of no index: its keys are names of tables."""
Fits = Callable[[str, dict[str, Any]], None]
"""Raises when a document may not stand in a table (schema.py)."""


class BadCall(Exception):
    """A function asked the database for something that can't be; the message says what."""


def fits_everywhere(table: str, document: dict[str, Any]) -> None:
    """Where no schema says anything."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A document that was looked for by its id, which counts as read when somebody takes what was found."""

    index: int
    key: bytes
    row: Row | None


@dataclass(slots=True)
class Transaction:
    store: Store
    now_ms: float
    """When it began: the clock that its functions see."""
    fits: Fits = fits_everywhere
    reads: ReadSet = field(default_factory=ReadSet)
    touched: list[Touched] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    job: str | None = None
    """The scheduled function that it is, or that the action is which asks."""
    created: float = 0.0
    """The last `_creationTime` given, by those before it too: each document is younger than all there are."""

    def get(self, text: str, table: str | None = None, *, system: bool = False) -> str | None:
        """A document's encoded JSON. Raises BadCall, LimitReached."""
        found = self._find(text, table, "get", system)
        return found[1].text if found else None

    def look(self, text: str, table: str | None = None) -> Looked:
        """As `get`, before it is known whether anybody will `take` it. Raises BadCall, LimitReached."""
        looked = self._look(text, table, "get", system=False)
        if looked is None:
            raise BadCall(f"{text} is of no table.")
        return looked[1]

    def take(self, looked: Looked) -> None:
        self.reads.add(looked.index, one(looked.key))

    def insert(self, table: str, value: Value, given: str | None = None, *, system: bool = False) -> str:
        """The new document's id, which may be `given` by `new_id`. `system` is for what this deployment itself does, in
        this and what follows: it writes system tables and no others. Raises BadCall."""
        if is_system(table) is not system:
            raise BadCall(READ_ONLY)
        document = self._require_document(table, value)
        for name in SYSTEM_FIELDS:
            if name in document:
                raise BadCall(f"Provided document has a field {name}, which Convex sets; insert it without.")
        self._require_table(table)
        text = given or self.new_id(table)
        self.created = math.nextafter(max(self.created, self.now_ms), math.inf)
        self._write(table, None, {**document, "_id": text, "_creationTime": self.created})
        return text

    def new_id(self, table: str) -> str:
        """For a document that doesn't stand in it yet."""
        return str(DocumentId(self.store.catalog.tables[table], new_internal(self.now_ms)))

    def new_ids(self, wanted: Mapping[str, int]) -> dict[str, list[str]]:
        """So many by table, of those tables that there are."""
        tables = self.store.catalog.tables
        return {
            name: [self.new_id(name) for _ in range(count)]
            for name, count in wanted.items()
            if name in tables
        }

    def patch(
        self,
        text: str,
        changes: dict[str, Value | Undefined],
        table: str | None = None,
        *,
        system: bool = False,
    ) -> str:
        """The changed document. A field that is undefined is taken out. Raises BadCall."""
        number, owner, _, old = self._require(text, table, "Update", "patch", system)
        self._refuse_system_changes(old, changes)
        new = {**old, **changes}
        kept = {name: value for name, value in new.items() if not isinstance(value, Undefined)}
        return self._write(owner, (number, old), self._require_document(owner, kept))

    def replace(self, text: str, value: Value, table: str | None = None) -> str:
        """The new document. Raises BadCall."""
        number, owner, _, old = self._require(text, table, "Replace", "replace")
        new = self._require_document(owner, value)
        self._refuse_system_changes(old, new)
        system = {name: old[name] for name in SYSTEM_FIELDS}
        return self._write(owner, (number, old), {**new, **system})

    def remove(self, text: str, table: str | None = None, *, system: bool = False) -> str:
        """The document that was. Raises BadCall."""
        number, owner, stored, old = self._require(text, table, "Delete", "delete", system)
        self._write(owner, (number, old), None)
        return stored

    def count(self, table: str) -> int:
        """Every document of it is read, as far as writes are concerned. Raises LimitReached."""
        index = self.store.catalog.index(table, BY_ID)
        if index is None:
            self._miss(table)
            return 0
        self.usage.read_range()
        self.reads.add(index.number, everything())
        return self.store.count(index.number)

    def read_tables(self) -> None:
        """That it was looked at which tables there are."""
        self.reads.add(CATALOG, everything())

    def normalize_id(self, table: str, text: str) -> str | None:
        """The id, when it is one and of this table."""
        try:
            found = parse_id(text)
        except InvalidId:
            return None
        if table not in self.store.catalog.tables:
            self._miss(table)
        return text if self.store.catalog.tables.get(table) == found.table else None

    def open(self, query: Any) -> Stream:
        """What it reads is told by `settle`. Raises BadQuery, BadRange, BadFilter, LimitReached."""
        self.usage.read_range()
        return Stream(plan_query(query, self.store.catalog), self.store, self.usage)

    def settle(self, stream: Stream, rows: int, *, saw_end: bool) -> None:
        """What of a stream counts as read: so many of the rows it gave, and its end when the function saw it."""
        self._note(stream.plan, stream.consumed(rows, saw_end=saw_end))

    def page(self, asked: Asked, cursors: Cursors) -> Page:
        """Raises LimitReached and what `read_page` raises."""
        self.usage.read_range()
        page, plan, read = read_page(asked, self.store, cursors, self.usage)
        self._note(plan, read)
        return page

    @contextmanager
    def nested(self) -> Iterator[None]:
        """A function called by this one: when it fails, what it wrote is taken back, and what it read still counts."""
        before = len(self.touched)
        try:
            with self._writer.savepoint():
                yield
        except BaseException:
            del self.touched[before:]
            raise

    def _note(self, plan: Plan, read: Interval | None) -> None:
        """That this part of what is planned was read, or that there is no such table."""
        if plan.search is not None and read is not None:
            for each in plan.search.reads:
                self.reads.add(plan.search.index.number, each)
        elif plan.reads_nothing:
            self._miss(plan.table)
        elif plan.index is not None and read is not None:
            self.reads.add(plan.index.number, read)

    def _miss(self, table: str) -> None:
        """That there is no such table was read: who reads it must be told when it is made."""
        self.reads.add(CATALOG, one(order_key(table)))

    def _require_table(self, name: str) -> None:
        if name not in self.store.catalog.tables:
            self.touched.append(Touched(CATALOG, (order_key(name),)))
        try:
            self._writer.require_table(name)
        except BadName as error:
            raise BadCall(str(error)) from None

    @property
    def _writer(self) -> Writer:
        if not isinstance(self.store, Writer):
            raise BadCall("A query can't write; do it in a mutation.")
        return self.store

    def _find(self, text: str, table: str | None, called: str, system: bool) -> tuple[str, Row] | None:
        """The name of its table, and the document."""
        looked = self._look(text, table, called, system)
        if looked is None:
            return None
        owner, found = looked
        self.take(found)
        return None if found.row is None else (owner, found.row)

    def _look(self, text: str, table: str | None, called: str, system: bool) -> tuple[str, Looked] | None:
        """None: there is no table that it could be of."""
        if not isinstance(text, str):
            raise BadCall(f"Invalid argument `id` for `db.{called}`: expected an id, which is a string.")
        try:
            number = parse_id(text).table
        except InvalidId as error:
            raise BadCall(f"Invalid argument `id` for `db.{called}`: {error}") from None
        owner = self.store.catalog.names.get(number)
        if table is not None and owner != table:
            whose = f"is from table `{owner}`" if owner else "is of no table"
            raise BadCall(f"Invalid argument `id` for `db.{called}`: {text} {whose}, not from `{table}`.")
        if owner is not None and is_system(owner) is not system:
            raise BadCall(_refusal(system, called))
        index = self.store.catalog.index(owner, BY_ID) if owner else None
        if owner is None or index is None:
            return None
        key = order_key(text)
        self.usage.read_range()
        row = self.store.find(index.number, key)
        if row is not None:
            self.usage.read(1, len(row.text))
        return owner, Looked(index.number, key, row)

    def _require(
        self, text: str, table: str | None, deed: str, called: str, system: bool = False
    ) -> tuple[int, str, str, dict[str, Any]]:
        _ = self._writer
        found = self._find(text, table, called, system)
        if found is None:
            raise BadCall(f"{deed} on nonexistent document ID {text}")
        owner, row = found
        return row.number, owner, row.text, row.document()

    def _write(self, table: str, old: tuple[int, dict[str, Any]] | None, new: dict[str, Any] | None) -> str:
        if new is not None:
            self.fits(table, {name: value for name, value in new.items() if name not in SYSTEM_FIELDS})
        text = "" if new is None else dump(new)
        if not is_system(table):
            self.usage.write(len(text))
        self.touched += self._writer.write(table, old, None if new is None else (new, text))
        return text

    def _require_document(self, table: str, value: Value) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BadCall(f"A document of table {table} must be an object.")
        for name in value:
            if name.startswith("_") and name not in SYSTEM_FIELDS:
                raise BadCall(f"Field {name} starts with an underscore, which is for Convex's own fields.")
        if not is_system(table):
            hold_document(value)
        return value

    def _refuse_system_changes(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name in SYSTEM_FIELDS:
            given = new.get(name, UNDEFINED)
            if given is not UNDEFINED and order_key(given) != order_key(old[name]):
                raise BadCall(f"Provided `{name}` doesn't match the document's; it can't be changed.")


def _refusal(system: bool, called: str) -> str:
    """Of an id of the other kind of tables."""
    if system:
        return "User tables cannot be accessed with db.system."
    return "System tables can only be accessed with db.system." if called == "get" else READ_ONLY


def hold_document(value: dict[str, Any]) -> None:
    """Raises LimitReached when it is larger than a document may be."""
    if size_of(value) > DOCUMENT_BYTES:
        raise LimitReached(
            f"Value is too large ({size_of(value)} bytes > maximum size {DOCUMENT_BYTES} bytes)"
        )
    if depth_of(value) > DOCUMENT_DEPTH:
        raise LimitReached(
            f"Value is nested too deeply ({depth_of(value)} levels > maximum nesting {DOCUMENT_DEPTH})"
        )
    _hold_parts(value)


def _hold_parts(value: Value) -> None:
    match value:
        case dict():
            if len(value) > DOCUMENT_FIELDS:
                raise LimitReached(
                    f"Object has too many fields ({len(value)} > maximum number {DOCUMENT_FIELDS})"
                )
            for inner in value.values():
                _hold_parts(inner)
        case list():
            if len(value) > ARRAY_ELEMENTS:
                raise LimitReached(
                    f"Array length is too long ({len(value)} > maximum length {ARRAY_ELEMENTS})"
                )
            for inner in value:
                _hold_parts(inner)

"""`ctx.db.query(...)`: a range of one index, read in order, through filters and limits.

Rows are handed out ahead of need, in pages; what counts as read is only what was consumed: from the range's beginning
up to the last row that the function took, and all of it once it has seen the end. A write behind that is none of its
business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dfworx.realtime.engine.catalog import Catalog, KnownIndex
from dfworx.realtime.engine.filters import compile_filter
from dfworx.realtime.engine.limits import Usage
from dfworx.realtime.engine.ranges import BY_CREATION_TIME, Interval, everything, interval_of
from dfworx.realtime.engine.store import Row, Store
from dfworx.realtime.values import after_all

MOST_OPERATORS = 256
STEP = 256
"""Rows asked of SQLite at once: filters may let few of them through."""
PAGE_BYTES = 256_000
"""What is handed out ahead of need counts as read, so it must stay far from the limit."""


class BadQuery(Exception):
    """A query that can't be answered; the message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query's JSON asks for. `index` is None for a table that isn't there: it has no rows."""

    table: str
    index: KnownIndex | None
    interval: Interval
    descending: bool
    operators: tuple[Callable[[dict[str, Any]], bool] | int, ...]
    """Filters, and limits as numbers, one behind the other."""


def plan_query(query: Any, catalog: Catalog) -> Plan:
    """Raises BadQuery, BadRange, BadFilter."""
    match query:
        case {
            "source": {"type": "FullTableScan", "tableName": str(table), **source},
            "operators": list(operators),
        }:
            name, conditions = BY_CREATION_TIME, list[Any]()
        case {
            "source": {"type": "IndexRange", "indexName": str(address), "range": list(conditions), **source},
            "operators": list(operators),
        }:
            table, _, name = address.partition(".")
        case _:
            raise BadQuery("A query has a source, FullTableScan or IndexRange, and a list of operators.")
    index = catalog.index(table, name)
    if index is None and table in catalog.tables:
        raise BadQuery(f"Index {table}.{name} not found.")
    if len(operators) > MOST_OPERATORS:
        raise BadQuery(f"A query may have at most {MOST_OPERATORS} operators.")
    interval = interval_of(index.index, conditions) if index else everything()
    return Plan(table, index, interval, source.get("order") == "desc", tuple(map(_operator, operators)))


def _operator(written: Any) -> Callable[[dict[str, Any]], bool] | int:
    match written:
        case {"filter": expression}:
            return compile_filter(expression)
        case {"limit": int() | float() as most} if most >= 0 and int(most) == most:
            return int(most)
    raise BadQuery("An operator of a query is a filter or a limit of a whole number.")


class Stream:
    """One query, read row by row; `most_rows` and `most_bytes` bound what it looks at, filtered out or not."""

    def __init__(
        self,
        plan: Plan,
        store: Store,
        usage: Usage,
        most_rows: int | None = None,
        most_bytes: int | None = None,
    ) -> None:
        self.plan = plan
        self._most = (most_rows, most_bytes)
        self._looked = [0, 0]
        self._store = store
        self._usage = usage
        self._left = self._limits()
        """Of each limit, how many rows may still pass."""
        self._at = plan.interval
        """What isn't scanned yet."""
        self._waiting: list[Row] = []
        """Scanned, and neither filtered nor handed out."""
        self._given: list[tuple[bytes, list[int | None]]] = []
        """Keys of the rows handed out, in their order, each with what its limits let pass behind it."""
        self._exhausted = plan.index is None
        """Whether nothing of the interval is left to scan."""
        self.scanned: bytes | None = None
        """The last key looked at, also of rows that a filter kept back."""

    def take(self, most: int) -> tuple[list[Row], bool]:
        """The next rows, fewer when they are large, and whether there are none behind them. Raises LimitReached,
        BadFilter."""
        rows: list[Row] = []
        size = 0
        while len(rows) < most and size < PAGE_BYTES and not self.done and not self.bounded:
            if not self._waiting:
                self._scan(most - len(rows))
                continue
            row = self._waiting.pop(0)
            self.scanned = row.key
            self._usage.read(1, len(row.text))
            self._looked[0] += 1
            self._looked[1] += len(row.text)
            if self._passes(row):
                rows.append(row)
                size += len(row.text)
                self._given.append((row.key, list(self._left)))
        return rows, self.done

    def go_back(self, rows: int) -> None:
        """To behind the first so many rows that it gave: what it found behind them may have been written since."""
        if self.plan.index is None or rows == len(self._given):
            return
        del self._given[rows:]
        key, self._left = self._given[-1] if rows else (None, self._limits())
        self._waiting, self._exhausted, self.scanned = [], False, key
        self._at = self.plan.interval if key is None else self._behind(key)

    @property
    def done(self) -> bool:
        return 0 in self._left or (self._exhausted and not self._waiting)

    @property
    def bounded(self) -> bool:
        """Whether it has looked at as much as it may."""
        return any(most is not None and at >= most for at, most in zip(self._looked, self._most, strict=True))

    def consumed(self, rows: int, *, saw_end: bool) -> Interval | None:
        """What counts as read when the function took so many rows, and perhaps learned that there are no more."""
        if saw_end and 0 not in self._left:
            return self.plan.interval
        # Stopped by a limit, it ends where it stopped, behind what filters kept back too.
        return up_to(self.plan, self.scanned if saw_end else self._given[rows - 1][0] if rows else None)

    def _scan(self, wanted: int) -> None:
        assert self.plan.index is not None
        filters = any(not isinstance(each, int) for each in self.plan.operators)
        limits = [left for left in self._left if left is not None]
        step = STEP if filters else min(wanted, *limits, STEP) if limits else min(wanted, STEP)
        rows = self._store.scan(self.plan.index.number, self._at, step, descending=self.plan.descending)
        self._waiting = rows
        if len(rows) < step:
            self._exhausted = True
            return
        self._at = self._behind(rows[-1].key)

    def _behind(self, key: bytes) -> Interval:
        whole = self.plan.interval
        return Interval(whole.low, key, whole.prefix) if self.plan.descending else whole.behind(key)

    def _limits(self) -> list[int | None]:
        return [each if isinstance(each, int) else None for each in self.plan.operators]

    def _passes(self, row: Row) -> bool:
        document: dict[str, Any] | None = None
        for place, operator in enumerate(self.plan.operators):
            if isinstance(operator, int):
                left = self._left[place]
                assert left is not None
                self._left[place] = left - 1
            else:
                document = document or row.document()
                if not operator(document):
                    return False
        return True


def up_to(plan: Plan, key: bytes | None) -> Interval | None:
    """From where the plan begins to read up to `key` and with it; None when it hasn't begun."""
    if key is None:
        return None
    whole = plan.interval
    if plan.descending:
        return Interval(key, whole.high, whole.prefix)
    return Interval(whole.low, after_all(key), whole.prefix)

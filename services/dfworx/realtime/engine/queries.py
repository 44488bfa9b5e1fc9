"""`ctx.db.query(...)`: a range of one index, read in order, or what a search finds, through filters and limits.

Rows are handed out ahead of need, in pages; what counts as read is only what was consumed: from the range's beginning
up to the last row that the function took, and all of it once it has seen the end. A write behind that is none of its
business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import orjson

from dfworx.realtime.engine.catalog import Catalog, KnownIndex
from dfworx.realtime.engine.filters import compile_filter
from dfworx.realtime.engine.limits import LimitReached, Usage
from dfworx.realtime.engine.ranges import BY_CREATION_TIME, Interval, everything, interval_of
from dfworx.realtime.engine.ranking import Ranking
from dfworx.realtime.engine.search import MOST_FOUND, Search, plan_search, rank_key, rank_of
from dfworx.realtime.engine.store import Row, Store
from dfworx.realtime.values import after_all

MOST_OPERATORS = 256
MOST_KEPT = 4096
LONGEST_KEPT = 2000
"""Plans of one catalog, and the JSON of such a query: the same is asked again and again."""
STEP = 256
"""Rows asked of SQLite at once: filters may let few of them through."""
PAGE_BYTES = 256_000
"""What is handed out ahead of need counts as read, so it must stay far from the limit."""


class BadQuery(Exception):
    """A query that can't be answered; the message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a query's JSON asks for, of an index or of a search index; of neither when there is no such table: it has no
    rows."""

    table: str
    index: KnownIndex | None
    interval: Interval
    descending: bool
    operators: tuple[Callable[[dict[str, Any]], bool] | int, ...]
    """Filters, and limits as numbers, one behind the other."""
    search: Search | None = None
    """The interval is then of ranks, from the best on."""

    @property
    def reads_nothing(self) -> bool:
        return self.index is None and self.search is None


def plan_query(query: Any, catalog: Catalog) -> Plan:
    """Raises BadQuery, BadRange, BadFilter, BadSearch."""
    try:
        text = orjson.dumps(query)
    except orjson.JSONEncodeError:
        return _plan(query, catalog)
    plan = catalog.plans.get(text)
    if plan is None:
        plan = _plan(query, catalog)
        # What a search finds hangs on documents too.
        if plan.search is None and len(text) <= LONGEST_KEPT:
            if len(catalog.plans) >= MOST_KEPT:
                catalog.plans.clear()
            catalog.plans[text] = plan
    return cast(Plan, plan)


def _plan(query: Any, catalog: Catalog) -> Plan:
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
        case {
            "source": {"type": "Search", "indexName": str(address), "filters": list(conditions)},
            "operators": list(operators),
        }:
            table, _, name = address.partition(".")
            search = plan_search(table, name, conditions, catalog)
            # One more than may be read, so that it is known whether there is one.
            ranks = Interval(rank_key(0), rank_key(MOST_FOUND + 1))
            return Plan(table, None, ranks, False, _operators(operators), search)
        case _:
            raise BadQuery(
                "A query has a source, FullTableScan, IndexRange or Search, and a list of operators."
            )
    index = catalog.index(table, name)
    if index is None and table in catalog.tables:
        if name in catalog.searches[table]:
            raise BadQuery(f"Index {table}.{name} is a search index; read it with .withSearchIndex().")
        raise BadQuery(f"Index {table}.{name} not found.")
    interval = interval_of(index.index, conditions) if index else everything()
    return Plan(table, index, interval, source.get("order") == "desc", _operators(operators))


def _operators(written: list[Any]) -> tuple[Callable[[dict[str, Any]], bool] | int, ...]:
    if len(written) > MOST_OPERATORS:
        raise BadQuery(f"A query may have at most {MOST_OPERATORS} operators.")
    return tuple(map(_operator, written))


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
        self._is_bounded = self._most != (None, None)
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
        self._exhausted = plan.reads_nothing
        """Whether nothing of the interval is left to scan."""
        self._ranking: Ranking | None = None
        """Of a search, once it has begun: what is written later changes documents, and not which are found."""
        self.scanned: bytes | None = None
        """The last key looked at, also of rows that a filter kept back."""

    def take(self, most: int) -> tuple[list[Row], bool]:
        """The next rows, fewer when they are large, and whether there are none behind them. Raises LimitReached,
        BadFilter."""
        rows: list[Row] = []
        size = 0
        while len(rows) < most and size < PAGE_BYTES and not self.done and not self.bounded:
            if not self._waiting:
                if rows and self._at.low == rank_key(MOST_FOUND):
                    # Whoever wants more than these is refused when they ask for it.
                    break
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
        if self.plan.reads_nothing or rows == len(self._given):
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
        return self._is_bounded and any(
            most is not None and at >= most for at, most in zip(self._looked, self._most, strict=True)
        )

    def consumed(self, rows: int, *, saw_end: bool) -> Interval | None:
        """What counts as read when the function took so many rows, and perhaps learned that there are no more."""
        if saw_end and 0 not in self._left:
            return self.plan.interval
        # Stopped by a limit, it ends where it stopped, behind what filters kept back too.
        return up_to(self.plan, self.scanned if saw_end else self._given[rows - 1][0] if rows else None)

    def _scan(self, wanted: int) -> None:
        step = self._step(wanted)
        if self.plan.search is not None:
            self._scan_found(self.plan.search, step)
            return
        assert self.plan.index is not None
        rows = self._store.scan(self.plan.index.number, self._at, step, descending=self.plan.descending)
        self._waiting = rows
        if len(rows) < step:
            self._exhausted = True
            return
        self._at = self._behind(rows[-1].key)

    def _scan_found(self, search: Search, step: int) -> None:
        self._ranking = self._ranking or Ranking(self._store.connection, search)
        first, end = rank_of(self._at.low), rank_of(self._at.high)
        places = self._ranking.best(min(first + step, end))[first:]
        if places and first == MOST_FOUND:
            raise LimitReached(
                f"Search query scanned too many documents (fetched {MOST_FOUND}). Consider using a smaller limit, "
                "paginating the query, or using a filter field."
            )
        self._exhausted = len(places) < step and first + len(places) <= MOST_FOUND
        ranks = enumerate(places[: MOST_FOUND - first], first)
        placed = ((rank, self._store.placed(search.index.number, place)) for rank, place in ranks)
        self._waiting = [Row(each[0], rank_key(rank), each[1]) for rank, each in placed if each]
        self._at = Interval(rank_key(min(first + len(places), MOST_FOUND)), self._at.high)

    def _step(self, wanted: int) -> int:
        filters = any(not isinstance(each, int) for each in self.plan.operators)
        limits = [left for left in self._left if left is not None]
        return STEP if filters else min(wanted, *limits, STEP) if limits else min(wanted, STEP)

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

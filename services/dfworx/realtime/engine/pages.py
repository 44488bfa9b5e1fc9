"""`.paginate(...)`: one page of a query, with borders that stay where they are.

A page that was read once has an end, its journal; read again, it is everything between its beginning and that end, so
that a row that comes in between neither pushes another out nor leaves a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.limits import Usage
from dfworx.realtime.engine.queries import BadQuery, Plan, Stream, plan_query, up_to
from dfworx.realtime.engine.ranges import Interval
from dfworx.realtime.engine.search import MOST_FOUND, rank_key
from dfworx.realtime.engine.store import Row, Store
from dfworx.realtime.values import after_all

SPLIT_ROWS = 6144
"""From here on clients are advised to split the page."""
SPLIT_BYTES = 12 << 20
AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """What `paginate` was given. `cursor` None is the first page; `end` what the page ended at before, or None."""

    query: Any
    cursor: str | None
    end: str | None
    rows: int
    most_rows: int | None = None
    """How many may be looked at, whether or not filters let them through."""
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    done: bool
    cursor: str
    """Where the next page begins; also this one's journal."""
    split: str | None
    advice: str | None
    """SplitRecommended or SplitRequired."""


def read_page(
    asked: Asked, store: Store, cursors: Cursors, usage: Usage
) -> tuple[Page, Plan, Interval | None]:
    """The page, and what of which index counts as read. Raises BadQuery, BadRange, BadFilter, BadSearch, InvalidCursor,
    LimitReached."""
    whole = plan_query(asked.query, store.catalog)
    if any(isinstance(operator, int) for operator in whole.operators):
        raise BadQuery("A query that is paginated takes no limit; give the page's size to paginate().")
    if asked.rows < 1 and asked.end is None:
        raise BadQuery("numItems must be at least 1.")
    after, finished = _position(asked.query, asked.cursor, cursors)
    until, _ = _position(asked.query, asked.end, cursors)
    if finished or whole.reads_nothing:
        return Page([], True, cursors.write(asked.query, None), None, None), whole, None
    between = _narrow(whole, after, until)
    plan = Plan(whole.table, whole.index, between, whole.descending, whole.operators, whole.search)
    stream = Stream(plan, store, usage, asked.most_rows, asked.most_bytes)
    rows = _collect(stream, None if asked.end is not None else asked.rows)
    stopped = not stream.done
    end = stream.scanned if stopped else until
    # To split what a search finds would not make it less work.
    splits = len(rows) > 2 and whole.search is None
    split = cursors.write(asked.query, rows[(len(rows) - 1) // 2].key) if splits else None
    page = Page(
        rows,
        end is None,
        cursors.write(asked.query, end),
        split,
        _advice(rows, cut=stopped and asked.end is not None),
    )
    return page, whole, up_to(plan, end) if stopped else between


def _position(query: Any, cursor: str | None, cursors: Cursors) -> tuple[bytes | None, bool]:
    """The key that a cursor holds, and whether it says that nothing comes behind it."""
    if cursor is None:
        return None, False
    key = cursors.read(query, cursor)
    return key, key is None


def _narrow(plan: Plan, after: bytes | None, until: bytes | None) -> Interval:
    low, high = plan.interval.low, plan.interval.high
    if plan.search is not None:
        # The last page ends where a search does.
        high = rank_key(MOST_FOUND)
    if plan.descending:
        high = after if after is not None else high
        low = until if until is not None else low
    else:
        low = after_all(after) if after is not None else low
        high = after_all(until) if until is not None else high
    return Interval(low, high, plan.interval.prefix)


def _collect(stream: Stream, wanted: int | None) -> list[Row]:
    """So many rows, or all that there are; fewer when it may look no further."""
    rows: list[Row] = []
    while not stream.done and not stream.bounded and (wanted is None or len(rows) < wanted):
        found, _ = stream.take(AT_ONCE if wanted is None else wanted - len(rows))
        rows += found
    return rows


def _advice(rows: list[Row], *, cut: bool) -> str | None:
    if cut:
        return "SplitRequired"
    large = len(rows) > SPLIT_ROWS or sum(len(row.text) for row in rows) > SPLIT_BYTES
    return "SplitRecommended" if large else None

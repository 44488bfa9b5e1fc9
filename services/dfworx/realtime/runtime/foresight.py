"""What a function will most likely ask first, learned from its runs before: the answer comes with the run.

A query often differs from the last one in nothing but the arguments or who asks, so what is kept of it is a pattern in
which they have their places. A pattern that was wrong once isn't used again until it would have been right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dfworx.realtime.values import Value

FIRST_PAGE = 64
"""Rows, as realm.js asks for them."""
MOST_QUERIES = 4
"""Of one run."""
MOST_OPERATORS = 4
MOST_INSERTS = 32
"""For which ids are given in advance, in each table."""


class Foreseen(NamedTuple):
    query: Any
    rows: int
    """That it will most likely take."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Of an argument or a claim."""

    name: str


@dataclass(slots=True)
class _Pattern:
    query: Any
    rows: int
    """The most that a run has taken."""
    holds: bool = True
    """Whether it told the last run's query."""


@dataclass(slots=True)
class _Known:
    patterns: dict[int, _Pattern] = field(default_factory=dict)
    """By the number that the query has in its run."""
    inserts: Counter[str] = field(default_factory=Counter)
    """By table."""


class Foresight:
    """Of all functions of one program."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def queries(self, path: str, texts: Mapping[str, str]) -> dict[int, Foreseen]:
        """By the numbers that they will have. `texts` is what may stand in them (`texts_of`)."""
        known = self._known.get(path)
        if known is None:
            return {}
        queries = {}
        for number, pattern in known.patterns.items():
            if pattern.holds:
                # What was asked with an argument before may be asked without it now.
                with suppress(KeyError):
                    queries[number] = Foreseen(_fill(pattern.query, texts), pattern.rows)
        return queries

    def inserts(self, path: str) -> Mapping[str, int]:
        """How many, by table."""
        known = self._known.get(path)
        return known.inserts if known else {}

    def learn(
        self, path: str, texts: Mapping[str, str], queries: Mapping[int, Foreseen], inserts: Mapping[str, int]
    ) -> None:
        """What a run has asked, and how many rows of it it took."""
        known = self._known.setdefault(path, _Known())
        known.inserts = Counter({table: min(count, MOST_INSERTS) for table, count in inserts.items()})
        for number, (query, rows) in queries.items():
            if number >= MOST_QUERIES or len(query["operators"]) > MOST_OPERATORS:
                continue
            pattern = known.patterns.get(number)
            with suppress(KeyError):
                if pattern is not None and _fill(pattern.query, texts) == query:
                    pattern.holds = True
                    pattern.rows = max(pattern.rows, rows)
                    continue
            # The first of its kind may be right the next time; one that was wrong has to prove itself.
            known.patterns[number] = _Pattern(_make(query, texts), rows, holds=pattern is None)
        for number in known.patterns.keys() - queries.keys():
            known.patterns[number].holds = False


def texts_of(args: Value, identity: Mapping[str, Any] | None) -> dict[str, str]:
    """Those arguments and claims that are texts, as most are that a query hangs on."""
    given = args.items() if isinstance(args, dict) else ()
    claims = identity.items() if identity else ()
    return {
        f"{kind}.{name}": value
        for kind, all_ in (("args", given), ("claims", claims))
        for name, value in all_
        if isinstance(value, str)
    }


def _make(query: Any, texts: Mapping[str, str]) -> Any:
    match query:
        case dict():
            return {name: _make(inner, texts) for name, inner in query.items()}
        case list():
            return [_make(inner, texts) for inner in query]
        case str():
            return next((_Place(name) for name, text in texts.items() if text == query), query)
    return query


def _fill(pattern: Any, texts: Mapping[str, str]) -> Any:
    """Raises KeyError when there is nothing to stand in one of the places."""
    match pattern:
        case _Place(name):
            return texts[name]
        case dict():
            return {name: _fill(inner, texts) for name, inner in pattern.items()}
        case list():
            return [_fill(inner, texts) for inner in pattern]
    return pattern

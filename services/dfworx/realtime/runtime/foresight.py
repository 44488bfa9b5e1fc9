"""What a function will most likely read first, learned from its runs before: the answer comes with the run.

What it reads often differs from the last time in nothing but the arguments, who asks, or what stands in a row that it
has read before: so what is kept of it is a pattern in which they have their places. A pattern that was wrong once isn't
used again until it would have been right. Of a query it is also kept for its arguments, since one that is watched is
run with them again and again.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from dfworx.realtime.values import Value

FIRST_PAGE = 64
"""Rows, as realm.js asks for them."""
MOST_READS = 6
"""Of one run, of either kind."""
MOST_OPERATORS = 4
MOST_INSERTS = 32
"""For which ids are given in advance, in each table."""
MOST_WATCHED = 2048
LONGEST_ARGUMENTS = 1000
"""Of queries for which it is kept apart what they read."""
MOST_FILLED = 256
"""Of one pattern, which are kept."""
LONGEST_ROW = 10_000
"""Characters: to look for ids in longer ones would take longer than to ask."""
SHORTEST = 16
"""Of texts in rows that are taken for what hangs on them: ids are longer, most words aren't."""


class Foreseen(NamedTuple):
    query: Any
    """Of a document that is got by its id: the id and the table."""
    rows: int
    """That it will most likely take."""
    foretold: bool = False
    """Of what was asked: whether it was as it was foreseen."""


class Place(NamedTuple):
    """Of an argument, a claim, or a field in the first row of what was read before."""

    source: str | int
    name: str


class Texts:
    """What may stand in what a run reads: those of its arguments and claims that are texts, and those in rows."""

    def __init__(self, args: Value, identity: Mapping[str, Any] | None) -> None:
        given = args if isinstance(args, dict) else {}
        self._known = {
            Place(source, name): value
            for source, all_ in (("args", given), ("claims", identity or {}))
            for name, value in all_.items()
            if isinstance(value, str)
        }
        self._rows: dict[int, str] = {}
        self._moments: dict[int, int] = {}
        """When each was read."""
        self._moment = 0

    def pass_moment(self) -> int:
        self._moment += 1
        return self._moment

    def note(self, number: int, row: str | None, moment: int | None = None) -> None:
        """The first row of what was read under this number, and when; else now."""
        self._moments[number] = self.pass_moment() if moment is None else moment
        if row is not None and len(row) <= LONGEST_ROW:
            self._rows[number] = row

    def __getitem__(self, place: Place) -> str:
        """Raises KeyError."""
        if place not in self._known and isinstance(place.source, int) and place.source in self._rows:
            self._read(place.source)
        return self._known[place]

    def find(self, text: str, number: int) -> Place | None:
        """Where something stands that was read under this number: rather in an argument than in a row before it."""
        for each in list(self._rows):
            self._read(each)
        moment = self._moments.get(number, 0)
        for place, known in self._known.items():
            if known == text and (isinstance(place.source, str) or self._moments[place.source] < moment):
                return place
        return None

    def _read(self, number: int) -> None:
        document = orjson.loads(self._rows.pop(number))
        for name, value in document.items() if isinstance(document, dict) else ():
            if isinstance(value, str) and len(value) >= SHORTEST:
                self._known[Place(number, name)] = value


@dataclass(slots=True)
class _Pattern:
    query: Any
    rows: int
    """The most that a run has taken."""
    holds: bool = True
    """Whether it told the last run's query."""
    places: tuple[Place, ...] = ()
    """All that stand in the query."""
    filled: dict[tuple[str, ...], Any] = field(default_factory=dict)
    """By what stood in them."""

    def fill(self, texts: Texts) -> Any:
        """Raises KeyError when there is nothing to stand in one of the places."""
        key = tuple(texts[place] for place in self.places)
        query = self.filled.get(key)
        if query is None:
            if len(self.filled) >= MOST_FILLED:
                self.filled.clear()
            query = self.filled[key] = _fill(self.query, texts)
        return query


@dataclass(slots=True)
class _Known:
    patterns: dict[int, _Pattern] = field(default_factory=dict)
    """By the number that it has in its run."""
    inserts: Counter[str] = field(default_factory=Counter)
    """By table."""


class Foresight:
    """Of all functions of one program. What a run reads is numbered: its queries from 0 on, and what it gets by ids
    from -1 down. `args` are those of a query, as JSON; None for a mutation, whose arguments are new each time."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._watched: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    def foretell(self, path: str, args: str | None, texts: Texts) -> Iterator[tuple[int, Foreseen]]:
        """What is read, as soon as all is known that stands in it: whoever reads it notes in `texts` what was found."""
        known = self._watched.get((path, args)) if args is not None else None
        known = known or self._known.get(path)
        left = [] if known is None else [each for each in known.patterns.items() if each[1].holds]
        while left:
            later = []
            for number, pattern in left:
                try:
                    query = pattern.fill(texts)
                except KeyError:
                    # What was asked with an argument before may be asked without it now; or it stands in a row.
                    later.append((number, pattern))
                    continue
                yield number, Foreseen(query, pattern.rows)
            if len(later) == len(left):
                return
            left = later

    def inserts(self, path: str) -> Mapping[str, int]:
        """How many, by table."""
        known = self._known.get(path)
        return known.inserts if known else {}

    def learn(
        self,
        path: str,
        args: str | None,
        texts: Texts,
        reads: Mapping[int, Foreseen],
        inserts: Mapping[str, int],
    ) -> None:
        """What a run has read, and how many rows of it it took."""
        if args is not None and len(args) <= LONGEST_ARGUMENTS:
            watched = self._watched.get((path, args))
            if watched is not None:
                self._watched.move_to_end((path, args))
                _learn(watched, texts, reads)
                return
            watched = self._watched[path, args] = _Known()
            _learn(watched, texts, reads)
            if len(self._watched) > MOST_WATCHED:
                self._watched.popitem(last=False)
        known = self._known.setdefault(path, _Known())
        known.inserts = Counter({table: min(count, MOST_INSERTS) for table, count in inserts.items()})
        _learn(known, texts, reads)


def _learn(known: _Known, texts: Texts, reads: Mapping[int, Foreseen]) -> None:
    for number, (query, rows, foretold) in reads.items():
        if not -MOST_READS <= number < MOST_READS or len(query.get("operators", ())) > MOST_OPERATORS:
            continue
        pattern = known.patterns.get(number)
        with suppress(KeyError):
            if pattern is not None and (foretold or pattern.fill(texts) == query):
                pattern.holds = True
                pattern.rows = max(pattern.rows, rows)
                continue
        # The first of its kind may be right the next time; one that was wrong has to prove itself.
        made = _make(query, texts, number)
        known.patterns[number] = _Pattern(made, rows, pattern is None, tuple(_places(made)))
    for number in known.patterns.keys() - reads.keys():
        known.patterns[number].holds = False


def _make(query: Any, texts: Texts, number: int) -> Any:
    match query:
        case dict():
            return {name: _make(inner, texts, number) for name, inner in query.items()}
        case list():
            return [_make(inner, texts, number) for inner in query]
        case str():
            return texts.find(query, number) or query
    return query


def _places(pattern: Any) -> Iterator[Place]:
    match pattern:
        case Place():
            yield pattern
        case dict() | list():
            for inner in pattern.values() if isinstance(pattern, dict) else pattern:
                yield from _places(inner)


def _fill(pattern: Any, texts: Texts) -> Any:
    match pattern:
        case Place():
            return texts[pattern]
        case dict():
            return {name: _fill(inner, texts) for name, inner in pattern.items()}
        case list():
            return [_fill(inner, texts) for inner in pattern]
    return pattern

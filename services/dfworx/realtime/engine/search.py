"""`withSearchIndex(...)`: what somebody searches for, and what they have read of an index by that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dfworx.realtime.engine.catalog import Catalog
from dfworx.realtime.engine.postings import (
    KnownSearch,
    SearchIndex,
    read_of,
    value_term,
)
from dfworx.realtime.engine.ranges import Interval
from dfworx.realtime.engine.words import terms_of
from dfworx.realtime.values import InvalidValue, decode_or_undefined

MOST_FILTERS: Final = 8
MOST_FOUND: Final = 1024
"""Documents that one search hands out."""


class BadSearch(Exception):
    """A search that no index can answer; the message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Search:
    index: KnownSearch
    terms: tuple[str, ...]
    """Whole words."""
    last: str | None
    """A word or the beginning of one. None: no word was asked for, and nothing is found."""
    filters: tuple[bytes, ...]
    """Terms that a document must have besides."""
    reads: tuple[Interval, ...]


def plan_search(table: str, name: str, conditions: list[Any], catalog: Catalog) -> Search | None:
    """None: there is no such table. Raises BadSearch."""
    known = catalog.searches.get(table, {}).get(name)
    if known is None:
        if table not in catalog.tables:
            return None
        if catalog.index(table, name):
            raise BadSearch(f"Index {table}.{name} is no search index; read it with .withIndex().")
        raise BadSearch(
            f"Search index {table}.{name} not found. Declare it with .searchIndex() in the schema, and not as staged: "
            "an index that is staged can't be queried."
        )
    index = known.index
    asked: list[str] = []
    filters: dict[int, bytes] = {}
    wanted: set[bytes] = set()
    for condition in conditions:
        match condition:
            case {"type": "Search", "fieldPath": str(path), "value": str(text)}:
                if path != index.field:
                    raise BadSearch(
                        f"Search index {index.address} searches {index.field}, not {path}: "
                        f"use .search('{index.field}', text)."
                    )
                asked.append(text)
            case {"type": "Eq", "fieldPath": str(path), "value": value}:
                place, term = _filter(index, path, value)
                filters[place] = term
                wanted.add(term)
            case _:
                raise BadSearch("A search is .search(field, text) and any number of .eq(field, value).")
    if len(asked) != 1:
        raise BadSearch(
            f"A query of the search index {index.address} has one .search('{index.field}', text), not {len(asked)}."
        )
    if len(conditions) - 1 > MOST_FILTERS:
        raise BadSearch(
            f"A query of the search index {index.address} has {len(conditions) - 1} filters; "
            f"it may have at most {MOST_FILTERS}."
        )
    terms = terms_of(asked[0])
    if not terms:
        return Search(known, (), None, (), ())
    reads = read_of(index, filters, terms[:-1], terms[-1])
    return Search(known, tuple(terms[:-1]), terms[-1], tuple(sorted(wanted)), tuple(reads))


def _filter(index: SearchIndex, path: str, written: Any) -> tuple[int, bytes]:
    if path not in index.filters:
        which = ", ".join(index.filters) or "none"
        raise BadSearch(
            f"Search index {index.address} has no filter field {path}; its filter fields: {which}. Add it to "
            "filterFields, or use .filter()."
        )
    try:
        value = decode_or_undefined(written)
    except InvalidValue as error:
        raise BadSearch(f"The value that {path} must equal is none: {error}") from None
    place = index.filters.index(path)
    return place, value_term(place, value)


def rank_key(rank: int) -> bytes:
    """The key of what stands in this place of a result, from 0 on: a search's rows have no other one."""
    return rank.to_bytes(4, "big")


def rank_of(bound: bytes) -> int:
    """The first rank that isn't before it."""
    return int.from_bytes(bound[:4], "big") + (len(bound) > 4)

"""Which documents have the words that somebody searches for, the best first.

A document's score is what the words weigh in it (postings.py), a rare word counting for more than a common one. How
rare one is is told among the documents that are found, not among all: so what other rooms or organizations hold has no
say in an order, and a result changes only with documents that have one of the words.

A score is a number of 8 bits. Those of common words are added up for all places at once, as one long number.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Final

from dfworx.realtime.engine.postings import (
    BLOCK,
    HEAVIEST,
    SHORT,
    beginning_term,
    places_of,
    read_longer,
    read_postings,
    word_term,
)
from dfworx.realtime.engine.search import Search

FEW_BLOCKS: Final = 32
"""In so few, where a filter's value is, words are looked up one block after the other."""
_MOST_SCORE: Final = 255
_TOPS: Final = int.from_bytes(b"\x80" * BLOCK, "little")
_WHOLE: Final = int.from_bytes(b"\x7f" * BLOCK, "little")

Rows = Sequence[tuple[int, bytes]]
Weights = dict[int, int] | bytearray
"""Of one word: by slot where it is seldom, else for each slot in turn. A slot is a place, counted in the blocks that a
search looks at."""


class Ranking:
    """What a search finds: places in its index, in their order; of what is equally good the newer one comes first."""

    def __init__(self, connection: sqlite3.Connection, search: Search) -> None:
        self._blocks: list[int] = []
        self._scores: Weights = {}
        """By slot, or of all slots."""
        self._best: list[int] = []
        if search.last is not None:
            self._score(connection, search, search.last)

    def best(self, most: int) -> list[int]:
        """So many, or all that there are."""
        if len(self._best) < most:
            slots = islice(_rank(self._scores, most), most)
            self._best = [self._blocks[slot // BLOCK] * BLOCK + slot % BLOCK for slot in slots]
        return self._best[:most]

    def _score(self, connection: sqlite3.Connection, search: Search, last: str) -> None:
        index = search.index.number
        among = [read_postings(connection, index, term) for term in search.filters]
        only = _shared(among)
        few = only if only is not None and len(only) <= FEW_BLOCKS else None
        lists: list[Rows] = [
            read_postings(connection, index, word_term(term), few) for term in (*search.terms, last)
        ]
        if len(last) <= SHORT:
            lists.append(read_postings(connection, index, beginning_term(last), few))
        else:
            lists.append(read_longer(connection, index, last))
        self._blocks = sorted({block for rows in lists for block, _ in rows}) if only is None else only
        begins = {block: BLOCK * at for at, block in enumerate(self._blocks)}
        size = BLOCK * len(begins)
        mask = _mask([_read(rows, begins) for rows in among], size)
        weights = [_keep(_read(rows, begins), mask) for rows in lists]
        self._scores = _add(weights, _shares([_count(each) for each in weights]), size)


def _shared(among: list[list[tuple[int, bytes]]]) -> list[int] | None:
    """The blocks in which all of the filters' values are. None: no filter."""
    if not among:
        return None
    return sorted(set.intersection(*({block for block, _ in rows} for rows in among)))


def _read(rows: Rows, begins: dict[int, int]) -> Weights:
    """Of several words together, in each document the one that weighs most."""
    few: defaultdict[int, bytes] = defaultdict(bytes)
    many: dict[int, bytes] = {}
    for block, held in rows:
        if len(held) != BLOCK:
            few[block] += held
        elif block in begins:
            many[block] = _larger(held, many[block]) if block in many else held
    spread = bytearray(BLOCK * len(begins) if many else 0)
    for block, held in many.items():
        spread[begins[block] : begins[block] + BLOCK] = held
    weights: dict[int, int] = {}
    for block in few.keys() & begins.keys():
        begin, held = begins[block], few[block]
        found = sorted(zip(places_of(held), held[2::3], strict=True))
        # Of those with the same place the last one, which weighs most, stays.
        weights.update([(begin + place, weight) for place, weight in found])
    if not many:
        return weights
    for slot, weight in weights.items():
        if weight > spread[slot]:
            spread[slot] = weight
    return spread


def _larger(one: bytes, other: bytes) -> bytes:
    """At each place the larger of two weights, which leave the highest bit free."""
    mine, its = int.from_bytes(one, "little"), int.from_bytes(other, "little")
    tops = ((mine | _TOPS) - its) & _TOPS
    mask = tops - (tops >> 7)
    return ((mine & mask) | (its & (mask ^ _WHOLE))).to_bytes(BLOCK, "little")


def _mask(among: list[Weights], size: int) -> bytes | None:
    """HEAVIEST wherever all of the filters' values are, which weigh as much."""
    if not among:
        return None
    mask = (1 << 8 * size) - 1
    for each in among:
        if isinstance(each, dict):
            spread = bytearray(size)
            for slot, weight in each.items():
                spread[slot] = weight
            each = spread
        mask &= int.from_bytes(each, "little")
    return mask.to_bytes(size, "little")


def _keep(weights: Weights, mask: bytes | None) -> Weights:
    if mask is None:
        return weights
    if isinstance(weights, dict):
        return {slot: weight for slot, weight in weights.items() if mask[slot]}
    kept = int.from_bytes(weights, "little") & int.from_bytes(mask, "little")
    return bytearray(kept.to_bytes(len(weights), "little"))


def _count(weights: Weights) -> int:
    return len(weights if isinstance(weights, dict) else weights.translate(None, b"\x00"))


def _shares(counts: list[int]) -> list[int]:
    """How much of a score each word can make: more for a rare one. The last two are a word and the longer ones that
    begin with it, which count half."""
    found, last = sum(counts), sum(counts[-2:])
    rarities = [math.log(1 + (found - count + 0.5) / (count + 0.5)) for count in (*counts[:-2], last)]
    rarities.append(rarities[-1] / 2)
    room, total = _MOST_SCORE - len(counts), sum(rarities)
    return [1 + int(room * rarity / total) for rarity in rarities]


def _add(weights: list[Weights], shares: list[int], size: int) -> Weights:
    few: dict[int, int] = {}
    total = 0
    for each, share in zip(weights, shares, strict=True):
        table = _table(share)
        if isinstance(each, dict):
            for slot, weight in each.items():
                few[slot] = few.get(slot, 0) + table[weight]
        else:
            total += int.from_bytes(each.translate(table), "little")
    if not total:
        return few
    scores = bytearray(total.to_bytes(size, "little"))
    for slot, score in few.items():
        scores[slot] += score
    return scores


@cache
def _table(share: int) -> bytes:
    """What a weight adds to a score: something, however little it is."""
    return bytes(-(-share * min(weight, HEAVIEST) // HEAVIEST) for weight in range(256))


def _rank(scores: Weights, most: int) -> Iterator[int]:
    """At least so many, if there are."""
    if isinstance(scores, dict):
        yield from (slot for _, slot in heapq.nlargest(most, zip(scores.values(), scores, strict=True)))
        return
    for score in range(_MOST_SCORE, 0, -1):
        slot = scores.rfind(score)
        while slot >= 0:
            yield slot
            slot = scores.rfind(score, 0, slot)

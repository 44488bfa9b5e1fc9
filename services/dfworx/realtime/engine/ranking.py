"""Which documents have the words that somebody searches for, the best first.

A document's score is what the words weigh in it (postings.py), a rare word counting for more than a common one. How
rare one is is told among the documents that are found, not among all: so what other rooms or organizations hold has no
say in an order, and a result changes only with documents that have one of the words.

A score is a whole number of 16 bits. Those of common words are added up for all places at once, as one long number.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
import sys
from collections.abc import Sequence
from itertools import islice
from typing import Final

from dfworx.realtime.engine.postings import (
    BLOCK,
    HEAVIEST,
    SHORT,
    beginning_term,
    read_longer,
    read_postings,
    word_term,
)
from dfworx.realtime.engine.search import Search

FEW_BLOCKS: Final = 32
"""In so few, where a filter's value is, words are looked up one block after the other."""
_MOST_SCORE: Final = 0xFFFF
_ORDER: Final = sys.byteorder
_LOW, _HIGH = (0, 1) if _ORDER == "little" else (1, 0)
"""Where in a score's two bytes which one is."""

Rows = Sequence[tuple[int, bytes]]
Weights = dict[int, int] | bytearray
"""Of one word: by slot where it is seldom, else for each slot in turn. A slot is a place, counted in the blocks that a
search looks at."""


class Ranking:
    """What a search finds: places in its index, in their order; of what is equally good the newer one comes first."""

    def __init__(self, connection: sqlite3.Connection, search: Search) -> None:
        self._blocks: list[int] = []
        self._scores: dict[int, int] | memoryview = {}
        """By slot, or of all slots."""
        self._best: list[int] = []
        if search.last is not None:
            self._score(connection, search, search.last)

    def best(self, most: int) -> list[int]:
        """So many, or all that there are."""
        if len(self._best) < most:
            slots = (
                _rank_few(self._scores, most) if isinstance(self._scores, dict) else _rank(self._scores, most)
            )
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
        mask = _mask([_spread(rows, begins) for rows in among], size)
        weights = [_keep(_read(rows, begins), mask) for rows in lists]
        self._scores = _add(weights, _factors([_count(each) for each in weights]), size)


def _shared(among: list[list[tuple[int, bytes]]]) -> list[int] | None:
    """The blocks in which all of the filters' values are. None: no filter."""
    if not among:
        return None
    return sorted(set.intersection(*({block for block, _ in rows} for rows in among)))


def _mask(among: list[bytearray], size: int) -> bytes | None:
    """All bits where all of the filters' values are, which are held as HEAVIEST."""
    if not among:
        return None
    mask = int.from_bytes(among[0], _ORDER)
    for each in among[1:]:
        mask &= int.from_bytes(each, _ORDER)
    return mask.to_bytes(size, _ORDER)


def _read(rows: Rows, begins: dict[int, int]) -> Weights:
    """Of several words together, in each document the one that weighs most."""
    if any(len(held) == BLOCK for _, held in rows):
        return _spread(rows, begins)
    weights: dict[int, int] = {}
    for block, held in rows:
        begin = begins.get(block)
        if begin is not None:
            for place, weight in zip(held[::2], held[1::2], strict=True):
                slot = begin + place
                if weight > weights.get(slot, 0):
                    weights[slot] = weight
    return weights


def _spread(rows: Rows, begins: dict[int, int]) -> bytearray:
    weights = bytearray(BLOCK * len(begins))
    seen: set[int] = set()
    for block, held in rows:
        begin = begins.get(block)
        if begin is None:
            continue
        if block not in seen and len(held) == BLOCK:
            weights[begin : begin + BLOCK] = held
        else:
            for place, weight in (
                enumerate(held) if len(held) == BLOCK else zip(held[::2], held[1::2], strict=True)
            ):
                if weight > weights[begin + place]:
                    weights[begin + place] = weight
        seen.add(block)
    return weights


def _keep(weights: Weights, mask: bytes | None) -> Weights:
    if mask is None:
        return weights
    if isinstance(weights, dict):
        return {slot: weight for slot, weight in weights.items() if mask[slot]}
    kept = int.from_bytes(weights, _ORDER) & int.from_bytes(mask, _ORDER)
    return bytearray(kept.to_bytes(len(weights), _ORDER))


def _count(weights: Weights) -> int:
    return len(weights) if isinstance(weights, dict) else len(weights) - weights.count(0)


def _factors(counts: list[int]) -> list[int]:
    """By which weights are multiplied: more for a rare word. The last two are a word and the longer ones that begin
    with it, which count half."""
    found, last = sum(counts), sum(counts[-2:])
    rarities = [math.log(1 + (found - count + 0.5) / (count + 0.5)) for count in (*counts[:-2], last)]
    rarities.append(rarities[-1] / 2)
    room, total = _MOST_SCORE // HEAVIEST - len(counts), sum(rarities)
    return [1 + int(room * rarity / total) for rarity in rarities]


def _add(weights: list[Weights], factors: list[int], size: int) -> dict[int, int] | memoryview:
    few: dict[int, int] = {}
    total = 0
    for each, factor in zip(weights, factors, strict=True):
        if isinstance(each, dict):
            for slot, weight in each.items():
                few[slot] = few.get(slot, 0) + factor * weight
        else:
            wide = bytearray(2 * size)
            wide[_LOW::2] = each
            total += factor * int.from_bytes(wide, _ORDER)
    if not total:
        return few
    scores = memoryview(bytearray(total.to_bytes(2 * size, _ORDER))).cast("H")
    for slot, score in few.items():
        scores[slot] += score
    return scores


def _rank_few(scores: dict[int, int], most: int) -> list[int]:
    return [slot for _, slot in heapq.nlargest(most, zip(scores.values(), scores, strict=True))]


def _rank(scores: memoryview, most: int) -> list[int]:
    """By the scores' first bytes, and where those are equal by the second ones."""
    high, low = bytes(scores.cast("B")[_HIGH::2]), bytes(scores.cast("B")[_LOW::2])
    ranked: list[int] = []
    for score in range(255, -1, -1):
        if len(ranked) >= most:
            break
        equal = []
        slot = high.find(score)
        while slot >= 0:
            if score or low[slot]:
                equal.append((low[slot], slot))
            slot = high.find(score, slot + 1)
        equal.sort(reverse=True)
        ranked += [slot for _, slot in islice(equal, most)]
    return ranked[:most]

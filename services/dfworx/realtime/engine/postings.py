"""What a search index keeps: for each word of a text, which documents have it and how much it says about each.

An index gives its documents places, one after the other; so many of them are a block, and what one word weighs in the
documents of one block is one row: places with weights while they are few, else a weight for each place. So a document
costs as many small rows as it has words, however many documents there are, and a common word is read and added up a
block at a time (ranking.py). Beginnings of up to three letters, with which very many longer words
begin, have rows of their own, and so have the values that filters ask for.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dfworx.realtime.engine.filters import field_of
from dfworx.realtime.engine.ranges import Interval
from dfworx.realtime.engine.subscriptions import Touched
from dfworx.realtime.engine.words import words_of
from dfworx.realtime.values import Undefined, Value, order_key

TABLES = """
create table if not exists postings (
  index_number integer not null,
  term blob not null,
  block integer not null,
  held blob not null,
  primary key (index_number, term, block)
) without rowid;
create table if not exists places (
  index_number integer not null,
  place integer not null,
  document integer not null,
  primary key (index_number, place)
) without rowid;
create unique index if not exists places_document on places (index_number, document);
"""

BLOCK: Final = 768
"""Places: as many as SQLite still keeps in a page of its tree, with the word."""
MOST_TRIPLES: Final = 24
SHORT: Final = 3
"""Letters of the beginnings that have rows of their own."""
MOST_WORDS: Final = 8192
"""Of one text, each counted once: what comes behind them isn't found."""
HEAVIEST: Final = 127
_SATURATION, _LENGTH_COUNTS, _USUAL_LENGTH = 1.2, 0.75, 32
"""BM25's k and b, and the length of a text, in words, that is neither short nor long. It is the same for all indexes: a
mean of the texts there are would change every weight with every document."""
_WORD, _BEGINNING, _VALUE = b"w", b"b", b"v"
_EVERYWHERE: Final = b"*"
_HEAD: Final = 3
"""Bytes of a word under which those who wait for longer beginnings are filed."""
_NARROWING: Final = 4
"""So many of the filter fields, the first ones, keep apart those who wait for words."""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    table: str
    name: str
    field: str
    """The text's."""
    filters: tuple[str, ...]
    """Fields whose values may be asked for, in order."""

    @property
    def address(self) -> str:
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class KnownSearch:
    number: int
    index: SearchIndex


Postings = dict[bytes, int]
"""What is kept of a document: by term, its weight."""


def postings_of(index: SearchIndex, document: dict[str, Any]) -> Postings:
    """None for a document without a text: nothing finds it."""
    text = field_of(document, index.field)
    if not isinstance(text, str):
        return {}
    counted = Counter[str]()
    for word in words_of(text):
        counted[word] += 1
        if len(counted) > MOST_WORDS:
            break
    postings: Postings = {}
    length = counted.total()
    for word, times in counted.items():
        postings[word_term(word)] = weight = _weigh(times, length)
        for letters in range(1, min(SHORT + 1, len(word))):
            beginning = beginning_term(word[:letters])
            postings[beginning] = max(weight, postings.get(beginning, 0))
    if postings:
        for place, name in enumerate(index.filters):
            postings[value_term(place, field_of(document, name))] = HEAVIEST
    return postings


def word_term(word: str) -> bytes:
    return _WORD + word.encode()


def beginning_term(letters: str) -> bytes:
    return _BEGINNING + letters.encode()


def value_term(place: int, value: Value | Undefined) -> bytes:
    """Of a filter field, by its place in the index: values may be long, so it is their hash."""
    return _VALUE + bytes([place]) + hashlib.sha256(order_key(value)).digest()[:16]


def _weigh(times: int, length: int) -> int:
    """1 to HEAVIEST: more the more often the word is there, up to a point, and less in a long text."""
    slow = _SATURATION * (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * length / _USUAL_LENGTH)
    return math.ceil(HEAVIEST * times / (times + slow))


# -------------------------------------------------------------------------------------------------------- who is told


def read_of(index: SearchIndex, filters: dict[int, bytes], terms: Iterable[str], last: str) -> list[Interval]:
    """What a search has read: every document in which one of the words is, or one that begins as `last` does, and that
    has the value of one of its filters."""
    scope = next((filters[place] for place in range(_NARROWING) if place in filters), _EVERYWHERE)
    read = []
    for term in terms:
        key = scope + term.encode()
        read.append(Interval(key + b"\x00", key + b"\x01", key + b"\x00"))
    beginning = last.encode()
    filed = scope + beginning[:_HEAD] if len(beginning) >= _HEAD else scope
    read.append(Interval(scope + beginning, scope + beginning + b"\xff", filed))
    return read


def touched_by(number: int, before: Postings, after: Postings) -> list[Touched]:
    """By a document that was found by some words and is now found by others; whoever found it has read all of it."""
    keys = set()
    for postings in (before, after):
        narrowing = (each for each in postings if each[:1] == _VALUE and each[1] < _NARROWING)
        scopes = [_EVERYWHERE, *narrowing]
        words = [term[1:] + b"\x00" for term in postings if term[:1] == _WORD]
        keys |= {(scope, word[:_HEAD], word[_HEAD:]) for scope in scopes for word in words}
    return [Touched(number, parts) for parts in keys]


# ------------------------------------------------------------------------------------------------- writing and reading


def prepare_to_write(connection: sqlite3.Connection) -> None:
    connection.create_function("with_weights", 2, _with_weights, deterministic=True)


def change_postings(
    connection: sqlite3.Connection, index: int, document: int, before: Postings, after: Postings
) -> None:
    """Of the document of this number, in the index of this one."""
    if before == after:
        return
    place = _take_place(connection, index, document)
    block, within = divmod(place, BLOCK)
    gone = [(index, term, block) for term in before.keys() - after.keys()]
    put = {(term, block): _triple(within, weight) for term, weight in after.items() - before.items()}
    _put(connection, index, put | {(term, block): _triple(within, 0) for _, term, _ in gone})
    connection.executemany(
        "delete from postings where length(held) = 0 and index_number = ? and term = ? and block = ?", gone
    )
    if not after:
        connection.execute("delete from places where index_number = ? and place = ?", (index, place))


def fill_postings(
    connection: sqlite3.Connection, known: KnownSearch, documents: Iterable[tuple[int, dict[str, Any]]]
) -> None:
    """With documents that aren't in the index yet, by their numbers."""
    put: defaultdict[tuple[bytes, int], bytes] = defaultdict(bytes)
    for number, document in documents:
        if postings := postings_of(known.index, document):
            block, within = divmod(_take_place(connection, known.number, number), BLOCK)
            for term, weight in postings.items():
                put[term, block] += _triple(within, weight)
    _put(connection, known.number, put)


def drop_postings(connection: sqlite3.Connection, index: int) -> None:
    connection.execute("delete from postings where index_number = ?", (index,))
    connection.execute("delete from places where index_number = ?", (index,))


def read_postings(
    connection: sqlite3.Connection, index: int, term: bytes, blocks: Sequence[int] | None = None
) -> list[tuple[int, bytes]]:
    """By block; of these blocks, when they are told."""
    if blocks is None:
        return connection.execute(
            "select block, held from postings where index_number = ? and term = ?",
            (index, term),
        ).fetchall()
    wanted = "select block, held from postings where index_number = ? and term = ? and block = ?"
    return [row for block in blocks for row in connection.execute(wanted, (index, term, block))]


def read_longer(connection: sqlite3.Connection, index: int, beginning: str) -> list[tuple[int, bytes]]:
    """Of all words that begin so and are longer."""
    term = word_term(beginning)
    return connection.execute(
        "select block, held from postings where index_number = ? and term > ? and term < ?",
        (index, term, term + b"\xff"),
    ).fetchall()


def places_of(held: bytes) -> list[int]:
    """Of a row that holds few; behind each two bytes of them stands a weight."""
    return [256 * high + low for high, low in zip(held[::3], held[1::3], strict=True)]


def _take_place(connection: sqlite3.Connection, index: int, document: int) -> int:
    """The one that it has, or the next one."""
    where = (index, document)
    row = connection.execute(
        "select place from places where index_number = ? and document = ?", where
    ).fetchone()
    if row is None:
        row = connection.execute(
            "insert into places (index_number, place, document)"
            " values (?1, (select coalesce(max(place) + 1, 0) from places where index_number = ?1), ?2)"
            " returning place",
            where,
        ).fetchone()
    return int(row[0])


def _put(connection: sqlite3.Connection, index: int, put: Mapping[tuple[bytes, int], bytes]) -> None:
    """By term and block, places with weights, which are 0 for what is no more."""
    connection.executemany(
        # Few are held as they are put.
        "insert into postings (index_number, term, block, held)"
        " values (?1, ?2, ?3, iif(length(?4) <= ?5, ?4, with_weights(x'', ?4)))"
        " on conflict do update set held = with_weights(held, ?4)",
        # Rows that lie beside each other one after the other.
        [(index, *key, others, 3 * MOST_TRIPLES) for key, others in sorted(put.items())],
    )


def _weights_of(held: bytes) -> dict[int, int]:
    return dict(zip(places_of(held), held[2::3], strict=True))


def _triple(place: int, weight: int) -> bytes:
    return bytes((place >> 8, place & 255, weight))


def _with_weights(held: bytes, others: bytes) -> bytes:
    """As it is held, with other weights at some places; nothing when there is none left."""
    if len(held) < BLOCK:
        kept = {place: weight for place, weight in _weights_of(held + others).items() if weight}
        if len(kept) <= MOST_TRIPLES:
            return b"".join([_triple(*each) for each in kept.items()])
        spread = bytearray(BLOCK)
        for place, weight in kept.items():
            spread[place] = weight
        return bytes(spread)
    spread = bytearray(held)
    for place, weight in _weights_of(others).items():
        spread[place] = weight
    return bytes(spread) if any(spread) else b""

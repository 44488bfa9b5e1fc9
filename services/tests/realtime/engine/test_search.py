"""Searches as queries: who is told of a commit, pages, limits, and what is no search."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.limits import LimitReached, Usage
from dfworx.realtime.engine.pages import Asked, Page, read_page
from dfworx.realtime.engine.queries import BadQuery, plan_query
from dfworx.realtime.engine.search import MOST_FOUND, BadSearch
from dfworx.realtime.engine.store import Store, Writer, open_connection
from dfworx.realtime.engine.subscriptions import Subscriptions
from dfworx.realtime.engine.transaction import Transaction
from tests.realtime.engine.conftest import NOW
from tests.realtime.engine.search_model import Notes, make_note, make_search, search

CURSORS = Cursors(bytes(32))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_who_is_not_told_of_a_commit_would_find_the_same(seed: int) -> None:
    chance = Random(seed)
    writer = Writer(open_connection(":memory:", durable=False))
    writer.create()
    notes, subscriptions = Notes(writer), Subscriptions[int]()
    for _ in range(chance.randrange(30)):
        notes.insert(make_note(chance))
    watched = [(make_search(chance), chance.choice([1, 3, 1000])) for _ in range(8)]

    def look(reader: int) -> list[tuple[str, dict[str, Any]]]:
        asked, take = watched[reader]
        found, reads = notes.find(asked, take)
        subscriptions.watch(reader, reads)
        return [(each, notes.model[each]) for each in found]

    found = [look(reader) for reader in range(len(watched))]
    for _ in range(12):
        told = subscriptions.concerned(notes.do_something(chance).touched)
        for reader in range(len(watched)):
            now = look(reader)
            assert reader in told or now == found[reader], watched[reader]
            found[reader] = now
    writer.connection.close()


NARROW: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    (search("fox"), {"at": {"body": "a fox"}}, True),
    (search("fox"), {"at": {"body": "Foxes!"}}, True),
    (search("fox"), {"at": {"body": "fo"}}, False),
    (search("fox hunt"), {"at": {"body": "foxes"}}, False),
    (search("fox hunt"), {"at": {"body": "hunter"}}, True),
    (search("f"), {"at": {"body": "fox"}}, True),
    (search("f"), {"at": {"body": "ox"}}, False),
    (search("fox", room="red"), {"room": "red", "at": {"body": "fox"}}, True),
    (search("fox", room="red"), {"room": "blue", "at": {"body": "fox"}}, False),
    (search("fox", room="red"), {"at": {"body": "fox"}}, False),
    (search("fox"), {"room": "red", "at": {"body": 5.0}}, False),
    (search(""), {"at": {"body": "fox"}}, False),
]


@pytest.mark.parametrize(("asked", "note", "told"), NARROW)
def test_a_commit_concerns_whom_it_may(
    writer: Writer, asked: dict[str, Any], note: dict[str, Any], told: bool
) -> None:
    notes, subscriptions = Notes(writer), Subscriptions[str]()
    subscriptions.watch("ann", notes.find(asked)[1])
    assert bool(subscriptions.concerned(notes.insert(note).touched)) is told
    subscriptions.watch("ann", notes.find(asked)[1])
    changed = notes.replace(notes.ids[0], {**note, "more": True})
    assert bool(subscriptions.concerned(changed.touched)) is told
    subscriptions.watch("ann", notes.find(asked)[1])
    assert bool(subscriptions.concerned(notes.remove(notes.ids[0]).touched)) is told


def test_filters_and_limits_stand_behind_a_search(writer: Writer) -> None:
    notes = Notes(writer)
    made = [notes.insert({"at": {"body": "fox"}, "n": float(n)}) and notes.ids[-1] for n in range(10)]
    small = {"filter": {"$lt": [{"$field": "n"}, {"$literal": 4}]}}
    assert notes.find(search("fox", [small, {"limit": 2}]))[0] == [made[3], made[2]]
    assert notes.find(search("fox", [{"limit": 0}]))[0] == []


def test_a_mutation_finds_what_it_has_written_and_reads_on_where_it_is(writer: Writer) -> None:
    notes = Notes(writer)
    for number in range(6):
        notes.insert({"at": {"body": "fox"}, "n": float(number)})
    stream = Transaction(writer, NOW).open(search("fox"))
    first, _ = stream.take(2)
    assert [row.document()["n"] for row in first] == [5.0, 4.0]
    notes.remove(first[0].document()["_id"])
    notes.remove(notes.ids[3])
    notes.insert({"at": {"body": "fox"}, "n": 6.0})
    stream.go_back(2)
    rest, done = stream.take(10)
    assert done and [row.document()["n"] for row in rest] == [2.0, 1.0, 0.0]
    assert len(notes.find(search("fox"))[0]) == 5


def test_a_reader_finds_what_its_snapshot_holds(writer: Writer, reader: Store) -> None:
    notes = Notes(writer)
    notes.insert({"at": {"body": "fox"}})
    writer.commit(1)
    with reader.snapshot():
        writer.begin()
        notes.insert({"at": {"body": "fox"}})
        writer.commit(2)
        rows, _ = Transaction(reader, NOW).open(search("fox")).take(10)
    assert len(rows) == 1
    with reader.snapshot():
        rows, _ = Transaction(reader, NOW).open(search("fox")).take(10)
    assert len(rows) == 2


def test_what_a_savepoint_takes_back_is_not_found(writer: Writer) -> None:
    notes = Notes(writer)
    notes.insert({"at": {"body": "old fox"}})
    with pytest.raises(ZeroDivisionError), writer.savepoint():
        notes.insert({"at": {"body": "fox"}})
        notes.replace(notes.ids[0], {"at": {"body": "hound"}})
        raise ZeroDivisionError
    assert notes.find(search("fox"))[0] == notes.ids[:1]
    assert notes.find(search("hound"))[0] == []


def test_more_than_a_search_hands_out_is_refused_and_its_pages_end(writer: Writer) -> None:
    notes = Notes(writer)
    for _ in range(MOST_FOUND):
        notes.insert({"at": {"body": "fox"}})

    def collect() -> int:
        stream, found = Transaction(writer, NOW).open(search("fox")), 0
        while not stream.done:
            found += len(stream.take(300)[0])
        return found

    assert collect() == MOST_FOUND
    notes.insert({"at": {"body": "fox"}})
    with pytest.raises(LimitReached, match="Search query scanned too many documents"):
        collect()
    assert len(notes.find(search("fox", [{"limit": MOST_FOUND}]), 2000)[0]) == MOST_FOUND
    pages = read_pages(notes, search("fox"), 1000)
    assert [len(each.rows) for each in pages] == [1000, MOST_FOUND - 1000]


def read_pages(notes: Notes, asked: dict[str, Any], size: int) -> list[Page]:
    pages: list[Page] = []
    cursor = None
    while not pages or not pages[-1].done:
        pages.append(read_page(Asked(asked, cursor, None, size), notes.writer, CURSORS, Usage())[0])
        cursor = pages[-1].cursor
    return pages


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_pages_stay_gapless_whatever_comes_in_between(seed: int, size: int) -> None:
    chance = Random(seed)
    writer = Writer(open_connection(":memory:", durable=False))
    writer.create()
    notes, asked = Notes(writer), make_search(chance)
    for _ in range(chance.randrange(30)):
        notes.insert(make_note(chance))
    pages = read_pages(notes, asked, size)
    assert [row.document()["_id"] for page in pages for row in page.rows] == notes.expect(asked)
    assert all(page.split is None for page in pages)
    for _ in range(chance.randrange(10)):
        notes.do_something(chance)
    again: list[str] = []
    for start, end in pairwise([None, *(page.cursor for page in pages)]):
        page, _, _ = read_page(Asked(asked, start, end, size), writer, CURSORS, Usage())
        again += [row.document()["_id"] for row in page.rows]
    assert again == notes.expect(asked)
    writer.connection.close()


def of(*filters: Any, name: str = "notes.search_body") -> dict[str, Any]:
    return {"source": {"type": "Search", "indexName": name, "filters": list(filters)}, "operators": []}


BODY = {"type": "Search", "fieldPath": "at.body", "value": "fox"}
RED = {"type": "Eq", "fieldPath": "room", "value": "red"}
REFUSED: list[tuple[Any, str]] = [
    (of(BODY, name="notes.search_title"), "Search index notes.search_title not found.*can't be queried"),
    (of(BODY, name="notes.by_creation_time"), "is no search index; read it with .withIndex"),
    (of({**BODY, "fieldPath": "room"}), "searches at.body, not room"),
    (of(RED), "has one .search\\('at.body', text\\), not 0"),
    (of(BODY, BODY), "has one .search\\('at.body', text\\), not 2"),
    (of(BODY, {**RED, "fieldPath": "colour"}), "no filter field colour; its filter fields: room, at.kind"),
    (of(BODY, *[RED] * 9), "has 9 filters; it may have at most 8"),
    (of(BODY, {**RED, "value": {"$float": "x"}}), "The value that room must equal is none"),
    (of({**BODY, "value": 5}), "A search is"),
    (of(5), "A search is"),
]


@pytest.mark.parametrize(("asked", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_is_no_search_is_refused_in_words(writer: Writer, asked: Any, why: str) -> None:
    notes = Notes(writer)
    with pytest.raises(BadSearch, match=why):
        plan_query(asked, notes.writer.catalog)


def test_a_search_index_is_read_by_no_range(writer: Writer) -> None:
    notes = Notes(writer)
    source = {"type": "IndexRange", "indexName": "notes.search_body", "range": []}
    with pytest.raises(BadQuery, match="is a search index; read it with"):
        plan_query({"source": source, "operators": []}, notes.writer.catalog)


def test_eight_filters_may_ask_for_one_field_twice(writer: Writer) -> None:
    notes = Notes(writer)
    notes.insert({"at": {"body": "fox"}, "room": "red"})
    blue = {**RED, "value": "blue"}
    assert len(notes.find(of(BODY, *[RED] * 8))[0]) == 1
    assert notes.find(of(BODY, RED, blue))[0] == []
    missing = {"type": "Eq", "fieldPath": "at.kind", "value": {"$undefined": None}}
    assert len(notes.find(of(BODY, missing))[0]) == 1


HOSTILE = [
    "fox " * 1_000_000,
    "f" * 4_000_000,
    "\U0010ffff" * 1_000_000,
    "\u0301" * 1_000_000,
    'fox" OR body:* NEAR(a, b) ^ -x {y}',
    "fox'; drop table postings; --",
    "%_fox?*[a-z]",
    "fox\x00\x01",
    "ﷺ ǅ İ ß ﬁ \u202efox",
    " ".join(chr(number) for number in range(0x20, 0x2000)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_searched_for_is_text(writer: Writer, text: str) -> None:
    notes = Notes(writer)
    notes.insert({"at": {"body": "a fox"}})
    found, _ = notes.find(search(text))
    assert found == notes.expect(search(text))
    if len(text) < 100_000:
        notes.insert({"at": {"body": text}})
        assert notes.find(search(text))[0] == notes.expect(search(text))


def test_a_text_of_very_many_words_is_found_by_its_first(writer: Writer) -> None:
    notes = Notes(writer)
    notes.insert({"at": {"body": " ".join(f"w{number}x" for number in range(20_000))}})
    assert len(notes.find(search("w8000x"))[0]) == 1
    assert notes.find(search("w9000x"))[0] == []
    notes.remove(notes.ids[0])
    assert writer.connection.execute("select count(*) from postings").fetchone() == (0,)

"""The order in which a search finds: against looking at every word of every document, and case by case."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfworx.realtime.engine.store import Writer, open_connection
from tests.realtime.engine.search_model import Notes, make_note, make_search, search

ORDERS: list[tuple[str, str, list[str]]] = [
    ("who has both words comes first", "red fox", ["red fox x", "the fox", "a red house"]),
    ("the rarer word counts for more", "fox common", ["fox y", "common", "common y", "common z"]),
    ("more often is better", "fox", ["fox fox fox a", "fox fox a b", "fox a b c"]),
    ("in a short text a word says more", "fox", ["fox", "fox a b", "fox a b c d e f g h i j k l m n"]),
    ("the whole word before longer ones", "fox", ["fox a", "foxes a"]),
    ("what is equal: the newer one first", "fox", ["fox b", "a fox", "the FOX"][::-1]),
    ("the last word may be a beginning", "my fo", ["my fox", "my dog", "foxes are"]),
    ("the others may not", "fo my", ["my fox", "my dog"][::-1]),
    ("one letter", "r", ["rabbit", "send request"]),
]


@pytest.mark.parametrize(("asked", "order"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS])
def test_the_best_come_first(writer: Writer, asked: str, order: list[str]) -> None:
    notes = Notes(writer)
    for body in reversed(order):
        notes.insert({"at": {"body": body}})
    found, _ = notes.find(search(asked))
    assert [notes.model[each]["at"]["body"] for each in found] == order


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_a_search_finds_what_looking_at_every_word_finds(seed: int) -> None:
    chance = Random(seed)
    notes = _notes()
    for _ in range(chance.randrange(60)):
        notes.insert(make_note(chance))
    for _ in range(chance.randrange(20)):
        notes.do_something(chance)
    for _ in range(6):
        asked = make_search(chance)
        found, _ = notes.find(asked)
        assert found == notes.expect(asked)
        assert notes.find(asked, 3)[0] == found[:3]
    notes.writer.connection.close()


def test_many_documents_are_no_other_case(writer: Writer) -> None:
    chance = Random(7)
    notes = Notes(writer)
    for _ in range(900):
        notes.insert(make_note(chance))
    for _ in range(60):
        notes.remove(chance.choice(notes.ids))
    notes.insert({"at": {"body": "a lonely note"}, "room": "attic"})
    notes.insert({"at": {"body": "anna and the band"}, "room": "attic"})
    for _ in range(60):
        asked = make_search(chance)
        assert notes.find(asked)[0] == notes.expect(asked)
    for text in ("a", "band", "and anna lon", "bandi"):
        asked = search(text, room="attic")
        assert notes.find(asked)[0] == notes.expect(asked)


def test_what_other_rooms_hold_has_no_say_in_an_order(writer: Writer) -> None:
    notes = Notes(writer)
    for body in ("red a b", "fox a", "red fox", "fox"):
        notes.insert({"at": {"body": body}, "room": "mine"})
    before, _ = notes.find(search("fox red", room="mine"))
    for _ in range(50):
        notes.insert({"at": {"body": "red red red"}, "room": "theirs"})
    assert notes.find(search("fox red", room="mine"))[0] == before


def test_nothing_is_left_of_what_is_gone(writer: Writer) -> None:
    chance = Random(3)
    notes = Notes(writer)
    for _ in range(300):
        notes.insert(make_note(chance))
    for made in list(notes.ids):
        notes.remove(made)
    assert writer.connection.execute("select count(*) from postings").fetchone() == (0,)
    assert writer.connection.execute("select count(*) from places").fetchone() == (0,)


def _notes() -> Notes:
    writer = Writer(open_connection(":memory:", durable=False))
    writer.create()
    return Notes(writer)

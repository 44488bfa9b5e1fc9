"""Ranges of an index: an interval holds exactly the keys of the documents that meet its conditions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfworx.realtime.engine.ranges import BadRange, Index, everything, interval_of, one
from dfworx.realtime.values import DocumentId, Undefined, Value, decode_or_undefined, encode, order_key
from tests.realtime.values.anything import PLAIN

INDEX = Index("messages", "by_room_and_author", ("room", "author", "_creationTime"))
ID = str(DocumentId(10001, bytes(16)))
MEETS: dict[str, Callable[[bytes, bytes], bool]] = {
    "Eq": operator.eq,
    "Gt": operator.gt,
    "Gte": operator.ge,
    "Lt": operator.lt,
    "Lte": operator.le,
}


def condition(kind: str, name: str, value: Value) -> dict[str, Any]:
    return {"type": kind, "fieldPath": name, "value": encode(value)}


def document(room: Value, author: Value, moment: float) -> dict[str, Value]:
    return {"_id": ID, "_creationTime": moment, "room": room, "author": author}


def meets(found: dict[str, Value], asked: dict[str, Any]) -> bool:
    value = decode_or_undefined(asked["value"])
    return MEETS[asked["type"]](order_key(found[asked["fieldPath"]]), order_key(value))


FEW = st.one_of(PLAIN, st.sampled_from(["a", "a\x00", "b", 1.0, 1, None]))
DOCUMENTS = st.builds(document, FEW, FEW, st.sampled_from([1.0, 2.0]))
SHAPES: list[list[tuple[str, str]]] = [
    [],
    [("Eq", "room")],
    [("Gt", "room")],
    [("Lte", "room")],
    [("Gte", "room"), ("Lt", "room")],
    [("Eq", "author"), ("Eq", "room")],
    [("Eq", "room"), ("Gt", "author"), ("Lte", "author")],
    [("Lt", "author"), ("Eq", "room")],
    [("Eq", "room"), ("Eq", "author"), ("Gte", "_creationTime")],
]


@given(
    st.sampled_from(SHAPES),
    st.lists(FEW, min_size=3, max_size=3),
    st.lists(DOCUMENTS, min_size=1, max_size=8),
)
def test_an_interval_holds_what_meets_its_conditions(
    shape: list[tuple[str, str]], values: list[Value], documents: list[dict[str, Value]]
) -> None:
    conditions = [condition(kind, name, value) for (kind, name), value in zip(shape, values, strict=False)]
    interval = interval_of(INDEX, conditions)
    for each in documents:
        key = b"".join(INDEX.parts(each))
        assert (key in interval) == all(meets(each, asked) for asked in conditions)
        assert key not in interval or key.startswith(interval.prefix)


def test_everything_and_one() -> None:
    key = b"".join(INDEX.parts(document("a", "b", 1.0)))
    assert key in everything()
    assert key in one(order_key("a")) and key not in one(order_key("b"))
    by_id = Index("messages", "by_id", ("_id",))
    assert by_id.parts(document("a", "b", 1.0)) == [order_key(ID)]


def test_a_missing_field_is_found_as_undefined() -> None:
    undefined = {"type": "Eq", "fieldPath": "room", "value": {"$undefined": None}}
    without = {"_id": ID, "_creationTime": 1.0, "author": "b"}
    assert isinstance(decode_or_undefined(undefined["value"]), Undefined)
    assert b"".join(INDEX.parts(without)) in interval_of(INDEX, [undefined])
    assert b"".join(INDEX.parts(document(None, "b", 1.0))) not in interval_of(INDEX, [undefined])


REFUSED: list[tuple[list[Any], str]] = [
    ([1], "is an object"),
    ([condition("Eq", "colour", 1)], "has no field colour; its fields are room, author, _creationTime"),
    ([condition("Ne", "room", 1)], "no condition 'Ne'"),
    ([condition("Eq", "room", 1), condition("Eq", "room", 2)], "bounds room twice"),
    ([condition("Gt", "room", 1), condition("Gte", "room", 2)], "bounds room twice"),
    ([condition("Eq", "author", 1)], "uses author without an equality on room"),
    ([condition("Gt", "author", 1)], "uses author without an equality on room"),
    ([condition("Eq", "room", 1), condition("Gt", "room", 1)], "uses room without an equality on author"),
    (
        [condition("Gt", "room", 1), condition("Lt", "author", 1)],
        "bounds on more than one field: author, room",
    ),
    ([{"type": "Eq", "fieldPath": "room", "value": {"$bytes": 1}}], "no value: .bytes must hold base64"),
]


@pytest.mark.parametrize(("conditions", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_no_index_answers_is_refused_in_words(conditions: list[Any], why: str) -> None:
    with pytest.raises(BadRange, match=why):
        interval_of(INDEX, conditions)


def test_a_field_that_is_equal_already_takes_no_bound() -> None:
    equal = [condition("Eq", name, 1) for name in INDEX.fields]
    with pytest.raises(BadRange, match="which is equal to one value already"):
        interval_of(INDEX, [*equal, condition("Gt", "room", 0)])

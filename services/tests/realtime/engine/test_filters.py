"""Filters over one document: comparisons in the one order, arithmetic within one kind, logic of booleans only."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given

from dfworx.realtime.engine.filters import BadFilter, compile_filter
from dfworx.realtime.values import Value, encode, order_key
from tests.realtime.values.anything import VALUES

DOCUMENT: dict[str, Value] = {"n": 5.0, "big": 7, "s": "b", "in": {"side": {"deep": True}}, "nothing": None}


def literal(value: Value) -> dict[str, Any]:
    return {"$literal": encode(value)}


def of(name: str) -> dict[str, Any]:
    return {"$field": name}


UNDEFINED = {"$literal": {"$undefined": None}}
TRUE, FALSE = literal(True), literal(False)

PASSES: list[tuple[dict[str, Any], bool]] = [
    ({"$eq": [of("s"), literal("b")]}, True),
    ({"$neq": [of("s"), literal("b")]}, False),
    ({"$eq": [of("big"), literal(7.0)]}, False),
    ({"$lt": [of("big"), literal(-math.inf)]}, True),
    ({"$gte": [of("n"), literal(5.0)]}, True),
    ({"$gt": [of("n"), literal(5.0)]}, False),
    ({"$lte": [of("nothing"), literal(None)]}, True),
    ({"$eq": [of("missing"), UNDEFINED]}, True),
    ({"$eq": [of("nothing"), UNDEFINED]}, False),
    ({"$lt": [of("missing"), literal(None)]}, True),
    (of("in.side.deep"), True),
    ({"$eq": [of("in.side.deep.er"), UNDEFINED]}, True),
    ({"$eq": [{"$add": [of("n"), literal(2.0)]}, literal(7.0)]}, True),
    ({"$eq": [{"$sub": [of("big"), literal(9)]}, literal(-2)]}, True),
    ({"$eq": [{"$mul": [literal(2**62), literal(4)]}, literal(0)]}, True),
    ({"$eq": [{"$div": [literal(-7), literal(2)]}, literal(-3)]}, True),
    ({"$eq": [{"$mod": [literal(-7), literal(2)]}, literal(-1)]}, True),
    ({"$eq": [{"$mod": [literal(-7.5), literal(2.0)]}, literal(-1.5)]}, True),
    ({"$eq": [{"$div": [literal(1.0), literal(-0.0)]}, literal(-math.inf)]}, True),
    ({"$eq": [{"$neg": literal(-(2**63))}, literal(-(2**63))]}, True),
    ({"$not": FALSE}, True),
    ({"$and": []}, True),
    ({"$or": []}, False),
    ({"$and": [TRUE, FALSE, literal("never asked")]}, False),
    ({"$or": [FALSE, TRUE, literal("never asked")]}, True),
]


@pytest.mark.parametrize(("expression", "passes"), PASSES, ids=[str(each) for each, _ in PASSES])
def test_an_expression_decides(expression: dict[str, Any], passes: bool) -> None:
    assert compile_filter(expression)(DOCUMENT) is passes


@given(VALUES, VALUES)
def test_comparisons_follow_the_order_of_values(left: Value, right: Value) -> None:
    for name, holds in (
        ("$eq", order_key(left) == order_key(right)),
        ("$lt", order_key(left) < order_key(right)),
        ("$gte", order_key(left) >= order_key(right)),
    ):
        assert compile_filter({name: [of("field"), literal(right)]})({"field": left}) is holds


REFUSED: list[tuple[Any, str]] = [
    ([], "one operator"),
    ({"$eq": [TRUE, TRUE], "$or": []}, "one operator"),
    ({"$like": [TRUE, TRUE]}, r"no operator \$like"),
    ({"$eq": [TRUE]}, "no operator"),
    ({"$field": 1}, "no operator"),
    ({"$literal": {"$float": "x"}}, "base64"),
    (literal("yes"), 'A filter needs a boolean, not "yes"'),
    (UNDEFINED, "A filter needs a boolean, not undefined"),
    ({"$not": literal(1.0)}, r"\$not needs a boolean, not 1.0"),
    ({"$and": [literal(None)]}, r"\$and needs a boolean, not null"),
    ({"$add": [literal(1), literal(1.0)]}, "two numbers or two bigints, not 1n and 1.0"),
    ({"$mul": [literal(True), literal(True)]}, "two numbers or two bigints"),
    ({"$neg": literal("a")}, r"\$neg needs a number"),
    ({"$mod": [literal(1), literal(0)]}, "divided by zero"),
]


@pytest.mark.parametrize(("expression", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_means_nothing_is_refused_in_words(expression: Any, why: str) -> None:
    with pytest.raises(BadFilter, match=why):
        compile_filter(expression)(DOCUMENT)


def test_an_expression_as_deep_as_a_tower_is_refused() -> None:
    expression: Any = TRUE
    for _ in range(100_000):
        expression = {"$not": expression}
    with pytest.raises(BadFilter, match="nested"):
        compile_filter(expression)

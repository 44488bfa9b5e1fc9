"""The one order of values: its bytes compare as values do, and as Convex's own package compares them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfworx.realtime.values import UNDEFINED, Undefined, Value, after_all, order_key
from tests.realtime.values.anything import VALUES

ASCENDING: list[Value | Undefined] = [
    UNDEFINED,
    None,
    *(-(2**63), -1, 0, 1, 2**63 - 1),
    *(float("-inf"), -1.5, -5e-324, -0.0, 0.0, 5e-324, 1.0, 2.0**60, float("inf"), float("nan")),
    *(False, True),
    *("", "\x00", "\x00\x00", "\x00a", "a", "a\x00", "aa", "b", "é", "\uffff", "😀"),
    *(b"", b"\x00", b"\x00\xff", b"\x01", b"\xff"),
    *([], [None], [None, None], ["a"], ["a", 1.0], ["a\x00"], ["aa"], [[]]),
    *({}, {"": None}, {"a": None}, {"a": None, "b": None}, {"a": 1}, {"a": 1.0}, {"aa": None}, {"b": None}),
]


@pytest.mark.parametrize(("less", "more"), list(pairwise(ASCENDING)), ids=repr)
def test_each_comes_before_the_next(less: Value | Undefined, more: Value | Undefined) -> None:
    assert order_key(less) < order_key(more)


@given(st.lists(VALUES, min_size=2, max_size=2), VALUES, VALUES)
def test_keys_in_a_row_compare_like_lists(pair: list[Value], one: Value, other: Value) -> None:
    rows = sorted([[pair[0], one], [pair[1], other], [pair[0], other]], key=lambda row: order_key(list(row)))
    keys = [order_key(row[0]) + order_key(row[1]) for row in rows]
    assert keys == sorted(keys)


@given(VALUES, VALUES, VALUES)
def test_behind_a_prefix_is_what_begins_with_it_and_nothing_else(
    prefix: Value, other: Value, rest: Value
) -> None:
    start = order_key(prefix)
    inside = start <= order_key(other) + order_key(rest) < after_all(start)
    assert inside == (order_key(other) == start)

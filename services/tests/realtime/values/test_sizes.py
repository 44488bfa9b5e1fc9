"""How large values count; and, for all that values do, that Convex's own package does the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfworx.realtime.values import Value, depth_of, dump, load, order_key, size_of
from tests.realtime.oracle import ask
from tests.realtime.values.anything import VALUES

SIZES: list[tuple[Value, int]] = [
    (None, 1),
    (True, 1),
    (1, 9),
    (1.0, 9),
    ("é", 4),
    (b"abc", 5),
    ([None, "a"], 2 + 1 + 3),
    ({"ab": 1.0}, 2 + 3 + 9),
]


@pytest.mark.parametrize(("value", "size"), SIZES, ids=repr)
def test_a_size(value: Value, size: int) -> None:
    assert size_of(value) == size


@pytest.mark.parametrize(("value", "depth"), [(1, 0), ([], 1), ({"a": [[]]}, 3), ([{}, [1]], 2)], ids=repr)
def test_a_depth(value: Value, depth: int) -> None:
    assert depth_of(value) == depth


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(VALUES, min_size=40, max_size=80))
def test_convex_says_the_same_of_text_size_and_order(values: list[Value]) -> None:
    told = ask(Path(__file__).with_name("oracle.mjs"), f"[{','.join(map(dump, values))}]")
    assert told["sizes"] == [size_of(value) for value in values]
    # Numbers are spelled otherwise (1 and 1.0), so what is read back is compared.
    assert [dump(load(text)) for text in told["encoded"]] == [dump(value) for value in values]
    ours = [(one > other) - (one < other) for one, other in pairwise(map(order_key, values))]
    assert told["compared"] == ours

"""Plain JSON with its hints comes back as it was, whatever it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from dfworx.realtime.values import UNKNOWN, InvalidValue, Value, dump, from_plain, hint_of, to_plain
from dfworx.realtime.values.shapes import read_shape
from tests.realtime.values.anything import VALUES


@given(VALUES)
def test_any_value_comes_back(value: Value) -> None:
    plain, hint = json.loads(json.dumps([to_plain(value), hint_of(value)]))
    assert dump(from_plain(plain, hint, [UNKNOWN])) == dump(value)


@pytest.mark.parametrize(
    ("plain", "hint"),
    [
        ("x", "int64"),
        (str(2**63), "int64"),
        ("x", "bytes"),
        ("x", "float64inf"),
        ("NaN", {"$float64NaN": "AAAAAAAAAAA="}),
        ("NaN", {"$float64NaN": "x"}),
        ("x", {"a": "int64"}),
        ("x", "map"),
        ([1], ["infer", "infer"]),
        ([1], "int64"),
        ({"a": 1}, ["infer"]),
        ({"a": 1}, "bytes"),
        ({"$a": 1}, None),
    ],
)
def test_a_hint_for_another_value_is_refused(plain: object, hint: object) -> None:
    with pytest.raises(InvalidValue):
        from_plain(plain, hint, [UNKNOWN])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["", "int", "int64 |", "{", '{"a": int64', '{"a" int64}', "array<int64", "record<string>", "int64 x"],
)
def test_no_other_shape_is_read(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_shape(text)

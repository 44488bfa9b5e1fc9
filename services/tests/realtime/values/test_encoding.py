"""Values and their JSON, there and back."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given

from dfworx.realtime.values import InvalidValue, Value, dump, load, read_json
from tests.realtime.values.anything import VALUES

TABLE: list[tuple[Value, str]] = [
    (None, "null"),
    (True, "true"),
    ("é\u0000😀", '"é\\u0000😀"'),
    (1.5, "1.5"),
    (-0.0, '{"$float":"AAAAAAAAAIA="}'),
    (math.inf, '{"$float":"AAAAAAAA8H8="}'),
    (0, '{"$integer":"AAAAAAAAAAA="}'),
    (-1, '{"$integer":"//////////8="}'),
    (2**63 - 1, '{"$integer":"/////////38="}'),
    (b"", '{"$bytes":""}'),
    (b"\x00\xff", '{"$bytes":"AP8="}'),
    ([], "[]"),
    ({"b": [1], "a": {}}, '{"a":{},"b":[{"$integer":"AQAAAAAAAAA="}]}'),
]


@pytest.mark.parametrize(("value", "text"), TABLE, ids=[text for _, text in TABLE])
def test_a_value_has_one_text(value: Value, text: str) -> None:
    assert dump(value) == text
    assert same(load(text), value)


@given(VALUES)
def test_every_value_comes_back_as_it_was(value: Value) -> None:
    assert same(load(dump(value)), value)


@pytest.mark.parametrize("text", ["1", "-3", "1e3", "9007199254740993", "-0"])
def test_a_number_of_json_is_a_float(text: str) -> None:
    number = load(text)
    assert isinstance(number, float) and number == float(text)
    assert dump(number)[0] != "{", "its zero has no sign"


REFUSED = [
    ("{", "no JSON"),
    ("NaN", "NaN is no number"),
    ("1e999", "too large"),
    ("1" + "0" * 400, "too large"),
    ('{"$float":"AAAAAAAA8D8="}', "should be written as a number"),
    ('{"$float":"AAAA"}', "8 bytes, not 3"),
    ('{"$integer":"not base64"}', "base64"),
    ('{"$integer":1}', "base64"),
    ('{"$bytes":"A"}', "base64"),
    ('{"$set":[]}', "isn't a type of values any more"),
    ('{"$undefined":null}', "reserved"),
    ('{"$a":1}', "reserved"),
    ('{"a":1,"$b":2}', "reserved"),
    ('{"é":1}', "non-control ASCII"),
    ('{"a\\n":1}', "non-control ASCII"),
    ('{"' + "a" * 1025 + '":1}', "longer than 1024"),
    ('"\\ud800"', "surrogate"),
    ("[" * 65 + "]" * 65, "more than 64 deep"),
    ("[" * 200_000 + "]" * 200_000, "too deeply"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[text[:30] for text, _ in REFUSED])
def test_what_is_no_value_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        load(text)


UNSAYABLE: list[tuple[Any, str]] = [
    (2**63, "64 bits"),
    (-(2**63) - 1, "64 bits"),
    ("\udc00", "surrogate"),
    ({"$a": None}, "reserved"),
    ({1: None}, "name of a field"),
    ({1, 2}, "set is no type"),
]


@pytest.mark.parametrize(("value", "why"), UNSAYABLE, ids=[why for _, why in UNSAYABLE])
def test_what_has_no_json_is_refused_in_words(value: Any, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        dump(value)


def same(one: Value, other: Value) -> bool:
    """Equal, of the same types, and NaN is NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return json.dumps([one]) == json.dumps([other])
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return one == other


@pytest.mark.parametrize("text", ['"\\ud83d"', '{"\\uDE00": 1}', '["\\ude00\\ud83d"]', '"\ud83d"'])
def test_json_with_half_of_a_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_json(text)


def test_json_with_whole_characters_is_read_however_they_are_written() -> None:
    assert read_json('["\\ud83d\\ude00", "\\\\ud83d", "\\u00e9"]') == ["😀", "\\ud83d", "é"]

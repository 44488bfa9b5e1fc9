"""What fits a validator, and the words for what doesn't."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dfworx.realtime.engine.validators import Mismatch, Validator, check
from dfworx.realtime.values import DocumentId, Value

TABLES = {"users": 10001, "posts": 10002}
USER, POST = (str(DocumentId(number, bytes(16))) for number in TABLES.values())


def field(kind: Validator, *, optional: bool = False) -> dict[str, Any]:
    return {"fieldType": kind, "optional": optional}


STRING: Validator = {"type": "string"}
NUMBER: Validator = {"type": "number"}
ID: Validator = {"type": "id", "tableName": "users"}
PERSON: Validator = {
    "type": "object",
    "value": {"name": field(STRING), "age": field(NUMBER, optional=True)},
}
EITHER: Validator = {"type": "union", "value": [{"type": "literal", "value": "a"}, NUMBER]}
RECORD: Validator = {"type": "record", "keys": ID, "values": field({"type": "array", "value": NUMBER})}

FITS: list[tuple[Validator, Value]] = [
    ({"type": "any"}, {"a": [1]}),
    ({"type": "null"}, None),
    ({"type": "boolean"}, False),
    (NUMBER, math.nan),
    ({"type": "bigint"}, -1),
    (STRING, ""),
    ({"type": "bytes"}, b""),
    ({"type": "literal", "value": {"$integer": "AQAAAAAAAAA="}}, 1),
    (ID, USER),
    ({"type": "array", "value": PERSON}, [{"name": "a"}, {"name": "b", "age": 3.0}]),
    (EITHER, "a"),
    (EITHER, 2.0),
    (RECORD, {USER: [1.0]}),
]


@pytest.mark.parametrize(("validator", "value"), FITS, ids=[str(number) for number in range(len(FITS))])
def test_what_fits_is_taken(validator: Validator, value: Value) -> None:
    check(validator, value, TABLES)


MISFITS: list[tuple[Validator, Value, str]] = [
    (STRING, 1.0, "Value does not match validator.\nValue: 1.0\nValidator: v.string()"),
    (NUMBER, 1, "Value does not match validator.\nValue: 1n\nValidator: v.float64()"),
    ({"type": "bigint"}, 1.0, "Value does not match validator.\nValue: 1.0\nValidator: v.int64()"),
    ({"type": "bigint"}, True, "Value does not match validator.\nValue: true\nValidator: v.int64()"),
    ({"type": "boolean"}, None, "Value does not match validator.\nValue: null\nValidator: v.boolean()"),
    (
        {"type": "literal", "value": 1.0},
        1,
        "Value does not match validator.\nValue: 1n\nValidator: v.literal(1.0)",
    ),
    (
        PERSON,
        {"age": 1.0},
        "Object is missing the required field `name`. Consider wrapping the field validator in `v.optional(...)` if "
        "this is expected.\n\nObject: {age: 1.0}\n"
        "Validator: v.object({name: v.string(), age: v.optional(v.float64())})",
    ),
    (
        {"type": "object", "value": {"who": field(PERSON)}},
        {"who": {"name": "a", "a b": b"\x00"}},
        "Object contains extra field `a b` that is not in the validator.\n\nPath: .who\n"
        'Object: {name: "a", "a b": Bytes("AA==")}\n'
        "Validator: v.object({name: v.string(), age: v.optional(v.float64())})",
    ),
    (
        PERSON,
        {"name": "a", "age": None},
        "Value does not match validator.\nPath: .age\nValue: null\nValidator: v.float64()",
    ),
    (
        {"type": "array", "value": {"type": "array", "value": EITHER}},
        [[], ["a", "b"]],
        'Value does not match validator.\nPath: [1][1]\nValue: "b"\nValidator: v.union(v.literal("a"), v.float64())',
    ),
    (
        {"type": "union", "value": [PERSON]},
        {"name": 1.0},
        "Value does not match validator.\nPath: .name\nValue: 1.0\nValidator: v.string()",
    ),
    (ID, "j57", 'Value does not match validator.\nValue: "j57"\nValidator: v.id("users")'),
    (
        ID,
        POST,
        f'Found ID "{POST}" from table `posts`, which does not match the table name in validator `v.id("users")`.',
    ),
    (
        RECORD,
        {POST: []},
        f'Found ID "{POST}" from table `posts`, which does not match the table name in validator `v.id("users")`.'
        "\nPath: .keys()",
    ),
    (
        RECORD,
        {USER: [True]},
        f"Value does not match validator.\nPath: .{USER}[0]\nValue: true\nValidator: v.float64()",
    ),
    (
        RECORD,
        [],
        'Value does not match validator.\nValue: []\nValidator: v.record(v.id("users"), v.array(v.float64()))',
    ),
    (
        PERSON,
        "a" * 3000,
        'Value does not match validator.\nValue: "'
        + "a" * 1999
        + "...\nValidator: v.object({name: v.string(), age: v.optional(v.float64())})",
    ),
]


@pytest.mark.parametrize(
    ("validator", "value", "words"), MISFITS, ids=[str(number) for number in range(len(MISFITS))]
)
def test_what_does_not_fit_is_refused_in_convexs_words(
    validator: Validator, value: Value, words: str
) -> None:
    with pytest.raises(Mismatch) as raised:
        check(validator, value, TABLES)
    assert str(raised.value) == words

"""Validators, as a function's arguments and a table's documents have them: whether a value fits, and if not, why.

A validator is the JSON that `convex/values` exports. No value is changed: what fits is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dfworx.realtime.engine.display import show_validator, show_value
from dfworx.realtime.values import UNDEFINED, InvalidId, Undefined, Value, decode, order_key, parse_id

Validator = dict[str, Any]


class Mismatch(Exception):
    """A value that doesn't fit, in the words that Convex says it with."""


def check(validator: Validator, value: Value, tables: Mapping[str, int], path: str = "") -> None:
    """Raises Mismatch. `tables` are the numbers of tables by name; an id needs no document, only its table."""
    kind = validator["type"]
    fits = _PLAIN.get(kind)
    if fits is not None:
        if not fits(value):
            raise _mismatch(validator, value, path)
        return
    match kind:
        case "literal":
            if order_key(decode(validator["value"])) != order_key(value):
                raise _mismatch(validator, value, path)
        case "id":
            _check_id(validator, value, tables, path)
        case "array":
            if not isinstance(value, list):
                raise _mismatch(validator, value, path)
            for place, each in enumerate(value):
                check(validator["value"], each, tables, f"{path}[{place}]")
        case "record":
            _check_record(validator, value, tables, path)
        case "object":
            _check_object(validator, value, tables, path)
        case "union":
            _check_union(validator, value, tables, path)
        case _:
            raise ValueError(f"There is no validator of type {kind}")


_PLAIN: dict[str, Callable[[Value], bool]] = {
    "any": lambda value: True,
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, float),
    "bigint": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "commitTs": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "bytes": lambda value: isinstance(value, bytes),
}


def _check_id(validator: Validator, value: Value, tables: Mapping[str, int], path: str) -> None:
    try:
        found = parse_id(value) if isinstance(value, str) else None
    except InvalidId:
        found = None
    if found is None:
        raise _mismatch(validator, value, path)
    if tables.get(validator["tableName"]) != found.table:
        others = [name for name, number in tables.items() if number == found.table]
        whose = f"from table `{others[0]}`" if others else "of no table"
        raise Mismatch(
            f"Found ID {show_value(value)} {whose}, which does not match the table name in validator "
            f"`{show_validator(validator)}`.{_where(path)}"
        )


def _check_object(validator: Validator, value: Value, tables: Mapping[str, int], path: str) -> None:
    if not isinstance(value, dict):
        raise _mismatch(validator, value, path)
    fields = validator["value"]
    for name, field in fields.items():
        inner: Value | Undefined = value.get(name, UNDEFINED)
        if not isinstance(inner, Undefined):
            check(field["fieldType"], inner, tables, f"{path}.{name}")
        elif not field["optional"]:
            raise Mismatch(
                f"Object is missing the required field `{name}`. Consider wrapping the field validator in "
                f"`v.optional(...)` if this is expected.{_object(validator, value, path)}"
            )
    for name in value:
        if name not in fields:
            raise Mismatch(
                f"Object contains extra field `{name}` that is not in the validator.{_object(validator, value, path)}"
            )


def _check_record(validator: Validator, value: Value, tables: Mapping[str, int], path: str) -> None:
    if not isinstance(value, dict):
        raise _mismatch(validator, value, path)
    for name, inner in value.items():
        check(validator["keys"], name, tables, f"{path}.keys()")
        check(validator["values"]["fieldType"], inner, tables, f"{path}.{name}")


def _check_union(validator: Validator, value: Value, tables: Mapping[str, int], path: str) -> None:
    members = validator["value"]
    if len(members) == 1:
        check(members[0], value, tables, path)
        return
    for member in members:
        try:
            check(member, value, tables, path)
        except Mismatch:
            continue
        return
    raise _mismatch(validator, value, path)


def _mismatch(validator: Validator, value: Value, path: str) -> Mismatch:
    return Mismatch(
        f"Value does not match validator.{_where(path)}\nValue: {show_value(value)}\n"
        f"Validator: {show_validator(validator)}"
    )


def _object(validator: Validator, value: Value, path: str) -> str:
    return f"\n{_where(path)}\nObject: {show_value(value)}\nValidator: {show_validator(validator)}"


def _where(path: str) -> str:
    return f"\nPath: {path}" if path else ""

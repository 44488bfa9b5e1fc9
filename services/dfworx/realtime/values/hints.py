"""Plain JSON that can be turned back. The hints of a document in a snapshot say what plain JSON doesn't: which texts
are Int64s, bytes or numbers that JSON hasn't got. Where a snapshot tells the shape of a table (shapes.py), there are
hints only for what that leaves open."""

from __future__ import annotations

import math
import struct
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from dfworx.realtime.values.encoding import InvalidValue, Value, require_name
from dfworx.realtime.values.shapes import Shape

Hint = str | list[Any] | dict[str, Any] | None
"""None, or "infer": there is nothing to say."""
NAN = "$float64NaN"
_FLOAT = struct.Struct("<d")
_INFINITE = {"Infinity": math.inf, "-Infinity": -math.inf}


def hint_of(value: Value) -> Hint:
    match value:
        case bool():
            return None
        case int():
            return "int64"
        case float() if math.isnan(value):
            return {NAN: b64encode(_FLOAT.pack(value)).decode()}
        case float() if math.isinf(value):
            return "float64inf"
        case bytes():
            return "bytes"
        case list():
            hints = [hint_of(each) for each in value]
            return [hint or "infer" for hint in hints] if any(hints) else None
        case dict():
            return {name: hint for name, inner in value.items() if (hint := hint_of(inner))} or None
    return None


def from_plain(plain: Any, hint: Hint, shapes: Sequence[Shape]) -> Value:
    """The value that plain JSON and its hint say, where it has one of these shapes. Raises InvalidValue."""
    if hint == "infer":
        hint = None
    match plain:
        case None | bool():
            return plain
        case int() | float():
            if not math.isfinite(number := float(plain)):
                raise InvalidValue("A number is too large for a Float64.")
            return number
        case str():
            return _from_text(plain, hint or _kind_of_texts(shapes))
        case list() if hint is None or (isinstance(hint, list) and len(hint) == len(plain)):
            inner = [each.inner for each in shapes if each.kind == "array" and each.inner]
            of_items = [*_flat(inner), *_unknown(shapes)]
            hints = hint or [None] * len(plain)
            return [from_plain(each, of, of_items) for each, of in zip(plain, hints, strict=True)]
        case dict() if hint is None or (isinstance(hint, dict) and NAN not in hint):
            for name in plain:
                require_name(name)
            return {
                name: from_plain(each, (hint or {}).get(name), _of_field(shapes, name))
                for name, each in plain.items()
            }
    raise InvalidValue(f"The hint {str(hint)[:100]} in generated_schema.jsonl isn't for a value like this.")


def _from_text(text: str, hint: Hint) -> Value:
    try:
        match hint:
            case None:
                text.encode()
                return text
            case "int64" if -(2**63) <= int(text) < 2**63:
                return int(text)
            case "float64inf":
                return _INFINITE[text]
            case "bytes":
                return b64decode(text, validate=True)
            case {"$float64NaN": str(told)} if text == "NaN":
                [number] = _FLOAT.unpack(b64decode(told, validate=True))
                if math.isnan(number):
                    return float(number)
    except (ValueError, KeyError, struct.error):
        pass
    raise InvalidValue(f"The text {text[:100]!r} isn't what generated_schema.jsonl says that it is.")


def _kind_of_texts(shapes: Sequence[Shape]) -> Hint:
    """What a text is, when only one thing is possible."""
    kinds: set[str | None] = set()
    for shape in shapes:
        match shape.kind:
            case "int64" | "bytes":
                kinds.add(shape.kind)
            case "inf" | "-inf":
                kinds.add("float64inf")
            case "string" | "id" | "field_name" | "literal":
                kinds.add(None)
            case "float64" | "NaN" | "unknown":
                return None
    return kinds.pop() if len(kinds) == 1 else None


def _of_field(shapes: Sequence[Shape], name: str) -> list[Shape]:
    inner = [each.fields[name] for each in shapes if name in each.fields]
    inner += [each.inner for each in shapes if each.kind == "record" and each.inner]
    return [*_flat(inner), *_unknown(shapes)]


def _flat(shapes: Sequence[Shape]) -> list[Shape]:
    return [option for each in shapes for option in each.options]


def _unknown(shapes: Sequence[Shape]) -> list[Shape]:
    """What is in something unknown is unknown."""
    return [each for each in shapes if each.kind == "unknown"]

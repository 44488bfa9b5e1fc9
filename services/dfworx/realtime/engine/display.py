"""Values and validators as people write them in TypeScript: what messages show to whoever wrote a function."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any

from dfworx.realtime.values import UNDEFINED, Undefined, Value, decode

LONGEST = 2_000
"""Characters of one value in a message."""
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS = {
    "null": "v.null()",
    "number": "v.float64()",
    "bigint": "v.int64()",
    "commitTs": "v.commitTs()",
    "boolean": "v.boolean()",
    "string": "v.string()",
    "bytes": "v.bytes()",
    "any": "v.any()",
}


def show_value(value: Value | Undefined) -> str:
    shown = _show(value)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "..."


def show_validator(validator: dict[str, Any]) -> str:
    match validator["type"]:
        case "literal":
            return f"v.literal({_show(decode(validator['value']))})"
        case "id":
            return f'v.id("{validator["tableName"]}")'
        case "array":
            return f"v.array({show_validator(validator['value'])})"
        case "record":
            keys, values = validator["keys"], validator["values"]["fieldType"]
            return f"v.record({show_validator(keys)}, {show_validator(values)})"
        case "object":
            fields = (
                f"{_show_name(name)}: {_show_field(field)}" for name, field in validator["value"].items()
            )
            return f"v.object({{{', '.join(fields)}}})"
        case "union":
            return f"v.union({', '.join(map(show_validator, validator['value']))})"
    return _WORDS[validator["type"]]


def _show(value: Value | Undefined) -> str:
    if value is UNDEFINED:
        return "undefined"
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value}n"
        case float():
            return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(repr(value), repr(value))
        case str():
            return json.dumps(value, ensure_ascii=False)
        case bytes():
            return f'Bytes("{b64encode(value).decode()}")'
        case list():
            return f"[{', '.join(map(_show, value))}]"
        case dict():
            return f"{{{', '.join(f'{_show_name(name)}: {_show(inner)}' for name, inner in value.items())}}}"
    raise TypeError(type(value))


def _show_field(field: dict[str, Any]) -> str:
    shown = show_validator(field["fieldType"])
    return f"v.optional({shown})" if field["optional"] else shown


def _show_name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else json.dumps(name)

"""The JSON in which values travel ("convex encoded JSON"): what JSON can't say is an object with one name that begins
with a dollar sign. Numbers of JSON are floats, all of them; NaN, the infinities and -0 are written as their bytes.
"""

from __future__ import annotations

import json
import math
import struct
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from functools import lru_cache
from typing import Any, Final, NoReturn, cast

import orjson

Value = None | bool | int | float | str | bytes | list[Any] | dict[str, Any]

DEEPEST: Final = 64
"""How many arrays and objects stand in one another. Documents may hold fewer, which is the engine's to say."""
LONGEST_NAME: Final = 1024
_INT64 = range(-(2**63), 2**63)
_INT, _FLOAT = struct.Struct("<q"), struct.Struct("<d")


class InvalidValue(ValueError):
    """Says what is wrong in words for whoever wrote the value."""


class Undefined:
    """What a field that isn't there is worth: only in patches, index ranges and filters, never in a document."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()


def load(text: str | bytes) -> Value:
    """The value that encoded JSON says. Raises InvalidValue."""
    return decode(parse_json(text))


def dump(value: Value) -> str:
    """Its encoded JSON, without spaces, names sorted. Raises InvalidValue."""
    return orjson.dumps(encode(value)).decode()


def parse_json(text: str | bytes) -> Any:
    """As `read_json` and much faster, but for whole numbers, which may be whole here: for what is decoded next. Raises
    InvalidValue."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # It says why in its own words, and takes infinities, which `decode` refuses in ours.
        return read_json(text)


def read_json(text: str | bytes) -> Any:
    """JSON whose numbers are floats, and whose texts are made of characters. Raises InvalidValue."""
    try:
        written = text.encode() if isinstance(text, str) else text
        told = json.loads(written, parse_int=float, parse_constant=_refuse_constant)
        if b"\\ud" in written or b"\\uD" in written:
            # One half of a pair can be escaped alone, and then be written nowhere.
            json.dumps(told, ensure_ascii=False).encode()
    except InvalidValue:
        raise
    except RecursionError:
        raise InvalidValue("The JSON is nested too deeply.") from None
    except ValueError as error:
        raise InvalidValue(f"This is no JSON: {error}") from None
    return told


def decode(written: Any, depth: int = 0) -> Value:
    """The value of parsed JSON. Raises InvalidValue."""
    # By types, the commonest first: documents are read so, field by field.
    kind = type(written)
    if kind is str:
        return _require_unicode(written)
    if kind is float or kind is int:
        return _decode_number(float(written))
    if kind is dict:
        if len(written) == 1:
            [(name, inner)] = written.items()
            if name.startswith("$"):
                return _decode_special(name, inner)
        _require_shallow(depth)
        for name in written:
            require_name(name)
        return {name: decode(inner, depth + 1) for name, inner in written.items()}
    if kind is list:
        _require_shallow(depth)
        return [decode(each, depth + 1) for each in written]
    if written is None or kind is bool:
        return cast(Value, written)
    raise InvalidValue(f"{written!r} is no value of JSON.")


def decode_or_undefined(written: Any) -> Value | Undefined:
    """As `decode`, where a field may be asked for by not being there: `{"$undefined": null}`."""
    if isinstance(written, dict) and written.keys() == {"$undefined"}:
        return UNDEFINED
    return decode(written)


def encode(value: Value, depth: int = 0) -> Any:
    """The JSON of a value, for `json.dumps`. Raises InvalidValue."""
    match value:
        case None | bool():
            return value
        case str():
            return _require_unicode(value)
        case int():
            if value not in _INT64:
                raise InvalidValue(f"{value} doesn't fit into 64 bits.")
            return {"$integer": b64encode(_INT.pack(value)).decode()}
        case float():
            return {"$float": b64encode(_FLOAT.pack(value)).decode()} if is_special(value) else value
        case bytes():
            return {"$bytes": b64encode(value).decode()}
        case list():
            _require_shallow(depth)
            return [encode(each, depth + 1) for each in value]
        case dict():
            _require_shallow(depth)
            for name in value:
                require_name(name)
            return {name: encode(value[name], depth + 1) for name in sorted(value)}
    raise InvalidValue(f"{type(value).__name__} is no type of values.")


def is_special(number: float) -> bool:
    """Whether JSON can't say it, or says it so that it comes back as another number."""
    return not math.isfinite(number) or (number == 0 and math.copysign(1, number) < 0)


@lru_cache(maxsize=4096)
def require_name(name: str) -> None:
    """Raises InvalidValue when no field may be called so."""
    if not isinstance(name, str):
        raise InvalidValue(f"{name!r} can't be the name of a field.")
    if name.startswith("$"):
        raise InvalidValue(f"Field name {name} starts with '$', which is reserved.")
    if len(name) > LONGEST_NAME:
        raise InvalidValue(f"Field name {name[:40]}... is longer than {LONGEST_NAME} characters.")
    if not (name.isascii() and name.isprintable()):
        raise InvalidValue(f"Field name {name!r} has invalid characters: only non-control ASCII is allowed.")


def _decode_number(number: float) -> float:
    if not math.isfinite(number):
        raise InvalidValue("A number is too large for a Float64.")
    # JSON's own "-0" is a zero like any other; the one with a sign is written as its bytes.
    return number + 0.0


def _decode_special(name: str, inner: Any) -> Value:
    match name:
        case "$bytes":
            return _decode_base64(name, inner)
        case "$integer":
            [whole] = _INT.unpack(_decode_base64(name, inner, 8))
            return int(whole)
        case "$float":
            [number] = _FLOAT.unpack(_decode_base64(name, inner, 8))
            if not is_special(number):
                raise InvalidValue(f"Float {number!r} should be written as a number.")
            return float(number)
        case "$set" | "$map":
            raise InvalidValue(f"{name} isn't a type of values any more.")
    raise InvalidValue(f"Field name {name} starts with '$', which is reserved.")


def _decode_base64(name: str, inner: Any, length: int | None = None) -> bytes:
    try:
        if not isinstance(inner, str):
            raise NotBase64
        told = b64decode(inner, validate=True)
    except (NotBase64, ValueError):
        raise InvalidValue(f"{name} must hold base64 text.") from None
    if length is not None and len(told) != length:
        raise InvalidValue(f"{name} must hold {length} bytes, not {len(told)}.")
    return told


def _require_unicode(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidValue("A text holds half of a surrogate pair, which is no character.") from None
    return text


def _require_shallow(depth: int) -> None:
    if depth >= DEEPEST:
        raise InvalidValue(f"Arrays and objects are nested more than {DEEPEST} deep.")


def _refuse_constant(word: str) -> NoReturn:
    raise InvalidValue(f"{word} is no number of JSON.")

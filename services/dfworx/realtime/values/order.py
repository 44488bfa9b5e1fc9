"""The one order of all values, as bytes that compare as the values do: the keys of indexes, and what filters compare.

By type first (undefined, null, Int64, Float64, boolean, string, bytes, array, object), then within the type: numbers by
size (the two kinds never mixed), strings by their UTF-8, arrays and objects element by element, an object being its
names and values in the order of names. Keys in a row compare as lists of their values do.
"""

from __future__ import annotations

import struct
from typing import Final

from dfworx.realtime.values.encoding import Undefined, Value

_UNDEFINED, _NULL, _INT, _FLOAT = b"\x01", b"\x02", b"\x03", b"\x04"
_FALSE, _TRUE = b"\x05\x00", b"\x05\x01"
_STRING, _BYTES, _ARRAY, _OBJECT = b"\x06", b"\x07", b"\x08", b"\x09"
_END: Final = b"\x00"
"""Smaller than any tag, so that what ends first comes first."""
_UNSIGNED = struct.Struct(">Q")
_DOUBLE = struct.Struct(">d")
_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1


def order_key(value: Value | Undefined) -> bytes:
    match value:
        case Undefined():
            return _UNDEFINED
        case None:
            return _NULL
        case bool():
            return _TRUE if value else _FALSE
        case int():
            return _INT + _UNSIGNED.pack(value + _SIGN)
        case float():
            return _FLOAT + _UNSIGNED.pack(_ordered_bits(value))
        case str():
            return _STRING + _terminated(value.encode())
        case bytes():
            return _BYTES + _terminated(value)
        case list():
            return _ARRAY + b"".join(map(order_key, value)) + _END
        case dict():
            parts = (_terminated(b"\x01" + name.encode()) + order_key(value[name]) for name in sorted(value))
            return _OBJECT + b"".join(parts) + _END
    raise TypeError(type(value))


def after_all(prefix: bytes) -> bytes:
    """The bound above `prefix`, a key or several in a row, and whatever keys stand behind it; all else is outside."""
    return prefix + b"\x0a"


def _ordered_bits(number: float) -> int:
    """IEEE's total order: -NaN, -inf, ..., -0, 0, ..., inf, NaN."""
    [bits] = _UNSIGNED.unpack(_DOUBLE.pack(number))
    return int(bits ^ (_ALL if bits & _SIGN else _SIGN))


def _terminated(content: bytes) -> bytes:
    """Ended by a zero; zeros inside are told from it by what follows them."""
    return content.replace(b"\x00", b"\x00\xff") + _END

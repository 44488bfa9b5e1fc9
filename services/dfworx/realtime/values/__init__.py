"""What a Convex document is made of: the values, their JSON form, their one order, their sizes, and the ids.

A value is one of Python's own: None, bool, int (an Int64), float (a Float64), str, bytes, list, or a dict with names of
fields. A number without a fraction is a float here: what a client writes as 1 is 1.0, and 1 is what it writes as 1n.
"""

from __future__ import annotations

from dfworx.realtime.values.encoding import (
    UNDEFINED,
    InvalidValue,
    Undefined,
    Value,
    decode,
    decode_or_undefined,
    dump,
    encode,
    load,
    parse_json,
    read_json,
)
from dfworx.realtime.values.hints import Hint, from_plain, hint_of
from dfworx.realtime.values.ids import DocumentId, InvalidId, new_internal, parse_id
from dfworx.realtime.values.order import after_all, order_key
from dfworx.realtime.values.plain import to_plain
from dfworx.realtime.values.shapes import UNKNOWN, Shape, read_shape
from dfworx.realtime.values.sizes import depth_of, size_of

__all__ = [
    "UNDEFINED",
    "UNKNOWN",
    "DocumentId",
    "Hint",
    "InvalidId",
    "InvalidValue",
    "Shape",
    "Undefined",
    "Value",
    "after_all",
    "decode",
    "decode_or_undefined",
    "depth_of",
    "dump",
    "encode",
    "from_plain",
    "hint_of",
    "load",
    "new_internal",
    "order_key",
    "parse_id",
    "parse_json",
    "read_json",
    "read_shape",
    "size_of",
    "to_plain",
]

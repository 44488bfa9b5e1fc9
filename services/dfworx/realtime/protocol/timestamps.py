"""Timestamps as they travel: nanoseconds that only grow, as base64 of their eight bytes, the lowest first."""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

_UNSIGNED = struct.Struct("<Q")
_END = 1 << 63


def write_timestamp(ts: int) -> str:
    return b64encode(_UNSIGNED.pack(ts)).decode()


def read_timestamp(written: Any) -> int:
    """Raises ValueError."""
    try:
        told = b64decode(written, validate=True)
        [ts] = _UNSIGNED.unpack(told)
    except (NotBase64, TypeError, struct.error):
        raise ValueError("A timestamp is base64 of eight bytes.") from None
    if ts >= _END:
        raise ValueError("A timestamp is less than 2**63.")
    return int(ts)

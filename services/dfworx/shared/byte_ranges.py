"""Ranges of bytes (RFC 9110, section 14): one of them, as players and interrupted downloads ask for. Several at once,
other units and what can't be read are passed over, as the section allows: then all is sent."""

from __future__ import annotations

import re
from typing import NamedTuple

from dfworx.shared.errors import ApiError

_ONE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.ASCII)


class RangeNotThere(ApiError):
    status = 416
    code = "range_not_satisfiable"
    detail = "The file has no such bytes. Content-Range says how many it has."


class ByteRange(NamedTuple):
    start: int
    end: int
    """Behind the last byte, as Python counts."""


def find_range(asked: str | None, condition: str | None, tag: str, size: int) -> ByteRange | None:
    """What `Range` asks for, if `If-Range` allows it; None means all. Raises RangeNotThere."""
    found = _ONE.fullmatch(asked.strip()) if asked else None
    if found is None or found[0].endswith("=-") or (condition is not None and condition.strip() != tag):
        return None
    first, last = found[1], found[2]
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeNotThere(headers={"Content-Range": f"bytes */{size}"})
    return ByteRange(start, end)

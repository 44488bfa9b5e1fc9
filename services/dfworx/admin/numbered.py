"""Lists of entries that the database numbers, newest first: a cursor is the number of the last one seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import AwareDatetime

from dfworx.shared.pages import InvalidCursor, decode_cursor

_LARGEST = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=_LARGEST)]
Since = Annotated[
    AwareDatetime | None, Query(alias="from", description="That moment and later, with its zone")
]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="Before that moment, with its zone")]


def decode_number(cursor: str | None) -> int | None:
    """Raises InvalidCursor."""
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [int(number)] if 0 <= number <= _LARGEST:
            return number
    raise InvalidCursor

"""Lists, one form for all: `{"items": [...], "next_cursor": str | null}`. A cursor is the place of the
last item in the list's own order, so pages neither repeat nor skip when rows come or go; it holds nothing
secret."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Generic, NamedTuple, TypeVar
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BaseModel

from dfworx.shared.errors import Invalid

Item = TypeVar("Item")
Limit = Annotated[int, Query(ge=1, le=100, description="How many items at most")]
Cursor = Annotated[str | None, Query(max_length=1000, description="next_cursor of the page before")]


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next_cursor: str | None


class InvalidCursor(Invalid):
    code = "invalid_cursor"
    detail = "This cursor isn't one of ours. Start again without it."


class Place(NamedTuple):
    """After which row the next page begins, in lists ordered newest first."""

    at: datetime
    id: UUID


def encode_cursor(*parts: str | int) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[str | int]:
    """The parts that were encoded; raises InvalidCursor for anything else."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except ValueError:
        raise InvalidCursor from None
    if not isinstance(parts, list) or not all(isinstance(part, str | int) for part in parts):
        raise InvalidCursor
    return parts


def encode_place(at: str, row_id: str) -> str:
    return encode_cursor(at, row_id)


def decode_place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [str(at), str(row_id)]:
            try:
                place = Place(datetime.fromisoformat(at), UUID(row_id))
            except ValueError:
                raise InvalidCursor from None
            if place.at.tzinfo is None:
                raise InvalidCursor
            return place
    raise InvalidCursor


def decode_offset(cursor: str | None, most: int = 10_000) -> int:
    """For ranked lists, which have no stable place but a count."""
    if cursor is None:
        return 0
    match decode_cursor(cursor):
        case [int(offset)] if 0 <= offset <= most:
            return offset
    raise InvalidCursor

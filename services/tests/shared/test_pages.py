"""Cursors: what comes back is what went in, and anything else is refused by name."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest

from dfworx.shared.pages import (
    InvalidCursor,
    Place,
    decode_offset,
    decode_place,
    encode_cursor,
    encode_place,
)

ROW = "0b6c3c58-7d3a-4f2e-9a7e-0f6f0a1b2c3d"


def test_a_place_survives_the_round_trip_to_the_microsecond() -> None:
    cursor = encode_place("2026-11-22T10:00:00.123456+00:00", ROW)
    assert decode_place(cursor) == Place(datetime(2026, 11, 22, 10, 0, 0, 123456, UTC), UUID(ROW))
    assert decode_place(None) is None
    assert not set(cursor) & set("+/=&?#")


def test_an_offset_survives_the_round_trip() -> None:
    assert decode_offset(encode_cursor(40)) == 40
    assert decode_offset(None) == 0


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "äöü",
        "!!!!",
        encoded("not json"),
        encoded("{}"),
        encoded("[1, 2, 3]"),
        encoded('["yesterday", "someone"]'),
        encoded(f'["2026-11-22T10:00:00", "{ROW}"]'),
        encoded('["2026-11-22T10:00:00+00:00", "not-an-id"]'),
        encoded('[["nested"], null]'),
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_place(cursor)
    with pytest.raises(InvalidCursor):
        decode_offset(cursor)


def test_an_offset_beyond_the_list_is_refused() -> None:
    for offset in (-1, 10_001):
        with pytest.raises(InvalidCursor):
            decode_offset(encode_cursor(offset))

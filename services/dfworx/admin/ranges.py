"""Ranges of days, of those that end with a day: today, when none is named. Days are those of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query

Range = Literal["7d", "30d", "90d", "365d"]
Span = Annotated[Range, Query(alias="range")]


def days_of(chosen: Range) -> int:
    return int(chosen.removesuffix("d"))


def today() -> date:
    return datetime.now(UTC).date()


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]

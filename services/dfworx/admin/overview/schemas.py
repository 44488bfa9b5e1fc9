"""What travels about the overview."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from dfworx.admin.people import Person

Unit = Literal["people", "items", "milliseconds", "ratio", "bytes"]
FigureName = Literal[
    "active_day",
    "active_week",
    "active_month",
    "joined",
    "posts",
    "comments",
    "messages",
    "response_milliseconds",
    "error_rate",
    "cache_hit_rate",
    "storage_bytes",
    "live_people",
]
CountedName = Literal[
    "active_day",
    "active_week",
    "active_month",
    "joined",
    "posts",
    "comments",
    "response_milliseconds",
    "error_rate",
    "storage_bytes",
    "live_people",
]
"""Those that have rows: what isn't measured has none."""


class Point(BaseModel):
    day: date
    value: float | None
    """None where nothing was measured."""


class Figure(BaseModel):
    name: FigureName
    unit: Unit
    value: float | None
    """Of the range, or at its end for people who were active and what there is now; None where it isn't measured."""
    before: float | None
    """The same of the range before; None where it isn't known."""
    series: list[Point]
    """Each day of the range; empty for what is only known now."""
    has_rows: bool


class Overview(BaseModel):
    first_day: date
    last_day: date
    """Today; days are those of UTC."""
    days: int
    counted_at: datetime
    figures: list[Figure]


class Row(BaseModel):
    """One of what a figure counts, or sums up."""

    id: str
    at: datetime | None
    person: Person | None
    """Who did it; None for what nobody did, and for who is in the organization no more."""
    title: str | None
    post_id: UUID | None
    amounts: dict[str, int]
    """What is summed up: bytes of a file; requests, failed and milliseconds of a service's day."""

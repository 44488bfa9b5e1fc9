"""Figures by day: as the worker has counted them, and where something was written since, counted now. So what is shown
is what the rows say, however far the worker is behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from dfworx.admin.ranges import days_between
from dfworx.shared.db import Reader

Figures = dict[str, dict[date, int]]
"""By metric and day; a day without a value has none of it."""
ACTIVE = ("active_day", "active_week", "active_month")
METRICS = ("joined", "posts", "comments", *ACTIVE)
_WINDOW = timedelta(days=29)
_DAYS = 100
_ACTIVE_DAYS = 400
"""How many the database counts at a time."""


async def read_days(reader: Reader, organization_id: UUID, first: date, last: date) -> Figures:
    figures: Figures = {metric: {} for metric in METRICS}
    rows = await reader.fetch(
        """
        select metric, day, value from app_admin.analytics
         where organization_id = $1 and day between $2 and $3 and metric = any ($4)
        """,
        *(organization_id, first, last, list(METRICS)),
    )
    for row in rows:
        figures[row["metric"]][row["day"]] = row["value"]
    marked = await _marked_days(reader, organization_id, first - _WINDOW, last)
    if marked:
        await _count_again(reader, figures, marked, first, last)
    return figures


async def _marked_days(reader: Reader, organization_id: UUID, first: date, last: date) -> list[date]:
    rows = await reader.fetch(
        """
        select distinct day from app_admin.analytics_marks
         where organization_id = $1 and day between $2 and $3 order by day
        """,
        *(organization_id, first, last),
    )
    return [day for (day,) in rows]


async def _count_again(
    reader: Reader, figures: Figures, marked: Sequence[date], first: date, last: date
) -> None:
    for days in _some([day for day in marked if day >= first], _DAYS):
        for row in await reader.fetch("select * from app_admin.count_days($1)", days):
            figures[row["metric"]][row["day"]] = row["value"]
    since, until = max(marked[0], first), min(marked[-1] + _WINDOW, last)
    for days in _some(days_between(since, until), _ACTIVE_DAYS):
        for row in await reader.fetch("select * from app_admin.count_active($1, $2)", days[0], days[-1]):
            figures[row["metric"]][row["day"]] = row["value"]


def _some(days: Sequence[date], most: int) -> Iterator[Sequence[date]]:
    return (days[start : start + most] for start in range(0, len(days), most))

"""Putting the overview together. What isn't measured for an organization is None and never a guess: reads of the cache
are counted for all organizations alike, and messages are in Convex."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.admin.daily_figures import ACTIVE, Figures, read_days
from dfworx.admin.overview import queries
from dfworx.admin.overview.queries import RequestDay
from dfworx.admin.overview.schemas import CountedName, Figure, FigureName, Overview, Point, Row, Unit
from dfworx.admin.people import person_of
from dfworx.admin.ranges import days_between
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Reader
from dfworx.shared.errors import Unavailable
from dfworx.shared.pages import Page, decode_offset, decode_place, encode_cursor, encode_place

SUMS: tuple[FigureName, ...] = ("joined", "posts", "comments")
UNITS: dict[FigureName, Unit] = {
    "active_day": "people",
    "active_week": "people",
    "active_month": "people",
    "joined": "people",
    "live_people": "people",
    "posts": "items",
    "comments": "items",
    "messages": "items",
    "response_milliseconds": "milliseconds",
    "error_rate": "ratio",
    "cache_hit_rate": "ratio",
    "storage_bytes": "bytes",
}
NOT_MEASURED: tuple[FigureName, ...] = ("messages", "cache_hit_rate")
MOST_LIVE = 1000


async def look(reader: Reader, redis: Redis, organization_id: UUID, last: date, length: int) -> Overview:
    first, before = last - timedelta(days=length - 1), last - timedelta(days=length)
    earliest = before - timedelta(days=length - 1)
    figures = await read_days(reader, organization_id, earliest, last)
    requests = await queries.list_request_days(reader, organization_id, earliest, last)
    recent = [each for each in requests if each.day >= first]
    earlier = [each for each in requests if each.day < first]
    days = days_between(first, last)
    found: list[Figure] = [_active(name, figures, days, before) for name in ACTIVE]
    found += [_summed(name, figures, days, days_between(earliest, before)) for name in SUMS]
    for name in ("response_milliseconds", "error_rate"):
        series = [
            Point(day=day, value=rate(name, [each for each in recent if each.day == day])) for day in days
        ]
        found.append(_figure(name, rate(name, recent), rate(name, earlier), series))
    found.append(_figure("storage_bytes", await queries.sum_files(reader, organization_id)))
    live = await list_live(redis, organization_id)
    found.append(_figure("live_people", None if live is None else len(live)))
    found += [_figure(name, None) for name in NOT_MEASURED]
    return Overview(first_day=first, last_day=last, days=length, counted_at=datetime.now(UTC), figures=found)


def rate(name: str, requests: Sequence[RequestDay]) -> float | None:
    """None when nobody asked for anything."""
    asked = sum(each.requests for each in requests)
    if not asked:
        return None
    parts = sum(each.milliseconds if name == "response_milliseconds" else each.failed for each in requests)
    return parts / asked


def _active(name: Any, figures: Figures, days: Sequence[date], before: date) -> Figure:
    found = figures[name]
    series = [Point(day=day, value=found.get(day, 0)) for day in days]
    return _figure(name, found.get(days[-1], 0), found.get(before, 0), series)


def _summed(name: FigureName, figures: Figures, days: Sequence[date], earlier: Sequence[date]) -> Figure:
    found = figures[name]
    series = [Point(day=day, value=found.get(day, 0)) for day in days]
    return _figure(
        name, sum(found.get(day, 0) for day in days), sum(found.get(day, 0) for day in earlier), series
    )


def _figure(
    name: Any, value: float | None, before: float | None = None, series: Sequence[Point] = ()
) -> Figure:
    return Figure(
        name=name,
        unit=UNITS[name],
        value=value,
        before=before,
        series=list(series),
        has_rows=name not in NOT_MEASURED,
    )


async def list_live(redis: Redis, organization_id: UUID) -> list[tuple[UUID, datetime]] | None:
    """Who has the app open, by Convex's last word; None while Redis is away."""
    try:
        found: Any = await redis.zrevrange(
            DATASETS["online"].key(organization_id), 0, MOST_LIVE - 1, withscores=True
        )
    except RedisError:
        return None
    return [(UUID(user_id.decode()), datetime.fromtimestamp(at, UTC)) for user_id, at in found]


async def list_rows(
    reader: Reader,
    redis: Redis,
    organization_id: UUID,
    figure: CountedName,
    *,
    last: date,
    length: int,
    cursor: str | None,
    limit: int,
) -> Page[Row]:
    """Raises InvalidCursor, and Unavailable while Redis is away."""
    first = last - timedelta(days=length - 1)
    if figure == "live_people":
        return _counted_page(await _live_rows(reader, redis, organization_id), cursor, limit)
    if figure in ("response_milliseconds", "error_rate"):
        requests = await queries.list_request_days(reader, organization_id, first, last)
        return _counted_page([_request_row(each) for each in requests], cursor, limit)
    found = await queries.list_rows(
        reader,
        organization_id,
        figure,
        first=first,
        last=last,
        after=decode_place(cursor),
        limit=limit + 1,
    )
    page = found[:limit]
    end = page[-1] if len(found) > limit else None
    next_cursor = encode_place(end.at.isoformat(), end.id) if end and end.at else None
    return Page(items=page, next_cursor=next_cursor)


def _counted_page(rows: Sequence[Row], cursor: str | None, limit: int) -> Page[Row]:
    """Of a short list that is read whole."""
    skip = decode_offset(cursor)
    more = len(rows) > skip + limit
    return Page(
        items=list(rows[skip : skip + limit]), next_cursor=encode_cursor(skip + limit) if more else None
    )


async def _live_rows(reader: Reader, redis: Redis, organization_id: UUID) -> list[Row]:
    live = await list_live(redis, organization_id)
    if live is None:
        raise Unavailable
    known = await queries.list_people(reader, organization_id, [user_id for user_id, _ in live])
    people = {row["user_id"]: person_of(row["user_id"], row["name"], row["avatar_url"]) for row in known}
    return [
        Row(id=str(user_id), at=at, person=people.get(user_id), title=None, post_id=None, amounts={})
        for user_id, at in live
    ]


def _request_row(each: RequestDay) -> Row:
    amounts = {"requests": each.requests, "failed": each.failed, "milliseconds": each.milliseconds}
    return Row(
        id=f"{each.day.isoformat()} {each.service}",
        at=queries.midnight(each.day),
        person=None,
        title=each.service,
        post_id=None,
        amounts=amounts,
    )

"""/overview: figures of a range, and the rows behind each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request

from dfworx.admin.overview import actions
from dfworx.admin.overview.schemas import CountedName, Overview, Row
from dfworx.admin.ranges import Span, days_of, today
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.errors import Invalid
from dfworx.shared.pages import Cursor, Limit, Page
from dfworx.shared.serve import Reading

router = APIRouter(prefix="/overview", tags=["overview"])
_EARLIEST = date(2000, 1, 1)
LastDay = Annotated[
    date | None, Query(alias="to", description="The last day of the range, in UTC; today when not given")
]


def _last_day(wanted: date | None) -> date:
    """Raises Invalid."""
    now = today()
    if wanted is not None and not _EARLIEST <= wanted <= now + timedelta(days=1):
        raise Invalid("Name a day since 2000 that has begun.")
    return wanted or now


@router.get("")
async def get_overview(
    request: Request, caller: CurrentCaller, reader: Reading, span: Span = "30d", to: LastDay = None
) -> Overview:
    """Each figure of the range beside that of the range before, and by day."""
    redis = request.app.state.redis
    return await actions.look(reader, redis, caller.organization_id, _last_day(to), days_of(span))


@router.get("/{figure}/rows")
async def list_overview_rows(
    figure: CountedName,
    request: Request,
    caller: CurrentCaller,
    reader: Reading,
    span: Span = "30d",
    to: LastDay = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[Row]:
    """What the figure of that range counts or sums up, the newest first; of rates the days they are made of."""
    return await actions.list_rows(
        reader,
        request.app.state.redis,
        caller.organization_id,
        figure,
        last=_last_day(to),
        length=days_of(span),
        cursor=cursor,
        limit=limit,
    )

"""/search: posts for now, by the same function as `?q=` on the list of posts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, Limit
from dfworx.shared.serve import Db
from dfworx.web.conditional import list_response
from dfworx.web.items import SearchWords, search_page
from dfworx.web.search.schemas import SearchPage

router = APIRouter(prefix="/search", tags=["search"])


@router.get("", response_model=SearchPage)
async def search_organization(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    q: SearchWords,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Everything the caller may read that has all the words, best first; the last word may be unfinished."""
    body = await search_page(
        database, caller, q, status=None, category=None, author=None, cursor=cursor, limit=limit
    )
    return list_response(request, body)

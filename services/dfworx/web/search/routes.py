"""/search: posts, comments and people in one list. `?q=` on the list of posts finds the same posts, bare."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, Limit, decode_offset
from dfworx.shared.serve import Activity, Db
from dfworx.web.conditional import list_response
from dfworx.web.items import MOST_SKIPPED, AuthorFilter, CategoryFilter, SearchWords, StatusFilter
from dfworx.web.search import actions
from dfworx.web.search.schemas import KINDS, AfterFilter, Asked, BeforeFilter, KindFilter, SearchPage

router = APIRouter(prefix="/search", tags=["search"])


@router.get("", response_model=SearchPage)
async def search_organization(
    request: Request,
    database: Db,
    caller: CurrentCaller,
    q: SearchWords,
    kind: KindFilter = None,
    category: CategoryFilter = None,
    author: AuthorFilter = None,
    status: StatusFilter = None,
    after: AfterFilter = None,
    before: BeforeFilter = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Everything the caller may see that has all the words, best first; the last word may be unfinished. People are
    found by name, and left out where something else narrows the search than the kind. A word that nothing has is
    taken for a typing mistake: `corrected` is what was searched instead."""
    asked = Asked(
        words=q,
        kinds=(kind,) if kind else KINDS,
        status=status,
        category=category,
        author=author,
        after=after,
        before=before,
        skip=decode_offset(cursor, MOST_SKIPPED),
        limit=limit,
    )
    activity: Activity = request.app.state.activity
    found = await actions.search_organization(database, caller, asked, activity.count_empty_search)
    return list_response(request, found)

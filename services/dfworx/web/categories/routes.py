"""/categories: read by everybody in the organization, written by moderators and admins."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import InvalidCursor, Limit, decode_cursor, encode_cursor
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.categories import actions, queries
from dfworx.web.categories.actions import CATEGORIES
from dfworx.web.categories.queries import CategoryPlace
from dfworx.web.categories.schemas import (
    Category,
    CategoryCreate,
    CategoryPage,
    CategoryUpdate,
)
from dfworx.web.conditional import list_response

_LONGEST_PLACE = 3 * 20
TreeCursor = Annotated[
    str | None, Query(max_length=10_000, description="next_cursor of the page before; as long as names are")
]

router = APIRouter(prefix="/categories", tags=["categories"])


@router.get("", response_model=CategoryPage)
async def list_categories(
    request: Request,
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    limit: Limit = 100,
    cursor: TreeCursor = None,
) -> Response:
    """A tree, in the order in which it is drawn: each after what it stands under, by position and name."""
    after = _decode_place(cursor)

    async def load() -> bytes:
        async with database.read(caller) as reader:
            found = await queries.list_categories(reader, caller.organization_id, after, limit + 1)
        page = found[:limit]
        next_cursor = encode_cursor(*page[-1][0]) if len(found) > limit else None
        items = [category for _, category in page]
        return CategoryPage(items=items, next_cursor=next_cursor).model_dump_json().encode()

    # A place is whatever the client says: a page for each that there could be would fill Redis.
    if after is not None:
        return list_response(request, await load())
    return list_response(request, await cache.get(caller.organization_id, CATEGORIES, f"list:{limit}", load))


@router.post("", status_code=201, responses=problems(403, 409))
async def create_category(
    database: Db, cache: CacheDep, caller: CurrentCaller, category: CategoryCreate
) -> Category:
    return await actions.create_category(database, cache, caller, category)


@router.patch("/{category_id}", responses=problems(403, 404, 409))
async def update_category(
    database: Db, cache: CacheDep, caller: CurrentCaller, category_id: UUID, changes: CategoryUpdate
) -> Category:
    return await actions.update_category(database, cache, caller, category_id, changes)


@router.delete("/{category_id}", status_code=204, responses=problems(403, 404))
async def delete_category(database: Db, cache: CacheDep, caller: CurrentCaller, category_id: UUID) -> None:
    """Its posts stay, without a category; categories under it move up."""
    await actions.delete_category(database, cache, caller, category_id)


def _decode_place(cursor: str | None) -> CategoryPlace | None:
    if cursor is None:
        return None
    place = [part for part in decode_cursor(cursor) if isinstance(part, str) and "\0" not in part]
    if len(place) % 3 or not 3 <= len(place) <= _LONGEST_PLACE or len(place) != len(decode_cursor(cursor)):
        raise InvalidCursor
    return place

"""/categories: read by everybody in the organization, written by moderators and admins."""

from __future__ import annotations

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.pages import Cursor, InvalidCursor, Limit, decode_cursor, encode_cursor
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.categories import actions, queries
from dfworx.web.categories.actions import CATEGORIES
from dfworx.web.categories.queries import CategoryPlace
from dfworx.web.categories.schemas import (
    LAST_POSITION,
    Category,
    CategoryCreate,
    CategoryPage,
    CategoryUpdate,
)
from dfworx.web.conditional import list_response

router = APIRouter(prefix="/categories", tags=["categories"])


@router.get("", response_model=CategoryPage)
async def list_categories(
    request: Request,
    database: Db,
    cache: CacheDep,
    caller: CurrentCaller,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """By position and name."""
    after = _decode_place(cursor)

    async def load() -> bytes:
        async with database.read(caller) as reader:
            found = await queries.list_categories(reader, caller.organization_id, after, limit + 1)
        page = found[:limit]
        next_cursor = _encode_place(page[-1][0]) if len(found) > limit else None
        items = [category for _, category in page]
        return CategoryPage(items=items, next_cursor=next_cursor).model_dump_json().encode()

    name = orjson.dumps(["list", limit, *(after or ())]).decode()
    return list_response(request, await cache.get(caller.organization_id, CATEGORIES, name, load))


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


def _encode_place(place: CategoryPlace) -> str:
    return encode_cursor(place.position, place.sorted_name, str(place.category_id))


def _decode_place(cursor: str | None) -> CategoryPlace | None:
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [int(position), str(sorted_name), str(category_id)] if (
            0 <= position <= LAST_POSITION and "\0" not in sorted_name
        ):
            try:
                return CategoryPlace(position, sorted_name, UUID(category_id))
            except ValueError:
                pass
    raise InvalidCursor

"""/categories: all of an organization's at once, for there are few; written by moderators and admins."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import CacheDep, Db, problems
from dfworx.web.categories import actions, queries
from dfworx.web.categories.actions import CATEGORIES
from dfworx.web.categories.schemas import Category, CategoryCreate, CategoryPage, CategoryUpdate
from dfworx.web.conditional import list_response

router = APIRouter(prefix="/categories", tags=["categories"])


@router.get("", response_model=CategoryPage)
async def list_categories(request: Request, database: Db, cache: CacheDep, caller: CurrentCaller) -> Response:
    """All of them, by position and name; never more than one page."""

    async def load() -> bytes:
        async with database.read(caller) as reader:
            categories = await queries.list_categories(reader, caller.organization_id)
        return CategoryPage(items=categories, next_cursor=None).model_dump_json().encode()

    return list_response(request, await cache.get(caller.organization_id, CATEGORIES, "all", load))


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

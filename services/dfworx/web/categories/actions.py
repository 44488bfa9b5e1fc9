"""Writing categories: each action is one transaction under the caller's policies, and forgets the cached lists
of categories, and of posts that carry them, once it is committed. Usable without HTTP, by the importer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import ConstraintBroken, Database, Writer
from dfworx.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from dfworx.web.categories import queries
from dfworx.web.categories.schemas import LONGEST_SLUG, Category, CategoryCreate, CategoryUpdate
from dfworx.web.text import make_slug

CATEGORIES = DATASETS["app_web.categories"]


class SlugTaken(Conflict):
    code = "slug_taken"
    detail = "Another category has this slug. Choose a different one."


class UnknownCategory(Invalid):
    code = "unknown_category"
    detail = "There is no category with this slug."


class CategoryInsideItself(Conflict):
    code = "category_inside_itself"
    detail = "A category can't stand under itself or under one of its own."


class CategoryTooDeep(Conflict):
    code = "category_too_deep"
    detail = "Categories are at most five deep. Choose a place further up."


_REFUSALS: dict[str, type[Conflict]] = {
    "categories_organization_id_slug_key": SlugTaken,
    "categories_circle": CategoryInsideItself,
    "categories_depth": CategoryTooDeep,
}
"""By the constraint that the database names; the last two are a trigger's."""


async def create_category(
    database: Database, cache: Cache, caller: Caller, category: CategoryCreate
) -> Category:
    async with _writing(database, cache, caller) as writer:
        category_id = await queries.insert_category(
            writer,
            caller.organization_id,
            name=category.name,
            slug=category.slug or _slug(category.name),
            description=category.description,
            parent_id=await _require_parent(writer, caller, category.parent),
            position=category.position,
        )
        if category_id is None:
            raise SlugTaken
        return await _require_category(writer, caller, category_id)


async def update_category(
    database: Database, cache: Cache, caller: Caller, category_id: UUID, changes: CategoryUpdate
) -> Category:
    given = changes.model_fields_set
    async with _writing(database, cache, caller) as writer:
        await _require_changeable(writer, caller, category_id)
        parent_id = await _require_parent(writer, caller, changes.parent)
        if given:
            await queries.update_category(
                writer,
                caller.organization_id,
                category_id,
                name=changes.name if "name" in given else None,
                slug=changes.slug if "slug" in given else None,
                description=changes.description if "description" in given else None,
                position=changes.position if "position" in given else None,
                set_parent="parent" in given,
                parent_id=parent_id,
            )
        return await _require_category(writer, caller, category_id)


async def delete_category(database: Database, cache: Cache, caller: Caller, category_id: UUID) -> None:
    """Posts stay without a category; categories under it move up."""
    async with _writing(database, cache, caller) as writer:
        parents = await _require_changeable(writer, caller, category_id)
        await queries.lift_children(writer, caller.organization_id, category_id, parents[category_id])
        await queries.delete_category(writer, caller.organization_id, category_id)


async def ensure_categories(
    database: Database, cache: Cache, caller: Caller, names: Iterable[str]
) -> dict[str, str]:
    """The slug of each name's category; those that aren't there are made. Names with one slug are one category."""
    slugs = {name: _slug(name) for name in names}
    first = {slug: name for name, slug in reversed(slugs.items())}
    async with _writing(database, cache, caller) as writer:
        for slug, name in reversed(first.items()):
            if await queries.find_category_id(writer, caller.organization_id, slug) is None:
                await queries.insert_category(writer, caller.organization_id, name=name.strip(), slug=slug)
    return slugs


@asynccontextmanager
async def _writing(database: Database, cache: Cache, caller: Caller) -> AsyncIterator[Writer]:
    """A transaction after whose commit the organization's cached categories and posts are forgotten."""
    try:
        async with database.write(caller) as writer:
            writer.after_commit(cache.bump, caller.organization_id, CATEGORIES)
            yield writer
    except ConstraintBroken as error:
        refusal = _REFUSALS.get(error.constraint)
        if refusal is None:
            raise
        raise refusal from error


async def _require_changeable(writer: Writer, caller: Caller, category_id: UUID) -> dict[UUID, UUID | None]:
    parents = await queries.lock_categories(writer, caller.organization_id)
    if category_id not in parents:
        await _require_category(writer, caller, category_id)
        raise NotAllowed("Only moderators and admins change categories.")
    return parents


async def _require_category(writer: Writer, caller: Caller, category_id: UUID) -> Category:
    category = await queries.find_category(writer, caller.organization_id, category_id)
    if category is None:
        raise NotFound
    return category


async def _require_parent(writer: Writer, caller: Caller, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    category_id = await queries.find_category_id(writer, caller.organization_id, slug)
    if category_id is None:
        raise UnknownCategory
    return category_id


def _slug(name: str) -> str:
    return make_slug(name, LONGEST_SLUG, otherwise="category")

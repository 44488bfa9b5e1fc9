"""The statements about categories, under the caller's policies; each names the organization besides."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.db import Reader, Writer
from dfworx.web.categories.schemas import Category

# Each category after what it stands under, by position and name among those beside it. The place of one is that of
# what it stands under, then three texts of its own; texts, since an array has one type.
_TREE = """
    with recursive tree as (
      select c.category_id, c.name, c.slug, c.description, null::text as parent, array[c.slug] as path,
             c.position, c.created_at, c.updated_at,
             array[lpad(c.position::text, 10, '0'), lower(c.name), c.category_id::text] as place
        from app_web.categories c where c.organization_id = $1 and c.parent_id is null
      union all
      select c.category_id, c.name, c.slug, c.description, t.slug, t.path || c.slug,
             c.position, c.created_at, c.updated_at,
             t.place || array[lpad(c.position::text, 10, '0'), lower(c.name), c.category_id::text]
        from tree t join app_web.categories c on c.organization_id = $1 and c.parent_id = t.category_id
    )
    select category_id, name, slug, description, parent, path, cardinality(path) as depth, position, created_at,
           updated_at, place
      from tree
"""

CategoryPlace = list[str]
"""After which category the next page begins."""


async def list_categories(
    reader: Reader, organization_id: UUID, after: CategoryPlace | None, limit: int
) -> list[tuple[CategoryPlace, Category]]:
    rows = await reader.fetch(
        f"{_TREE} where $2::text[] is null or place > $2 order by place limit $3",
        *(organization_id, after, limit),
    )
    return [(row["place"], Category(**row)) for row in rows]


async def find_category(reader: Reader, organization_id: UUID, category_id: UUID) -> Category | None:
    row = await reader.fetchrow(f"{_TREE} where category_id = $2", organization_id, category_id)
    return Category(**row) if row else None


async def find_category_id(reader: Reader, organization_id: UUID, slug: str) -> UUID | None:
    category_id: UUID | None = await reader.fetchval(
        "select category_id from app_web.categories where organization_id = $1 and slug = $2",
        organization_id,
        slug,
    )
    return category_id


async def lock_categories(writer: Writer, organization_id: UUID) -> dict[UUID, UUID | None]:
    """Each category's parent, all locked for the transaction, so that two moves at once can't close a circle.
    Empty for a caller who may not change categories: the policy for updates counts."""
    rows = await writer.fetch(
        """
        select category_id, parent_id from app_web.categories
         where organization_id = $1 order by category_id for update
        """,
        organization_id,
    )
    return {row["category_id"]: row["parent_id"] for row in rows}


async def insert_category(
    writer: Writer,
    organization_id: UUID,
    *,
    name: str,
    slug: str,
    description: str = "",
    parent_id: UUID | None = None,
    position: int = 0,
) -> UUID | None:
    """None when the slug is taken."""
    category_id: UUID | None = await writer.fetchval(
        """
        insert into app_web.categories (organization_id, name, slug, description, parent_id, position)
        values ($1, $2, $3, $4, $5, $6) on conflict (organization_id, slug) do nothing returning category_id
        """,
        *(organization_id, name, slug, description, parent_id, position),
    )
    return category_id


async def update_category(
    writer: Writer,
    organization_id: UUID,
    category_id: UUID,
    *,
    name: str | None,
    slug: str | None,
    description: str | None,
    position: int | None,
    set_parent: bool,
    parent_id: UUID | None,
) -> None:
    """None leaves a column as it is; the parent, which may become null, has a flag."""
    await writer.execute(
        """
        update app_web.categories
           set name = coalesce($3, name), slug = coalesce($4, slug), description = coalesce($5, description),
               position = coalesce($6, position), parent_id = case when $7 then $8 else parent_id end,
               updated_at = now()
         where organization_id = $1 and category_id = $2
        """,
        *(organization_id, category_id, name, slug, description, position, set_parent, parent_id),
    )


async def lift_children(
    writer: Writer, organization_id: UUID, category_id: UUID, parent_id: UUID | None
) -> None:
    """The categories under one that goes move to where it was."""
    await writer.execute(
        """
        update app_web.categories set parent_id = $3, updated_at = now()
         where organization_id = $1 and parent_id = $2
        """,
        *(organization_id, category_id, parent_id),
    )


async def delete_category(writer: Writer, organization_id: UUID, category_id: UUID) -> None:
    """Its posts stay, without a category: the foreign key sets null."""
    await writer.execute(
        "delete from app_web.categories where organization_id = $1 and category_id = $2",
        organization_id,
        category_id,
    )

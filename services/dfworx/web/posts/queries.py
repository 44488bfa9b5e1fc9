"""The statements about posts. Lists and whole posts come out of SQL as JSON under the caller's policies; every
statement names the organization besides."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Reader, Writer
from dfworx.shared.pages import Place
from dfworx.web.editing import Document, document
from dfworx.web.items import Status, Visibility


class ImportedRow(NamedTuple):
    post_id: UUID
    user_id: UUID
    status: Status
    digest: str | None
    """None for a post that was not imported."""


async def list_published_posts(
    database: Database,
    caller: Caller,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    size: int,
) -> str | None:
    """None when there is no such category or author."""
    items: str | None = await database.call(
        "select app_web.list_published_posts($1, $2, $3, $4, $5, $6)",
        *(database.seal(caller), category, author, *(after or (None, None)), size),
    )
    return items


async def list_own_posts(
    database: Database,
    caller: Caller,
    status: Status | None,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    size: int,
) -> str | None:
    """None when there is no such category or author."""
    items: str | None = await database.call(
        "select app_web.list_own_posts($1, $2, $3, $4, $5, $6, $7)",
        *(database.seal(caller), status, category, author, *(after or (None, None)), size),
    )
    return items


async def list_archived_posts(
    database: Database,
    caller: Caller,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    size: int,
) -> str:
    items: str = await database.call(
        "select app_web.list_archived_posts($1, $2, $3, $4, $5, $6)",
        *(database.seal(caller), category, author, *(after or (None, None)), size),
    )
    return items


async def list_trashed_posts(
    database: Database,
    caller: Caller,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    size: int,
) -> str:
    items: str = await database.call(
        "select app_web.list_trashed_posts($1, $2, $3, $4, $5, $6)",
        *(database.seal(caller), category, author, *(after or (None, None)), size),
    )
    return items


async def find_post(
    database: Database, caller: Caller, *, post_id: UUID | None = None, slug: str | None = None
) -> Document | None:
    """By its id, or by a slug that it has or had."""
    return document(
        await database.call("select app_web.get_post($1, $2, $3)", database.seal(caller), post_id, slug)
    )


async def find_imported_post(writer: Writer, organization_id: UUID, slug: str) -> ImportedRow | None:
    """By a slug that it has or had: people may have renamed it here. None when the caller only writes it with
    others. Locks the row for the transaction."""
    row = await writer.fetchrow(
        """
        select post_id, user_id, status, metadata -> 'import' ->> 'digest' from app_web.posts
         where organization_id = $1
           and post_id = (select post_id from app_web.post_slugs where organization_id = $1 and slug = $2)
           and app_web.decides_on(user_id, visibility, status, trashed_from)
           for update
        """,
        organization_id,
        slug,
    )
    return ImportedRow(*row) if row else None


async def find_category_id(reader: Reader, organization_id: UUID, slug: str) -> UUID | None:
    category_id: UUID | None = await reader.fetchval(
        "select category_id from app_web.categories where organization_id = $1 and slug = $2",
        organization_id,
        slug,
    )
    return category_id


async def list_taken_slugs(reader: Reader, slugs: list[str]) -> set[str]:
    """Those of the slugs that posts of the organization have or had."""
    rows = await reader.fetch("select slug from app_web.list_taken_slugs($1::text[]) as slug", slugs)
    return {row["slug"] for row in rows}


async def list_active_people(reader: Reader, organization_id: UUID, user_ids: list[UUID]) -> set[UUID]:
    rows = await reader.fetch(
        """
        select user_id from public.users
         where organization_id = $1 and user_id = any($2::uuid[]) and is_active
        """,
        *(organization_id, user_ids),
    )
    return {row["user_id"] for row in rows}


async def replace_readers(
    writer: Writer, organization_id: UUID, post_id: UUID, author: UUID, readers: list[UUID]
) -> list[UUID]:
    """Gives those that weren't named before."""
    await writer.execute(
        """
        delete from app_web.post_readers
         where organization_id = $1 and post_id = $2 and shared_by = $3 and user_id <> all($4::uuid[])
        """,
        *(organization_id, post_id, author, readers),
    )
    rows = await writer.fetch(
        """
        insert into app_web.post_readers (organization_id, post_id, shared_by, user_id)
        select $1, $2, $3, unnest($4::uuid[]) on conflict do nothing returning user_id
        """,
        *(organization_id, post_id, author, readers),
    )
    return [row["user_id"] for row in rows]


async def name_editors(writer: Writer, post_id: UUID, editors: list[UUID]) -> list[UUID]:
    """Gives those that weren't named before."""
    rows = await writer.fetch("select app_web.name_editors($1, $2) as user_id", post_id, editors)
    return [row["user_id"] for row in rows]


async def insert_post(
    writer: Writer,
    organization_id: UUID,
    *,
    user_id: UUID,
    category_id: UUID | None,
    title: str,
    slug: str,
    content: str,
    excerpt: str,
    status: Status,
    visibility: Visibility,
    metadata: dict[str, Any],
    created_at: datetime | None,
    published_at: datetime | None,
    archived_at: datetime | None,
) -> UUID | None:
    """None when the slug is taken, be it by a post that the caller can't see or by one not yet committed."""
    post_id: UUID | None = await writer.fetchval(
        """
        insert into app_web.posts (organization_id, user_id, category_id, title, slug, content, excerpt, status,
                                   visibility, metadata, created_at, published_at, archived_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, now()), $12, $13)
        on conflict (organization_id, slug) do nothing
        returning post_id
        """,
        *(organization_id, user_id, category_id, title, slug, content, excerpt, status, visibility, metadata),
        *(created_at, published_at, archived_at),
    )
    return post_id


async def update_post(
    writer: Writer,
    organization_id: UUID,
    post_id: UUID,
    *,
    title: str | None,
    content: str | None,
    excerpt: str | None,
    slug: str | None,
    visibility: Visibility | None,
    metadata: dict[str, Any] | None,
    set_category: bool,
    category_id: UUID | None,
) -> None:
    """None leaves a column as it is; the category, which may become null, has a flag."""
    await writer.execute(
        """
        update app_web.posts
           set title = coalesce($3, title), content = coalesce($4, content), excerpt = coalesce($5, excerpt),
               slug = coalesce($6, slug), visibility = coalesce($7, visibility),
               metadata = coalesce($8, metadata), category_id = case when $9 then $10 else category_id end,
               version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        *(
            organization_id,
            post_id,
            title,
            content,
            excerpt,
            slug,
            visibility,
            metadata,
            set_category,
            category_id,
        ),
    )


async def replace_imported_post(
    writer: Writer,
    organization_id: UUID,
    post_id: UUID,
    *,
    user_id: UUID,
    category_id: UUID | None,
    title: str,
    content: str,
    excerpt: str,
    status: Status,
    metadata: dict[str, Any],
    created_at: datetime | None,
) -> None:
    await writer.execute(
        """
        update app_web.posts
           set user_id = $3, category_id = $4, title = $5, content = $6, excerpt = $7, status = $8, metadata = $9,
               created_at = coalesce($10, created_at),
               published_at = case when $8 = 'draft' then null else coalesce($10, published_at, created_at) end,
               archived_at = case when $8 = 'archived' then coalesce(archived_at, now()) end,
               version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        *(
            organization_id,
            post_id,
            user_id,
            category_id,
            title,
            content,
            excerpt,
            status,
            metadata,
            created_at,
        ),
    )


async def set_published(writer: Writer, organization_id: UUID, post_id: UUID) -> None:
    """A post that comes back from the archive keeps its place: the day it was first published."""
    await writer.execute(
        """
        update app_web.posts
           set status = 'published', published_at = coalesce(published_at, now()), archived_at = null,
               version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        organization_id,
        post_id,
    )


async def set_archived(writer: Writer, organization_id: UUID, post_id: UUID) -> None:
    await writer.execute(
        """
        update app_web.posts
           set status = 'archived', archived_at = now(), version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        organization_id,
        post_id,
    )


async def set_trashed(writer: Writer, organization_id: UUID, post_id: UUID) -> None:
    """A trigger remembers what it was."""
    await writer.execute(
        """
        update app_web.posts set status = 'trashed', version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2
        """,
        organization_id,
        post_id,
    )


async def delete_post(writer: Writer, organization_id: UUID, post_id: UUID) -> None:
    await writer.execute(
        "delete from app_web.posts where organization_id = $1 and post_id = $2", organization_id, post_id
    )

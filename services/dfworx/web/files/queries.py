"""The statements about files. Each runs under the caller's policies and names the organization besides."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from dfworx.shared.db import Reader, Writer
from dfworx.shared.pages import Place
from dfworx.web.images import Size
from dfworx.web.items import Visibility


class FileRow(NamedTuple):
    """What must be known of a file to hand it out, to attach it or to delete it."""

    file_id: UUID
    user_id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: bytes
    storage_key: str


class PostRow(NamedTuple):
    """A post to which something is attached."""

    user_id: UUID
    visibility: Visibility
    edited: bool
    """Whether the caller is one of its editors."""


class CommentRow(NamedTuple):
    """A comment to which something is attached."""

    user_id: UUID
    removed: bool


async def find_file(reader: Reader, organization_id: UUID, file_id: UUID) -> str | None:
    """As it travels, without its addresses."""
    item: str | None = await reader.fetchval(
        "select item::text from shared_services.file_items where organization_id = $1 and file_id = $2",
        *(organization_id, file_id),
    )
    return item


async def find_file_row(reader: Reader, organization_id: UUID, file_id: UUID) -> FileRow | None:
    row = await reader.fetchrow(
        """
        select file_id, user_id, name, media_type, size_bytes, sha256, storage_key from shared_services.files
         where organization_id = $1 and file_id = $2
        """,
        *(organization_id, file_id),
    )
    return FileRow(*row) if row else None


async def list_post_files(
    reader: Reader, organization_id: UUID, post_id: UUID, after: Place | None, size: int
) -> str:
    """A JSON array, oldest first."""
    items: str = await reader.fetchval(
        """
        select coalesce(json_agg(page.item), '[]')::text
          from (select item from shared_services.file_items
                 where organization_id = $1 and post_id = $2
                   and ($3::timestamptz is null or (created_at, file_id) > ($3, $4::uuid))
                 order by created_at, file_id limit $5) as page
        """,
        *(organization_id, post_id, *(after or (None, None)), size),
    )
    return items


async def list_comment_files(
    reader: Reader, organization_id: UUID, comment_id: UUID, after: Place | None, size: int
) -> str:
    """A JSON array, oldest first."""
    items: str = await reader.fetchval(
        """
        select coalesce(json_agg(page.item), '[]')::text
          from (select item from shared_services.file_items
                 where organization_id = $1 and comment_id = $2
                   and ($3::timestamptz is null or (created_at, file_id) > ($3, $4::uuid))
                 order by created_at, file_id limit $5) as page
        """,
        *(organization_id, comment_id, *(after or (None, None)), size),
    )
    return items


async def find_post(reader: Reader, organization_id: UUID, post_id: UUID) -> PostRow | None:
    row = await reader.fetchrow(
        """
        select user_id, visibility, post_id in (select app_web.list_edited_posts()) from app_web.posts
         where organization_id = $1 and post_id = $2
        """,
        *(organization_id, post_id),
    )
    return PostRow(*row) if row else None


async def find_comment(reader: Reader, organization_id: UUID, comment_id: UUID) -> CommentRow | None:
    row = await reader.fetchrow(
        """
        select user_id, removed_at is not null from app_web.comments
         where organization_id = $1 and comment_id = $2
        """,
        *(organization_id, comment_id),
    )
    return CommentRow(*row) if row else None


async def count_unattached(reader: Reader, organization_id: UUID, user_id: UUID, most: int) -> int:
    """How many files of the person are attached to nothing; counted up to `most`."""
    found: int = await reader.fetchval(
        """
        select count(*)
          from (select from shared_services.files
                 where organization_id = $1 and user_id = $2 and post_id is null and comment_id is null
                   and message_id is null
                 limit $3) as files
        """,
        *(organization_id, user_id, most),
    )
    return found


async def reserve_storage(writer: Writer, storage_key: str, size_bytes: int, quota_bytes: int) -> bool:
    """Whether so much still has a place in the caller's organization."""
    found: bool = await writer.fetchval(
        "select shared_services.reserve_storage($1, $2, $3)", storage_key, size_bytes, quota_bytes
    )
    return found


async def settle_storage(writer: Writer, storage_key: str, size_bytes: int) -> None:
    """What was reserved counts as so much from now on; 0 when its bytes are gone."""
    await writer.execute("select shared_services.settle_storage($1, $2)", storage_key, size_bytes)


async def insert_file(
    writer: Writer,
    organization_id: UUID,
    *,
    user_id: UUID,
    post_id: UUID | None,
    comment_id: UUID | None,
    name: str,
    media_type: str,
    size_bytes: int,
    sha256: bytes,
    measures: Size | None,
    storage_key: str,
) -> UUID:
    file_id: UUID = await writer.fetchval(
        """
        insert into shared_services.files (organization_id, user_id, post_id, comment_id, name, media_type,
                                           size_bytes, sha256, width, height, storage_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning file_id
        """,
        *(organization_id, user_id, post_id, comment_id, name, media_type),
        *(size_bytes, sha256, *(measures or (None, None)), storage_key),
    )
    return file_id


async def update_place(
    writer: Writer, organization_id: UUID, file_id: UUID, *, post_id: UUID | None, comment_id: UUID | None
) -> None:
    await writer.execute(
        """
        update shared_services.files set post_id = $3, comment_id = $4, message_id = null, message_post_id = null
         where organization_id = $1 and file_id = $2
        """,
        *(organization_id, file_id, post_id, comment_id),
    )


async def delete_file(writer: Writer, organization_id: UUID, file_id: UUID) -> str | None:
    """Where its bytes are; None when the caller may not delete it: the policy decides."""
    storage_key: str | None = await writer.fetchval(
        """
        delete from shared_services.files where organization_id = $1 and file_id = $2 returning storage_key
        """,
        *(organization_id, file_id),
    )
    return storage_key

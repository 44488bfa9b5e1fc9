"""The statements about comments. Comments come out of SQL as JSON under the caller's policies; every statement
names the organization besides."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Reader, Writer
from dfworx.shared.pages import Place
from dfworx.web.items import Status, Visibility
from dfworx.web.mentions import Person


class PostRow(NamedTuple):
    """What an action must know of a post under which something is said."""

    user_id: UUID
    status: Status
    visibility: Visibility


class CommentRow(NamedTuple):
    """What an action must know of a comment before it changes it."""

    comment_id: UUID
    post_id: UUID
    user_id: UUID
    parent_id: UUID | None
    version: int
    resolved_at: datetime | None
    removed_at: datetime | None


async def list_comments(
    database: Database, caller: Caller, post_id: UUID, after: Place | None, size: int
) -> str | None:
    """None when the caller may not see the post, or it isn't there."""
    items: str | None = await database.call(
        "select app_web.list_comments($1, $2, $3, $4, $5)",
        *(database.seal(caller), post_id, *(after or (None, None)), size),
    )
    return items


async def find_comment(database: Database, caller: Caller, comment_id: UUID) -> str | None:
    item: str | None = await database.call(
        "select app_web.get_comment($1, $2)", database.seal(caller), comment_id
    )
    return item


async def find_written_comment(writer: Writer, comment_id: UUID) -> str | None:
    """As find_comment, inside the transaction that wrote it."""
    item: str | None = await writer.fetchval(
        "select app_web.get_comment(current_setting('dfx.ctx'), $1)", comment_id
    )
    return item


async def find_post(reader: Reader, organization_id: UUID, post_id: UUID) -> PostRow | None:
    row = await reader.fetchrow(
        "select user_id, status, visibility from app_web.posts where organization_id = $1 and post_id = $2",
        *(organization_id, post_id),
    )
    return PostRow(*row) if row else None


async def find_parent(
    reader: Reader, organization_id: UUID, post_id: UUID, comment_id: UUID
) -> CommentRow | None:
    row = await reader.fetchrow(
        """
        select comment_id, post_id, user_id, parent_id, version, resolved_at, removed_at from app_web.comments
         where organization_id = $1 and post_id = $2 and comment_id = $3
        """,
        *(organization_id, post_id, comment_id),
    )
    return CommentRow(*row) if row else None


async def find_comment_to_change(
    writer: Writer, organization_id: UUID, comment_id: UUID
) -> CommentRow | None:
    """Locks the row for the transaction, against answers too. None when the caller may change nothing of it: the
    policy for updates counts."""
    row = await writer.fetchrow(
        """
        select comment_id, post_id, user_id, parent_id, version, resolved_at, removed_at from app_web.comments
         where organization_id = $1 and comment_id = $2 for update
        """,
        *(organization_id, comment_id),
    )
    return CommentRow(*row) if row else None


async def has_answers(reader: Reader, organization_id: UUID, post_id: UUID, comment_id: UUID) -> bool:
    found: bool = await reader.fetchval(
        """
        select exists (select from app_web.comments
                        where organization_id = $1 and post_id = $2 and parent_id = $3)
        """,
        *(organization_id, post_id, comment_id),
    )
    return found


async def insert_comment(
    writer: Writer,
    organization_id: UUID,
    *,
    post_id: UUID,
    user_id: UUID,
    parent_id: UUID | None,
    content: str,
) -> UUID:
    comment_id: UUID = await writer.fetchval(
        """
        insert into app_web.comments (organization_id, post_id, user_id, parent_id, content)
        values ($1, $2, $3, $4, $5) returning comment_id
        """,
        *(organization_id, post_id, user_id, parent_id, content),
    )
    return comment_id


async def update_content(writer: Writer, organization_id: UUID, comment_id: UUID, content: str) -> None:
    """A trigger counts the version up."""
    await writer.execute(
        "update app_web.comments set content = $3 where organization_id = $1 and comment_id = $2",
        *(organization_id, comment_id, content),
    )


async def erase_comment(writer: Writer, organization_id: UUID, comment_id: UUID) -> None:
    """Its words go, its place stays."""
    await writer.execute(
        """
        update app_web.comments set content = null, removed_at = now()
         where organization_id = $1 and comment_id = $2
        """,
        *(organization_id, comment_id),
    )


async def delete_comment(writer: Writer, organization_id: UUID, comment_id: UUID) -> None:
    """A trigger takes away what it answered, if that was removed and has no other answer."""
    await writer.execute(
        "delete from app_web.comments where organization_id = $1 and comment_id = $2",
        *(organization_id, comment_id),
    )


async def set_resolved(writer: Writer, organization_id: UUID, comment_id: UUID, *, resolved: bool) -> None:
    await writer.execute(
        """
        update app_web.comments set resolved_at = case when $3 then now() end
         where organization_id = $1 and comment_id = $2
        """,
        *(organization_id, comment_id, resolved),
    )


async def list_active_people(
    reader: Reader, organization_id: UUID, user_ids: list[UUID], names: list[str]
) -> list[Person]:
    """Those with one of the ids, and those with one of the names, however their letters are written."""
    rows = await reader.fetch(
        """
        select user_id, name from public.users
         where organization_id = $1 and is_active
           and (user_id = any($2::uuid[]) or lower(normalize(name)) = any($3::text[]))
        """,
        *(organization_id, user_ids, names),
    )
    return [Person(*row) for row in rows]


async def insert_mentions(
    writer: Writer, organization_id: UUID, comment_id: UUID, user_ids: list[UUID]
) -> list[UUID]:
    """Gives those that weren't mentioned before."""
    rows = await writer.fetch(
        """
        insert into app_web.mentions (organization_id, comment_id, user_id) select $1, $2, unnest($3::uuid[])
        on conflict do nothing returning user_id
        """,
        *(organization_id, comment_id, user_ids),
    )
    return [row["user_id"] for row in rows]


async def delete_mentions(
    writer: Writer, organization_id: UUID, comment_id: UUID, *, but: list[UUID]
) -> None:
    await writer.execute(
        """
        delete from app_web.mentions
         where organization_id = $1 and comment_id = $2 and user_id <> all($3::uuid[])
        """,
        *(organization_id, comment_id, but),
    )

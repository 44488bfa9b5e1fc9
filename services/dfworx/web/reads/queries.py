"""The statements about reading, under the caller's policies; each names the organization and the person besides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Writer
from dfworx.shared.pages import Place


async def list_reads(database: Database, caller: Caller, post_ids: list[UUID], most: int) -> str:
    items: str = await database.call(
        "select app_web.list_reads($1, $2, $3)", database.seal(caller), post_ids, most
    )
    return items


async def count_unread_posts(database: Database, caller: Caller, most: int) -> str:
    count: str = await database.call("select app_web.count_unread_posts($1, $2)", database.seal(caller), most)
    return count


async def list_unread_posts(
    database: Database,
    caller: Caller,
    category: str | None,
    author: UUID | None,
    after: Place | None,
    size: int,
) -> str:
    items: str = await database.call(
        "select app_web.list_unread_posts($1, $2, $3, $4, $5, $6)",
        *(database.seal(caller), category, author, *(after or (None, None)), size),
    )
    return items


async def upsert_read(writer: Writer, caller: Caller, post_id: UUID) -> bool:
    """Whether the caller sees the post. Of two at once the later counts."""
    found = await writer.fetchval(
        """
        insert into app_web.post_reads as r (organization_id, user_id, post_id)
        select organization_id, $2, post_id from app_web.posts where organization_id = $1 and post_id = $3
        on conflict (organization_id, post_id, user_id)
        do update set read_at = greatest(r.read_at, excluded.read_at)
        returning true
        """,
        *(caller.organization_id, caller.user_id, post_id),
    )
    return found is not None


async def upsert_mark(writer: Writer, caller: Caller, until: datetime) -> None:
    """It moves forward alone, and not into what is still to come."""
    await writer.execute(
        """
        insert into app_web.read_marks as m (organization_id, user_id, read_until)
        values ($1, $2, greatest(app_web.read_until($1, $2), least($3, now())))
        on conflict (organization_id, user_id)
        do update set read_until = greatest(m.read_until, excluded.read_until)
        """,
        *(caller.organization_id, caller.user_id, until),
    )


async def delete_needless_reads(writer: Writer, caller: Caller) -> None:
    """Of what is read by the mark, or by its age. What is just being read again is passed by."""
    await writer.execute(
        """
        delete from app_web.post_reads
         where organization_id = $1 and user_id = $2 and post_id in (
           select post_id from app_web.post_reads
            where organization_id = $1 and user_id = $2 and read_at <= app_web.read_until($1, $2)
              for update skip locked)
        """,
        *(caller.organization_id, caller.user_id),
    )

"""The statements about notifications. They come out of SQL as JSON, with post and comment as their reader may see them
now; every statement names the organization and the person besides the policies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Reader, Writer
from dfworx.shared.pages import Place


async def list_notifications(
    database: Database, caller: Caller, *, unread: bool, after: Place | None, size: int
) -> str:
    items: str = await database.call(
        "select app_web.list_notifications($1, $2, $3, $4, $5)",
        *(database.seal(caller), unread, *(after or (None, None)), size),
    )
    return items


async def count_unread(database: Database, caller: Caller, most: int) -> int:
    count: int = await database.call("select app_web.count_unread($1, $2)", database.seal(caller), most)
    return count


async def set_read(writer: Writer, caller: Caller, notification_id: UUID, *, read: bool) -> bool:
    """Whether it is there. What is read already stays read since then."""
    found = await writer.fetchval(
        """
        update public.notifications set read_at = case when $4 then coalesce(read_at, now()) end
         where organization_id = $1 and user_id = $2 and notification_id = $3 returning true
        """,
        *(caller.organization_id, caller.user_id, notification_id, read),
    )
    return found is not None


async def read_until(writer: Writer, caller: Caller, until: datetime, most: int) -> int:
    """Marks the newest of them, at most so many, and says how many it was. What somebody else is just marking is
    passed by."""
    return len(
        await writer.fetch(
            """
            update public.notifications set read_at = now()
             where organization_id = $1 and user_id = $2 and notification_id in (
               select notification_id from public.notifications
                where organization_id = $1 and user_id = $2 and read_at is null and created_at <= $3
                order by created_at desc, notification_id desc limit $4 for update skip locked)
            returning true
            """,
            *(caller.organization_id, caller.user_id, until, most),
        )
    )


async def read_of_post(writer: Writer, caller: Caller, post_id: UUID) -> None:
    await writer.execute(
        """
        update public.notifications set read_at = now()
         where organization_id = $1 and user_id = $2 and read_at is null and post_id = $3
        """,
        *(caller.organization_id, caller.user_id, post_id),
    )


async def has_post(reader: Reader, caller: Caller, post_id: UUID) -> bool:
    """Whether the caller may see it."""
    found: bool = await reader.fetchval(
        "select exists (select from app_web.posts where organization_id = $1 and post_id = $2)",
        *(caller.organization_id, post_id),
    )
    return found


async def is_muted(reader: Reader, caller: Caller, post_id: UUID) -> bool:
    muted: bool = await reader.fetchval(
        """
        select exists (select from app_web.mutes
                        where organization_id = $1 and user_id = $2 and post_id = $3)
        """,
        *(caller.organization_id, caller.user_id, post_id),
    )
    return muted


async def insert_mute(writer: Writer, caller: Caller, post_id: UUID) -> None:
    await writer.execute(
        """
        insert into app_web.mutes (organization_id, user_id, post_id) values ($1, $2, $3)
        on conflict do nothing
        """,
        *(caller.organization_id, caller.user_id, post_id),
    )


async def delete_mute(writer: Writer, caller: Caller, post_id: UUID) -> None:
    await writer.execute(
        "delete from app_web.mutes where organization_id = $1 and user_id = $2 and post_id = $3",
        *(caller.organization_id, caller.user_id, post_id),
    )

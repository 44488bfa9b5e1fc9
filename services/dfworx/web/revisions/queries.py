"""The statements about revisions, under the caller's policies, which hide the words that a reader was never shown; each
names the organization besides."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Reader, Writer


class Words(NamedTuple):
    version: int
    title: str
    content: str


async def list_revisions(
    database: Database, caller: Caller, post_id: UUID, before: int | None, size: int
) -> str | None:
    """None when the caller may not see the post, or it isn't there."""
    items: str | None = await database.call(
        "select app_web.list_revisions($1, $2, $3, $4)", database.seal(caller), post_id, before, size
    )
    return items


async def find_revision(database: Database, caller: Caller, post_id: UUID, version: int) -> str | None:
    item: str | None = await database.call(
        "select app_web.get_revision($1, $2, $3)", database.seal(caller), post_id, version
    )
    return item


async def find_written_revision(writer: Writer, post_id: UUID, version: int) -> str | None:
    """As find_revision, inside the transaction that wrote it."""
    item: str | None = await writer.fetchval(
        "select app_web.get_revision(current_setting('dfx.ctx'), $1, $2)", post_id, version
    )
    return item


async def find_words(reader: Reader, organization_id: UUID, post_id: UUID, version: int) -> Words | None:
    row = await reader.fetchrow(
        """
        select version, title, content from app_web.revisions
         where organization_id = $1 and post_id = $2 and version = $3
        """,
        *(organization_id, post_id, version),
    )
    return Words(*row) if row else None


async def find_words_before(
    reader: Reader, organization_id: UUID, post_id: UUID, version: int
) -> Words | None:
    """Of the newest version before that one that the caller may see."""
    row = await reader.fetchrow(
        """
        select version, title, content from app_web.revisions
         where organization_id = $1 and post_id = $2 and version < $3 order by version desc limit 1
        """,
        *(organization_id, post_id, version),
    )
    return Words(*row) if row else None


async def find_post_words(reader: Reader, organization_id: UUID, post_id: UUID) -> tuple[str, str] | None:
    """What the post says now."""
    row = await reader.fetchrow(
        "select title, content from app_web.posts where organization_id = $1 and post_id = $2",
        *(organization_id, post_id),
    )
    return (row["title"], row["content"]) if row else None


async def settle_revision(writer: Writer, post_id: UUID) -> None:
    """What is saved next doesn't take the place of what the caller saved last."""
    await writer.execute("select app_web.settle_revision($1)", post_id)


async def replace_words(
    writer: Writer, organization_id: UUID, post_id: UUID, words: Words, excerpt: str
) -> int:
    """Gives the post's new version."""
    version: int = await writer.fetchval(
        """
        update app_web.posts
           set title = $3, content = $4, excerpt = $5, version = version + 1, updated_at = now()
         where organization_id = $1 and post_id = $2 returning version
        """,
        *(organization_id, post_id, words.title, words.content, excerpt),
    )
    return version

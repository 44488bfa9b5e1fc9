"""What a person wrote, under their own policies; each names the organization and the person besides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from dfworx.shared.context import Caller
from dfworx.shared.db import Database

PAGE = 200
# By what is in the archive: the table, its own id, and the columns besides.
_KINDS = {
    "posts": (
        "app_web.posts",
        "post_id",
        "title, slug, content, status, visibility, version, created_at, updated_at, published_at",
    ),
    "comments": (
        "app_web.comments",
        "comment_id",
        "post_id, parent_id, content, version, created_at, updated_at",
    ),
    "files": (
        "shared_services.files",
        "file_id",
        "name, media_type, size_bytes, sha256, storage_key, post_id, comment_id, created_at",
    ),
}
KINDS = tuple(_KINDS)


async def list_written(database: Database, caller: Caller, kind: str) -> AsyncIterator[dict[str, Any]]:
    """A page at a time, so that no transaction is held while an archive is written."""
    table, key, columns = _KINDS[kind]
    after = None
    while True:
        async with database.read(caller) as reader:
            rows = await reader.fetch(
                f"""
                select {key}, {columns} from {table}
                 where organization_id = $1 and user_id = $2 and ($3::uuid is null or {key} > $3)
                 order by {key} limit {PAGE}
                """,  # noqa: S608 - our own words
                *(caller.organization_id, caller.user_id, after),
            )
        for row in rows:
            yield dict(row)
        if len(rows) < PAGE:
            return
        after = rows[-1][key]


async def find_account(database: Database, caller: Caller) -> dict[str, Any]:
    """The person, with what they tell about themselves; their email is the auth service's to tell."""
    async with database.read(caller) as reader:
        row = await reader.fetchrow(
            """
            select u.user_id, u.name, u.avatar_url, u.role, u.created_at, p.title, p.bio, p.timezone
              from public.users u
              left join app_web.profiles p on p.organization_id = u.organization_id and p.user_id = u.user_id
             where u.organization_id = $1 and u.user_id = $2
            """,
            *(caller.organization_id, caller.user_id),
        )
    return dict(row) if row else {}

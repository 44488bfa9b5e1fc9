"""Posts and comments as the tests of the web service make them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.conftest import TestDatabase
from tests.web.file_making import Left

LIST = "/api/web/posts"
POST = {"title": "How we bake", "content": "Start the dough the evening before."}


async def create(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/web/posts", json={**POST, **fields})
    assert answer.status_code == 201, answer.text
    post: dict[str, Any] = answer.json()
    return post


async def publish(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    post = await create(client, **fields)
    answer = await client.post(f"/api/web/posts/{post['post_id']}/publish")
    assert answer.status_code == 200, answer.text
    published: dict[str, Any] = answer.json()
    return published


async def comment_on(
    client: httpx.AsyncClient, post: dict[str, Any], content: str = "A word", **fields: Any
) -> dict[str, Any]:
    answer = await client.post(
        f"/api/web/posts/{post['post_id']}/comments", json={"content": content, **fields}
    )
    assert answer.status_code == 201, answer.text
    comment: dict[str, Any] = answer.json()
    return comment


async def list_comments(client: httpx.AsyncClient, post: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/web/posts/{post['post_id']}/comments", params={"limit": 100})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def list_notifications(client: httpx.AsyncClient, *, unread: bool = False) -> list[dict[str, Any]]:
    answer = await client.get("/api/web/notifications", params={"limit": 100, "unread": unread})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def count_unread(client: httpx.AsyncClient) -> int:
    answer = await client.get("/api/web/notifications/unread-count")
    assert answer.status_code == 200, answer.text
    count: int = answer.json()["count"]
    return count


async def crowd(
    owner: asyncpg.Connection,
    post: dict[str, Any],
    size: int,
    *,
    begin: int = 0,
    removed_thread: bool = False,
) -> None:
    """So many comments by the post's author, past what follows from writing one: or the making would take as long as
    what is tested. Their ids are numbers from `begin` on. As a thread, each answers the one before, and all but the
    last are removed."""
    async with owner.transaction():
        await owner.execute("alter table app_web.comments disable trigger user")
        await owner.execute(
            """
            insert into app_web.comments (comment_id, organization_id, post_id, user_id, parent_id, content, removed_at,
                                          search, created_at)
            select lpad((n + $4)::text, 32, '0')::uuid, organization_id, post_id, user_id,
                   case when $3 and n > 1 then lpad((n + $4 - 1)::text, 32, '0')::uuid end,
                   case when not $3 or n = $2 then 'A word' end, case when $3 and n < $2 then now() end, '',
                   now() + n * interval '1 microsecond'
              from app_web.posts, generate_series(1, $2) as n where post_id = $1
            """,
            *(UUID(post["post_id"]), size, removed_thread, begin),
        )
        await owner.execute("alter table app_web.comments enable trigger user")
        await owner.execute("analyze app_web.comments")  # as PostgreSQL does by itself, a minute later
        await owner.execute(
            "update app_web.posts set comment_count = comment_count + $2 where post_id = $1",
            *(UUID(post["post_id"]), 1 if removed_thread else size),
        )


@pytest.fixture
def left(database: TestDatabase, owner: asyncpg.Connection) -> Left:
    return Left(database.settings("dfworx_web").home / "files", owner)

"""Posts and comments as the tests of the web service make them."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import TestDatabase
from tests.web.file_making import Left

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


@pytest.fixture
def left(database: TestDatabase, owner: asyncpg.Connection) -> Left:
    return Left(database.settings("dfworx_web").home / "files", owner)

"""Posts as the tests of the web service make them."""

from __future__ import annotations

from typing import Any

import httpx

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

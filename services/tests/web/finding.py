"""Searching, as the tests of the search do it."""

from __future__ import annotations

from typing import Any

import httpx

SEARCH = "/api/web/search"


async def search(client: httpx.AsyncClient, q: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(SEARCH, params={"q": q, **query})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def found(client: httpx.AsyncClient, q: str, **query: Any) -> list[str]:
    """What each item is known by, in its order: kind, and slug, name or the comment's snippet."""
    names = {"post": lambda item: item["slug"], "person": lambda item: item["name"],
             "comment": lambda item: written(item["snippet"])}  # fmt: skip
    items = (await search(client, q, **query))["items"]
    return [f"{item['kind']} {names[item['kind']](item)}" for item in items]


def written(parts: list[dict[str, Any]]) -> str:
    return "".join(f"[{part['text']}]" if part["hit"] else part["text"] for part in parts)

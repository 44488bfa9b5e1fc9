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
    return [f"{item['kind']} {_name(item)}" for item in (await search(client, q, **query))["items"]]


def _name(item: dict[str, Any]) -> str:
    if item["kind"] == "comment":
        return written(item["snippet"])
    name: str = item["slug"] if item["kind"] == "post" else item["name"]
    return name


def written(parts: list[dict[str, Any]]) -> str:
    return "".join(f"[{part['text']}]" if part["hit"] else part["text"] for part in parts)

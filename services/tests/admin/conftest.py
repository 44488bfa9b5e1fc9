"""What admins do in the tests of their service."""

from __future__ import annotations

from typing import Any

import httpx

SETTINGS = "/api/admin/settings"


async def choose(client: httpx.AsyncClient, key: str, value: Any) -> dict[str, Any]:
    answer = await client.patch(f"{SETTINGS}/{key}", json={"value": value})
    assert answer.status_code == 200, answer.text
    setting: dict[str, Any] = answer.json()
    return setting

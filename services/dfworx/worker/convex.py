"""Internal functions of the Convex deployment, called with its admin key. A deployment that is away, is being deployed
or doesn't take the key raises Unavailable, by which it is tried again for as long as that lasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import httpx
import orjson

from dfworx.shared.errors import Unavailable
from dfworx.shared.settings import Settings

ANSWER_SECONDS = 10.0


class FunctionFailed(Exception):
    """The function itself failed; what it says is for the log."""


class Deployment:
    def __init__(self, url: str, admin_key: str, client: httpx.AsyncClient) -> None:
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Convex {admin_key}", "content-type": "application/json"}
        self._client = client

    async def run(
        self, kind: Literal["query", "mutation"], path: str, arguments: Mapping[str, Any] | None = None
    ) -> Any:
        """What the function returns. Raises FunctionFailed, or Unavailable."""
        body = orjson.dumps({"path": path, "args": arguments or {}, "format": "json"})
        try:
            answer = await self._client.post(
                f"{self._url}/api/{kind}", content=body, headers=self._headers, timeout=ANSWER_SECONDS
            )
            told = orjson.loads(answer.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise Unavailable("The Convex deployment doesn't answer.") from error
        status = told.get("status") if isinstance(told, dict) else None
        if status == "success":
            return told.get("value")
        reason = str(told.get("errorMessage") if status == "error" else told)[:1000]
        if status != "error" or "Could not find" in reason:
            raise Unavailable(f"The Convex deployment can't run {path} now ({answer.status_code}): {reason}")
        raise FunctionFailed(reason)


def find_deployment(settings: Settings, client: httpx.AsyncClient) -> Deployment | None:
    """None when no deployment is set, or no key of it."""
    if not settings.convex_url or settings.convex_admin_key is None:
        return None
    return Deployment(settings.convex_url, settings.convex_admin_key.get_secret_value(), client)

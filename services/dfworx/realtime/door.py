"""What every HTTP door does alike: read a body, find out who asks, answer in JSON, and refuse in it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dfworx.realtime.runtime.admin_key import SCHEME, AdminKey
from dfworx.realtime.runtime.callers import NOBODY, Caller, TokenRefused
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.jwks import Unreachable
from dfworx.realtime.values import InvalidValue, read_json

MOST_BODY_BYTES = 24 << 20
"""16 MiB of arguments, and what encoding adds."""

Endpoint = Callable[[Request], Awaitable[Response]]


class Wrong(Exception):
    """A request that can't be answered as a function would."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def bad(message: str) -> Wrong:
    return Wrong(400, "BadRequest", message)


class Callers:
    """Of a deployment: who they are, by the header Authorization."""

    def __init__(self, deployment: Deployment, admin_key: AdminKey) -> None:
        self._deployment = deployment
        self._admin_key = admin_key

    async def identify(self, request: Request) -> Caller:
        """Raises Wrong."""
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        try:
            match scheme.lower():
                case "":
                    return NOBODY
                case "bearer":
                    return await self._deployment.program.providers.identify(credentials.strip())
                case other if other == SCHEME.lower():
                    return self._admin_key.identify_header(credentials)
        except TokenRefused as error:
            status = 503 if isinstance(error, Unreachable) else 401
            raise Wrong(status, error.code, str(error)) from None
        raise Wrong(401, "InvalidAuthHeader", f"Authorization must be Bearer <token> or {SCHEME} <key>.")

    async def require_admin(self, request: Request) -> None:
        """Raises Wrong."""
        if not (await self.identify(request)).admin:
            raise Wrong(
                403, "Forbidden", f"This is for who has the admin key: Authorization: {SCHEME} <key>."
            )


def answering(ask: Callable[[Request], Awaitable[Any]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        text = json.dumps(await ask(request), ensure_ascii=False, separators=(",", ":"))
        return Response(text.encode(), media_type="application/json")

    return endpoint


def text(words: str, status: int = 200) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        del request
        return PlainTextResponse(words, status)

    return endpoint


async def refuse(request: Request, error: Exception) -> Response:
    del request
    wrong = cast(Wrong, error)
    told = json.dumps({"code": wrong.code, "message": wrong.message}, ensure_ascii=False)
    return Response(told.encode(), wrong.status, media_type="application/json")


async def read_bytes(request: Request, most: int = MOST_BODY_BYTES) -> bytes:
    """Raises Wrong."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Wrong(413, "PayloadTooLarge", f"A request may have at most {most >> 20} MiB.")
        parts.append(part)
    return b"".join(parts)


async def read_body(request: Request) -> Any:
    """Raises Wrong."""
    try:
        return read_json(await read_bytes(request))
    except InvalidValue as error:
        raise bad(f"The body is no JSON: {error}") from None

"""The site address: requests as anybody sends them, answered by the HTTP actions that `http.ts` routes them to."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dfworx.realtime.door import Wrong, read_bytes, refuse
from dfworx.realtime.runtime.actions import HttpAnswer, HttpRequest, ResponseTooLarge
from dfworx.realtime.runtime.callers import NOBODY, Caller, TokenRefused
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.failures import failure_of
from dfworx.realtime.runtime.worker import WorkerDied

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
BELOW = "/http"
"""Where HTTP actions are on the deployment's own address."""
MOST_BODY_BYTES = 20 << 20
TAKEN_SECONDS = 30.0
"""How long a client may take for a part of an answer; after that nobody waits for it."""
_OF_THE_CONNECTION = {
    *("connection", "content-length", "date", "keep-alive", "proxy-authenticate", "proxy-connection"),
    *("server", "te", "trailer", "transfer-encoding", "upgrade"),
}
log = logging.getLogger(__name__)


class Site:
    def __init__(self, deployment: Deployment, below: str) -> None:
        self._deployment = deployment
        self._below = below.encode()

    async def answer(self, request: Request) -> Response:
        if not self._deployment.program.http:
            return PlainTextResponse("This Convex deployment does not have HTTP actions enabled.", 404)
        try:
            body = await read_bytes(request, MOST_BODY_BYTES)
        except ClientDisconnect:
            return Response(status_code=400)
        path = request.scope["raw_path"].removeprefix(self._below).decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        url = f"{self._origin()}{path}{query and '?'}{query}"
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        asked = HttpRequest(request.method, url, headers, body)
        answer = await self._deployment.actions.serve(asked, await self._caller(request))
        if isinstance(answer, HttpAnswer):
            return _Streamed(answer, f"{request.method} {path}", head_only=request.method == "HEAD")
        code, _, trace = failure_of(f"{request.method} {path}", answer).message.partition("\n")
        return Response(
            json.dumps({"code": code, "trace": trace}, ensure_ascii=False).encode(),
            500,
            media_type="application/json",
        )

    def _origin(self) -> str:
        """As the deployment was told; never what a request says of itself."""
        told = urlsplit(self._deployment.program.env.get("CONVEX_SITE_URL", "http://localhost"))
        return f"{told.scheme}://{told.netloc}"

    async def _caller(self, request: Request) -> Caller:
        """A token that isn't taken says nothing: the header may be the action's own."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            with suppress(TokenRefused):
                return await self._deployment.program.providers.identify(token.strip())
        return NOBODY


class _Streamed(Response):
    """An answer whose parts go out as they come. Whoever is gone is told nothing more, and the action goes on."""

    def __init__(self, answer: HttpAnswer, asked: str, *, head_only: bool) -> None:
        self._answer = answer
        self._asked = asked
        self._head_only = head_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self._answer.head.headers
            if name.lower() not in _OF_THE_CONNECTION
        ]
        await send({"type": "http.response.start", "status": self._answer.head.status, "headers": headers})
        listening = not self._head_only
        try:
            async for part in self._answer.parts:
                if listening:
                    try:
                        async with asyncio.timeout(TAKEN_SECONDS):
                            await send({"type": "http.response.body", "body": part, "more_body": True})
                    except (TimeoutError, OSError):
                        listening = False
        except (ResponseTooLarge, WorkerDied) as error:
            # Its beginning has been sent: what is cut off shows that it isn't whole.
            log.warning("%s was not answered to its end: %s", self._asked, error)
            return
        if listening or self._head_only:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def site_route(deployment: Deployment, below: str = "") -> Route:
    return Route(f"{below}/{{path:path}}", Site(deployment, below).answer, methods=METHODS)


def site_app(deployment: Deployment) -> Starlette:
    """An address of HTTP actions alone."""
    return Starlette(routes=[site_route(deployment)], exception_handlers={Wrong: refuse})

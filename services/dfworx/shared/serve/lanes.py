"""What stands before FastAPI: what is asked most is answered past its machinery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dfworx.shared.errors import ApiError
from dfworx.shared.serve.problems import problem_response

HotAnswers = Mapping[str, Callable[[Request], Awaitable[Response | None]]]
"""By path: what answers a GET before FastAPI sees it, or gives None to leave it to the route of that path."""


class HotLane:
    """Routing, dependencies and telemetry take FastAPI several times as long as a cached answer does."""

    def __init__(self, app: ASGIApp, answers: HotAnswers) -> None:
        self._app = app
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = None
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in self._answers:
            try:
                response = await self._answers[scope["path"]](Request(scope))
            except ApiError as error:
                response = problem_response(error)
        await (response or self._app)(scope, receive, send)

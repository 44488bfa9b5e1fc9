"""What every request gets, in one step, since the most asked must not pay for five: its id, its place in the figures,
a line in the log when there is something to tell, an answer for what nobody caught, HEAD where there is GET, and no
place in anybody's cache unless its route says so."""

from __future__ import annotations

import itertools
import logging
import re
import secrets
from collections.abc import Container
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.shared.errors import ApiError
from dfworx.shared.serve.activity import Activity
from dfworx.shared.serve.asking import Asked, asked
from dfworx.shared.serve.metrics import NO_ROUTE, Metrics
from dfworx.shared.serve.problems import problem_response
from dfworx.shared.serve.system_logs import SystemLog, told_of

SLOW_SECONDS = 1.0
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_QUIET = frozenset({"GET", "HEAD", "OPTIONS"})

logger = logging.getLogger("dfworx.requests")


class Requests:
    def __init__(
        self,
        app: ASGIApp,
        prefix: str,
        metrics: Metrics,
        hot: Container[str],
        system_log: SystemLog,
        activity: Activity,
    ) -> None:
        self._app = app
        self._prefix = prefix
        self._hot = hot
        self._metrics = metrics
        self._system_log = system_log
        self._activity = activity
        # Ids name a line in a log and open nothing: counting them costs a tenth of making them by chance.
        self._first = secrets.token_hex(5)
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = perf_counter()
        method = scope["method"]
        if method == "HEAD":
            # A copy: the server looks at its own to know that no body follows.
            scope = {**scope, "method": "GET"}
        current = Asked(self._id(scope))
        status = 0

        async def tell(event: Message) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
                event["headers"] = _completed(event["headers"], current)
            elif method == "HEAD":
                event = {
                    "type": "http.response.body",
                    "body": b"",
                    "more_body": event.get("more_body", False),
                }
            await send(event)

        token = asked.set(current)
        try:
            await self._app(scope, receive, tell)
        except Exception as error:
            current.failure = error
            if status:
                raise  # part of an answer is out: the server breaks the connection, so nobody takes it for whole
            await problem_response(ApiError())(scope, receive, tell)
        finally:
            seconds = perf_counter() - began
            route = self._route(scope)
            self._metrics.count(method, route, status, seconds)
            if current.caller is not None:
                self._activity.count(current.caller, seconds, failed=status >= 500 or not status)
            if status >= 400 or seconds > SLOW_SECONDS or method not in _QUIET:
                _log(current, method, route, status, seconds)
                self._tell_admins(current, method, route, status, seconds)
            asked.reset(token)

    def _tell_admins(self, current: Asked, method: str, route: str, status: int, seconds: float) -> None:
        """Of an organization whose member has asked; who is unknown has none."""
        failed = status >= 500 or not status
        if current.caller is None or not (failed or seconds > SLOW_SECONDS):
            return
        context = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "request_id": current.request_id,
            "user_id": str(current.caller.user_id),
        }
        if failed:
            message = f"{method} {route} failed: {told_of(current.failure, current.code)}"
            self._system_log.note(current.caller, "error", message, context)
        else:
            self._system_log.note(current.caller, "warning", f"{method} {route} was slow", context)

    def _id(self, scope: Scope) -> str:
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                if _ID.fullmatch(value):
                    given: str = value.decode()
                    return given
                break
        # Of one length: then answers that are alike are alike to the byte's count.
        return f"{self._first}-{next(self._numbers):08x}"

    def _route(self, scope: Scope) -> str:
        """Its template. One name for all that is none, or strangers would make as many as they like."""
        template: str | None = getattr(scope.get("route"), "path_format", None)
        if template is None:
            path: str = scope["path"]
            return path if path in self._hot else NO_ROUTE
        return template if template.startswith(("/.", "/metrics", self._prefix)) else self._prefix + template


def _completed(headers: list[tuple[bytes, bytes]], current: Asked) -> list[tuple[bytes, bytes]]:
    added = [(b"x-request-id", current.request_id.encode())]
    for name, _ in headers:
        if name == b"cache-control":
            break
    else:
        added.append((b"cache-control", b"no-store"))
    if (standing := current.standing) is not None:
        added += [
            (b"ratelimit-limit", b"%d" % standing.limit),
            (b"ratelimit-remaining", b"%d" % standing.remaining),
            (b"ratelimit-reset", b"%d" % standing.seconds),
        ]
    return [*headers, *added]


def _log(current: Asked, method: str, route: str, status: int, seconds: float) -> None:
    """What was read and isn't there is counted and not told: addresses are tried all the time."""
    if status == 404 and method in _QUIET and seconds <= SLOW_SECONDS:
        return
    told: dict[str, str | int | float] = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "request_id": current.request_id,
    }
    if current.caller is not None:
        told["organization_id"] = str(current.caller.organization_id)
        told["user_id"] = str(current.caller.user_id)
    if current.code is not None:
        told["code"] = current.code
    if status >= 500 or not status:
        logger.error("request failed", extra=told, exc_info=current.failure)
    elif status >= 400:
        logger.info("request refused", extra=told)
    elif seconds > SLOW_SECONDS:
        logger.warning("request slow", extra=told)
    else:
        logger.info("request", extra=told)

"""The HTTP door: one call, one answer. Paths, bodies and answers are those of Convex's own HTTP API."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dfworx.realtime.admin import admin_routes
from dfworx.realtime.door import Callers, Wrong, answering, bad, read_body, read_bytes, refuse, text
from dfworx.realtime.file_door import file_routes
from dfworx.realtime.protocol import read_timestamp, write_timestamp
from dfworx.realtime.runtime.admin_key import AdminKey
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.failures import failure_of
from dfworx.realtime.runtime.functions import Refused, Result
from dfworx.realtime.runtime.snapshots import SnapshotGone
from dfworx.realtime.site import BELOW, site_route
from dfworx.realtime.snapshot_door import snapshot_routes
from dfworx.realtime.values import InvalidValue, Value, decode, load, read_json, to_plain

MOST_IN_A_BATCH = 100
ENCODED, PLAIN = "convex_encoded_json", ("json", "convex_clean_json")
CORS_SECONDS = 86_400


class Call:
    """One function, what it is called with, and in which form its value is wanted."""

    def __init__(self, told: Any, path: str | None = None) -> None:
        """Raises Wrong."""
        if not isinstance(told, dict):
            raise bad("The body must be an object with path and args.")
        wanted = told.get("path") if path is None else path
        form = told.get("format") or PLAIN[0]
        if not isinstance(wanted, str):
            raise bad("path must be a string such as messages:list.")
        if form != ENCODED and form not in PLAIN:
            raise bad(f"format must be {ENCODED} or {PLAIN[0]}.")
        if told.get("componentPath"):
            raise bad("Components aren't supported by this deployment.")
        self.path, self.encoded = wanted, form == ENCODED
        self.args = _args(told.get("args", {}))

    def answer(self, result: Result) -> dict[str, Any]:
        if result.value is not None:
            value = json.loads(result.value) if self.encoded else to_plain(load(result.value))
            answer: dict[str, Any] = {"status": "success", "value": value}
        else:
            failure = failure_of(self.path, result)
            answer = {"status": "error", "errorMessage": failure.message}
            if failure.data is not None:
                answer["errorData"] = (
                    json.loads(failure.data) if self.encoded else to_plain(load(failure.data))
                )
        return answer | ({"logLines": result.log_lines} if result.log_lines else {})


class HttpDoor:
    def __init__(self, deployment: Deployment, admin_key: AdminKey) -> None:
        self._deployment = deployment
        self._callers = Callers(deployment, admin_key)

    async def query(self, request: Request) -> dict[str, Any]:
        return await self._query(await _call(request), await self._callers.identify(request))

    async def mutation(self, request: Request) -> dict[str, Any]:
        return await self._mutate(await _call(request), await self._callers.identify(request))

    async def action(self, request: Request) -> dict[str, Any]:
        return await self._act(await _call(request), await self._callers.identify(request))

    async def function(self, request: Request) -> dict[str, Any]:
        return await self._any(await _call(request), await self._callers.identify(request))

    async def run(self, request: Request) -> dict[str, Any]:
        module, _, name = request.path_params["path"].rpartition("/")
        call = Call(await read_body(request), f"{module}:{name}" if module else name)
        return await self._any(call, await self._callers.identify(request))

    async def query_ts(self, request: Request) -> dict[str, Any]:
        del request
        return {"ts": write_timestamp(self._deployment.queries.snapshots.take())}

    async def query_at_ts(self, request: Request) -> dict[str, Any]:
        told = await read_body(request)
        call = Call(told)
        try:
            ts = read_timestamp(told.get("ts"))
            queries = self._deployment.queries
            result = await queries.read_at(ts, call.path, call.args, await self._callers.identify(request))
        except ValueError as error:
            raise bad(str(error)) from None
        except SnapshotGone as error:
            raise Wrong(400, "SnapshotGone", str(error)) from None
        return call.answer(result)

    async def query_batch(self, request: Request) -> dict[str, Any]:
        told = await read_body(request)
        wanted = told.get("queries") if isinstance(told, dict) else None
        if not isinstance(wanted, list) or len(wanted) > MOST_IN_A_BATCH:
            raise bad(f"queries must be a list of at most {MOST_IN_A_BATCH}.")
        calls = [Call(each) for each in wanted]
        caller = await self._callers.identify(request)
        results = await self._deployment.queries.read([(each.path, each.args) for each in calls], caller)
        return {"results": [call.answer(result) for call, result in zip(calls, results, strict=True)]}

    async def _any(self, call: Call, caller: Caller) -> dict[str, Any]:
        try:
            kind = self._deployment.kind_of(call.path, internal=caller.admin)
        except Refused as error:
            return call.answer(Result(None, str(error)))
        if kind == "query":
            return await self._query(call, caller)
        return await (self._mutate if kind == "mutation" else self._act)(call, caller)

    async def _query(self, call: Call, caller: Caller) -> dict[str, Any]:
        [result] = await self._deployment.queries.read([(call.path, call.args)], caller)
        return call.answer(result)

    async def _mutate(self, call: Call, caller: Caller) -> dict[str, Any]:
        written = await self._deployment.mutate(call.path, call.args, caller)
        if written.stopped:
            raise Wrong(503, "WritesStopped", written.result.message)
        return call.answer(written.result)

    async def _act(self, call: Call, caller: Caller) -> dict[str, Any]:
        return call.answer(await self._deployment.act(call.path, call.args, caller))


def http_app(deployment: Deployment, admin_key: AdminKey, sockets: Collection[object] = ()) -> Starlette:
    """`sockets` are those that are open."""
    door = HttpDoor(deployment, admin_key)
    return Starlette(
        routes=[
            Route("/api/query", answering(door.query), methods=["GET", "POST"]),
            Route("/api/mutation", answering(door.mutation), methods=["POST"]),
            Route("/api/action", answering(door.action), methods=["POST"]),
            Route("/api/function", answering(door.function), methods=["POST"]),
            Route("/api/run/{path:path}", answering(door.run), methods=["POST"]),
            Route("/api/query_ts", answering(door.query_ts), methods=["POST"]),
            Route("/api/query_at_ts", answering(door.query_at_ts), methods=["POST"]),
            Route("/api/query_batch", answering(door.query_batch), methods=["POST"]),
            Route("/api/debug_event", text("")),
            Route("/version", text("dfworx")),
            Route("/instance_name", text("dfworx")),
            Route("/instance_version", text("dfworx")),
            Route("/", text("This Convex deployment is running. See https://docs.convex.dev/.\n")),
            Route("/echo", _echo, methods=["POST"]),
            *file_routes(deployment),
            *admin_routes(deployment, admin_key, sockets),
            *snapshot_routes(deployment, admin_key),
            site_route(deployment, BELOW),
        ],
        middleware=[
            Middleware(
                _Open,
                allow_origins=["*"],
                allow_methods=["*"],
                allow_headers=["*"],
                max_age=CORS_SECONDS,
            )
        ],
        exception_handlers={Wrong: refuse},
    )


class _Open(CORSMiddleware):
    """For pages of all origins; HTTP actions say themselves for whom they are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = scope["type"] == "http" and scope["path"].startswith(f"{BELOW}/")
        await (self.app if inner else super().__call__)(scope, receive, send)


async def _echo(request: Request) -> Response:
    # Never as what the sender calls it: a page of somebody else's would be one of this origin.
    return Response(await read_bytes(request), media_type="application/octet-stream")


async def _call(request: Request) -> Call:
    """Of the body, or of the address, where the arguments are JSON's text."""
    if request.method == "POST":
        return Call(await read_body(request))
    told: dict[str, Any] = dict(request.query_params)
    try:
        told["args"] = read_json(told.get("args") or "{}")
    except InvalidValue as error:
        raise bad(f"args is no JSON: {error}") from None
    return Call(told)


def _args(given: Any) -> Value:
    only = given[0] if isinstance(given, list) and len(given) == 1 else given
    try:
        args = decode(only)
    except InvalidValue as error:
        raise bad(str(error)) from None
    if not isinstance(args, dict):
        raise bad("args must be an object, or a list with one.")
    return args

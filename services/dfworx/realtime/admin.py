"""The door for whoever keeps the deployment: what `npx convex` and `./dfworx realtime` ask with the admin key, and the
figures. Paths and answers are those of Convex's own."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dfworx.realtime.door import Callers, Wrong, answering, bad, read_body
from dfworx.realtime.engine.schema import BadSchema
from dfworx.realtime.engine.variables import BadVariable
from dfworx.realtime.metrics import Metrics
from dfworx.realtime.runtime.admin_key import AdminKey
from dfworx.realtime.runtime.auth_config import BadAuthConfig
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.runs import Ran
from dfworx.realtime.runtime.worker import WorkerDied

TRUNCATED = " (truncated)"


class AdminDoor:
    """Each answer is for the admin key alone."""

    def __init__(self, deployment: Deployment, admin_key: AdminKey, sockets: Collection[object]) -> None:
        self._deployment = deployment
        self._callers = Callers(deployment, admin_key)
        self._metrics = Metrics(deployment, sockets)

    async def check_key(self, request: Request) -> dict[str, Any]:
        await self._callers.require_admin(request)
        return {"success": True}

    async def set_variables(self, request: Request) -> None:
        await self._callers.require_admin(request)
        told = await read_body(request)
        try:
            await self._deployment.set_variables(_changes(told))
        except BadVariable as error:
            raise Wrong(400, "InvalidEnvVar", str(error)) from None
        except (BadAuthConfig, BadSchema, WorkerDied) as error:
            raise Wrong(
                400,
                "EnvVarRefused",
                f"The functions can't be loaded with these environment variables. {error}",
            ) from None

    async def list_variables(self, request: Request) -> dict[str, Any]:
        await self._callers.require_admin(request)
        return {"environmentVariables": self._deployment.variables()}

    async def follow_runs(self, request: Request) -> dict[str, Any]:
        """What has run since the cursor; waits for a while when nothing has."""
        await self._callers.require_admin(request)
        try:
            cursor = float(request.query_params.get("cursor") or 0)
        except ValueError:
            cursor = math.nan
        if not math.isfinite(cursor):
            raise bad("cursor must be a number: 0, or the newCursor of an answer.")
        runs, last = await self._deployment.runs.since(cursor)
        return {"entries": [_told(each) for each in runs], "newCursor": last}

    async def show_figures(self, request: Request) -> Response:
        await self._callers.require_admin(request)
        text = generate_latest(self._metrics.registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def admin_routes(deployment: Deployment, admin_key: AdminKey, sockets: Collection[object]) -> list[Route]:
    door = AdminDoor(deployment, admin_key, sockets)
    return [
        Route("/api/check_admin_key", answering(door.check_key), methods=["GET", "POST"]),
        Route("/api/update_environment_variables", answering(door.set_variables), methods=["POST"]),
        Route("/api/v1/update_environment_variables", answering(door.set_variables), methods=["POST"]),
        Route("/api/v1/list_environment_variables", answering(door.list_variables), methods=["GET"]),
        Route("/api/stream_function_logs", answering(door.follow_runs), methods=["GET"]),
        Route("/metrics", door.show_figures, methods=["GET"]),
    ]


def _changes(told: Any) -> dict[str, str | None]:
    """Raises Wrong."""
    listed = told.get("changes") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise bad("changes must be a list of objects with name and value.")
    changes: dict[str, str | None] = {}
    for each in listed:
        name = each.get("name") if isinstance(each, dict) else None
        value = each.get("value") if isinstance(each, dict) else None
        if not isinstance(name, str) or not isinstance(value, str | None):
            raise bad("A change has a name, and a value that is a string, or null to unset it.")
        changes[name] = value
    return changes


def _told(ran: Ran) -> dict[str, Any]:
    at = ran.cursor / 1000
    return {
        "kind": "Completion",
        "udfType": ran.kind[0].upper() + ran.kind[1:],
        "componentPath": None,
        "identifier": ran.path,
        "logLines": [_log_line(each, ran.cursor) for each in ran.log_lines],
        "timestamp": at,
        "executionTimestamp": at - ran.seconds,
        "executionTime": ran.seconds,
        "success": None,
        "error": ran.message or None,
        "requestId": ran.request,
        "executionId": ran.request,
        "parentExecutionId": None,
        "cachedResult": False,
        "caller": "Unknown",
        "identityType": ran.who,
        "environment": "isolate",
        "willRetry": False,
        "occInfo": None,
        "usageStats": {},
    }


def _log_line(line: str, at: float) -> dict[str, Any]:
    """`[LEVEL] what was logged`, as the console wrote it."""
    level, _, rest = line.removeprefix("[").partition("] ")
    return {
        "level": level,
        "messages": [rest.removesuffix(TRUNCATED)],
        "isTruncated": rest.endswith(TRUNCATED),
        "timestamp": int(at),
    }

"""A service's application, put together: state, the single error form, health. Its `app.py` adds its routers and
nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.routing import BaseRoute

from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.context import Caller
from dfworx.shared.db import Database, claimed
from dfworx.shared.serve.activity import Activity
from dfworx.shared.serve.asking import asked
from dfworx.shared.serve.health import health_routes
from dfworx.shared.serve.idempotency import (
    Claim,
    DoneBefore,
    Once,
    answer_done_before,
    describe_keys,
    takes_key,
)
from dfworx.shared.serve.lanes import HotAnswers, HotLane
from dfworx.shared.serve.limits import PersonLimits, Windows, rules_for
from dfworx.shared.serve.metrics import Metrics, metrics_routes
from dfworx.shared.serve.problems import answer_problems, problems
from dfworx.shared.serve.requests import Requests
from dfworx.shared.serve.system_logs import SystemLog
from dfworx.shared.settings import Settings
from dfworx.shared.tokens import TokenVerifier

VERSION = importlib.metadata.version("dfworx")


def gather_routes(service: str, *routers: APIRouter) -> list[BaseRoute]:
    """Everything that a service serves, under /api/{service}. Gathered once, for however many applications: FastAPI
    takes half a second of work to read the signatures of a service."""
    gathered = FastAPI(
        openapi_url=None,
        generate_unique_id_function=lambda route: route.name,
        responses=problems(401, 422, 429, 503),
    )
    for router in [health_routes(), *routers]:
        gathered.include_router(router, prefix="" if router.prefix.startswith("/.") else f"/api/{service}")
    return gathered.router.routes


def build_app(
    service: str,
    title: str,
    settings: Settings,
    routes: list[BaseRoute],
    hot: HotAnswers | None = None,
) -> FastAPI:
    """The application of one service; its routes are `gather_routes`'."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = (app.state.cache.listen(), app.state.system_log.run(), app.state.activity.run())
        tasks = [asyncio.create_task(each) for each in running]
        yield
        for task in tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(
                asyncio.gather(app.state.system_log.flush(), app.state.activity.flush()), 1
            )
        await app.state.database.close()
        await app.state.redis.aclose()

    prefix = f"/api/{service}"
    app = FastAPI(
        title=title,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=f"{prefix}/openapi.json",
        docs_url=None,
        redoc_url=None,
        routes=[*routes],
        redirect_slashes=False,
        # Nobody collects it, and whether somebody does is asked of the environment at every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.redis = connect_redis(settings.redis_url.get_secret_value())
    app.state.cache = Cache(app.state.redis)
    app.state.tokens = TokenVerifier(settings.origin, settings.jwks_url)
    metrics = Metrics(service, app.state.database, app.state.cache)
    app.state.admit = Admission(PersonLimits(Windows(app.state.redis), rules_for(settings))).admit
    answer_problems(app)
    app.add_exception_handler(DoneBefore, answer_done_before)
    # The one added last is met first.
    app.add_middleware(Once, database=app.state.database)
    if hot:
        app.add_middleware(HotLane, answers=hot)
    app.state.system_log = SystemLog(app.state.database)
    app.state.activity = Activity(app.state.database)
    app.add_middleware(
        Requests,
        prefix=prefix,
        metrics=metrics,
        hot=frozenset(hot or ()),
        system_log=app.state.system_log,
        activity=app.state.activity,
    )
    app.include_router(metrics_routes(metrics))
    describe = app.openapi

    def describe_with_keys() -> dict[str, Any]:
        if app.openapi_schema is None:
            describe_keys(describe())
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = describe_with_keys  # type: ignore[method-assign]  # as FastAPI's own pages say it is done
    return app


class Admission:
    """What happens once it is known who asks."""

    def __init__(self, limits: PersonLimits) -> None:
        self._limits = limits

    async def admit(self, request: Request, caller: Caller) -> None:
        """Raises TooMany, DoneBefore, or KeyInUse."""
        if (current := asked.get()) is not None:
            current.caller = caller
        await self._limits.count(request, caller)
        claim = claimed.get()
        if isinstance(claim, Claim) and takes_key(request.scope["route"]):
            await claim.begin(caller)

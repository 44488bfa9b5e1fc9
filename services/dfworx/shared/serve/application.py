"""A service's application, put together: state, the single error form, health. Its `app.py` adds its routers and
nothing else."""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.db import Database
from dfworx.shared.serve.health import health_routes
from dfworx.shared.serve.lanes import HotAnswers, HotLane, NotKept
from dfworx.shared.serve.problems import answer_problems, problems
from dfworx.shared.settings import Settings
from dfworx.shared.tokens import TokenVerifier

VERSION = importlib.metadata.version("dfworx")


def build_app(
    service: str,
    title: str,
    settings: Settings,
    routers: list[APIRouter],
    hot: HotAnswers | None = None,
) -> FastAPI:
    """The application of one service, with everything under /api/{service}."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(app.state.cache.listen())
        yield
        listening.cancel()
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
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        # Nobody collects it, and whether somebody does is asked of the environment at every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        responses=problems(401, 422, 429, 503),
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.redis = connect_redis(settings.redis_url.get_secret_value())
    app.state.cache = Cache(app.state.redis)
    app.state.tokens = TokenVerifier(settings.origin, settings.jwks_url)
    answer_problems(app)
    # The one added last is met first: what the hot lane answers says itself how it may be kept.
    app.add_middleware(NotKept)
    if hot:
        app.add_middleware(HotLane, answers=hot)
    for router in [health_routes(prefix), *routers]:
        app.include_router(router, prefix="" if router.prefix.startswith("/.") else prefix)
    return app

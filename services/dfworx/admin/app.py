"""The admin service under /api/admin. Each slice adds its router to those that admins alone get to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, Depends, FastAPI

from dfworx.admin.admin_caller import require_admin
from dfworx.admin.audit_logs.routes import router as audit_logs
from dfworx.admin.flags.routes import router as flags
from dfworx.admin.members.routes import router as members
from dfworx.admin.overview.routes import router as overview
from dfworx.admin.reports.routes import router as reports
from dfworx.admin.settings.routes import router as settings
from dfworx.admin.system_health.actions import ANSWER_SECONDS, HealthCheck
from dfworx.admin.system_health.routes import router as system_health
from dfworx.admin.system_logs.routes import router as system_logs
from dfworx.shared.serve import build_app, gather_routes, problems, start_logging
from dfworx.shared.settings import Settings, read_settings

SLICES = (overview, reports, settings, members, flags, audit_logs, system_logs, system_health)


def _guarded() -> APIRouter:
    guarded = APIRouter(dependencies=[Depends(require_admin)], responses=problems(403))
    for router in SLICES:
        guarded.include_router(router)
    return guarded


ROUTES = gather_routes("admin", _guarded())


def create_app(settings: Settings, client: httpx.AsyncClient | None = None) -> FastAPI:
    """`client` is how other services are asked for their health."""
    app = build_app("admin", "DFWorX admin", settings, ROUTES)
    asking = client or httpx.AsyncClient(timeout=ANSWER_SECONDS)
    app.state.health_check = HealthCheck(settings, app.state.database, app.state.redis, asking)
    serving = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with serving(app), asking:
            yield

    app.router.lifespan_context = lifespan
    return app


def create() -> FastAPI:
    """For `uvicorn --factory dfworx.admin.app:create`: the one place where this service reads its environment."""
    settings = read_settings()
    start_logging("admin", settings)
    return create_app(settings)

"""The admin service under /api/admin. Each slice adds its router to those that admins alone get to."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI

from dfworx.admin.admin_caller import require_admin
from dfworx.admin.audit_logs.routes import router as audit_logs
from dfworx.admin.flags.routes import router as flags
from dfworx.admin.members.routes import router as members
from dfworx.admin.settings.routes import router as settings
from dfworx.admin.system_logs.routes import router as system_logs
from dfworx.shared.serve import build_app, gather_routes, problems, start_logging
from dfworx.shared.settings import Settings, read_settings

SLICES = (settings, members, flags, audit_logs, system_logs)


def _guarded() -> APIRouter:
    guarded = APIRouter(dependencies=[Depends(require_admin)], responses=problems(403))
    for router in SLICES:
        guarded.include_router(router)
    return guarded


ROUTES = gather_routes("admin", _guarded())


def create_app(settings: Settings) -> FastAPI:
    return build_app("admin", "DFWorX admin", settings, ROUTES)


def create() -> FastAPI:
    """For `uvicorn --factory dfworx.admin.app:create`: the one place where this service reads its environment."""
    settings = read_settings()
    start_logging("admin", settings)
    return create_app(settings)

"""/system-health: every part at a glance. Whether this service itself can work is told at /health, to all."""

from __future__ import annotations

from fastapi import APIRouter, Request

from dfworx.admin.system_health.schemas import SystemHealth
from dfworx.shared.caller import CurrentCaller

router = APIRouter(prefix="/system-health", tags=["health"])


@router.get("")
async def get_system_health(request: Request, caller: CurrentCaller) -> SystemHealth:
    """200 whatever is found."""
    health: SystemHealth = await request.app.state.health_check.look(caller)
    return health

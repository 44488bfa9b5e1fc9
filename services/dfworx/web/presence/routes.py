"""/presence. Whoever wants to see it change watches Convex's `presence:list`."""

from __future__ import annotations

from fastapi import APIRouter

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import CacheDep
from dfworx.web.presence.actions import list_online
from dfworx.web.presence.schemas import OnlinePage

router = APIRouter(prefix="/presence", tags=["presence"])


@router.get("")
async def list_people_online(cache: CacheDep, caller: CurrentCaller) -> OnlinePage:
    """Who of the organization is online, the last seen first; at most a thousand, on one page."""
    return OnlinePage(items=await list_online(cache, caller.organization_id), next_cursor=None)

"""How a service says that it is there, and whether it can work."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from redis.exceptions import RedisError

from dfworx.shared.errors import Unavailable


class Liveness(BaseModel):
    status: str


class Health(BaseModel):
    status: str
    database: str
    redis: str


def health_routes() -> APIRouter:
    """Ready is for whoever sends people here, alive for whoever restarts what has stopped: a service whose database is
    away isn't helped by a new start."""
    router = APIRouter()

    @router.get("/health/live", tags=["health"])
    async def get_liveness() -> Liveness:
        """200 while the process answers; asks nobody else."""
        return Liveness(status="alive")

    @router.get("/health", response_model=Health, tags=["health"], responses={503: {"model": Health}})
    async def get_health(request: Request) -> Response:
        """200 while the database answers; Redis away makes the service slower, not unready."""
        database = redis = "up"
        try:
            await request.app.state.database.ping()
        except Unavailable:
            database = "down"
        try:
            await request.app.state.redis.ping()
        except RedisError:
            redis = "down"
        status = "unavailable" if database == "down" else "degraded" if redis == "down" else "ready"
        body = orjson.dumps({"status": status, "database": database, "redis": redis})
        return Response(body, 503 if database == "down" else 200, media_type="application/json")

    return router

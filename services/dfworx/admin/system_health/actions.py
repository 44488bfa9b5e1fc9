"""Asking every part at once, each for two seconds at most: one that hangs holds nobody up. What belongs to all
organizations alike is told as a state and never counted; counts are of the caller's own events."""

from __future__ import annotations

import asyncio
import json
import math
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.admin.system_health import queries
from dfworx.admin.system_health.schemas import Part, Status, SystemHealth
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import ApiError
from dfworx.shared.settings import Settings

ANSWER_SECONDS = 2.0
PULSE_SECONDS = 15
"""How old the worker's last sign of life may be."""
LATE_SECONDS = 60
"""An event that waits longer is late."""
FULL = 0.9
LATE_BACKUPS = 2
"""Times as long as it should be between two."""
_PULSE = Path("run") / "worker.pulse"
_BACKUPS = Path("backups") / "state.json"
_MIGRATIONS = Path(__file__).resolve().parents[4] / "infrastructure" / "supabase" / "migrations"
_WORST: tuple[Status, ...] = ("down", "degraded", "up", "unknown")


class HealthCheck:
    def __init__(
        self, settings: Settings, database: Database, redis: Redis, client: httpx.AsyncClient
    ) -> None:
        self._settings = settings
        self._database = database
        self._redis = redis
        self._client = client

    async def look(self, caller: Caller) -> SystemHealth:
        settings = self._settings
        parts = await asyncio.gather(
            self._service("auth", f"{settings.auth_url or settings.origin}/api/auth/health"),
            self._service("web", f"{settings.web_url or settings.origin}/api/web/health"),
            _timed("postgresql", self._ask_database),
            _timed("redis", self._ask_redis),
            self._convex(),
            _timed("outbox", lambda: self._ask_outbox(caller)),
            _timed("worker", self._ask_worker),
            _timed("disk", self._ask_disk),
            _timed("backups", self._ask_backups),
            _timed("migrations", lambda: self._ask_migrations(caller)),
        )
        known = [part.status for part in parts]
        status = next(each for each in _WORST if each in known)
        return SystemHealth(status=status, checked_at=datetime.now(UTC), parts=list(parts))

    async def _service(self, name: str, url: str) -> Part:
        async def ask() -> Part:
            answer = await self._client.get(url)
            told = answer.json().get("status") if answer.status_code in (200, 503) else None
            if told == "ready":
                return Part(name=name, status="up", detail="")
            if told == "degraded":
                return Part(name=name, status="degraded", detail="It works without Redis, and more slowly.")
            return Part(name=name, status="down", detail=f"It answers with {answer.status_code}.")

        return await _timed(name, ask)

    async def _convex(self) -> Part:
        async def ask() -> Part:
            if not self._settings.convex_url:
                return Part(name="convex", status="unknown", detail="Its address isn't known here.")
            answer = await self._client.get(f"{self._settings.convex_url.rstrip('/')}/version")
            if answer.status_code < 400:
                return Part(name="convex", status="up", detail="")
            return Part(name="convex", status="down", detail=f"It answers with {answer.status_code}.")

        return await _timed("convex", ask)

    async def _ask_database(self) -> Part:
        await self._database.ping()
        return Part(name="postgresql", status="up", detail="")

    async def _ask_redis(self) -> Part:
        await self._redis.ping()
        return Part(name="redis", status="up", detail="")

    async def _ask_outbox(self, caller: Caller) -> Part:
        async with self._database.read(caller) as reader:
            found = await queries.find_outbox_state(reader)
        figures: dict[str, float | str] = {
            "waiting": found.waiting,
            "oldest_seconds": round(found.oldest_seconds, 1),
            "failed": found.failed,
        }
        detail = ""
        if found.failed:
            detail = f"{found.failed} events were given up; the system log says which."
        elif found.oldest_seconds > LATE_SECONDS:
            detail = "Events wait longer than they should."
        return Part(name="outbox", status="degraded" if detail else "up", detail=detail, figures=figures)

    async def _ask_worker(self) -> Part:
        try:
            age = time.time() - (self._settings.home / _PULSE).stat().st_mtime
        except OSError:
            return Part(name="worker", status="down", detail="There is no sign of life of it.")
        if age > PULSE_SECONDS:
            return Part(
                name="worker", status="down", detail=f"Its last sign of life is {age:.0f} seconds old."
            )
        return Part(name="worker", status="up", detail="")

    async def _ask_disk(self) -> Part:
        home = self._settings.home
        disk = shutil.disk_usage(home if home.exists() else home.parent)
        used = (disk.total - disk.free) / disk.total
        detail = "Little room is left." if used > FULL else ""
        return Part(
            name="disk",
            status="degraded" if detail else "up",
            detail=detail,
            figures={"used_percent": round(used * 100, 1)},
        )

    async def _ask_backups(self) -> Part:
        """As `./dfworx backup` has noted it. An archive holds every organization, so how large it is is told as a power
        of ten, and why something failed is the operator's to read."""
        try:
            noted: dict[str, Any] = json.loads((self._settings.home / _BACKUPS).read_text())
        except FileNotFoundError:
            return Part(name="backups", status="unknown", detail="None has been taken by itself here.")
        figures: dict[str, float | str] = {}
        problems = []
        if backup := noted.get("backup"):
            figures |= {"backup": "done" if backup["ok"] else "failed", "backup_at": backup["at"]}
            if not backup["ok"]:
                problems.append("The last backup failed; whoever runs this install can read why.")
            elif (
                backup.get("every_hours")
                and _hours_since(backup["at"]) > LATE_BACKUPS * backup["every_hours"]
            ):
                problems.append("The last backup is older than it should be.")
            if backup.get("bytes"):
                figures["at_most_megabytes"] = 10 ** max(0, math.ceil(math.log10(backup["bytes"] / 1e6)))
        if drill := noted.get("drill"):
            figures |= {"drill": "proven" if drill["ok"] else "failed", "drill_at": drill["at"]}
            if not drill["ok"]:
                problems.append("The last backup could not be restored in a drill.")
        status: Status = "degraded" if problems else "up"
        return Part(name="backups", status=status, detail=" ".join(problems), figures=figures)

    async def _ask_migrations(self, caller: Caller) -> Part:
        async with self._database.read(caller) as reader:
            applied = await queries.find_last_migration(reader)
        newest = max((path.name[:3] for path in _MIGRATIONS.glob("*.sql")), default=None)
        if applied is None or newest is None:
            return Part(name="migrations", status="unknown", detail="Which were applied isn't known here.")
        figures: dict[str, float | str] = {"applied": applied, "newest": newest}
        if applied == newest:
            return Part(name="migrations", status="up", detail="", figures=figures)
        detail = "The database and the services are of different versions."
        return Part(name="migrations", status="degraded", detail=detail, figures=figures)


def _hours_since(moment: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds() / 3600


async def _timed(name: str, ask: Callable[[], Awaitable[Part]]) -> Part:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            part = await ask()
    except (ApiError, RedisError, httpx.HTTPError, OSError, ValueError, TimeoutError):
        return Part(name=name, status="down", detail="It doesn't answer.")
    return part.model_copy(update={"ms": round((time.perf_counter() - began) * 1000, 1)})

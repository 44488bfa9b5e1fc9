"""Health of every part: what is well, what isn't, and nothing of what other organizations do."""

from __future__ import annotations

import json
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.admin.app import create_app
from dfworx.shared.settings import Settings
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase

HEALTH = "/api/admin/system-health"


@dataclass
class Looking:
    """An admin service whose neighbours are the real ones, and may be away."""

    app: FastAPI
    settings: Settings
    away: set[str]

    async def parts(self, person: Person) -> dict[str, dict[str, Any]]:
        health = await self.health(person)
        return {part["name"]: part for part in health["parts"]}

    async def health(self, person: Person) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {person.token}"}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://admin", headers=headers) as client:
            answer = await client.get(HEALTH)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
async def looking(
    database: TestDatabase, redis: Redis, auth_app: FastAPI, web_app: FastAPI, client_as: ClientAs
) -> AsyncIterator[Looking]:
    away: set[str] = set()

    async def neighbours(scope: Any, receive: Any, send: Any) -> None:
        name = scope["path"].split("/")[2]
        if name in away:
            raise httpx.ConnectError("away")
        await (web_app if name == "web" else auth_app)(scope, receive, send)

    settings = database.settings("dfworx_admin")
    app = create_app(settings, httpx.AsyncClient(transport=httpx.ASGITransport(neighbours)))
    app.state.tokens.trust((await client_as(None).get("/.well-known/jwks.json")).json())
    async with app.router.lifespan_context(app):
        yield Looking(app, settings, away)


def beat(looking: Looking, age: float = 0) -> None:
    """As the worker does."""
    pulse = looking.settings.home / "run" / "worker.pulse"
    pulse.parent.mkdir(parents=True, exist_ok=True)
    pulse.write_text(str(os.getpid()))
    os.utime(pulse, (time.time() - age, time.time() - age))


async def test_every_part_is_told_with_how_long_it_took(looking: Looking, make_person: MakePerson) -> None:
    beat(looking)
    health = await looking.health(await make_person(role="admin"))
    parts = {part["name"]: part for part in health["parts"]}
    assert set(parts) == {
        *(
            "auth",
            "web",
            "postgresql",
            "redis",
            "convex",
            "outbox",
            "worker",
            "disk",
            "backups",
            "migrations",
        ),
    }
    for name in ("auth", "web", "postgresql", "redis", "outbox", "worker", "migrations"):
        assert (parts[name]["status"], parts[name]["detail"]) == ("up", ""), parts[name]
        assert parts[name]["ms"] >= 0
    assert parts["convex"]["status"] == "unknown"
    assert 0 <= parts["disk"]["figures"]["used_percent"] <= 100
    assert parts["migrations"]["figures"]["applied"] == parts["migrations"]["figures"]["newest"]
    assert health["status"] in ("up", "degraded")


async def test_a_part_that_is_away_is_named_and_the_others_are_told(
    looking: Looking, make_person: MakePerson
) -> None:
    ann = await make_person(role="admin")
    looking.away.add("web")
    parts = await looking.parts(ann)
    assert parts["web"]["status"] == "down" and parts["auth"]["status"] == "up"
    assert (parts["worker"]["status"], "sign of life" in parts["worker"]["detail"]) == ("down", True)
    assert (await looking.health(ann))["status"] == "down"
    beat(looking, age=60)
    assert "60 seconds old" in (await looking.parts(ann))["worker"]["detail"]


async def test_events_that_wait_too_long_or_were_given_up_are_told(
    looking: Looking, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    await owner.execute("update shared_services.outbox set delivered_at = now(), handed_at = now()")
    for person, topic in ((ann, "posts.published"), (eve, "posts.archived"), (eve, "posts.trashed")):
        await owner.execute(
            "insert into shared_services.outbox (organization_id, topic, entity_id, created_at)"
            " values ($1, $2, $1, now() - interval '1 hour')",
            *(person.organization_id, topic),
        )
    late = (await looking.parts(ann))["outbox"]
    assert late["status"] == "degraded" and "longer than they should" in late["detail"]
    # Its own alone.
    assert late["figures"]["waiting"] == 1 and late["figures"]["oldest_seconds"] > 3500
    await owner.execute(
        "insert into shared_services.deliveries (organization_id, outbox_id, consumer, failed_at)"
        " select organization_id, outbox_id, 'mail', now() from shared_services.outbox where topic = 'posts.published'"
    )
    failed = (await looking.parts(ann))["outbox"]
    assert (failed["figures"]["failed"], failed["figures"]["waiting"]) == (1, 0)
    assert "given up" in failed["detail"]


def backed_up(looking: Looking, **noted: Any) -> None:
    """As `./dfworx backup` notes it."""
    file = looking.settings.home / "backups" / "state.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(noted))


async def test_the_last_backup_and_drill_are_told_but_not_what_is_in_them(
    looking: Looking, make_person: MakePerson
) -> None:
    ann = await make_person(role="admin")
    assert (await looking.parts(ann))["backups"]["status"] == "unknown"
    now = datetime.now(UTC)
    backup = {
        "at": now.isoformat(),
        "ok": True,
        "every_hours": 24,
        "bytes": 43_210_000,
        "rows": 5,
        "file": "/b",
    }
    drill = {"at": now.isoformat(), "ok": True, "rows": 5, "file": "/b"}
    backed_up(looking, backup=backup, drill=drill)
    told = (await looking.parts(ann))["backups"]
    assert (told["status"], told["detail"]) == ("up", "")
    assert told["figures"] == {
        **{"backup": "done", "backup_at": now.isoformat(), "at_most_megabytes": 100},
        **{"drill": "proven", "drill_at": now.isoformat()},
    }
    late = (now - timedelta(hours=49)).isoformat()
    backed_up(looking, backup={**backup, "at": late}, drill={**drill, "ok": False, "why": "secret words"})
    told = (await looking.parts(ann))["backups"]
    assert told["status"] == "degraded" and "secret" not in json.dumps(told)
    assert "older than it should be" in told["detail"] and "in a drill" in told["detail"]
    backed_up(looking, backup={"at": late, "ok": False, "every_hours": 24, "why": "secret words"})
    told = (await looking.parts(ann))["backups"]
    assert told["status"] == "degraded" and "The last backup failed" in told["detail"]
    assert "secret" not in json.dumps(told)


async def test_a_database_of_another_version_is_told(
    looking: Looking, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    await owner.execute("delete from supabase_migrations.schema_migrations where version >= '030'")
    told = (await looking.parts(await make_person(role="admin")))["migrations"]
    assert told["status"] == "degraded" and told["figures"]["applied"] == "029"


@pytest.mark.parametrize("role", ["stranger", "member", "moderator", "guest"])
async def test_a_stranger_and_who_is_no_admin_are_refused(
    make_person: MakePerson, client_as: ClientAs, role: str
) -> None:
    person = None if role == "stranger" else await make_person(role=role)
    assert (await client_as(person).get(HEALTH)).status_code == (403 if person else 401)


async def test_how_much_another_organization_does_is_not_told(
    looking: Looking, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    before = (await looking.parts(ann))["outbox"]["figures"]["waiting"]
    await owner.execute(
        "insert into shared_services.outbox (organization_id, topic, entity_id)"
        " select $1, 'posts.published', $1 from generate_series(1, 100)",
        eve.organization_id,
    )
    assert (await looking.parts(ann))["outbox"]["figures"]["waiting"] == before

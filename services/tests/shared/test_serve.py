"""What every service of ours does alike: one form for every refusal, health that tells, signing out at once."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from tests.conftest import ClientAs, MakePerson, TestDatabase, require_refusal


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://localhost:3000"
    )


@pytest.mark.parametrize("path", ["/api/web/nothing", "/api/auth/nothing", "/api/web/posts/"])
async def test_an_unknown_path_is_a_problem_document(client_as: ClientAs, path: str) -> None:
    answer = await client_as(None).get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() >= {"type", "title", "status", "code", "detail"}
    assert answer.json()["code"] == "not_found"


async def test_a_wrong_method_and_a_broken_body_are_problem_documents(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    client = client_as(await make_person())
    wrong_method = await client.put("/api/web/posts")
    assert (wrong_method.status_code, wrong_method.json()["code"]) == (405, "method_not_allowed")
    broken = await client.post(
        "/api/web/posts", content=b'{"title": ', headers={"Content-Type": "application/json"}
    )
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")


async def test_an_invalid_body_names_the_fields_and_repeats_no_value(client_as: ClientAs) -> None:
    answer = await client_as(None).post(
        "/api/auth/login", json={"email": "not-an-address", "password": "my secret words"}
    )
    assert answer.status_code == 422
    assert "email" in [each["field"] for each in answer.json()["errors"]]
    assert "my secret words" not in answer.text


async def test_health_is_ready_degraded_or_unavailable(database: TestDatabase, redis: Redis) -> None:
    from dfworx.web.app import create_app

    no_redis = {"redis_url": "redis://127.0.0.1:1/0"}
    no_database = {"database_url": "postgresql://a:b@127.0.0.1:1/x"}
    expected = [({}, 200, "ready"), (no_redis, 200, "degraded"), (no_database, 503, "unavailable")]
    for changes, status, told in expected:
        app = create_app(database.settings("dfworx_web", **changes))
        async with app.router.lifespan_context(app), client_of(app) as client:
            answer = await client.get("/api/web/health")
        assert (answer.status_code, answer.json()["status"]) == (status, told)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "bearer x y"])
async def test_no_token_or_a_bad_one_is_401(client_as: ClientAs, header: str) -> None:
    for path in ("/api/web/posts", "/api/auth/me"):
        answer = await client_as(None).get(path, headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_signing_out_ends_the_token_in_every_service(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    client = client_as(ann)
    assert (await client.get("/api/web/posts")).status_code == 200
    assert (await client.post("/api/auth/logout")).status_code in (200, 204)
    for path in ("/api/web/posts", "/api/auth/me"):
        await require_refusal(client, path, "session_ended")

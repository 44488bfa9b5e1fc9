"""What every service of ours does alike: one form for every refusal, health that tells, signing out at once."""

from __future__ import annotations

from uuid import uuid4

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
    assert answer.json()["detail"] == "Nothing is served at this address."


async def test_a_wrong_method_and_a_broken_body_are_problem_documents(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    client = client_as(await make_person())
    wrong_method = await client.put("/api/web/posts")
    assert (wrong_method.status_code, wrong_method.json()["code"]) == (405, "method_not_allowed")
    assert wrong_method.json()["detail"] == "This address doesn't take this method."
    assert wrong_method.headers["allow"] == "GET, HEAD, POST"
    one = await client.put(f"/api/web/posts/{uuid4()}")
    assert one.headers["allow"] == "DELETE, GET, HEAD, PATCH"
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


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/api/auth/login", {"email": "a@example.org"}, "password"),
        ("POST", "/api/auth/login", [], "body"),
        ("POST", "/api/auth/login", {"email": 1, "password": "x"}, "email"),
        ("POST", "/api/auth/login", {"email": "a@example.org", "password": "x", "surprise": 1}, "surprise"),
        (
            "POST",
            "/api/auth/login",
            {"email": "a@example.org", "password": "x", "organization": "x" * 101},
            "organization",
        ),
        ("POST", "/api/auth/refresh", {"refresh_token": "x" * 201}, "refresh_token"),
        ("GET", "/api/auth/users?limit=ten", None, "limit"),
        ("GET", "/api/auth/users?limit=101", None, "limit"),
        ("GET", "/api/web/posts/nope", None, "post_id"),
    ],
)
async def test_an_invalid_request_is_told_in_words_for_people(
    client_as: ClientAs, make_person: MakePerson, method: str, path: str, body: object, field: str
) -> None:
    answer = await client_as(await make_person()).request(method, path, json=body)
    assert answer.status_code == 422
    [told] = [each["detail"] for each in answer.json()["errors"] if each["field"] == field]
    for jargon in ("Input", "Field", "dictionary", "items", "parse", "permitted", "character:"):
        assert jargon not in told
    assert told.endswith(".")


@pytest.mark.parametrize(
    "path", ["/api/auth/me", "/api/auth/organizations", "/api/auth/nothing", "/api/auth/login"]
)
async def test_what_says_nothing_of_caches_is_kept_by_none(
    client_as: ClientAs, make_person: MakePerson, path: str
) -> None:
    for client in (client_as(await make_person()), client_as(None)):
        assert (await client.get(path)).headers["cache-control"] == "no-store"


async def test_a_refusal_before_routing_is_kept_by_no_cache(client_as: ClientAs) -> None:
    answer = await client_as(None).get("/api/web/posts")
    assert (answer.status_code, answer.headers["cache-control"]) == (401, "no-store")


async def test_head_is_get_without_its_body(client_as: ClientAs, make_person: MakePerson) -> None:
    client = client_as(await make_person())
    for path in ("/api/web/posts", "/api/web/posts", "/api/auth/me", "/api/web/nothing", "/api/web/health"):
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        for name in ("content-length", "content-type", "etag", "cache-control"):
            if "nothing" not in path:  # its length is that of its own request's id
                assert head.headers.get(name) == got.headers.get(name)


async def test_a_live_service_answers_with_nothing_else_there(database: TestDatabase) -> None:
    from dfworx.web.app import create_app

    away = {"redis_url": "redis://127.0.0.1:1/0", "database_url": "postgresql://a:b@127.0.0.1:1/x"}
    app = create_app(database.settings("dfworx_web", **away))
    async with app.router.lifespan_context(app), client_of(app) as client:
        answer = await client.get("/api/web/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


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

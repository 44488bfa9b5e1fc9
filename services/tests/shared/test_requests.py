"""What every request leaves behind: its id, a line that tells no secret, and a figure that no stranger can multiply."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import APIRouter, FastAPI
from limits import parse
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from dfworx.cli.home import choose_port
from dfworx.shared.cache import connect_redis
from dfworx.shared.serve import start_logging
from dfworx.shared.serve.application import Admission, build_app, gather_routes
from dfworx.shared.serve.limits import DEVELOPMENT, PRODUCTION, PersonLimits, Rules, Windows, rules_for
from tests.conftest import PASSWORD, ClientAs, MakePerson, TestDatabase
from tests.web.conftest import POST, create, publish

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(database: TestDatabase, capfd: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What was written since the last call, as a service's own process writes it outside of development. The first
    call begins: while a test is set up, pytest has the logs."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    production = database.settings("dfworx_web").model_copy(update={"env": "production"})
    begun = False

    def read() -> list[dict[str, Any]]:
        nonlocal begun
        if not begun:
            start_logging("web", production)
            begun = True
        return [orjson.loads(line) for line in capfd.readouterr().out.splitlines()]

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)


async def figures(app: FastAPI) -> dict[tuple[str, ...], float]:
    """By name and the values of its labels."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        text = (await client.get("/metrics")).text
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    order = ("service", "method", "route", "status", "outcome", "state")
    return {
        (each.name, *[each.labels[name] for name in order if name in each.labels]): each.value
        for each in samples
        if not each.name.endswith("_bucket")
    }


@pytest.mark.parametrize("given", ["a", "x" * 64, "0af7651916cd43dd-8448.eb_1"])
async def test_an_id_that_came_along_is_kept(client_as: ClientAs, given: str) -> None:
    for path in ("/api/web/posts", "/api/web/nothing", "/api/auth/health"):
        answer = await client_as(None).get(path, headers={"X-Request-Id": given})
        assert answer.headers["x-request-id"] == given
        if answer.status_code >= 400:
            assert answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "a\tb"])
async def test_any_other_is_replaced_and_each_is_new(client_as: ClientAs, given: str) -> None:
    headers = {"X-Request-Id": given}
    made = {
        (await client_as(None).get("/api/web/posts", headers=headers)).headers["x-request-id"]
        for _ in range(3)
    }
    assert len(made) == 3
    assert given not in made
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", each) for each in made)


async def test_writes_and_refusals_are_told_and_reads_are_not(
    make_person: MakePerson, client_as: ClientAs, lines: Lines
) -> None:
    ann = await make_person()
    client = client_as(ann)
    post = await create(client)
    lines()
    await client.get("/api/web/posts")
    await client.get("/api/web/posts?q=salary")
    await client.get("/api/web/nothing")
    assert lines() == []
    await client.patch(
        f"/api/web/posts/{post['post_id']}", json={"title": "T"}, headers={"X-Request-Id": "mine"}
    )
    (line,) = lines()
    told = line["request_id"], line["method"], line["route"], line["status"], line["code"], line["level"]
    assert told == ("mine", "PATCH", "/api/web/posts/{post_id}", 428, "version_required", "info")
    assert (line["user_id"], line["organization_id"]) == (str(ann.user_id), str(ann.organization_id))
    assert (line["service"], line["event"]) == ("web", "request refused")
    assert line["ms"] > 0 and line["time"].endswith("Z")
    await create(client)
    (line,) = lines()
    assert (line["event"], line["status"], "code" in line) == ("request", 201, False)


async def test_no_line_holds_a_secret_or_what_people_wrote(
    make_person: MakePerson, client_as: ClientAs, lines: Lines, capfd: pytest.CaptureFixture[str]
) -> None:
    ann = await make_person(role="admin")
    client = client_as(ann)
    lines()
    await create(client, title="Salaries of all", content="What Ben earns")
    await client.get("/api/web/posts", params={"q": "salaries", "limit": "wrong"})
    await client_as(None).post("/api/auth/login", json={"email": ann.email, "password": PASSWORD + "x"})
    invited = (
        await client.post("/api/auth/invitations", json={"email": "b@a.example", "role": "guest"})
    ).json()
    await client_as(None).post(f"/api/auth/invitations/{invited['token']}/accept", json={"name": 1})
    told = capfd.readouterr().out
    assert told.count("\n") >= 5
    for secret in (ann.token, ann.email, PASSWORD, "alaries", "Ben earns", invited["token"], "b@a.example"):
        assert secret not in told


def test_uvicorns_lines_are_ours_and_it_names_no_addresses(lines: Lines) -> None:
    lines()
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "Started"})
    logging.getLogger("uvicorn.access").info("GET /api/auth/invitations/secret")
    (line,) = lines()
    assert (line["event"], line["logger"], "color_message" in line) == ("Started", "uvicorn.error", False)
    assert not logging.getLogger("uvicorn.access").hasHandlers()


async def _breaking(database: TestDatabase, redis: Redis) -> AsyncIterator[FastAPI]:
    router = APIRouter()

    @router.get("/broken/{name}")
    async def break_down(name: str) -> None:
        raise LookupError(f"nobody may read of {name}")

    app = build_app("web", "Broken", database.settings("dfworx_web"), gather_routes("web", router))
    async with app.router.lifespan_context(app):
        yield app


async def test_what_nobody_caught_is_a_problem_document_and_a_place_in_the_log(
    database: TestDatabase, redis: Redis, lines: Lines
) -> None:
    lines()
    async for app in _breaking(database, redis):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get("/api/web/broken/ann")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert answer.headers["x-request-id"] == answer.json()["request_id"]
        assert answer.headers["cache-control"] == "no-store"
        (line,) = lines()
        assert (line["event"], line["level"]) == ("request failed", "error")
        assert "break_down" in line["failure"] and "builtins.LookupError" in line["failure"]
        assert "of ann" not in line["failure"]
        assert (await figures(app))[
            "dfworx_request_seconds_count", "web", "GET", "/api/web/broken/{name}", "5xx"
        ] == 1


async def test_requests_are_counted_by_template_and_strangers_addresses_as_one(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    for _ in range(3):
        await client.get("/api/web/posts")
        await client.get(f"/api/web/posts/{post['post_id']}")
    for number in range(20):
        await client.get(f"/api/web/{number}")
        await client.request(f"METHOD{number}", "/api/web/posts")
    counted = {
        labels: value
        for (name, *labels_), value in (await figures(web_app)).items()
        if name == "dfworx_request_seconds_count" and (labels := tuple(labels_))
    }
    assert counted["web", "GET", "/api/web/posts", "2xx"] == 3
    assert counted["web", "GET", "/api/web/posts/{post_id}", "2xx"] == 3
    assert counted["web", "GET", "none", "4xx"] == 20
    assert counted["web", "other", "/api/web/posts", "4xx"] == 20
    assert len(counted) == 6


async def test_the_parts_tell_how_they_are(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI
) -> None:
    client = client_as(await make_person())
    for _ in range(3):
        await client.get("/api/web/posts")
    told = await figures(web_app)
    assert told["dfworx_database_connections", "web", "in_use"] == 0
    assert told["dfworx_database_connections", "web", "idle"] >= 1
    assert told["dfworx_cache_reads_total", "web", "miss"] >= 1
    assert told["dfworx_cache_reads_total", "web", "kept"] >= 1
    assert told["dfworx_cache_reads_total", "web", "redis_away"] == 0
    assert told["process_resident_memory_bytes",] > 0


def admit(app: FastAPI, redis: Redis, writes: str, searches: str) -> None:
    app.state.admit = Admission(PersonLimits(Windows(redis), Rules(parse(writes), parse(searches)))).admit


async def test_writes_are_counted_by_person_and_each_answer_tells_what_is_left(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI, redis: Redis
) -> None:
    ann, ben = client_as(await make_person()), client_as(await make_person())
    admit(web_app, redis, "3/1 minute", "2/1 minute")
    for left in (2, 1, 0):
        answer = await ann.post("/api/web/posts", json=POST)
        assert answer.status_code == 201
        assert (answer.headers["ratelimit-limit"], answer.headers["ratelimit-remaining"]) == ("3", str(left))
        assert 0 < int(answer.headers["ratelimit-reset"]) <= 120
    refused = await ann.post("/api/web/posts", json=POST)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert refused.headers["ratelimit-remaining"] == "0"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    assert (await ben.post("/api/web/posts", json=POST)).status_code == 201
    plain = await ann.get("/api/web/posts")
    assert (plain.status_code, "ratelimit-limit" in plain.headers) == (200, False)
    assert [(await ann.get("/api/web/posts?q=dough")).status_code for _ in range(3)] == [200, 200, 429]


async def test_sign_ins_tell_what_is_left(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = await make_person()
    answer = await client_as(None).post("/api/auth/login", json={"email": ann.email, "password": PASSWORD})
    assert int(answer.headers["ratelimit-limit"]) == 1_000_000
    assert int(answer.headers["ratelimit-remaining"]) < 1_000_000


async def test_without_redis_writes_go_on_uncounted(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI
) -> None:
    client = client_as(await make_person())
    away = connect_redis(f"redis://127.0.0.1:{choose_port()}/0")
    admit(web_app, away, "1/1 minute", "1/1 minute")
    answers = await asyncio.gather(*[client.post("/api/web/posts", json=POST) for _ in range(3)])
    assert {each.status_code for each in answers} == {201}
    assert all("ratelimit-limit" not in each.headers for each in answers)
    await away.aclose()


def test_in_development_the_limits_are_out_of_reach(database: TestDatabase) -> None:
    settings = database.settings("dfworx_web")
    assert rules_for(settings) is DEVELOPMENT
    assert rules_for(settings.model_copy(update={"env": "production"})) is PRODUCTION

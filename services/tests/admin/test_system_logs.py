"""System logs: what broke is told to the admins of whoever met it, found, grouped, watched, and forgotten in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
import pytest
from fastapi import APIRouter, FastAPI
from redis.asyncio import Redis

from dfworx.shared.caller import CurrentCaller
from dfworx.shared.errors import Unavailable
from dfworx.shared.serve import build_app, gather_routes
from tests.admin.conftest import choose
from tests.conftest import ClientAs, Inject, MakePerson, Person, TestDatabase

LOGS = "/api/admin/system-logs"


@pytest.fixture
async def breaking(
    database: TestDatabase, redis: Redis, auth_app: FastAPI, client_as: ClientAs
) -> AsyncIterator[FastAPI]:
    """A web service in which something breaks."""
    router = APIRouter()

    @router.get("/broken/{name}")
    async def break_down(name: str, caller: CurrentCaller) -> None:
        if name == "away":
            raise Unavailable
        raise LookupError(f"nobody may read of {name}")

    app = build_app("web", "Broken", database.settings("dfworx_web"), gather_routes("web", router))
    app.state.tokens.trust((await client_as(None).get("/.well-known/jwks.json")).json())
    async with app.router.lifespan_context(app):
        yield app


async def meet(app: FastAPI, person: Person | None, name: str) -> int:
    headers = {"Authorization": f"Bearer {person.token}"} if person else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://web", headers=headers) as client:
        answer = await client.get(f"/api/web/broken/{name}")
    await app.state.system_log.flush()
    return answer.status_code


async def write(owner: asyncpg.Connection, person: Person, *messages: str, **columns: Any) -> list[int]:
    """Rows of a minute ago."""
    numbers = []
    for message in messages:
        number = await owner.fetchval(
            "insert into app_admin.system_logs (organization_id, service, level, message, created_at)"
            " values ($1, $2, $3, $4, now() - $5::text::interval) returning system_log_id",
            *(
                person.organization_id,
                columns.get("service", "worker"),
                columns.get("level", "error"),
                message,
            ),
            columns.get("age", "1 minute"),
        )
        numbers.append(number)
    return numbers


async def read(client: httpx.AsyncClient, path: str = LOGS, **filters: Any) -> list[dict[str, Any]]:
    answer = await client.get(path, params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_what_broke_is_told_to_the_admins_without_a_word_of_what_was_sent(
    breaking: FastAPI, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    assert await meet(breaking, ben, "salaries") == 500
    [told] = await read(client_as(ann))
    assert (told["service"], told["level"]) == ("web", "error")
    assert told["message"].startswith("GET /api/web/broken/{name} failed: LookupError")
    assert told["context"]["user_id"] == str(ben.user_id) and told["context"]["status"] == 500
    assert told["context"]["request_id"]
    assert "salaries" not in orjson.dumps(told).decode()
    assert await meet(breaking, ben, "away") == 503
    newest = (await read(client_as(ann)))[0]
    assert newest["message"] == "GET /api/web/broken/{name} failed: unavailable"


async def test_what_a_stranger_meets_is_told_to_no_organization(
    breaking: FastAPI, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    await make_person()
    assert await meet(breaking, None, "salaries") == 401
    assert await owner.fetchval("select count(*) from app_admin.system_logs") == 0


async def test_the_log_is_read_page_by_page_and_narrowed(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    ann = client_as(person)
    numbers = await write(owner, person, *(f"Mail {n} was LOST" for n in range(5)))
    slow = await write(owner, person, "It was slow", level="warning", service="web", age="2 days")
    first = (await ann.get(LOGS, params={"limit": 4})).json()
    rest = (await ann.get(LOGS, params={"limit": 4, "cursor": first["next_cursor"]})).json()
    seen = [each["system_log_id"] for each in first["items"] + rest["items"]]
    assert seen == sorted([*numbers, *slow], reverse=True) and rest["next_cursor"] is None
    for filters, expected in (
        ({"level": "warning"}, slow),
        ({"service": "web"}, slow),
        ({"q": "lost"}, numbers[::-1]),
        ({"q": "50%"}, []),
        ({"to": "2020-01-01T00:00:00Z"}, []),
        ({"from": "2020-01-01T00:00:00Z", "level": "warning"}, slow),
    ):
        assert [each["system_log_id"] for each in await read(ann, **filters)] == expected, filters


async def test_messages_that_differ_in_numbers_and_ids_alone_are_one_group(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    ann = client_as(person)
    await write(owner, person, "Mail 1 was lost", "Mail 22 was lost", f"Post {UUID(int=1)} fell")
    await write(owner, person, "Mail 3 was lost", level="warning")
    await write(owner, person, f"Post {UUID(int=2**127)} fell")
    groups = await read(ann, f"{LOGS}/groups")
    assert [(each["message"], each["level"], each["count"]) for each in groups] == [
        (f"Post {UUID(int=2**127)} fell", "error", 2),
        ("Mail 3 was lost", "warning", 1),
        ("Mail 22 was lost", "error", 2),
    ]
    of_it = await read(ann, fingerprint=groups[2]["fingerprint"])
    assert [each["message"] for each in of_it] == ["Mail 22 was lost", "Mail 1 was lost"]
    assert len(await read(ann, f"{LOGS}/groups", level="error")) == 2
    page = (await ann.get(f"{LOGS}/groups", params={"limit": 2})).json()
    rest = (await ann.get(f"{LOGS}/groups", params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert page["items"] + rest["items"] == groups


async def test_who_watches_sees_what_comes_once_and_in_order(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    ann = client_as(person)
    await write(owner, person, "Before")
    start = (await ann.get(f"{LOGS}/tail")).json()
    assert start["items"] == []
    await write(owner, person, "One", "Two", "Three")
    first = (await ann.get(f"{LOGS}/tail", params={"after": start["cursor"], "limit": 2})).json()
    second = (await ann.get(f"{LOGS}/tail", params={"after": first["cursor"]})).json()
    assert [each["message"] for each in first["items"] + second["items"]] == ["One", "Two", "Three"]
    nothing = (await ann.get(f"{LOGS}/tail", params={"after": second["cursor"]})).json()
    assert nothing == {"items": [], "cursor": second["cursor"]}
    # What was written this very moment comes a moment later, so that no lower number can come after it.
    await write(owner, person, "Now", age="0 seconds")
    async with asyncio.timeout(10):
        while not (later := await read(ann, f"{LOGS}/tail", after=second["cursor"])):
            pass
    assert [each["message"] for each in later] == ["Now"]


@pytest.mark.parametrize(
    "bad",
    ["level=fatal", "service=%00", "q=%00", "from=today", "cursor=x", "limit=0", f"fingerprint={'a' * 33}"],
)
async def test_a_bad_filter_is_refused(make_person: MakePerson, client_as: ClientAs, bad: str) -> None:
    ann = client_as(await make_person(role="admin"))
    for path in (LOGS, f"{LOGS}/groups", f"{LOGS}/tail"):
        if "cursor" in bad and path.endswith("tail"):
            bad = "after=x"
        assert (await ann.get(f"{path}?{bad}")).status_code == 422, path


@pytest.mark.parametrize("path", [LOGS, f"{LOGS}/groups", f"{LOGS}/tail"])
async def test_a_stranger_and_who_is_no_admin_read_nothing(
    make_person: MakePerson, client_as: ClientAs, path: str
) -> None:
    assert (await client_as(None).get(path)).status_code == 401
    for role in ("member", "moderator", "guest"):
        assert (await client_as(await make_person(role=role)).get(path)).status_code == 403


async def test_another_organization_reads_and_writes_nothing_of_it(
    breaking: FastAPI,
    make_person: MakePerson,
    client_as: ClientAs,
    inject: Inject,
    owner: asyncpg.Connection,
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    await meet(breaking, ann, "salaries")
    start = (await client_as(eve).get(f"{LOGS}/tail")).json()["cursor"]
    await write(owner, ann, "Ours")
    assert await read(client_as(eve)) == []
    assert await read(client_as(eve), f"{LOGS}/groups") == []
    assert await read(client_as(eve), f"{LOGS}/tail", after=start) == []
    connection = await inject("dfworx_web", eve)
    await connection.execute("select app.write_log('error', 'Theirs', '{}')")
    assert [each["message"] for each in await read(client_as(eve))] == ["Theirs"]
    assert "Theirs" not in orjson.dumps(await read(client_as(ann))).decode()
    nobody = await asyncpg.connect(breaking.state.settings.database_url.get_secret_value())
    await nobody.execute("select app.write_log('error', 'Nobody', '{}')")
    await nobody.close()
    assert await owner.fetchval("select count(*) from app_admin.system_logs where message = 'Nobody'") == 0


async def test_an_organization_says_how_long_its_log_is_kept(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(role="admin"))
    assert (await choose(ann, "system_log_days", 7))["value"] == 7

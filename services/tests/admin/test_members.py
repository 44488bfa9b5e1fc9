"""Members as admins look through them: found, narrowed, as a file, and where they are signed in."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from dfworx.admin.exports import PAGE
from tests.conftest import ClientAs, MakePerson, require_refusal

MEMBERS = "/api/admin/members"


async def names(client: httpx.AsyncClient, **filters: Any) -> list[str]:
    answer = await client.get(MEMBERS, params={"limit": 100, **filters})
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


async def test_members_are_found_by_name_and_email_and_narrowed(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = client_as(await make_person(role="admin", name="Ann", email="ann@lumen.example"))
    await make_person(role="moderator", name="ben", email="ben@nova.example")
    cleo = await make_person(role="guest", name="Cleo", email="cleo@lumen.example")
    await owner.execute(
        "insert into public.users (organization_id, name, origin) values ($1, 'Dora 100%', 'imported')",
        cleo.organization_id,
    )
    await ann.patch(f"/api/auth/members/{cleo.user_id}", json={"is_active": False})
    assert await names(ann) == ["Ann", "ben", "Cleo", "Dora 100%"]
    assert await names(ann, q="BEN") == ["ben"]
    assert await names(ann, q="@LUMEN") == ["Ann", "Cleo"]
    assert await names(ann, q="0%") == ["Dora 100%"]
    assert await names(ann, role="moderator") == ["ben"]
    assert await names(ann, active="false") == ["Cleo"]
    assert await names(ann, origin="imported") == ["Dora 100%"]
    one = (await ann.get(f"{MEMBERS}/{cleo.user_id}")).json()
    assert (one["email"], one["is_active"], one["origin"]) == ("cleo@lumen.example", False, "registered")


async def test_pages_neither_repeat_nor_skip(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin", name="Zoe")
    await owner.execute(
        "insert into public.users (organization_id, name, email, origin)"
        " select $1, case when n % 2 = 0 then 'Same' else 'same' end, n || '@x.example', 'invited'"
        " from generate_series(1, 9) n",
        person.organization_id,
    )
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client_as(person).get(
            MEMBERS, params={"limit": 4, **({"cursor": cursor} if cursor else {})}
        )
        seen += [each["user_id"] for each in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
    assert len(seen) == len(set(seen)) == 10


async def test_they_are_exported_as_csv_and_json(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin", name="+49 Ann")
    ann = client_as(person)
    answer = await ann.get(f"{MEMBERS}/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="members.csv"'
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["name"], row["email"], row["is_active"]) == ("'+49 Ann", person.email, "true")
    await owner.execute(
        "insert into public.users (organization_id, name, origin)"
        " select $1, 'Imported ' || n, 'imported' from generate_series(1, $2) n",
        *(person.organization_id, PAGE + 1),
    )
    everybody = (await ann.get(f"{MEMBERS}/export", params={"format": "json"})).json()
    assert len({each["user_id"] for each in everybody}) == PAGE + 2
    imported = await ann.get(f"{MEMBERS}/export", params={"format": "json", "origin": "invited"})
    assert imported.json() == []


async def test_an_admin_sees_where_somebody_is_signed_in_and_signs_them_out_everywhere(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    body = {"email": ben.email, "password": ben.password, "organization": ben.organization}
    await client_as(None).post("/api/auth/login", json=body, headers={"User-Agent": "A second device"})
    path = f"{MEMBERS}/{ben.user_id}/sessions"
    sessions = (await client_as(ann).get(path)).json()["items"]
    assert len(sessions) == 2 and sessions[0]["user_agent"] == "A second device"
    assert set(sessions[0]) == {"session_id", "user_agent", "address", "began_at", "last_used_at"}
    ended = await client_as(ann).delete(f"/api/auth/members/{ben.user_id}/sessions")
    assert ended.status_code == 204
    for service in ("/api/web/posts", "/api/auth/me"):
        await require_refusal(client_as(ben), service, "session_ended")
    refresh = {"refresh_token": ben.tokens["refresh_token"]}
    assert (await client_as(None).post("/api/auth/refresh", json=refresh)).status_code == 401
    assert (await client_as(ann).get(path)).json()["items"] == []
    assert (await client_as(None).post("/api/auth/login", json=body)).status_code == 200
    assert (await client_as(ann).get("/api/auth/me")).status_code == 200


async def test_without_redis_sessions_are_not_told_as_none(
    make_person: MakePerson, client_as: ClientAs, redis: Redis
) -> None:
    ann = await make_person(role="admin")
    await redis.set(f"sessions:{ann.user_id}", "no sorted set")
    answer = await client_as(ann).get(f"{MEMBERS}/{ann.user_id}/sessions")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize("bad", ["role=owner", "active=maybe", "origin=born", "q=%00", "cursor=x", "limit=0"])
async def test_a_bad_filter_is_refused(make_person: MakePerson, client_as: ClientAs, bad: str) -> None:
    ann = client_as(await make_person(role="admin"))
    assert (await ann.get(f"{MEMBERS}?{bad}")).status_code == 422
    assert (await ann.get(f"{MEMBERS}/nobody")).status_code == 422
    assert (await ann.get(f"{MEMBERS}/export?format=xls")).status_code == 422


@pytest.mark.parametrize("role", ["member", "moderator", "guest", "stranger"])
async def test_a_stranger_and_who_is_no_admin_read_nothing_and_sign_nobody_out(
    make_person: MakePerson, client_as: ClientAs, role: str
) -> None:
    person = None if role == "stranger" else await make_person(role=role)
    other = await make_person()
    client, status = client_as(person), 403 if person else 401
    for path in ("", "/export", f"/{other.user_id}", f"/{other.user_id}/sessions"):
        assert (await client.get(MEMBERS + path)).status_code == status, path
    assert (await client.delete(f"/api/auth/members/{other.user_id}/sessions")).status_code == status
    assert (await client_as(other).get("/api/auth/me")).status_code == 200


async def test_nobody_of_another_organization_is_seen_or_signed_out(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", name="Eve")
    client = client_as(ann)
    assert "Eve" not in await names(client) and await names(client, q="umbra") == []
    assert "Eve" not in (await client.get(f"{MEMBERS}/export")).text
    for who in (eve.user_id, uuid4()):
        assert (await client.get(f"{MEMBERS}/{who}")).status_code == 404
        assert (await client.get(f"{MEMBERS}/{who}/sessions")).status_code == 404
        assert (await client.delete(f"/api/auth/members/{who}/sessions")).status_code == 404
    assert (await client_as(eve).get("/api/auth/me")).status_code == 200

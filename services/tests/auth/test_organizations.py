"""Registering an organization with its first admin, and changing the caller's own."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from httpx import Response

from tests.auth.conftest import escaped
from tests.conftest import ClientAs, MakePerson

PASSWORD = "a password of some length"


async def register(client_as: ClientAs, **changes: Any) -> Response:
    user = {"name": "Ada", "email": "ada@northlight.example", "password": PASSWORD}
    organization = {"name": "Northern Light", "slug": "northern-light"}
    body: dict[str, Any] = {"organization": organization, "user": user}
    for name, value in changes.items():
        place, _, field = name.partition("__")
        body[place][field] = value
    return await client_as(None).post("/api/auth/register", **escaped(body))


async def test_registering_makes_an_organization_and_signs_its_admin_in(client_as: ClientAs) -> None:
    answer = await register(
        client_as, user__email=" Ada@Northlight.EXAMPLE ", organization__name=" Northern Light "
    )
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"access_token", "expires_in", "refresh_token", "user"}
    assert body["expires_in"] == 600
    user = body["user"]
    assert user == {
        "user_id": user["user_id"],
        "organization_id": user["organization_id"],
        "name": "Ada",
        "email": "ada@northlight.example",
        "avatar_url": None,
        "role": "admin",
        "organization": {
            "organization_id": user["organization_id"],
            "name": "Northern Light",
            "slug": "northern-light",
        },
    }
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert (await client_as(None).get("/api/auth/me", headers=headers)).json() == user
    assert answer.headers["cache-control"] == "no-store"


async def test_a_taken_slug_makes_nothing(client_as: ClientAs, owner: asyncpg.Connection) -> None:
    assert (await register(client_as)).status_code == 201
    answer = await register(client_as, user__email="ben@northlight.example")
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert await owner.fetchval("select count(*) from app_auth.identities") == 1


async def test_a_known_email_with_another_password_is_refused(
    client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    assert (await register(client_as)).status_code == 201
    before = await owner.fetch("select * from app_auth.identities")
    answer = await register(client_as, organization__slug="second", user__password="not the same one")
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert await owner.fetch("select * from app_auth.identities") == before
    assert await owner.fetchval("select count(*) from public.organizations") == 1


async def test_a_known_email_with_its_password_gets_another_organization(
    client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    first = (await register(client_as)).json()["user"]
    before = await owner.fetch("select * from app_auth.identities")
    answer = await register(client_as, organization__slug="second", user__name="Ada B.")
    assert answer.status_code == 201
    second = answer.json()["user"]
    assert second["organization_id"] != first["organization_id"]
    assert second["user_id"] != first["user_id"]
    assert await owner.fetch("select * from app_auth.identities") == before


async def test_of_many_registering_one_slug_at_once_one_wins(
    client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    answers = await asyncio.gather(
        *[register(client_as, user__email=f"person-{number}@northlight.example") for number in range(6)]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "slug_taken"}
    assert await owner.fetchval("select count(*) from app_auth.identities") == 1


async def test_of_many_registering_one_email_at_once_one_wins(
    client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    answers = await asyncio.gather(
        *[
            register(client_as, organization__slug=f"slug-{number}", user__password=f"password {number}")
            for number in range(4)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await owner.fetchval("select count(*) from public.organizations") == 1


BAD_INPUT = [
    ("organization__slug", "A"),
    ("organization__slug", "a"),
    ("organization__slug", "North"),
    ("organization__slug", "-north"),
    ("organization__slug", "a--b"),
    ("organization__slug", "a_b"),
    ("organization__slug", "a" * 51),
    ("organization__slug", "nörd"),
    ("organization__name", "   "),
    ("organization__name", "n" * 101),
    ("user__name", "two\nlines"),
    ("user__name", "nul\0"),
    ("user__name", "half \ud800"),
    ("user__name", None),
    ("user__email", "ada"),
    ("user__email", "ada@"),
    ("user__email", "a b@northlight.example"),
    ("user__email", "ada\0@northlight.example"),
    ("user__password", "1234567"),
    ("user__password", "p" * 201),
    ("user__password", "with \0 nul"),
    ("user__password", "half \ud800 of"),
]


async def test_bad_input_is_refused_with_a_sentence(client_as: ClientAs, owner: asyncpg.Connection) -> None:
    for place, value in BAD_INPUT:
        answer = await register(client_as, **{place: value})
        assert answer.status_code == 422, (place, value, answer.text)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["code"] == "invalid"
        assert problem["errors"][0]["field"] == place.replace("__", ".")
        assert "Value error" not in problem["detail"]
        if isinstance(value, str) and "password" in place:
            assert value not in answer.text
    assert await owner.fetchval("select count(*) from public.organizations") == 0


async def test_without_redis_nothing_is_registered(
    without_redis: ClientAs, owner: asyncpg.Connection
) -> None:
    answer = await register(without_redis)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert await owner.fetchval("select count(*) from public.organizations") == 0


async def test_an_admin_renames_the_organization(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    answer = await client_as(ann).patch("/api/auth/organization", json={"name": "Lumen e. V."})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["slug"]) == ("Lumen e. V.", "lumen")
    assert (await client_as(ann).get("/api/auth/organization")).json() == answer.json()
    assert (await client_as(ann).get("/api/auth/me")).json()["organization"]["name"] == "Lumen e. V."


async def test_others_do_not(client_as: ClientAs, make_person: MakePerson) -> None:
    for role in ("moderator", "member", "guest"):
        ben = await make_person(role=role)
        assert (await client_as(ben).get("/api/auth/organization")).status_code == 200
        answer = await client_as(ben).patch("/api/auth/organization", json={"name": "Mine"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_slug_of_another_organization_is_not_taken_over(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    await make_person(organization="harbour", role="admin")
    answer = await client_as(ann).patch("/api/auth/organization", json={"slug": "harbour"})
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    renamed = await client_as(ann).patch("/api/auth/organization", json={"name": "Renamed"})
    assert renamed.status_code == 200
    assert await owner.fetchval("select name from public.organizations where slug = 'harbour'") == "Harbour"


async def test_a_stranger_sees_and_changes_no_organization(client_as: ClientAs) -> None:
    stranger = client_as(None)
    assert (await stranger.get("/api/auth/organization")).status_code == 401
    assert (await stranger.patch("/api/auth/organization", json={"name": "Mine"})).status_code == 401
    bad = {"Authorization": "Bearer not.a.token"}
    assert (await stranger.get("/api/auth/organization", headers=bad)).status_code == 401


async def test_a_bad_slug_is_refused_on_change(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    answer = await client_as(ann).patch("/api/auth/organization", json={"slug": "Not A Slug"})
    assert answer.status_code == 422

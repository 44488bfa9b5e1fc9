"""Profiles: everybody's are read by the whole organization, one's own is written."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson

PROFILES = "/api/web/profiles"


async def test_a_profile_is_there_before_its_row_and_everybody_reads_what_its_person_wrote(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, guest = await make_person(name="Ann"), await make_person(role="guest")
    begun = (await client_as(guest).get(f"{PROFILES}/{ann.user_id}")).json()
    assert begun == {
        "user_id": str(ann.user_id),
        "name": "Ann",
        "avatar_url": None,
        "role": "member",
        "is_active": True,
        "title": "",
        "bio": "",
        "timezone": None,
        "joined_at": begun["joined_at"],
    }
    assert await owner.fetchval("select count(*) from app_web.profiles") == 0

    told = {"title": " Baker ", "bio": "Rye, *mostly*.", "timezone": "Europe/Oslo"}
    written = await client_as(ann).patch(f"{PROFILES}/me", json=told)
    assert written.status_code == 200
    assert written.json() == {**begun, **told, "title": "Baker"}
    # What was kept before is forgotten, in Redis and in the process.
    assert (await client_as(guest).get(f"{PROFILES}/{ann.user_id}")).json() == written.json()
    assert (await client_as(ann).get(f"{PROFILES}/me")).json() == written.json()

    own = f"{PROFILES}/{ann.user_id}"
    assert (await client_as(ann).patch(own, json={"timezone": None})).json()["timezone"] is None
    after = (await client_as(ann).patch(own, json={})).json()
    assert (after["title"], after["bio"], after["timezone"]) == ("Baker", told["bio"], None)


async def test_a_name_changed_in_the_account_shows_and_who_left_is_still_told(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    where = f"{PROFILES}/{ann.user_id}"
    tag = (await client_as(admin).get(where)).headers["etag"]
    assert (await client_as(admin).get(where, headers={"If-None-Match": tag})).status_code == 304
    await client_as(ann).patch("/api/auth/me", json={"name": "Anna"})
    assert (await client_as(admin).get(where)).json()["name"] == "Anna"
    await client_as(admin).patch(f"/api/auth/members/{ann.user_id}", json={"is_active": False})
    assert (await client_as(admin).get(where)).json()["is_active"] is False


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
async def test_nobody_changes_the_profile_of_another(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, role: str
) -> None:
    ann, bob = await make_person(), await make_person(role=role)
    await client_as(ann).patch(f"{PROFILES}/me", json={"bio": "Mine"})
    answer = await client_as(bob).patch(f"{PROFILES}/{ann.user_id}", json={"bio": "Not mine"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    web = await inject("dfworx_web", bob)
    assert (await web.execute("update app_web.profiles set bio = 'forged'")).endswith(" 0")
    assert (await client_as(bob).get(f"{PROFILES}/{ann.user_id}")).json()["bio"] == "Mine"


async def test_two_first_writes_at_once_both_count(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = client_as(await make_person())
    answers = await asyncio.gather(
        *(ann.patch(f"{PROFILES}/me", json=each) for each in ({"title": "Baker"}, {"bio": "Rye"}))
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    profile = (await ann.get(f"{PROFILES}/me")).json()
    assert (profile["title"], profile["bio"]) == ("Baker", "Rye")


CALLS = [("get", "/me"), ("patch", "/me"), ("get", "/{user_id}"), ("patch", "/{user_id}")]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_stranger_gets_nothing(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str
) -> None:
    address = PROFILES + path.format(user_id=(await make_person()).user_id)
    assert (await client_as(None).request(method, address, json={"bio": "x"})).status_code == 401


@pytest.mark.parametrize("method", ["get", "patch"])
async def test_another_organization_finds_nobody(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, method: str
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    await client_as(ann).patch(f"{PROFILES}/me", json={"bio": "Ours"})
    assert (await client_as(ann).get(f"{PROFILES}/{ann.user_id}")).status_code == 200
    body = {"bio": "Theirs"} if method == "patch" else None
    answers = [
        await client_as(eve).request(method, f"{PROFILES}/{user_id}", json=body)
        for user_id in (ann.user_id, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    web = await inject("dfworx_web", eve)
    assert (
        await web.fetch("select * from app_web.profiles where organization_id = $1", ann.organization_id)
        == []
    )
    assert (await client_as(ann).get(f"{PROFILES}/me")).json()["bio"] == "Ours"


BAD: list[dict[str, Any]] = [
    {"title": "x" * 101},
    {"title": "\0"},
    {"title": None},
    {"bio": "x" * 5001},
    {"bio": None},
    {"timezone": "Mars/Olympus"},
    {"timezone": "../etc/passwd"},
    {"timezone": ""},
    {"timezone": "x" * 101},
    {"timezone": 1},
    {"name": "Somebody"},
    {"role": "admin"},
    {"preferences": {}},
    {"user_id": "d1f1f7c0-0000-4000-8000-000000000000"},
]


@pytest.mark.parametrize("fields", BAD, ids=lambda fields: str(fields)[:40])
async def test_bad_input_is_refused_by_name(
    make_person: MakePerson, client_as: ClientAs, fields: dict[str, Any]
) -> None:
    ann = client_as(await make_person())
    before = (await ann.get(f"{PROFILES}/me")).json()
    answer = await ann.patch(f"{PROFILES}/me", json=fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == list(fields)
    assert (await ann.get(f"{PROFILES}/me")).json() == before
    assert (await ann.get(f"{PROFILES}/nobody")).status_code == 422

"""One's own account, the people of an organization, and people without an account from an import."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from redis.asyncio import Redis

from dfworx.auth.members.actions import add_imported_people
from dfworx.shared.context import Caller
from dfworx.shared.errors import Invalid, NotAllowed
from dfworx.shared.pages import encode_cursor
from tests.auth.conftest import escaped
from tests.conftest import ClientAs, MakePerson, Person

ME, USERS = "/api/auth/me", "/api/auth/users"


async def names(client: AsyncClient, **params: Any) -> list[str]:
    answer = await client.get(USERS, params=params)
    assert answer.status_code == 200, answer.text
    return [user["name"] for user in answer.json()["items"]]


async def test_me_tells_the_person_and_their_organization(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(name="Ann", role="guest")
    assert (await client_as(ann).get(ME)).json() == {
        "user_id": str(ann.user_id),
        "organization_id": str(ann.organization_id),
        "name": "Ann",
        "email": ann.email,
        "avatar_url": None,
        "role": "guest",
        "organization": {"organization_id": str(ann.organization_id), "name": "Lumen", "slug": "lumen"},
    }


async def test_a_person_changes_their_name_and_avatar(client_as: ClientAs, make_person: MakePerson) -> None:
    ann, ben = await make_person(name="Ann"), await make_person(name="Ben")
    assert await names(client_as(ben)) == ["Ann", "Ben"]
    changed = await client_as(ann).patch(
        ME, json={"name": " Zoë ", "avatar_url": "https://cdn.example/z.png"}
    )
    assert changed.status_code == 200
    assert changed.json()["name"] == "Zoë"
    # At once, for others too, though their list was cached.
    assert await names(client_as(ben)) == ["Ben", "Zoë"]
    one = await client_as(ben).get(f"{USERS}/{ann.user_id}")
    assert one.json()["avatar_url"] == "https://cdn.example/z.png"
    kept = await client_as(ann).patch(ME, json={})
    assert kept.json() == changed.json()
    cleared = await client_as(ann).patch(ME, json={"avatar_url": None})
    assert (cleared.json()["avatar_url"], cleared.json()["name"]) == (None, "Zoë")


async def test_nobody_changes_their_own_role(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    body = {"role": "admin", "is_active": False, "email": "x@y.example", "organization_id": str(uuid4())}
    before = await owner.fetchrow("select * from public.users where user_id = $1", ann.user_id)
    refused = await client_as(ann).patch(ME, json=body)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == list(body)
    assert await owner.fetchrow("select * from public.users where user_id = $1", ann.user_id) == before


BAD_INPUT: list[Any] = [
    {"name": None},
    {"name": ""},
    {"name": "x" * 101},
    {"name": "nul\0"},
    {"name": "half \udfff"},
    {"avatar_url": "http://cdn.example/a.png"},
    {"avatar_url": "javascript:alert(1)"},
    {"avatar_url": "https://user:secret@cdn.example/a.png"},
    {"avatar_url": "https://cdn.example/" + "a" * 2000},
    {"avatar_url": "https://cdn.example/\0"},
    [],
]


async def test_bad_input_is_refused(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    for body in BAD_INPUT:
        answer = await client_as(ann).patch(ME, **escaped(body))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body


async def test_pages_give_each_person_once_in_the_order_of_names(
    client_as: ClientAs, make_person: MakePerson, auth_app: FastAPI
) -> None:
    ann = await make_person(name="ann", role="admin")
    await add(auth_app, ann, ["Ben", "cid", "Dora", "Émile", "Zed", "ben two", "张伟"])
    client = client_as(ann)
    collected: list[str] = []
    cursor: str | None = None
    while True:
        answer = (
            await client.get(USERS, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
        ).json()
        assert len(answer["items"]) <= 3
        collected += [user["name"] for user in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert collected == await names(client, limit=100)
    assert sorted(collected) == sorted(["ann", "Ben", "cid", "Dora", "Émile", "Zed", "ben two", "张伟"])
    assert collected[:4] == ["ann", "Ben", "ben two", "cid"]


async def test_people_are_found_by_part_of_their_name(
    client_as: ClientAs, make_person: MakePerson, auth_app: FastAPI
) -> None:
    ann = await make_person(name="Ann Smith", role="admin")
    await add(auth_app, ann, ["Hannah", "100%", "Bo_b", "Émile"])
    client = client_as(ann)
    assert await names(client, q="ANN") == ["Ann Smith", "Hannah"]
    assert await names(client, q="%") == ["100%"]
    assert await names(client, q="_") == ["Bo_b"]
    assert await names(client, q="émi") == ["Émile"]
    assert await names(client, q="nobody") == []
    assert len(await names(client, q="  ")) == 5


async def test_the_list_is_cached_an_hour_for_all_of_the_organization(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann, ben = await make_person(name="Ann"), await make_person(name="Ben")
    assert await names(client_as(ann)) == ["Ann", "Ben"]
    [key] = [key async for key in redis.scan_iter(f"public.users:{ann.organization_id}:*")]
    assert 3000 < await redis.ttl(key) <= 3600
    # Behind the service's back, so that only the cache can still know the old name.
    await owner.execute("update public.users set name = 'Renamed' where user_id = $1", ann.user_id)
    assert await names(client_as(ben)) == ["Ann", "Ben"]


async def test_made_up_places_fill_no_memory(
    client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person(name="Ann")
    before = await redis.dbsize()
    for letter in "abcde":
        place = encode_cursor(f"A{letter}", str(UUID(int=1)))
        assert (await client_as(ann).get(USERS, params={"cursor": place})).status_code == 200
    assert await redis.dbsize() == before


async def test_another_organization_reveals_nothing(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, cid = await make_person(name="Ann"), await make_person(organization="harbour", name="Cid")
    mine, theirs = client_as(ann), client_as(cid)
    assert await names(mine) == ["Ann"]
    assert await names(theirs) == ["Cid"]
    assert await names(mine, q="cid") == []
    place = encode_cursor("", str(cid.user_id))
    assert await names(mine, cursor=place) == ["Ann"]
    assert (await theirs.get(f"{USERS}/{cid.user_id}")).status_code == 200
    foreign = await mine.get(f"{USERS}/{cid.user_id}")
    absent = await mine.get(f"{USERS}/{uuid4()}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    # Nothing of the caller is taken from what the request says.
    lie = {"X-Organization-Id": str(cid.organization_id), "X-User-Id": str(cid.user_id)}
    answer = await mine.get(ME, headers=lie, params={"organization_id": str(cid.organization_id)})
    assert answer.json()["user_id"] == str(ann.user_id)


async def test_a_stranger_sees_nobody(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    for path in (ME, USERS, f"{USERS}/{ann.user_id}"):
        assert (await client_as(None).get(path)).status_code == 401
        bad = {"Authorization": f"Bearer {ann.token[:-4]}AAAA"}
        assert (await client_as(None).get(path, headers=bad)).status_code == 401
    assert (await client_as(None).patch(ME, json={"name": "x"})).status_code == 401


MALFORMED = [
    "limit=0",
    "limit=101",
    "limit=x",
    "cursor=%00",
    "cursor=abc",
    "q=%00",
    "q=" + "a" * 101,
    "cursor=" + encode_cursor("a", "b"),
    "cursor=" + encode_cursor("nul\0", str(UUID(int=1))),
]


async def test_a_malformed_query_is_refused(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    for query in MALFORMED:
        answer = await client_as(ann).get(f"{USERS}?{query}")
        assert answer.status_code == 422, (query, answer.text)
    assert (await client_as(ann).get(f"{USERS}/not-an-id")).status_code == 422


# People without an account ----------------------------------------------------------------------------


async def add(app: FastAPI, person: Person, wanted: list[str]) -> dict[str, UUID]:
    role: Any = person.role
    caller = Caller(person.user_id, person.organization_id, role, uuid4())
    return await add_imported_people(app.state.database, app.state.cache, caller, wanted)


async def test_imported_people_are_added_once(
    client_as: ClientAs, make_person: MakePerson, auth_app: FastAPI, owner: asyncpg.Connection
) -> None:
    ann = await make_person(name="Ann", role="admin")
    assert await names(client_as(ann)) == ["Ann"]
    first = await add(auth_app, ann, ["Vitalik", " Vitalik ", "Ann", "x" * 150])
    assert first["Vitalik"] == first[" Vitalik "]
    assert first["Ann"] != ann.user_id
    assert await names(client_as(ann)) == ["Ann", "Ann", "Vitalik", "x" * 100]
    again = await add(auth_app, ann, ["Vitalik", "Micah"])
    assert again["Vitalik"] == first["Vitalik"]
    rows = await owner.fetch("select * from public.users where origin = 'imported'")
    assert len(rows) == 4
    assert all(row["identity_id"] is None and row["email"] is None for row in rows)
    assert all(row["organization_id"] == ann.organization_id for row in rows)
    assert await add(auth_app, ann, []) == {}


async def test_two_imports_at_once_add_each_person_once(
    make_person: MakePerson, auth_app: FastAPI, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    wanted = [f"Author {number}" for number in range(200)]
    first, second = await asyncio.gather(add(auth_app, ann, wanted), add(auth_app, ann, wanted[::-1]))
    assert first == second
    assert await owner.fetchval("select count(*) from public.users where origin = 'imported'") == 200


async def test_imported_people_of_another_organization_are_others(
    make_person: MakePerson, auth_app: FastAPI
) -> None:
    ann, cid = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    assert (await add(auth_app, ann, ["Vitalik"]))["Vitalik"] != (await add(auth_app, cid, ["Vitalik"]))[
        "Vitalik"
    ]


async def test_only_admins_add_people(make_person: MakePerson, auth_app: FastAPI) -> None:
    for role in ("moderator", "member", "guest"):
        with pytest.raises(NotAllowed):
            await add(auth_app, await make_person(role=role), ["Vitalik"])


async def test_a_name_of_nothing_is_refused(make_person: MakePerson, auth_app: FastAPI) -> None:
    ann = await make_person(role="admin")
    for name in ["", "  ", "\0", "\u2028", "\ud800"]:
        with pytest.raises(Invalid):
            await add(auth_app, ann, [name])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/auth/me", "name"),
        ("/api/auth/members/{user_id}", "role"),
        ("/api/auth/members/{user_id}", "is_active"),
        ("/api/auth/organization", "name"),
        ("/api/auth/organization", "slug"),
    ],
)
async def test_null_where_nothing_can_be_taken_away_is_refused(
    client_as: ClientAs, make_person: MakePerson, path: str, field: str
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    answer = await client_as(ann).patch(path.format(user_id=ben.user_id), json={field: None})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": field, "detail": "Send a value, or leave this out to keep it."}
    ]

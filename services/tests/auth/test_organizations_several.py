"""People of several organizations: which they are, and going on to another without the password."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import jwt
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from redis.asyncio import Redis

from dfworx.auth.organizations.actions import switch_organization
from dfworx.auth.session_store import Device, Session
from dfworx.shared.caller import SessionEnded
from tests.auth.conftest import escaped
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person

LIST, SWITCH, ME, LOGIN, CHANGE = (
    f"/api/auth/{name}" for name in ("organizations", "switch", "me", "login", "password")
)
ANN = "ann@somewhere.example"


async def switch(client: AsyncClient, slug: str, **more: Any) -> Response:
    return await client.post(SWITCH, json={"organization": slug, **more})


async def browser_of(client_as: ClientAs, person: Person) -> AsyncClient:
    browser = client_as(None)
    body = {"email": person.email, "password": PASSWORD, "organization": person.organization}
    assert (await browser.post(LOGIN, json={**body, "session": "cookie"})).status_code == 200
    return browser


async def test_a_persons_organizations_are_listed_by_name(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(email=ANN, role="admin")
    there = await make_person(organization="harbour", email=ANN, role="guest")
    await make_person(organization="quay")
    answer = await client_as(ann).get(LIST)
    assert answer.status_code == 200
    assert answer.json() == {
        "items": [
            {
                "organization_id": str(person.organization_id),
                "name": person.organization.title(),
                "slug": person.organization,
                "role": person.role,
                "user_id": str(person.user_id),
                "is_current": person is ann,
            }
            for person in (there, ann)
        ],
        "next_cursor": None,
    }
    current = [
        item["slug"] for item in (await client_as(there).get(LIST)).json()["items"] if item["is_current"]
    ]
    assert current == ["harbour"]


async def test_an_organization_where_one_was_deactivated_is_not_listed(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(email=ANN)
    there = await make_person(organization="harbour", email=ANN)
    await owner.execute("update public.users set is_active = false where user_id = $1", there.user_id)
    assert [item["slug"] for item in (await client_as(ann).get(LIST)).json()["items"]] == ["lumen"]
    gone = await switch(client_as(ann), "harbour")
    never = await switch(client_as(ann), "no-such")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert (gone.text, never.status_code) == (never.text, 404)


async def test_a_person_goes_on_to_another_of_their_organizations(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(email=ANN, role="admin")
    there = await make_person(organization="harbour", email=ANN, role="guest")
    answer = await switch(client_as(ann), " harbour ")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["org_id"]) == (str(there.user_id), str(there.organization_id))
    assert claims["org_role"] == "guest"
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client_as(None).get(ME, headers=headers)).json() == tokens["user"]
    assert (await client_as(ann).get(ME)).status_code == 200, "by bearer token both go on"
    refreshed = await client_as(None).post(
        "/api/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
    )
    assert refreshed.json()["user"]["organization"]["slug"] == "harbour"


async def test_an_organization_of_others_is_like_one_that_is_not_there(
    client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person(role="admin")
    await make_person(organization="harbour")
    sessions = {key async for key in redis.scan_iter("session*")}
    theirs, nobodys = await switch(client_as(ann), "harbour"), await switch(client_as(ann), "no-such")
    assert (theirs.status_code, theirs.text) == (404, nobodys.text)
    assert {key async for key in redis.scan_iter("session*")} == sessions


async def test_in_a_browser_the_session_left_behind_ends(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann = await make_person(email=ANN)
    there = await make_person(organization="harbour", email=ANN)
    browser = await browser_of(client_as, ann)
    left = browser.cookies["dfworx_refresh"].partition(".")[0]
    answer = await switch(browser, "harbour")
    assert answer.status_code == 200
    assert set(answer.json()) == {"expires_in", "user"}
    assert (await browser.get(ME)).json()["user_id"] == str(there.user_id)
    assert not await redis.exists(f"session:{left}")
    noted = await owner.fetch("select * from shared_services.outbox where topic = 'sessions.revoked'")
    assert [(row["organization_id"], str(row["entity_id"])) for row in noted] == [(ann.organization_id, left)]
    assert (await client_as(ann).get(ME)).status_code == 200, "another device goes on"
    refused = await switch(browser, "no-such")
    assert (refused.status_code, (await browser.get(ME)).status_code) == (404, 200)


async def test_a_bearer_may_ask_for_cookies_and_keeps_its_session(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(email=ANN)
    await make_person(organization="harbour", email=ANN)
    answer = await switch(client_as(ann), "harbour", session="cookie")
    assert set(answer.json()) == {"expires_in", "user"}
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert (await client_as(ann).get(ME)).status_code == 200


async def test_another_site_switches_nobody(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(email=ANN)
    await make_person(organization="harbour", email=ANN)
    browser = await browser_of(client_as, ann)
    for headers in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
        for client, more in ((browser, {}), (client_as(ann), {"session": "cookie"})):
            answer = await client.post(SWITCH, json={"organization": "harbour", **more}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert (await browser.get(ME)).json()["user_id"] == str(ann.user_id)


async def test_they_are_listed_page_by_page(client_as: ClientAs, make_person: MakePerson) -> None:
    people = [
        await make_person(organization=each, email=ANN) for each in ("lumen", "harbour", "nova", "umbra")
    ]
    await make_person(organization="beyond")
    client, seen = client_as(people[0]), []
    cursor: str | None = ""
    while cursor is not None:
        page = (await client.get(LIST, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))).json()
        assert len(page["items"]) <= 3
        seen += [each["slug"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["harbour", "lumen", "nova", "umbra"]
    for bad in (
        {"limit": 0},
        {"limit": 101},
        {"cursor": "x"},
        {"cursor": "WzFd"},
        {"cursor": "WyJcdTAwMDAiLCIiXQ"},
    ):
        assert (await client.get(LIST, params=bad)).status_code == 422, bad


async def test_a_stranger_has_no_organizations(client_as: ClientAs) -> None:
    assert (await client_as(None).get(LIST)).status_code == 401
    assert (await switch(client_as(None), "lumen")).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"organization": None}, {"organization": "nul\0"}, {"organization": "x" * 101},
             {"organization": "half \ud800"}, {"organization": "lumen", "session": "tape"},
             {"organization": "lumen", "user_id": "x"}]
)  # fmt: skip
async def test_bad_input_is_refused(
    client_as: ClientAs, make_person: MakePerson, body: dict[str, Any]
) -> None:
    ann = await make_person()
    sent = escaped(body)
    headers = {**sent["headers"], "Authorization": f"Bearer {ann.token}"}
    answer = await client_as(ann).post(SWITCH, content=sent["content"], headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_without_redis_nobody_switches_and_the_list_is_there(
    without_redis: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(email=ANN)
    await make_person(organization="harbour", email=ANN)
    assert (await switch(without_redis(ann), "harbour")).status_code == 503
    assert len((await without_redis(ann).get(LIST)).json()["items"]) == 2


async def test_a_session_that_a_new_password_has_ended_begins_no_other(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson
) -> None:
    """A switch that Redis let through just before the password was changed."""
    ann = await make_person(email=ANN)
    await make_person(organization="harbour", email=ANN)
    claims = jwt.decode(ann.token, options={"verify_signature": False})
    body = {"current_password": PASSWORD, "new_password": "another horse, another battery"}
    assert (await client_as(ann).post(CHANGE, json=body)).status_code == 200
    late = Session(UUID(claims["sid"]), ann.user_id, ann.organization_id).caller()
    state, device = auth_app.state, Device("", "")
    with pytest.raises(SessionEnded):
        await switch_organization(state.database, state.sessions, device, late, "harbour", end_current=False)


async def test_no_switch_outlives_a_change_of_the_password(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    """Whoever holds a stolen session and keeps switching is out with it, whatever the order."""
    ann = await make_person(email=ANN)
    await make_person(organization="harbour", email=ANN)
    body = {"current_password": PASSWORD, "new_password": "another horse, another battery"}
    changed, *switched = await asyncio.gather(
        client_as(ann).post(CHANGE, json=body), *[switch(client_as(ann), "harbour") for _ in range(10)]
    )
    assert changed.status_code == 200
    for answer in switched:
        if answer.status_code == 200:
            headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            assert (await client_as(None).get("/api/auth/organization", headers=headers)).status_code == 401

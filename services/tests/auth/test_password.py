"""Changing one's own password: all sessions of the identity end, in every organization, and this device goes on."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from httpx import AsyncClient, Response
from limits import parse
from redis.asyncio import Redis

from dfworx.auth.limits import Limits, Rules
from dfworx.auth.passwords import SEALED
from tests.auth.conftest import escaped
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person

CHANGE, ME, REFRESH, LOGIN = (f"/api/auth/{name}" for name in ("password", "me", "refresh", "login"))
NEW = "another horse, another battery"


async def change(client: AsyncClient, current: str = PASSWORD, new: str = NEW, **more: Any) -> Response:
    return await client.post(CHANGE, json={"current_password": current, "new_password": new, **more})


async def log_in(client_as: ClientAs, person: Person, password: str) -> Response:
    body = {"email": person.email, "password": password, "organization": person.organization}
    return await client_as(None).post(LOGIN, json=body)


async def holds(client_as: ClientAs, tokens: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the access token and the refresh token are still taken; the first where Redis alone is asked."""
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    access = await client_as(None).get("/api/auth/organization", headers=headers)
    refresh = await client_as(None).post(REFRESH, json={"refresh_token": tokens["refresh_token"]})
    return access.status_code == 200, refresh.status_code == 200


async def test_a_new_password_takes_the_place_of_the_old_one(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person()
    before = await owner.fetchval(
        "select password_changed_at from app_auth.identities where email = $1", ann.email
    )
    answer = await change(client_as(ann))
    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access_token", "expires_in", "refresh_token", "user"}
    assert tokens["user"] == ann.tokens["user"]
    assert answer.headers["cache-control"] == "no-store"
    assert await holds(client_as, tokens) == (True, True)
    assert (await log_in(client_as, ann, PASSWORD)).status_code == 401
    assert (await log_in(client_as, ann, NEW)).status_code == 200
    assert (await log_in(client_as, ben, PASSWORD)).status_code == 200
    row = await owner.fetchrow("select * from app_auth.identities where email = $1", ann.email)
    assert row is not None
    assert row["password_hash"].startswith(SEALED)
    assert row["password_changed_at"] > before


async def test_all_sessions_of_the_identity_end_in_every_other_organization_too(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann = await make_person(email="ann@somewhere.example")
    there = await make_person(organization="harbour", email=ann.email)
    ben = await make_person(organization="harbour")
    second = (await log_in(client_as, ann, PASSWORD)).json()
    assert (await change(client_as(ann))).status_code == 200
    assert await redis.zcard(f"sessions:{ann.user_id}") == 1, "the new one"
    assert await redis.zcard(f"sessions:{there.user_id}") == 0
    for tokens in (ann.tokens, second, there.tokens):
        assert await holds(client_as, tokens) == (False, False)
    assert await holds(client_as, ben.tokens) == (True, True)
    rows = await owner.fetch(
        "select organization_id, entity_id, payload from shared_services.outbox where topic = 'sessions.revoked'"
    )
    assert {(row["organization_id"], row["entity_id"]) for row in rows} == {
        (person.organization_id, person.user_id) for person in (ann, there)
    }
    for row in rows:
        told = json.loads(row["payload"])
        assert (told["session_id"], UUID(told["user_id"])) == (None, row["entity_id"])


async def test_a_wrong_current_password_is_refused_and_changes_nothing(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    before = await owner.fetch("select * from app_auth.identities")
    answer = await change(client_as(ann), current="a wrong password")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert answer.json()["detail"] == "The current password is wrong. Check it and try again."
    assert await owner.fetch("select * from app_auth.identities") == before
    assert await holds(client_as, ann.tokens) == (True, True)


async def test_the_password_of_a_person_of_another_organization_is_out_of_reach(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(role="admin"), await make_person(organization="harbour")
    before = await owner.fetchrow("select * from app_auth.identities where email = $1", bob.email)
    for more in ({"email": bob.email}, {"user_id": str(bob.user_id)}, {"organization": "harbour"}):
        answer = await change(client_as(ann), **more)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (await change(client_as(ann))).status_code == 200
    assert await owner.fetchrow("select * from app_auth.identities where email = $1", bob.email) == before
    assert await holds(client_as, bob.tokens) == (True, True)


async def test_a_stranger_changes_no_password(client_as: ClientAs) -> None:
    assert (await change(client_as(None))).status_code == 401


async def test_a_deactivated_person_changes_no_password(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    """Whose session Redis hasn't lost yet."""
    ann = await make_person()
    await owner.execute("update public.users set is_active = false where user_id = $1", ann.user_id)
    answer = await change(client_as(ann))
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


async def test_bad_input_is_refused_with_a_sentence(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    good = {"current_password": PASSWORD, "new_password": NEW}
    refused: list[tuple[dict[str, Any], str]] = [
        ({"new_password": "1234567"}, "new_password"),
        ({"new_password": "p" * 201}, "new_password"),
        ({"new_password": "with \0 nul"}, "new_password"),
        ({"new_password": "half \ud800 of"}, "new_password"),
        ({"new_password": None}, "new_password"),
        ({"new_password": PASSWORD}, "new_password"),
        ({"current_password": ""}, "current_password"),
        ({"current_password": ["a"]}, "current_password"),
        ({"session": "tape"}, "session"),
        ({"password": NEW}, "password"),
    ]
    for changes, field in refused:
        answer = await client_as(ann).post(CHANGE, **_with_token(ann, {**good, **changes}))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), changes
        assert answer.json()["errors"][0]["field"] == field, changes
    same = await change(client_as(ann), new=PASSWORD)
    assert "Choose a password that differs from the current one." in same.json()["detail"]
    assert await holds(client_as, ann.tokens) == (True, True)


def _with_token(person: Person, body: dict[str, Any]) -> dict[str, Any]:
    sent = escaped(body)
    return {**sent, "headers": {**sent["headers"], "Authorization": f"Bearer {person.token}"}}


async def test_the_same_password_typed_on_another_keyboard_is_the_same(client_as: ClientAs) -> None:
    body = {
        "organization": {"name": "Café", "slug": "cafe"},
        "user": {"name": "Zoë", "email": "zoe@cafe.example", "password": "crème brûlée"},
    }
    tokens = (await client_as(None).post("/api/auth/register", json=body)).json()
    client = client_as(None)
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    answer = await change(client, "crème brûlée", "cre\u0300me bru\u0302le\u0301e")
    assert answer.status_code == 422


async def test_of_two_changes_at_once_one_wins(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    answers = await asyncio.gather(*[change(client_as(ann), new=f"{NEW} {number}") for number in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    assert await holds(client_as, answers[winner].json()) == (True, True)
    assert (await log_in(client_as, ann, f"{NEW} {winner}")).status_code == 200


async def test_who_signs_in_by_the_old_password_meanwhile_is_out(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    """Whatever the order in which they come: no login by the old password outlives the change."""
    ann = await make_person()
    changed, *logins = await asyncio.gather(
        change(client_as(ann)), *[log_in(client_as, ann, PASSWORD) for _ in range(8)]
    )
    assert changed.status_code == 200
    for login in logins:
        if login.status_code == 200:
            assert await holds(client_as, login.json()) == (False, False)


async def test_guesses_here_are_counted_as_logins_of_the_email(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person()
    many, three = parse("1000/1 hour"), parse("3/1 hour")
    by_email = {"password_by_email": three}
    names = Rules.__dataclass_fields__
    auth_app.state.limits = Limits(redis, Rules(**{name: by_email.get(name, many) for name in names}))
    answers = [await change(client_as(ann), current=f"guess {number}") for number in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3].headers["retry-after"]
    assert (await log_in(client_as, ann, PASSWORD)).status_code == 429


async def test_without_redis_nothing_is_changed(
    without_redis: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    before = await owner.fetch("select * from app_auth.identities")
    answer = await change(without_redis(ann))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "nothing was changed" in answer.json()["detail"]
    assert await owner.fetch("select * from app_auth.identities") == before


async def test_with_redis_lost_on_the_way_the_change_holds_and_says_so(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann = await make_person()
    store = auth_app.state.sessions
    away, there = Redis.from_url("redis://127.0.0.1:1/0"), store._redis
    store._redis = store._ender._end_all.registered_client = away
    answer = await change(client_as(ann))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "Your password was changed" in answer.json()["detail"]
    assert await owner.fetchval(
        "select sessions_valid_after > '-infinity' from public.users where user_id = $1", ann.user_id
    )
    store._redis = store._ender._end_all.registered_client = there
    await asyncio.wait_for(store._settling, 10)
    assert await holds(client_as, ann.tokens) == (False, False)
    assert (await log_in(client_as, ann, NEW)).status_code == 200
    await away.aclose()


async def test_a_browser_gets_its_new_tokens_in_cookies(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    browser = client_as(None)
    await browser.post(LOGIN, json={"email": ann.email, "password": PASSWORD, "session": "cookie"})
    before = browser.cookies["dfworx_refresh"]
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        body = {"current_password": PASSWORD, "new_password": NEW}
        answer = await browser.post(CHANGE, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        # A token in the header doesn't let another site set cookies.
        answer = await client_as(ann).post(
            CHANGE,
            json={**body, "session": "cookie"},
            headers={"Authorization": f"Bearer {ann.token}", **headers},
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    answer = await change(browser)
    assert answer.status_code == 200
    assert set(answer.json()) == {"expires_in", "user"}
    assert browser.cookies["dfworx_refresh"] != before
    assert (await browser.get(ME)).status_code == 200
    assert (await browser.post(REFRESH)).status_code == 200


async def test_a_bearer_may_ask_for_cookies(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    answer = await change(client_as(ann), session="cookie")
    assert set(answer.json()) == {"expires_in", "user"}
    assert len(answer.headers.get_list("set-cookie")) == 2

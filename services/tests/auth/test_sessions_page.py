"""Where a person is signed in, ending one of those sessions, and the tokens and documents beside them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import jwt
import orjson
from fastapi import FastAPI
from httpx import Response
from redis.asyncio import Redis

from tests.conftest import PASSWORD, ClientAs, MakePerson, Person

SESSIONS, ME, LOGIN = "/api/auth/sessions", "/api/auth/me", "/api/auth/login"
REALTIME, DISCOVERY = "/api/auth/realtime-token", "/.well-known/openid-configuration"


async def sign_in(client_as: ClientAs, person: Person, device: str) -> dict[str, Any]:
    body = {"email": person.email, "password": PASSWORD, "organization": person.organization}
    answer = await client_as(None).post(LOGIN, json=body, headers={"User-Agent": device})
    tokens: dict[str, Any] = answer.json()
    return tokens


def session_id(tokens: dict[str, Any]) -> str:
    return str(tokens["refresh_token"].partition(".")[0])


async def me(client_as: ClientAs, tokens: dict[str, Any]) -> Response:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return await client_as(None).get(ME, headers=headers)


async def revoked(owner: asyncpg.Connection) -> list[Any]:
    rows = await owner.fetch("select payload from shared_services.outbox where topic = 'sessions.revoked'")
    return [orjson.loads(row["payload"]) for row in rows]


async def test_a_persons_sessions_are_listed_newest_use_first(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann, ben = await make_person(), await make_person()
    phone = await sign_in(client_as, ann, "Phone")
    laptop = await sign_in(client_as, ann, "L" * 400)
    await client_as(None).post("/api/auth/refresh", json={"refresh_token": phone["refresh_token"]},
                               headers={"User-Agent": "Phone 2"})  # fmt: skip
    answer = await client_as(ann).get(SESSIONS)
    assert answer.headers["cache-control"] == "no-store"
    page = answer.json()
    assert page["next_cursor"] is None
    items = page["items"]
    assert [each["session_id"] for each in items] == [
        session_id(each) for each in (phone, laptop, ann.tokens)
    ]
    assert [each["user_agent"] for each in items[:2]] == ["Phone 2", "L" * 300]
    assert [each["is_current"] for each in items] == [False, False, True]
    assert items[0]["began_at"] < items[1]["began_at"] < items[0]["last_used_at"]
    assert items[0]["address"] == "127.0.0.1"
    assert set(items[0]) == {"session_id", "user_agent", "address", "began_at", "last_used_at", "is_current"}
    [only] = (await client_as(ben).get(SESSIONS)).json()["items"]
    assert only["session_id"] == session_id(ben.tokens)


async def test_sessions_are_listed_page_by_page(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    made = [session_id(ann.tokens)]
    made += [session_id(await sign_in(client_as, ann, f"Device {number}")) for number in range(3)]
    client, seen = client_as(ann), []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await client.get(SESSIONS, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
        ).json()
        assert len(page["items"]) <= 3
        seen += [each["session_id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]
    for bad in ({"limit": 0}, {"limit": 101}, {"cursor": "x"}, {"cursor": "WzFd"}):
        assert (await client.get(SESSIONS, params=bad)).status_code == 422, bad


async def test_what_has_expired_is_not_listed(
    client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person()
    other = await sign_in(client_as, ann, "Phone")
    await redis.delete(f"session:{session_id(other)}")
    assert len((await client_as(ann).get(SESSIONS)).json()["items"]) == 1


async def test_one_session_is_ended_and_no_other(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    phone, laptop = await sign_in(client_as, ann, "Phone"), await sign_in(client_as, ann, "Laptop")
    assert (await client_as(ann).delete(f"{SESSIONS}/{session_id(phone)}")).status_code == 204
    assert (await me(client_as, phone)).json()["code"] == "session_ended"
    refreshed = await client_as(None).post(
        "/api/auth/refresh", json={"refresh_token": phone["refresh_token"]}
    )
    assert refreshed.status_code == 401
    assert (await me(client_as, laptop)).status_code == 200
    assert await revoked(owner) == [{"session_id": session_id(phone), "user_id": str(ann.user_id)}]
    assert (await client_as(ann).delete(f"{SESSIONS}/{session_id(phone)}")).status_code == 404
    # This very session too.
    assert (await client_as(ann).delete(f"{SESSIONS}/{session_id(ann.tokens)}")).status_code == 204
    assert (await client_as(ann).get(SESSIONS)).json()["code"] == "session_ended"


async def test_a_browser_that_ends_its_own_session_loses_its_cookies(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    browser = client_as(None)
    await browser.post(LOGIN, json={"email": ann.email, "password": PASSWORD, "session": "cookie"})
    own = browser.cookies["dfworx_refresh"].partition(".")[0]
    elsewhere = await browser.delete(f"{SESSIONS}/{own}", headers={"Origin": "https://evil.example"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "cross_site")
    assert (await browser.delete(f"{SESSIONS}/{session_id(ann.tokens)}")).status_code == 204
    assert browser.cookies
    assert (await browser.delete(f"{SESSIONS}/{own}")).status_code == 204
    assert not browser.cookies


async def test_sessions_of_another_person_or_another_organization_are_nobodys(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(email="ann@somewhere.example"), await make_person()
    there = await make_person(organization="harbour", email=ann.email)
    cid = await make_person(organization="harbour", role="admin")
    answers = [
        await client_as(ann).delete(f"{SESSIONS}/{each}")
        for each in (*(session_id(person.tokens) for person in (ben, there, cid)), uuid4())
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    for person in (ben, there, cid):
        assert (await client_as(person).get(ME)).status_code == 200
    assert await revoked(owner) == []
    assert len((await client_as(ann).get(SESSIONS)).json()["items"]) == 1


async def test_a_stranger_sees_no_session_and_gets_no_token(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    client = client_as(None)
    for answer in (
        await client.get(SESSIONS),
        await client.delete(f"{SESSIONS}/{session_id(ann.tokens)}"),
        await client.post(REALTIME),
    ):
        assert answer.status_code == 401
    assert (await client_as(ann).get(ME)).status_code == 200


async def test_a_malformed_session_id_is_refused(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    assert (await client_as(ann).delete(f"{SESSIONS}/all")).status_code == 422


async def test_without_redis_sessions_are_not_listed_and_an_end_is_owed(
    client_as: ClientAs, without_redis: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    other = await sign_in(client_as, ann, "Phone")
    listed = await without_redis(ann).get(SESSIONS)
    assert (listed.status_code, listed.json()["code"]) == (503, "unavailable")
    assert "listed" in listed.json()["detail"]
    assert (await without_redis(ann).delete(f"{SESSIONS}/{session_id(other)}")).status_code == 204
    assert await revoked(owner) == [{"session_id": session_id(other), "user_id": str(ann.user_id)}]


async def test_an_end_owed_to_redis_ends_only_ones_own_session(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson
) -> None:
    ann, ben = await make_person(), await make_person()
    other = await sign_in(client_as, ann, "Phone")
    store = auth_app.state.sessions
    away = Redis.from_url("redis://127.0.0.1:1/0")
    scripts = [store._ender._end, store._ender._end_all, store._ender._outdate]
    there, store._redis = store._redis, away
    for script in scripts:
        script.registered_client = away
    for each in (other, ben.tokens):
        assert (await client_as(ann).delete(f"{SESSIONS}/{session_id(each)}")).status_code == 204
    store._redis = there
    for script in scripts:
        script.registered_client = there
    await asyncio.wait_for(store._settling, 10)
    assert (await me(client_as, other)).status_code == 401
    assert (await client_as(ben).get(ME)).status_code == 200
    await away.aclose()


# Tokens for realtime, and what verifies tokens -----------------------------------------------------------


async def test_a_realtime_token_says_the_same_to_another_audience(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(role="moderator")
    answer = await client_as(ann).post(REALTIME)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["expires_in"] == 600
    token = answer.json()["token"]
    keys = jwt.PyJWKSet.from_dict((await client_as(None).get("/.well-known/jwks.json")).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, ["ES256"], audience="realtime")
    access = jwt.decode(ann.token, key, ["ES256"], audience="dfworx")
    changing = ("aud", "iat", "exp")
    assert {k: v for k, v in claims.items() if k not in changing} == {
        k: v for k, v in access.items() if k not in changing
    }
    assert claims["exp"] - claims["iat"] == 600
    # Twice a login, as Convex clients ask: the refresh token stays as it is.
    assert (await client_as(ann).post(REALTIME)).status_code == 200
    refreshed = await client_as(None).post(
        "/api/auth/refresh", json={"refresh_token": ann.tokens["refresh_token"]}
    )
    assert refreshed.status_code == 200


async def test_a_realtime_token_is_refused_by_rest(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    token = (await client_as(ann).post(REALTIME)).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    for path in (ME, SESSIONS, "/api/auth/users", "/api/web/posts"):
        answer = await client_as(None).get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert (await client_as(None).post(REALTIME, headers=headers)).status_code == 401


async def test_an_ended_session_gives_no_realtime_token(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    await client_as(ann).post("/api/auth/logout")
    assert (await client_as(ann).post(REALTIME)).json()["code"] == "session_ended"


async def test_programs_find_the_keys_by_discovery(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    answer = await client_as(None).get(DISCOVERY)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    document = answer.json()
    assert document["issuer"] == "http://localhost:3000"
    # OpenID Connect Discovery 1.0, section 3, and RFC 8414, section 2.
    assert document["subject_types_supported"] == ["public"]
    assert document["response_types_supported"] == ["id_token"]
    assert document["grant_types_supported"] == []
    assert document["id_token_signing_alg_values_supported"] == ["ES256"]
    assert "authorization_endpoint" not in document
    keys = jwt.PyJWKSet.from_dict((await client_as(None).get(document["jwks_uri"])).json())
    key = keys[jwt.get_unverified_header(ann.token)["kid"]]
    algorithms = document["id_token_signing_alg_values_supported"]
    claims = jwt.decode(ann.token, key, algorithms, audience="dfworx", issuer=document["issuer"])
    assert set(claims) == set(document["claims_supported"])

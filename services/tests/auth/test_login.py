"""Signing in: who is refused learns nothing, by words or by work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import jwt
from fastapi import FastAPI
from httpx import Response
from redis.asyncio import Redis

from dfworx.auth.passwords import HASHER, SEALED, Passwords
from tests.auth.conftest import escaped
from tests.conftest import PASSWORD, PASSWORD_HASH, ClientAs, MakePerson

LOGIN = "/api/auth/login"


async def log_in(client_as: ClientAs, email: str, password: str = PASSWORD, **more: Any) -> Response:
    return await client_as(None).post(LOGIN, json={"email": email, "password": password, **more})


async def stored_hash(owner: asyncpg.Connection, email: str) -> str:
    stored: str = await owner.fetchval(
        "select password_hash from app_auth.identities where email = $1", email
    )
    return stored


async def test_a_login_gives_tokens_with_exactly_the_claims_of_the_contract(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(role="moderator")
    answer = await log_in(client_as, ann.email.upper())
    assert answer.status_code == 200
    body = answer.json()
    assert body["user"]["organization"]["slug"] == "lumen"
    keys = jwt.PyJWKSet.from_dict((await client_as(None).get("/.well-known/jwks.json")).json())
    token = body["access_token"]
    claims = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], ["ES256"], audience="dfworx")
    assert set(claims) == {"iss", "aud", "sub", "org_id", "role", "org_role", "sid", "iat", "exp"}
    assert claims["iss"] == "http://localhost:3000"
    assert (claims["sub"], claims["org_id"]) == (str(ann.user_id), str(ann.organization_id))
    assert (claims["role"], claims["org_role"]) == ("authenticated", "moderator")
    assert claims["exp"] - claims["iat"] == 600
    assert body["refresh_token"].startswith(claims["sid"] + ".")


async def test_who_belongs_to_several_organizations_names_one(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(email="ann@somewhere.example")
    await make_person(organization="harbour", email=ann.email)
    answer = await log_in(client_as, ann.email)
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "organization_required"
    assert problem["organizations"] == [
        {"name": "Harbour", "slug": "harbour"},
        {"name": "Lumen", "slug": "lumen"},
    ]
    chosen = await log_in(client_as, ann.email, organization="harbour")
    assert chosen.json()["user"]["organization"]["slug"] == "harbour"


async def test_the_organizations_are_listed_only_after_the_right_password(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(email="ann@somewhere.example")
    await make_person(organization="harbour", email=ann.email)
    answer = await log_in(client_as, ann.email, "a wrong password")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


async def test_every_stranger_gets_the_same_refusal(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    gone = await make_person()
    await make_person(organization="harbour")
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    answers = [
        await log_in(client_as, ann.email, "a wrong password"),
        await log_in(client_as, ann.email, "short"),
        await log_in(client_as, "nobody@lumen.example"),
        await log_in(client_as, ann.email, organization="harbour"),
        await log_in(client_as, ann.email, organization="no-such"),
        await log_in(client_as, gone.email),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["code"] == "invalid_credentials"
    for answer in answers:
        # What is left is counted by address and by the email that was sent, whether or not anybody has it.
        del answer.headers["ratelimit-remaining"], answer.headers["ratelimit-reset"]
    assert all(answer.headers == answers[0].headers for answer in answers)


async def test_a_person_of_another_organization_gets_a_token_for_their_own_only(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    cid = await make_person(organization="harbour")
    await make_person()
    assert (await log_in(client_as, cid.email, organization="lumen")).status_code == 401
    assert (await log_in(client_as, cid.email)).json()["user"]["organization"]["slug"] == "harbour"


async def test_an_unknown_person_costs_as_much_work_as_a_wrong_password(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()  # whose hash is now of today's cost
    assert not auth_app.state.passwords.is_outdated(await stored_hash(owner, ann.email))

    async def work(refused: Callable[[], Awaitable[Response]]) -> float:
        """Processor seconds, the least of several: what else the machine does is not in them."""
        spent = []
        for _ in range(6):
            begun = time.process_time()
            assert (await refused()).status_code == 401
            spent.append(time.process_time() - begun)
        return min(spent)

    known = await work(lambda: log_in(client_as, ann.email, "a wrong password"))
    unknown = await work(lambda: log_in(client_as, "nobody@lumen.example", "a wrong password"))
    elsewhere = await work(lambda: log_in(client_as, ann.email, organization="no-such"))
    begun = time.process_time()
    HASHER.hash("one")
    one = time.process_time() - begun
    for each in (known, unknown, elsewhere):
        assert 0.5 * one < each < 2.5 * one + 0.02
    assert 0.6 < unknown / known < 1.6
    assert 0.6 < elsewhere / known < 1.6


async def test_a_weaker_hash_is_strengthened_and_a_plain_one_sealed_at_login(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    passwords: Passwords = auth_app.state.passwords
    assert passwords.is_outdated(PASSWORD_HASH), "what make_person writes"
    ann = await make_person()
    stored = await stored_hash(owner, ann.email)
    assert stored.startswith(SEALED)
    assert not passwords.is_outdated(stored)
    assert (await log_in(client_as, ann.email)).status_code == 200
    assert await stored_hash(owner, ann.email) == stored


async def test_of_several_logins_that_all_strengthen_a_hash_none_is_refused(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    await owner.execute("update app_auth.identities set password_hash = $1", PASSWORD_HASH)
    answers = await asyncio.gather(*[log_in(client_as, ann.email) for _ in range(6)])
    assert [answer.status_code for answer in answers] == [200] * 6


async def test_a_refused_login_runs_the_same_statements_whatever_was_wrong(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, gone = await make_person(), await make_person()
    await make_person(organization="harbour")
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    run: list[str] = []
    pool = await auth_app.state.database._open()
    connections = [await pool.acquire() for _ in range(pool.get_max_size())]
    for connection in connections:
        connection.add_query_logger(lambda record: run.append(record.query))
        await pool.release(connection)

    async def statements(email: str, password: str = PASSWORD, **more: Any) -> list[str]:
        run.clear()
        assert (await log_in(client_as, email, password, **more)).status_code == 401
        return list(run)

    tries = [
        await statements("nobody@lumen.example"),
        await statements(ann.email, "a wrong password"),
        await statements(ann.email, organization="harbour"),
        await statements(ann.email, organization="no-such"),
        await statements(gone.email),
    ]
    assert len(tries[0]) > 5
    assert all(each == tries[0] for each in tries)


async def test_passwords_are_compared_whatever_code_points_a_keyboard_writes(client_as: ClientAs) -> None:
    body = {
        "organization": {"name": "Café", "slug": "cafe"},
        "user": {"name": "Zoë", "email": "zoe@cafe.example", "password": "crème brûlée"},
    }
    assert (await client_as(None).post("/api/auth/register", json=body)).status_code == 201
    decomposed = "cre\u0300me bru\u0302le\u0301e"
    assert (await log_in(client_as, "zoe@cafe.example", decomposed)).status_code == 200


BAD_INPUT: list[dict[str, Any]] = [
    {},
    {"email": "ann@lumen.example"},
    {"email": "ann@lumen.example", "password": ""},
    {"email": "ann@lumen.example", "password": "p" * 201},
    {"email": "ann@lumen.example", "password": "nul \0 nul"},
    {"email": "ann@lumen.example", "password": "half \ud800"},
    {"email": "not an email", "password": PASSWORD},
    {"email": "ann@lumen.example", "password": PASSWORD, "organization": "nul\0"},
    {"email": "ann@lumen.example", "password": PASSWORD, "session": "tape"},
    {"email": ["ann@lumen.example"], "password": PASSWORD},
]


async def test_bad_input_is_refused(client_as: ClientAs) -> None:
    for body in BAD_INPUT:
        answer = await client_as(None).post(LOGIN, **escaped(body))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body


async def test_without_redis_nobody_logs_in(without_redis: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    answer = await log_in(without_redis, ann.email)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"]


async def test_a_silent_redis_is_given_up_soon(with_silent_redis: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    begun = time.monotonic()
    answer = await log_in(with_silent_redis, ann.email)
    assert answer.status_code == 503
    assert time.monotonic() - begun < 3


async def test_a_browser_gets_its_tokens_in_cookies_alone(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    browser = client_as(None)
    answer = await browser.post(LOGIN, json={"email": ann.email, "password": PASSWORD, "session": "cookie"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"expires_in", "user"}
    cookies = sorted(answer.headers.get_list("set-cookie"))
    assert [cookie.partition("=")[0] for cookie in cookies] == ["dfworx_access", "dfworx_refresh"]
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in cookies)
    assert all("Secure" not in cookie for cookie in cookies)
    assert "Path=/;" in cookies[0] + ";"
    assert "Path=/api/auth;" in cookies[1] + ";"
    assert (await browser.get("/api/auth/me")).json()["user_id"] == str(ann.user_id)


async def test_another_site_cannot_sign_a_browser_in(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    body = {"email": ann.email, "password": PASSWORD, "session": "cookie"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = await client_as(None).post(LOGIN, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


async def test_cookies_are_secure_where_the_origin_is(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    settings = auth_app.state.settings
    auth_app.state.settings = settings.model_copy(update={"origin": "https://dfworx.example"})
    answer = await log_in(client_as, ann.email, session="cookie")
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


async def test_keys_of_sessions_and_limits_name_nobody(
    client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person()
    for key in [key async for key in redis.scan_iter("*")]:
        assert ann.email.encode() not in key
        assert key.split(b":")[0] in (b"session", b"sessions", b"LIMITS")
    refresh_token = ann.tokens["refresh_token"]
    stored: Any = await redis.hgetall(f"session:{refresh_token.partition('.')[0]}")
    assert refresh_token.partition(".")[2].encode() not in b" ".join(stored.values())

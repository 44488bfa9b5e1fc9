"""Sessions after they began: one wins, a reused token ends its family, and an end holds with Redis away too."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import jwt
import pytest
from fastapi import FastAPI
from httpx import Response
from redis.asyncio import Redis

from dfworx.auth.session_store import Device, Session, new_session_id
from dfworx.auth.sign_in import begin_session
from dfworx.shared.caller import SessionEnded
from tests.auth.conftest import escaped
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person

REFRESH, LOGOUT, LOGOUT_ALL, ME = (f"/api/auth/{name}" for name in ("refresh", "logout", "logout-all", "me"))


UNKNOWN = "019a0000-0000-7000-8000-000000000000"


async def refresh(client_as: ClientAs, tokens: dict[str, Any]) -> Response:
    return await client_as(None).post(REFRESH, json={"refresh_token": tokens["refresh_token"]})


async def me(client_as: ClientAs, tokens: dict[str, Any]) -> Response:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return await client_as(None).get(ME, headers=headers)


async def log_in_again(client_as: ClientAs, person: Person) -> dict[str, Any]:
    body = {"email": person.email, "password": PASSWORD, "organization": person.organization}
    tokens: dict[str, Any] = (await client_as(None).post("/api/auth/login", json=body)).json()
    return tokens


async def revoked(owner: asyncpg.Connection) -> list[asyncpg.Record]:
    return await owner.fetch(
        "select * from shared_services.outbox where topic = 'sessions.revoked' order by outbox_id"
    )


async def test_refreshing_rotates_and_keeps_the_session(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    answer = await refresh(client_as, ann.tokens)
    assert answer.status_code == 200
    fresh = answer.json()
    assert fresh["refresh_token"] != ann.tokens["refresh_token"]
    assert fresh["user"] == ann.tokens["user"]
    before, after = (
        jwt.decode(tokens["access_token"], options={"verify_signature": False})
        for tokens in (ann.tokens, fresh)
    )
    assert {k: v for k, v in before.items() if k not in ("iat", "exp")} == {
        k: v for k, v in after.items() if k not in ("iat", "exp")
    }
    assert (await refresh(client_as, fresh)).status_code == 200


async def test_a_made_up_token_ends_nothing(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    session_id, _, secret = ann.tokens["refresh_token"].partition(".")
    for made_up in (f"{session_id}.anything", f"{session_id}.{secret[:-1]}", f"{session_id}."):
        answer = await refresh(client_as, {"refresh_token": made_up})
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token")
    assert (await client_as(ann).get("/api/auth/me")).status_code == 200
    assert (await refresh(client_as, ann.tokens)).status_code == 200


async def test_a_reused_token_ends_its_family(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    other = await log_in_again(client_as, ann)
    fresh = (await refresh(client_as, ann.tokens)).json()
    reused = await refresh(client_as, ann.tokens)
    assert (reused.status_code, reused.json()["code"]) == (401, "refresh_token_reused")
    assert (await refresh(client_as, fresh)).json()["code"] == "invalid_refresh_token"
    assert (await me(client_as, fresh)).json()["code"] == "session_ended"
    assert (await me(client_as, other)).status_code == 200
    [row] = await revoked(owner)
    assert row["entity_id"] == UUID(fresh["refresh_token"].partition(".")[0])
    assert row["organization_id"] == ann.organization_id


async def test_of_refreshes_with_one_token_at_once_exactly_one_wins(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    answers = await asyncio.gather(*[refresh(client_as, ann.tokens) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    winner = next(answer for answer in answers if answer.status_code == 200)
    # Somebody used it twice: nobody can tell who is the thief.
    assert (await refresh(client_as, winner.json())).status_code == 401


async def test_a_rotation_whose_answer_was_lost_may_be_sent_again(
    auth_app: FastAPI, make_person: MakePerson, redis: Redis
) -> None:
    """What redis-py does by itself when a connection breaks."""
    ann = await make_person()
    session_id = ann.tokens["refresh_token"].partition(".")[0]
    key = f"session:{session_id}"
    shown: Any = await redis.hget(key, "refresh_digest")
    store = auth_app.state.sessions
    keys = [key, f"sessions:{ann.user_id}"]
    args = [shown, "new", 60, session_id, 1000, "", "", "member", "member"]
    assert await store._rotate(keys=keys, args=args) == b"rotated"
    assert await store._rotate(keys=keys, args=args) == b"rotated"
    assert await store._rotate(keys=keys, args=[*args[:1], "other", *args[2:]]) == b"reused"


async def test_an_invalid_token_is_refused(client_as: ClientAs) -> None:
    for token in [
        "",
        ".",
        "x",
        f"{UNKNOWN}.{'a' * 43}",
        UNKNOWN,
        f"{UNKNOWN}.",
        f"{UNKNOWN}.\ud800",
        "\0.\0",
    ]:
        answer = await client_as(None).post(REFRESH, **escaped({"refresh_token": token}))
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token"), token


async def test_bad_input_is_refused(client_as: ClientAs) -> None:
    client = client_as(None)
    assert (await client.post(REFRESH)).status_code == 401
    assert (await client.post(REFRESH, json={"refresh_token": 1})).status_code == 422
    assert (await client.post(REFRESH, json={"refresh_token": "x" * 201})).status_code == 422
    broken = await client.post(REFRESH, content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")


async def test_a_changed_role_lands_in_the_next_token(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    await owner.execute("update public.users set role = 'moderator' where user_id = $1", ann.user_id)
    fresh = (await refresh(client_as, ann.tokens)).json()
    claims = jwt.decode(fresh["access_token"], options={"verify_signature": False})
    assert claims["org_role"] == fresh["user"]["role"] == "moderator"


async def test_a_deactivated_person_gets_no_next_token(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    await owner.execute("update public.users set is_active = false where user_id = $1", ann.user_id)
    assert (await refresh(client_as, ann.tokens)).status_code == 401
    assert (await me(client_as, ann.tokens)).status_code == 401


async def test_signing_out_ends_one_session_at_once(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    other = await log_in_again(client_as, ann)
    assert (await client_as(ann).post(LOGOUT)).status_code == 204
    ended = await me(client_as, ann.tokens)
    assert (ended.status_code, ended.json()["code"]) == (401, "session_ended")
    assert (await refresh(client_as, ann.tokens)).status_code == 401
    assert (await me(client_as, other)).status_code == 200
    [row] = await revoked(owner)
    session_id = ann.tokens["refresh_token"].partition(".")[0]
    assert str(row["entity_id"]) == session_id
    assert f'"{session_id}"' in row["payload"] and f'"{ann.user_id}"' in row["payload"]


async def test_signing_out_everywhere_ends_all_sessions_and_no_later_one(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann = await make_person()
    ben = await make_person()
    other = await log_in_again(client_as, ann)
    assert (await client_as(ann).post(LOGOUT_ALL)).status_code == 204
    for tokens in (ann.tokens, other):
        assert (await me(client_as, tokens)).status_code == 401
        assert (await refresh(client_as, tokens)).status_code == 401
    assert (await me(client_as, ben.tokens)).status_code == 200
    assert await redis.zcard(f"sessions:{ann.user_id}") == 0
    assert len(await revoked(owner)) == 1
    later = await log_in_again(client_as, ann)
    assert (await me(client_as, later)).status_code == 200
    assert (await refresh(client_as, later)).status_code == 200


async def test_sessions_of_another_organization_go_on(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(email="ann@somewhere.example")
    there = await make_person(organization="harbour", email=ann.email)
    assert (await client_as(ann).post(LOGOUT_ALL)).status_code == 204
    assert (await me(client_as, there.tokens)).status_code == 200
    assert (await refresh(client_as, there.tokens)).status_code == 200


async def test_a_stranger_ends_nothing(client_as: ClientAs) -> None:
    for path in (LOGOUT, LOGOUT_ALL):
        assert (await client_as(None).post(path)).status_code == 401
        bad = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
        assert (await client_as(None).post(path, headers=bad)).status_code == 401


async def test_a_session_that_began_before_signing_out_everywhere_is_not_opened(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    """A login whose password was checked before, and which goes on after."""
    ann = await make_person()
    late = Session(new_session_id(), ann.user_id, ann.organization_id)
    assert (await client_as(ann).post(LOGOUT_ALL)).status_code == 204
    with pytest.raises(SessionEnded):
        await begin_session(auth_app.state.database, auth_app.state.sessions, late, Device("", ""))
    assert not await redis.exists(f"session:{late.session_id}")


async def test_without_the_database_a_refresh_takes_nothing_away(
    client_as: ClientAs, without_database: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    answer = await refresh(without_database, ann.tokens)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (await without_database(ann).post(LOGOUT)).status_code == 503
    assert (await refresh(client_as, ann.tokens)).status_code == 200


async def test_without_redis_no_token_is_refreshed_and_none_is_lost(
    client_as: ClientAs, without_redis: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    assert (await refresh(without_redis, ann.tokens)).status_code == 503
    assert (await refresh(client_as, ann.tokens)).status_code == 200


async def test_without_redis_reads_go_on_and_signing_out_everywhere_holds(
    client_as: ClientAs, without_redis: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    assert (await without_redis(ann).get(ME)).status_code == 200
    assert (await without_redis(ann).get("/api/auth/users")).status_code == 200
    assert (await without_redis(ann).post(LOGOUT_ALL)).status_code == 204
    assert (await without_redis(ann).get(ME)).json()["code"] == "session_ended"
    # Back again, Redis still has the session; the row doesn't let it go on.
    assert (await refresh(client_as, ann.tokens)).status_code == 401
    assert len(await revoked(owner)) == 1


async def test_without_redis_signing_out_is_noted(
    without_redis: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    assert (await without_redis(ann).post(LOGOUT)).status_code == 204
    assert len(await revoked(owner)) == 1


async def test_what_redis_missed_is_told_it_when_it_is_back(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person()
    other = await log_in_again(client_as, ann)
    store = auth_app.state.sessions
    away = Redis.from_url("redis://127.0.0.1:1/0")
    there, store._redis = store._redis, away
    store._ender._end_all.registered_client = away
    assert (await client_as(ann).post(LOGOUT_ALL)).status_code == 204
    store._redis = store._ender._end_all.registered_client = there
    await asyncio.wait_for(store._settling, 10)
    for tokens in (ann.tokens, other):
        assert not await redis.exists(f"session:{tokens['refresh_token'].partition('.')[0]}")
    await away.aclose()


async def test_a_browser_refreshes_and_signs_out_by_cookie(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    browser = client_as(None)
    body = {"email": ann.email, "password": PASSWORD, "session": "cookie"}
    await browser.post("/api/auth/login", json=body)
    before = browser.cookies["dfworx_refresh"]
    answer = await browser.post(REFRESH)
    assert answer.status_code == 200
    assert set(answer.json()) == {"expires_in", "user"}
    assert browser.cookies["dfworx_refresh"] != before
    assert (await browser.post(LOGOUT)).status_code == 204
    assert not browser.cookies
    assert (await browser.get(ME)).status_code == 401


async def test_another_site_can_neither_refresh_nor_sign_out(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person()
    browser = client_as(None)
    body = {"email": ann.email, "password": PASSWORD, "session": "cookie"}
    await browser.post("/api/auth/login", json=body)
    for path in (REFRESH, LOGOUT, LOGOUT_ALL):
        for headers in ({"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
            answer = await browser.post(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert (await browser.get(ME)).status_code == 200


async def test_sessions_live_thirty_days_after_their_last_refresh(
    client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person()
    key = f"session:{ann.tokens['refresh_token'].partition('.')[0]}"
    month = 30 * 24 * 3600
    assert month - 60 < await redis.ttl(key) <= month
    await redis.expire(key, 100)
    await refresh(client_as, ann.tokens)
    assert month - 60 < await redis.ttl(key) <= month
    values = await redis.hgetall(key)
    assert set(values) == {
        *(b"user_id", b"organization_id", b"refresh_digest", b"began_at", b"last_used_at"),
        *(b"user_agent", b"address", b"role", b"used_digests"),
    }


async def test_the_public_keys_are_open_and_hold_no_private_part(client_as: ClientAs) -> None:
    answer = await client_as(None).get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    keys = answer.json()["keys"]
    assert len(keys) == 2
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"} for key in keys)

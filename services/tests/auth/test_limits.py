"""Counting tries on a real Valkey, with rules that a test can reach."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi import FastAPI
from limits import parse
from redis.asyncio import Redis

from dfworx.auth.limits import DEVELOPMENT, PRODUCTION, Limits, Rules, rules_for
from dfworx.shared.errors import TooMany, Unavailable
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person, TestDatabase

THREE = Rules(*[parse("3/1 hour")] * 5)
LOOSE_BY_ADDRESS = Rules(parse("3/1 hour"), parse("100/1 hour"), *[parse("3/1 hour")] * 3)


async def test_one_email_is_tried_so_often_from_everywhere(redis: Redis) -> None:
    limits = Limits(redis, LOOSE_BY_ADDRESS)
    for number in range(3):
        await limits.count_password(f"192.0.2.{number}", "ann@lumen.example")
    with pytest.raises(TooMany) as refused:
        await limits.count_password("192.0.2.9", "ann@lumen.example")
    assert 0 < int(refused.value.headers["Retry-After"]) <= 7200
    await limits.count_password("192.0.2.9", "ben@lumen.example")


async def test_one_address_tries_so_many_emails(redis: Redis) -> None:
    limits = Limits(redis, THREE)
    for number in range(3):
        await limits.count_password("192.0.2.1", f"person-{number}@lumen.example")
    for _ in range(3):
        with pytest.raises(TooMany):
            await limits.count_password("192.0.2.1", "ann@lumen.example")
    # What was stopped by its address has not used up the email's tries.
    for _ in range(3):
        await limits.count_password("192.0.2.2", "ann@lumen.example")


async def test_a_household_has_one_address_of_version_6(redis: Redis) -> None:
    limits = Limits(redis, THREE)
    for number in range(3):
        await limits.count_registration(f"2001:db8:0:1::{number:x}")
    with pytest.raises(TooMany):
        await limits.count_registration("2001:db8:0:1:ffff::1")
    await limits.count_registration("2001:db8:0:2::1")
    await limits.count_registration("not an address")


async def test_registering_logging_in_and_refreshing_meet_their_limits(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person()
    client = client_as(None)
    auth_app.state.limits = Limits(redis, THREE)
    bodies = {
        "/api/auth/login": {"email": ann.email, "password": "a wrong password"},
        "/api/auth/refresh": {"refresh_token": "x"},
        "/api/auth/register": {
            "organization": {"name": "Lumen", "slug": "lumen"},
            "user": {"name": "Ben", "email": "ben@lumen.example", "password": PASSWORD},
        },
    }
    for path, body in bodies.items():
        await redis.flushall()
        answers = [await client.post(path, json=body) for _ in range(4)]
        assert [answer.status_code == 429 for answer in answers] == [False, False, False, True], path
        assert answers[3].json()["code"] == "too_many"
        assert answers[3].headers["retry-after"]


async def test_without_redis_nothing_is_let_through() -> None:
    away = Redis.from_url("redis://127.0.0.1:1/0")
    with pytest.raises(Unavailable):
        await Limits(away, DEVELOPMENT).count_refresh("192.0.2.1")
    await away.aclose()


def test_only_development_is_lenient(database: TestDatabase) -> None:
    settings = database.settings("dfworx_auth")
    assert rules_for(settings) is DEVELOPMENT
    assert rules_for(settings.model_copy(update={"env": "production"})) is PRODUCTION
    assert PRODUCTION.password_by_email.amount <= 20


async def test_inviting_is_limited_by_person_and_by_organization_and_for_admins_alone(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    """Each invitation is a mail. Who may not invite uses up nothing of what the organization has."""
    rules = {"invite_by_person": parse("2/1 hour"), "invite_by_organization": parse("3/1 hour")}
    auth_app.state.limits = Limits(redis, Rules(*[parse("100/1 hour")] * 5, **rules))
    member, ann, ben = await make_person(), await make_person(role="admin"), await make_person(role="admin")
    eve = await make_person(organization="harbour", role="admin")

    async def invite(person: Person) -> int:
        body = {"email": f"{uuid4()}@nova.example", "role": "member"}
        return (await client_as(person).post("/api/auth/invitations", json=body)).status_code

    assert [await invite(member) for _ in range(4)] == [403] * 4
    assert [await invite(ann) for _ in range(3)] == [201, 201, 429]
    assert [await invite(ben) for _ in range(2)] == [201, 429]
    assert await invite(eve) == 201

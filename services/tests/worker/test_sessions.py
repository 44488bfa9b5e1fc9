"""Sessions that PostgreSQL has ended are ended in Redis too, whatever became of the process that was to do it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from dfworx.cli.home import choose_port
from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.db import Database
from dfworx.shared.errors import Unavailable
from dfworx.shared.sessions import SessionEnder
from dfworx.shared.settings import Settings
from dfworx.worker.delivery import Delivery, GaveUp
from dfworx.worker.events import Consumer
from dfworx.worker.relay import hand_over
from dfworx.worker.sessions import sessions_consumer
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person, require_refusal
from tests.worker.conftest import Note
from tests.worker.test_main import working

ME, REFRESH = "/api/auth/me", "/api/auth/refresh"
SOMEBODY = "019a0000-0000-7000-8000-000000000000"
FIRST_TRY: Any = SimpleNamespace(job=SimpleNamespace(attempts=0))
Deliver = Callable[..., Awaitable[None]]
Way = Callable[[httpx.AsyncClient, httpx.AsyncClient, Person], Awaitable[httpx.Response]]


def consumer_of(redis: Redis) -> Consumer:
    return sessions_consumer(SessionEnder(redis, Cache(redis)), Cache(redis))


@pytest.fixture
def deliver(worker_database: Database, owner: asyncpg.Connection, redis: Redis) -> Deliver:
    """Hands over and delivers all that waits."""

    async def deliver(told: Redis = redis) -> None:
        consumer = consumer_of(told)
        await hand_over(worker_database, [consumer])
        waiting = (
            "select outbox_id from shared_services.deliveries where delivered_at is null order by outbox_id"
        )
        for row in await owner.fetch(waiting):
            await Delivery(worker_database, [consumer]).deliver(FIRST_TRY, row["outbox_id"], "sessions")

    return deliver


def session_of(person: Person) -> str:
    return str(person.tokens["refresh_token"].partition(".")[0])


async def everything(redis: Redis) -> dict[str, Any]:
    """All sessions, as Redis has them."""
    hashes = {key.decode(): await redis.hgetall(key) async for key in redis.scan_iter("session:*")}
    families = {key.decode(): await redis.zrange(key, 0, -1) async for key in redis.scan_iter("sessions:*")}
    return hashes | families


async def unheard(redis: Redis, person: Person, answer: Awaitable[httpx.Response]) -> None:
    """What Redis would have of the person's session, had the process been killed right after its commit."""
    key, family = f"session:{session_of(person)}", f"sessions:{person.user_id}"
    before: Any = await redis.hgetall(key)
    scores: Any = await redis.zrange(family, 0, -1, withscores=True)
    assert (await answer).is_success
    await redis.hset(key, mapping=before)
    await redis.zadd(family, dict(scores))


WAYS: dict[str, Way] = {
    "sign out": lambda own, _admin, _who: own.post("/api/auth/logout"),
    "end one session": lambda own, _admin, who: own.delete(f"/api/auth/sessions/{session_of(who)}"),
    "sign out everywhere": lambda own, _admin, _who: own.post("/api/auth/logout-all"),
    "another password": lambda own, _admin, _who: own.post(
        "/api/auth/password", json={"current_password": PASSWORD, "new_password": "another long password"}
    ),
    "deactivation": lambda _own, admin, who: admin.patch(
        f"/api/auth/members/{who.user_id}", json={"is_active": False}
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
async def test_who_signed_out_is_out_though_the_process_was_killed(
    way: Way, client_as: ClientAs, make_person: MakePerson, redis: Redis, deliver: Deliver
) -> None:
    ann, ben, cid = await make_person(role="admin"), await make_person(), await make_person()
    await unheard(redis, ben, way(client_as(ben), client_as(ann), ben))
    assert await redis.exists(f"session:{session_of(ben)}")
    await deliver()
    assert not await redis.exists(f"session:{session_of(ben)}")
    await require_refusal(client_as(ben), ME, "session_ended")
    refreshed = await client_as(None).post(REFRESH, json={"refresh_token": ben.tokens["refresh_token"]})
    assert refreshed.status_code == 401
    for other in (ann, cid):
        assert (await client_as(other).get(ME)).status_code == 200


async def test_a_role_that_was_taken_away_counts_for_nothing_though_the_process_was_killed(
    client_as: ClientAs, make_person: MakePerson, redis: Redis, deliver: Deliver
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(role="admin")
    change = client_as(ann).patch(f"/api/auth/members/{ben.user_id}", json={"role": "member"})
    await unheard(redis, ben, change)
    await deliver()
    await require_refusal(client_as(ben), ME, "token_outdated")
    refreshed = await client_as(None).post(REFRESH, json={"refresh_token": ben.tokens["refresh_token"]})
    assert refreshed.json()["user"]["role"] == "member"


async def test_whoever_signed_in_or_refreshed_since_goes_on(
    client_as: ClientAs, make_person: MakePerson, redis: Redis, deliver: Deliver
) -> None:
    ann, ben, cid = await make_person(role="admin"), await make_person(), await make_person()
    await client_as(ann).patch(f"/api/auth/members/{ben.user_id}", json={"role": "moderator"})
    await client_as(None).post(REFRESH, json={"refresh_token": ben.tokens["refresh_token"]})
    await client_as(ann).patch(f"/api/auth/members/{cid.user_id}", json={"role": "guest"})
    again = {"current_password": PASSWORD, "new_password": "another long password"}
    assert (await client_as(ann).post("/api/auth/password", json=again)).status_code == 200
    before = await everything(redis)
    # Ann's new session, Ben's new token, and Cid's mark, which a refresh may be holding just now.
    await deliver()
    assert await everything(redis) == before


async def test_an_event_ends_nothing_of_another_organization(
    client_as: ClientAs, make_person: MakePerson, redis: Redis, note: Note, deliver: Deliver
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    before = await everything(redis)
    of_ann = {"user_id": str(ann.user_id)}
    one = {**of_ann, "session_id": session_of(ann)}
    every = {**of_ann, "session_id": None, "valid_after": "2099-01-01T00:00:00+00:00"}
    changed = {**of_ann, "role": "guest", "is_active": False, "change_id": str(uuid4())}
    not_theirs = {"user_id": str(eve.user_id), "session_id": session_of(ann)}
    for topic, payload in (
        ("sessions.revoked", one),
        ("sessions.revoked", every),
        ("sessions.revoked", not_theirs),
        ("members.changed", changed),
    ):
        await note(eve.organization_id, topic, ann.user_id, **payload)
    await note(ann.organization_id, "sessions.revoked", ann.user_id, **not_theirs)
    await deliver()
    assert await everything(redis) == before
    assert (await client_as(ann).get(ME)).status_code == 200


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"user_id": "nobody", "session_id": None},
        {"user_id": None, "session_id": None},
        {"user_id": SOMEBODY, "session_id": 7},
        {"user_id": SOMEBODY, "session_id": None},
        {"user_id": SOMEBODY, "session_id": None, "valid_after": "soon"},
        {"user_id": SOMEBODY, "session_id": None, "valid_after": "2026-01-01"},
        {"user_id": SOMEBODY, "session_id": None, "valid_after": "1900-01-01T00:00:00+00:00"},
    ],
    ids=["nothing", "no id", "nobody", "a number", "no moment", "a word", "no time zone", "long ago"],
)
async def test_an_event_that_says_nothing_is_given_up(
    payload: dict[str, Any], make_person: MakePerson, note: Note, deliver: Deliver
) -> None:
    ann = await make_person()
    await note(ann.organization_id, "sessions.revoked", ann.user_id, **payload)
    with pytest.raises(GaveUp):
        await deliver()


async def test_with_redis_away_it_is_tried_again_for_as_long(
    make_person: MakePerson, client_as: ClientAs, deliver: Deliver, redis: Redis
) -> None:
    ann = await make_person()
    await unheard(redis, ann, client_as(ann).post("/api/auth/logout"))
    away = connect_redis(f"redis://127.0.0.1:{choose_port()}/0")
    with pytest.raises(Unavailable):
        await deliver(away)
    await away.aclose()
    await deliver()
    assert not await redis.exists(f"session:{session_of(ann)}")


async def test_the_worker_does_it_by_itself(
    client_as: ClientAs, make_person: MakePerson, redis: Redis, settings: Settings
) -> None:
    ann = await make_person()
    await unheard(redis, ann, client_as(ann).post("/api/auth/logout-all"))
    async with working(settings), asyncio.timeout(20):
        while await redis.exists(f"session:{session_of(ann)}"):
            pass

"""Who is online, as Convex told last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.shared.datasets import DATASETS
from tests.conftest import ClientAs, MakePerson, Person
from tests.web.test_internal import DOOR, InternalAs, internal_as

__all__ = ["internal_as"]
ONLINE = "/api/web/presence"


def people(*seen: tuple[Person, str]) -> dict[str, Any]:
    return {"people": [{"user_id": str(person.user_id), "seen_at": at} for person, at in seen]}


async def test_members_see_who_is_online_the_last_seen_first(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs, redis: Redis
) -> None:
    ann, ben = await make_person(), await make_person()
    early, late = "2026-01-01T10:00:00Z", "2026-01-01T10:05:00Z"
    told = people((ann, early), (ben, late))
    assert (await internal_as(ann).put(f"{DOOR}/presence", json=told)).status_code == 204
    items = (await client_as(ben).get(ONLINE)).json()["items"]
    assert [item["user_id"] for item in items] == [str(ben.user_id), str(ann.user_id)]
    assert datetime.fromisoformat(items[0]["seen_at"]) == datetime.fromisoformat(late)
    assert 0 < await redis.ttl(DATASETS["online"].key(ann.organization_id)) <= DATASETS["online"].seconds
    await internal_as(ann).put(f"{DOOR}/presence", json=people((ann, late)))
    assert len((await client_as(ben).get(ONLINE)).json()["items"]) == 1
    await internal_as(ann).put(f"{DOOR}/presence", json=people())
    assert (await client_as(ben).get(ONLINE)).json() == {"items": [], "next_cursor": None}


async def test_a_stranger_sees_nobody(client_as: ClientAs) -> None:
    assert (await client_as(None).get(ONLINE)).status_code == 401


async def test_nobody_sees_who_is_online_in_another_organization(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, eve = await make_person(), await make_person(organization="harbour")
    told = people((ann, "2026-01-01T10:00:00Z"))
    assert (await internal_as(ann).put(f"{DOOR}/presence", json=told)).status_code == 204
    assert (await client_as(eve).get(ONLINE)).json()["items"] == []
    await internal_as(eve).put(f"{DOOR}/presence", json=people())
    assert len((await client_as(ann).get(ONLINE)).json()["items"]) == 1


async def test_that_a_person_went_is_heard_when_they_were_deactivated(
    owner: asyncpg.Connection, make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, ben = await make_person(), await make_person()
    told = people((ben, "2026-01-01T10:00:00Z"))
    of_the_organization = internal_as(ben, sub=None)
    assert (await of_the_organization.put(f"{DOOR}/presence", json=told)).status_code == 204
    assert len((await client_as(ann).get(ONLINE)).json()["items"]) == 1
    await owner.execute("update public.users set is_active = false where user_id = $1", ben.user_id)
    for door in (of_the_organization, internal_as(ben)):
        assert (await door.put(f"{DOOR}/presence", json=people())).status_code == 204
        assert (await client_as(ann).get(ONLINE)).json()["items"] == []


@pytest.mark.parametrize("seen_at", ["yesterday", "2026-01-01T10:00:00", None])
async def test_an_invalid_moment_is_refused(
    make_person: MakePerson, internal_as: InternalAs, seen_at: str | None
) -> None:
    ann = await make_person()
    told = {"people": [{"user_id": str(ann.user_id), "seen_at": seen_at}]}
    assert (await internal_as(ann).put(f"{DOOR}/presence", json=told)).status_code == 422


async def test_milliseconds_as_convex_counts_them_are_taken(
    make_person: MakePerson, internal_as: InternalAs, client_as: ClientAs, web_app: FastAPI
) -> None:
    ann = await make_person()
    told = {"people": [{"user_id": str(ann.user_id), "seen_at": 1767261600000}]}
    assert (await internal_as(ann).put(f"{DOOR}/presence", json=told)).status_code == 204
    [item] = (await client_as(ann).get(ONLINE)).json()["items"]
    assert datetime.fromisoformat(item["seen_at"]) == datetime.fromisoformat("2026-01-01T10:00:00Z")

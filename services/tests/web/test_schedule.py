"""Scheduling drafts. What becomes of them when their moment has come is in tests/worker/test_publishing.py."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import create, publish

LIST = "/api/web/posts"


def ahead(**by: float) -> str:
    return (datetime.now(UTC) + timedelta(**by)).isoformat()


async def schedule(
    client: httpx.AsyncClient, post: dict[str, Any], at: str, **headers: str
) -> httpx.Response:
    return await client.post(f"{LIST}/{post['post_id']}/schedule", json={"publish_at": at}, headers=headers)


async def test_a_draft_is_scheduled_rescheduled_and_taken_back(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await create(client)
    where = f"{LIST}/{post['post_id']}"
    assert (await client.get(LIST)).json()["items"][0]["publish_at"] is None
    at = ahead(days=3)
    answer = await schedule(client, post, at)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert datetime.fromisoformat(answer.json()["publish_at"]) == datetime.fromisoformat(at)
    assert (await client.get(LIST)).json()["items"][0]["publish_at"] == answer.json()["publish_at"]
    assert answer.json()["status"] == "draft"
    later = await schedule(client, post, ahead(days=300))
    assert later.json()["publish_at"] > answer.json()["publish_at"]
    back = await client.post(f"{where}/unschedule")
    assert (back.json()["publish_at"], back.json()["status"]) == (None, "draft")
    again = await client.post(f"{where}/unschedule")
    assert (again.status_code, again.json()["code"]) == (409, "post_not_scheduled")


@pytest.mark.parametrize("way", ["publish", "trash"])
async def test_publishing_by_hand_and_the_trash_end_the_waiting(
    make_person: MakePerson, client_as: ClientAs, way: str
) -> None:
    client = client_as(await make_person())
    post = await create(client)
    where = f"{LIST}/{post['post_id']}"
    await schedule(client, post, ahead(hours=1))
    ended = await (client.post(f"{where}/publish") if way == "publish" else client.delete(where))
    assert ended.is_success
    assert (await client.get(where)).json()["publish_at"] is None


BAD = {
    "past": ahead(seconds=-1),
    "too far": ahead(days=367),
    "the end of time": "9999-12-31T23:59:59Z",
    "the beginning": "0001-01-01T00:00:00Z",
    "no offset": "2027-01-01T00:00:00",
    "no moment": "tomorrow",
    "nothing": None,
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_moments_are_refused(make_person: MakePerson, client_as: ClientAs, name: str) -> None:
    client = client_as(await make_person())
    post = await create(client)
    where = f"{LIST}/{post['post_id']}/schedule"
    answer = await client.post(where, json={"publish_at": BAD[name]})
    assert answer.status_code == 422, answer.text
    assert (await client.post(where, json={})).status_code == 422
    extra = await client.post(where, json={"publish_at": ahead(days=1), "status": "published"})
    assert extra.status_code == 422
    assert (await client.get(f"{LIST}/{post['post_id']}")).json() == post


async def test_only_drafts_are_scheduled_and_only_in_the_version_that_is_meant(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    answer = await schedule(client, post, ahead(days=1))
    assert (answer.status_code, answer.json()["code"]) == (409, "post_not_draft")
    draft = await create(client)
    assert (await schedule(client, draft, ahead(days=1), **{"If-Match": '"7"'})).status_code == 412
    assert (await schedule(client, draft, ahead(days=1), **{"If-Match": '"1"'})).status_code == 200


@pytest.mark.parametrize("path", ["schedule", "unschedule"])
async def test_a_stranger_schedules_nothing(client_as: ClientAs, path: str) -> None:
    answer = await client_as(None).post(f"{LIST}/{uuid4()}/{path}", json={"publish_at": ahead(days=1)})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["schedule", "unschedule"])
async def test_neither_another_organization_nor_a_colleague_schedules_a_draft(
    make_person: MakePerson, client_as: ClientAs, path: str
) -> None:
    ann = await make_person()
    post = await create(client_as(ann))
    others = [await make_person(organization="umbra", role="admin"), await make_person(role="admin")]
    for other in others:
        answer = await client_as(other).post(
            f"{LIST}/{post['post_id']}/{path}", json={"publish_at": ahead(days=1)}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await client_as(ann).get(f"{LIST}/{post['post_id']}")).json() == post


async def test_of_two_schedules_of_one_version_only_one_is_made(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await create(client)
    answers = await asyncio.gather(
        *(schedule(client, post, ahead(days=day), **{"If-Match": '"1"'}) for day in range(1, 6))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await client.get(f"{LIST}/{post['post_id']}")).json() == won


async def test_injected_sql_schedules_no_post_that_is_published_and_publishes_none(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    await create(client_as(ann))
    await publish(client_as(ann), title="Published")
    web = await inject("dfworx_web", admin)
    await web.execute("update app_web.posts set publish_at = now()")
    assert await owner.fetchval("select count(*) from app_web.posts where publish_at is not null") == 0
    for forbidden in (
        "insert into app_web.posts (publish_at) values (now())",
        "select * from app_web.publish_due_posts(1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(forbidden)

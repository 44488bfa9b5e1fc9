"""Pins: by moderators, at most ten, on what everybody in the organization reads, and nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import create, publish

LIST = "/api/web/posts"


async def pinned(client: httpx.AsyncClient) -> list[str]:
    answer = await client.get(f"{LIST}/pinned")
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


async def pin(client: httpx.AsyncClient, post: dict[str, Any]) -> httpx.Response:
    return await client.post(f"{LIST}/{post['post_id']}/pin")


async def test_moderators_pin_and_unpin_and_the_list_stays_in_its_order(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, moderator = client_as(await make_person()), client_as(await make_person(role="moderator"))
    posts = [await publish(ann, title=title) for title in ("one", "two", "three")]
    assert await pinned(ann) == []
    for post in posts[:2]:
        answer = await pin(moderator, post)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        assert answer.json()["pinned_at"] is not None
    for _ in range(2):
        assert await pinned(ann) == await pinned(moderator) == ["two", "one"]
    items = (await ann.get(LIST)).json()["items"]
    assert [(item["slug"], item["pinned_at"] is not None) for item in items] == [
        ("three", False),
        ("two", True),
        ("one", True),
    ]
    tag = (await ann.get(f"{LIST}/pinned")).headers["etag"]
    assert (await ann.get(f"{LIST}/pinned", headers={"If-None-Match": tag})).status_code == 304
    again = await pin(moderator, posts[0])
    assert (again.status_code, again.json()["code"]) == (409, "post_already_pinned")
    assert (await moderator.post(f"{LIST}/{posts[1]['post_id']}/unpin")).json()["pinned_at"] is None
    assert await pinned(ann) == ["one"]
    again = await moderator.post(f"{LIST}/{posts[1]['post_id']}/unpin")
    assert (again.status_code, again.json()["code"]) == (409, "post_not_pinned")


ENDS: list[tuple[str, str, Any]] = [
    ("post", "/archive", None),
    ("delete", "", None),
    ("patch", "", {"visibility": "author"}),
    ("patch", "", {"visibility": "people"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ENDS, ids=["archive", "trash", "author", "people"])
async def test_what_not_everybody_reads_any_more_is_no_longer_pinned(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any
) -> None:
    ann, moderator = client_as(await make_person()), client_as(await make_person(role="moderator"))
    post = await publish(ann)
    await pin(moderator, post)
    assert await pinned(moderator) == ["how-we-bake"]
    where = f"{LIST}/{post['post_id']}"
    ended = await ann.request(method, where + path, json=body, headers={"If-Match": "*"})
    assert ended.is_success, ended.text
    assert await pinned(moderator) == await pinned(ann) == []
    await ann.post(f"{where}/restore")
    await ann.post(f"{where}/publish")
    await ann.patch(where, json={"visibility": "organization"}, headers={"If-Match": "*"})
    assert (await moderator.get(where)).json()["pinned_at"] is None


async def test_bad_pins_are_refused(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    moderator = client_as(await make_person(role="moderator"))
    post = await publish(ann)
    for path in ("pin", "unpin"):
        for member in (ann, bob):
            answer = await member.post(f"{LIST}/{post['post_id']}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert (await moderator.post(f"{LIST}/{uuid4()}/{path}")).status_code == 404
        assert (await moderator.post(f"{LIST}/nonsense/{path}")).status_code == 422
    draft = await create(moderator)
    answer = await pin(moderator, draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "post_not_public")


async def test_a_stranger_neither_sees_nor_sets_pins(client_as: ClientAs) -> None:
    stranger = client_as(None)
    assert (await stranger.get(f"{LIST}/pinned")).status_code == 401
    for path in ("pin", "unpin"):
        assert (await stranger.post(f"{LIST}/{uuid4()}/{path}")).status_code == 401


async def test_another_organization_neither_sees_nor_sets_pins_nor_takes_places(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    moderator = client_as(await make_person(role="moderator"))
    eve = client_as(await make_person(organization="umbra", role="admin"))
    post = await publish(moderator)
    for path in ("pin", "unpin"):
        assert (await eve.post(f"{LIST}/{post['post_id']}/{path}")).status_code == 404
    for number in range(10):
        assert (await pin(eve, await publish(eve, title=f"theirs {number}"))).status_code == 200
    assert (await pin(moderator, post)).status_code == 200
    assert await pinned(moderator) == ["how-we-bake"]
    assert len(await pinned(eve)) == 10


async def test_of_twelve_pinned_at_once_ten_are(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    clients = [client_as(await make_person(role="moderator")) for _ in range(3)]
    posts = [await publish(clients[0], title=f"post {number}") for number in range(12)]
    answers = await asyncio.gather(*(pin(clients[n % 3], post) for n, post in enumerate(posts)))
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [409] * 2
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too_many_pins"}
    places = await owner.fetchval(
        "select array_agg(pinned_place order by pinned_place) from app_web.posts where pinned_at > 'epoch'"
    )
    assert places == list(range(1, 11))
    assert len(await pinned(clients[1])) == 10


async def test_injected_sql_pins_nothing_for_who_may_not(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    post, other = await publish(client_as(ann)), await publish(client_as(ann), title="Other")
    assert (await pin(client_as(moderator), other)).status_code == 200
    web = await inject("dfworx_web", ann)
    for forbidden in (
        "update app_web.posts set pinned_at = now(), pinned_place = 2 where pinned_at is null",
        "update app_web.posts set pinned_at = now(), pinned_place = 1 where pinned_at is not null",
        "update app_web.posts set pinned_at = null, pinned_place = null",
        "insert into app_web.posts (pinned_at) values (now())",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(forbidden)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.fetchval("select app_web.pin_post($1)", UUID(post["post_id"]))
    moderators = await inject("dfworx_web", moderator)
    with pytest.raises(asyncpg.CheckViolationError):
        await moderators.execute("update app_web.posts set pinned_place = 11, pinned_at = now()")
    assert await pinned(client_as(ann)) == ["other"]

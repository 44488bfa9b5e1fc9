"""Sharing a post with named people: who says so, who is told with whom, and what is refused."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, create, publish

LIST = "/api/web/posts"


async def slugs(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


async def share(client: httpx.AsyncClient, post: dict[str, Any], *readers: Any) -> dict[str, Any]:
    body = {"visibility": "people", "readers": [str(reader.user_id) for reader in readers]}
    answer = await client.patch(f"{LIST}/{post['post_id']}", json=body, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    shared: dict[str, Any] = answer.json()
    return shared


async def test_readers_find_the_post_in_their_lists_where_it_belongs(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, cleo = [await make_person(name=name) for name in ("Ann", "Ben", "Cleo")]
    await publish(client_as(cleo), title="Before")
    post = await publish(client_as(ann), title="Shared", visibility="people", readers=[str(ben.user_id)])
    await publish(client_as(cleo), title="After")
    for _ in range(2):
        assert await slugs(client_as(ben)) == ["after", "shared", "before"]
        assert await slugs(client_as(ben), author=str(ann.user_id)) == ["shared"]
        assert await slugs(client_as(ben), status="published") == ["after", "shared", "before"]
        assert await slugs(client_as(ben), status="draft") == []
        assert await slugs(client_as(cleo)) == ["after", "before"]
        assert await slugs(client_as(cleo), author=str(ann.user_id)) == []
        assert await slugs(client_as(ann)) == ["after", "shared", "before"]
    seen = (await client_as(ben).get(f"{LIST}/{post['post_id']}")).json()
    assert seen["readers"] == [{"user_id": str(ben.user_id), "name": "Ben"}] == post["readers"]
    shared = await share(client_as(ann), post, cleo, ben, ann)
    assert [reader["name"] for reader in shared["readers"]] == ["Ben", "Cleo"]
    assert await slugs(client_as(cleo)) == ["after", "shared", "before"]
    pages = await client_as(cleo).get(LIST, params={"limit": 1, "author": str(ann.user_id)})
    assert [item["visibility"] for item in pages.json()["items"]] == ["people"]


async def test_a_draft_is_not_shared_before_it_is_published(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(), await make_person()
    post = await create(client_as(ann), visibility="people", readers=[str(ben.user_id)])
    assert await slugs(client_as(ben)) == []
    assert (await client_as(ben).get(f"{LIST}/{post['post_id']}")).status_code == 404
    await client_as(ann).post(f"{LIST}/{post['post_id']}/publish")
    assert await slugs(client_as(ben)) == ["how-we-bake"]


async def test_a_comment_counts_in_the_lists_of_all_who_read_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, cleo = [await make_person() for _ in range(3)]
    post = await publish(client_as(ann))
    await share(client_as(ann), post, ben, cleo)
    people = [client_as(each) for each in (ann, ben, cleo)]
    for client in people:
        assert (await client.get(LIST)).json()["items"][0]["comment_count"] == 0
    comment = await comment_on(client_as(ben), post)
    for client in people:
        assert (await client.get(LIST)).json()["items"][0]["comment_count"] == 1
    await client_as(ben).delete(f"/api/web/comments/{comment['comment_id']}")
    for client in people:
        assert (await client.get(LIST)).json()["items"][0]["comment_count"] == 0


async def test_bad_readers_are_refused_and_named(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, gone = await make_person(), await make_person()
    eve = await make_person(organization="umbra")
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    client = client_as(ann)
    post = await create(client)
    for nobody in (gone.user_id, eve.user_id, uuid4()):
        body = {"visibility": "people", "readers": [str(nobody), str(ann.user_id)]}
        answers = [
            await client.post(LIST, json={"title": "t", "content": "", **body}),
            await client.patch(f"{LIST}/{post['post_id']}", json=body, headers={"If-Match": "*"}),
        ]
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (422, "unknown_readers")
            assert answer.json()["unknown"] == [str(nobody)]
    needless: list[dict[str, Any]] = [{"readers": []}, {"readers": [], "visibility": "author"}]
    for wrong in needless:
        answers = [
            await client.post(LIST, json={"title": "t", "content": "", **wrong}),
            await client.patch(f"{LIST}/{post['post_id']}", json=wrong, headers={"If-Match": "*"}),
        ]
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (422, "readers_not_people")
    assert (await client.get(f"{LIST}/{post['post_id']}")).json() == post
    assert await slugs(client) == [post["slug"]]


@pytest.mark.parametrize("role", ["moderator", "admin"])
async def test_moderators_share_nothing_of_others(
    make_person: MakePerson, client_as: ClientAs, role: str
) -> None:
    ann, moderator = await make_person(), await make_person(role=role)
    post = await publish(client_as(ann))
    for body in ({"visibility": "people"}, {"visibility": "people", "readers": [str(moderator.user_id)]}):
        answer = await client_as(moderator).patch(
            f"{LIST}/{post['post_id']}", json=body, headers={"If-Match": "*"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (await client_as(ann).get(f"{LIST}/{post['post_id']}")).json() == post


async def test_naming_readers_many_times_at_once_leaves_what_one_of_them_said(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person()
    readers = [await make_person() for _ in range(4)]
    post = await publish(client_as(ann))
    said = [readers[:1], readers[1:3], readers[2:], readers, []]
    answers = await asyncio.gather(*(share(client_as(ann), post, *some) for some in said))
    assert sorted(answer["version"] for answer in answers) == [3, 4, 5, 6, 7]
    last = max(answers, key=lambda answer: int(answer["version"]))
    named = {reader["user_id"] for reader in last["readers"]}
    assert named in [{str(each.user_id) for each in some} for some in said]
    for reader in readers:
        assert await slugs(client_as(reader)) == (["how-we-bake"] if str(reader.user_id) in named else [])

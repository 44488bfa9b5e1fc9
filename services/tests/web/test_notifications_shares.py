"""Who is told that a post is shared with them: those who are newly named, as soon as they can read it."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx

from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.db import Database
from dfworx.worker.publishing import publish_due_posts
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase
from tests.web.conftest import count_unread, create, list_notifications


async def change(client: httpx.AsyncClient, post: dict[str, Any], **changes: Any) -> None:
    where = f"/api/web/posts/{post['post_id']}"
    answer = await client.patch(where, json=changes, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def named(*people: Person) -> list[str]:
    return [str(each.user_id) for each in people]


async def told(client_as: ClientAs, *people: Person) -> list[list[str]]:
    return [[item["kind"] for item in await list_notifications(client_as(each))] for each in people]


async def test_who_is_named_is_told_when_it_is_published_and_who_is_added_later_then(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, cleo, third = [await make_person() for _ in range(4)]
    client = client_as(ann)
    post = await create(client, visibility="people", readers=named(ben))
    assert await told(client_as, ben, cleo) == [[], []], "a draft is its author's alone"
    await client.post(f"/api/web/posts/{post['post_id']}/publish")
    assert await told(client_as, ben, cleo) == [["share"], []]
    await change(client, post, readers=named(ben, cleo))
    await change(client, post, readers=named(cleo, ben))
    await change(client, post, title="Another title")
    assert await told(client_as, ann, ben, cleo, third) == [[], ["share"], ["share"], []]
    assert await count_unread(client_as(cleo)) == 1
    await change(client, post, readers=named(cleo))
    assert await told(client_as, ben, cleo) == [[], ["share"]]


async def test_whoever_had_read_it_is_told_anew_when_it_is_shared_anew(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(), await make_person()
    client = client_as(ann)
    post = await create(client, visibility="people", readers=named(ben))
    await client.post(f"/api/web/posts/{post['post_id']}/publish")
    await client_as(ben).post("/api/web/notifications/read", json={"post_id": post["post_id"]})
    for visibility, unread in (("author", 0), ("people", 1)):
        await change(
            client, post, visibility=visibility, **({"readers": named(ben)} if visibility == "people" else {})
        )
        assert await count_unread(client_as(ben)) == unread
    assert await told(client_as, ben) == [["share"]]


async def test_what_is_published_at_its_time_tells_its_author_and_for_whom_it_is(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, database: TestDatabase
) -> None:
    ann, ben, third = [await make_person() for _ in range(3)]
    client = client_as(ann)
    post = await create(client, visibility="people", readers=named(ben))
    scheduled = await client.post(
        f"/api/web/posts/{post['post_id']}/schedule", json={"publish_at": "2027-01-01T00:00:00Z"}
    )
    assert scheduled.status_code == 200, scheduled.text
    assert [await count_unread(client_as(each)) for each in (ann, ben)] == [0, 0]
    await owner.execute("update app_web.posts set publish_at = now() - interval '1 minute'")
    settings = database.settings("dfworx_worker")
    worker = Database(settings)
    redis = connect_redis(settings.redis_url.get_secret_value())
    try:
        assert await publish_due_posts(worker, Cache(redis)) == 1
    finally:
        await worker.close()
        await redis.aclose()
    assert await told(client_as, ann, ben, third) == [["published"], ["share"], []]
    assert [await count_unread(client_as(each)) for each in (ann, ben)] == [1, 1]
    [item] = await list_notifications(client)
    assert (item["actor"], item["post"]["post_id"]) == (None, post["post_id"])


async def test_publishing_by_hand_tells_its_author_nothing(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person()
    client = client_as(ann)
    post = await create(client)
    await client.post(
        f"/api/web/posts/{post['post_id']}/schedule", json={"publish_at": "2027-01-01T00:00:00Z"}
    )
    answer = await client.post(f"/api/web/posts/{post['post_id']}/publish")
    assert answer.status_code == 200, answer.text
    assert await told(client_as, ann) == [[]]

"""What people are told, by the API: once for each event, in order, and only of what they may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, count_unread, create, list_notifications, publish
from tests.web.test_post_readers import share

UNREAD = "/api/web/notifications/unread-count"


async def told(client: httpx.AsyncClient) -> list[str]:
    return [item["kind"] for item in await list_notifications(client)]


def naming(*people: Person) -> str:
    return " ".join(f"@[{each.name}](mention://user/{each.user_id})" for each in people)


async def test_a_comment_tells_the_posts_author(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann), title="Sourdough")
    comment = await comment_on(client_as(bob), post, "x" * 300)
    [item] = await list_notifications(client_as(ann))
    assert item["kind"] == "comment"
    assert item["actor"] == {"user_id": str(bob.user_id), "name": bob.name, "avatar_url": None}
    assert item["post"] == {"post_id": post["post_id"], "title": "Sourdough", "slug": post["slug"]}
    assert item["comment"] == {"comment_id": comment["comment_id"], "excerpt": "x" * 200}
    assert item["read_at"] is None
    assert await list_notifications(client_as(bob)) == []


async def test_one_comment_tells_a_person_once_and_for_the_best_reason(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob, cleo = [await make_person() for _ in range(3)]
    post = await publish(client_as(ann))
    first = await comment_on(client_as(ann), post, naming(ann))
    assert await told(client_as(ann)) == [], "nobody is told of what they did"
    await comment_on(client_as(bob), post, naming(ann, cleo), parent_id=first["comment_id"])
    assert (await told(client_as(ann)), await told(client_as(cleo))) == (["mention"], ["mention"])
    await comment_on(client_as(cleo), post, "Mine", parent_id=first["comment_id"])
    assert await told(client_as(ann)) == ["reply", "mention"]
    assert await told(client_as(bob)) == []


async def test_an_edit_tells_whom_it_newly_mentions_alone(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob, cleo = [await make_person() for _ in range(3)]
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post, naming(cleo))
    where = f"/api/web/comments/{comment['comment_id']}"
    for content in ("Nobody", naming(cleo, ann), naming(cleo)):
        answer = await client_as(bob).patch(where, json={"content": content}, headers={"If-Match": "*"})
        assert answer.status_code == 200
    assert await told(client_as(cleo)) == ["mention"]
    assert await told(client_as(ann)) == ["mention", "comment"]


async def test_guests_are_told_and_who_was_deactivated_is_not(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, guest, gone = await make_person(), await make_person(role="guest"), await make_person()
    post = await publish(client_as(gone))
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    await comment_on(client_as(ann), post, naming(guest))
    assert await told(client_as(guest)) == ["mention"]
    assert await owner.fetch("select * from public.notifications where user_id = $1", gone.user_id) == []


async def test_pages_neither_repeat_nor_skip_and_can_be_of_the_unread_alone(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    client = client_as(ann)
    post = await publish(client)
    for n in range(5):
        await comment_on(client_as(bob), post, f"Number {n}")
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = (await client.get("/api/web/notifications", params=params)).json()
        seen += answer["items"]
        if (cursor := answer["next_cursor"]) is None:
            break
    assert [item["comment"]["excerpt"] for item in seen] == [f"Number {n}" for n in range(4, -1, -1)]
    await client.post(f"/api/web/notifications/{seen[1]['notification_id']}/read")
    unread = await list_notifications(client, unread=True)
    assert [item["notification_id"] for item in unread] == [
        item["notification_id"] for item in seen if item != seen[1]
    ]


async def test_the_count_follows_what_is_told_and_read(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = await make_person(), await make_person()
    client = client_as(ann)
    one, two = await publish(client), await publish(client)
    assert await count_unread(client) == 0
    for post in (one, one, one, two, two):
        await comment_on(client_as(bob), post)
    assert await count_unread(client) == 5
    items = await list_notifications(client)
    where = f"/api/web/notifications/{items[0]['notification_id']}"
    for _ in range(2):
        assert (await client.post(f"{where}/read")).status_code == 204
        assert await count_unread(client) == 4
    assert (await client.post(f"{where}/unread")).status_code == 204
    assert await count_unread(client) == 5
    await client.post("/api/web/notifications/read", json={"post_id": two["post_id"]})
    assert await count_unread(client) == 3
    # What has come since the newest that was shown stays unread.
    await comment_on(client_as(bob), one)
    await client.post("/api/web/notifications/read-all", json={"until": items[0]["created_at"]})
    assert await count_unread(client) == 1
    assert [item["read_at"] is None for item in await list_notifications(client)] == [True] + [False] * 5


async def test_the_count_ends_at_a_hundred_and_is_kept_in_redis(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    post = await publish(client_as(ann))
    await owner.execute(
        "insert into public.notifications (organization_id, user_id, kind, entity, entity_id, post_id)"
        " select $1, $2, 'mention', 'app_web.posts', gen_random_uuid(), $3 from generate_series(1, 120)",
        *(ann.organization_id, ann.user_id, UUID(post["post_id"])),
    )
    assert await count_unread(client_as(ann)) == 100
    await owner.execute("delete from public.notifications")
    assert await count_unread(client_as(ann)) == 100, "who asks again asks Redis"


async def test_a_share_tells_who_is_named(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, ben, third = [await make_person() for _ in range(3)]
    post = await create(client_as(ann))
    connection = await share(inject, ann, post, ben)
    people = [ann.user_id, ben.user_id, third.user_id]
    notify = "select app_web.notify_of_share($1, $2)"
    for _ in range(2):
        await connection.execute(notify, UUID(post["post_id"]), people)
    [item] = await list_notifications(client_as(ben))
    assert (item["kind"], item["post"]["post_id"], item["comment"]) == ("share", post["post_id"], None)
    assert (await told(client_as(ann)), await told(client_as(third))) == ([], [])
    await client_as(ben).post(f"/api/web/notifications/{item['notification_id']}/read")
    await connection.execute(notify, UUID(post["post_id"]), people)
    assert await count_unread(client_as(ben)) == 1, "shared anew"


async def test_a_deleted_comment_and_a_removed_one_are_told_of_no_more(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    answered, alone = [await comment_on(client_as(bob), post, text) for text in ("one", "two")]
    await comment_on(client_as(ann), post, parent_id=answered["comment_id"])
    for comment in (answered, alone):
        await client_as(bob).delete(f"/api/web/comments/{comment['comment_id']}")
    assert await list_notifications(client_as(ann)) == []


async def test_a_muted_post_tells_of_mentions_alone(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = await make_person(), await make_person()
    client = client_as(ann)
    post = await publish(client)
    mute = f"/api/web/posts/{post['post_id']}/mute"
    assert (await client.get(mute)).json() == {"muted": False}
    for _ in range(2):
        assert (await client.put(mute)).status_code == 204
    assert (await client.get(mute)).json() == {"muted": True}
    mine = await comment_on(client, post)
    await comment_on(client_as(bob), post)
    await comment_on(client_as(bob), post, parent_id=mine["comment_id"])
    assert await told(client) == []
    await comment_on(client_as(bob), post, naming(ann))
    assert await told(client) == ["mention"]
    for _ in range(2):
        assert (await client.delete(mute)).status_code == 204
    await comment_on(client_as(bob), post)
    assert await told(client) == ["comment", "mention"]
    assert (await client_as(bob).get(mute)).json() == {"muted": False}


async def test_what_somebody_wants_to_hear_of_is_honoured(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    await owner.execute(
        "insert into app_web.preferences (organization_id, user_id, preferences) values ($1, $2, $3::jsonb)",
        *(ann.organization_id, ann.user_id),
        '{"notifications": {"mention": {"in_app": false}, "reply": {"mail": false}}}',
    )
    post = await publish(client_as(ann))
    mine = await comment_on(client_as(ann), post)
    await comment_on(client_as(bob), post, naming(ann))
    assert await told(client_as(ann)) == ["comment"], "the best reason of those that are wanted"
    await comment_on(client_as(bob), post, parent_id=mine["comment_id"])
    assert await told(client_as(ann)) == ["reply", "comment"]


async def test_a_stranger_is_told_nothing(make_person: MakePerson, client_as: ClientAs) -> None:
    post = await publish(client_as(await make_person()))
    stranger = client_as(None)
    at = f"/api/web/notifications/{uuid4()}"
    answers = [
        await stranger.get("/api/web/notifications"),
        await stranger.get(UNREAD),
        await stranger.post(f"{at}/read"),
        await stranger.post(f"{at}/unread"),
        await stranger.post("/api/web/notifications/read", json={"post_id": post["post_id"]}),
        await stranger.post("/api/web/notifications/read-all", json={"until": post["created_at"]}),
        await stranger.get(f"/api/web/posts/{post['post_id']}/mute"),
        await stranger.put(f"/api/web/posts/{post['post_id']}/mute"),
        await stranger.delete(f"/api/web/posts/{post['post_id']}/mute"),
    ]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize("other", ["lumen", "umbra"], ids=["a colleague", "another organization"])
async def test_what_is_told_in_another_organization_or_to_another_person_is_theirs(
    make_person: MakePerson, client_as: ClientAs, other: str
) -> None:
    ann, bob = await make_person(), await make_person()
    eve = client_as(await make_person(organization=other, role="admin"))
    post = await publish(client_as(ann))
    await comment_on(client_as(bob), post)
    [item] = await list_notifications(client_as(ann))
    at = f"/api/web/notifications/{item['notification_id']}"
    assert [(await eve.post(f"{at}/{what}")).status_code for what in ("read", "unread")] == [404, 404]
    await eve.post("/api/web/notifications/read", json={"post_id": post["post_id"]})
    await eve.post("/api/web/notifications/read-all", json={"until": "2999-01-01T00:00:00Z"})
    assert await list_notifications(client_as(ann)) == [item]
    assert (await count_unread(client_as(ann)), await count_unread(eve)) == (1, 0)
    assert await list_notifications(eve) == []


async def test_another_organizations_post_is_not_muted_and_nobody_of_it_is_told(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    post, theirs = await publish(client_as(ann)), await publish(client_as(eve))
    for method in ("GET", "PUT", "DELETE"):
        answer = await client_as(ann).request(method, f"/api/web/posts/{theirs['post_id']}/mute")
        assert answer.status_code == 404
    await comment_on(client_as(ann), post, naming(eve))
    assert await list_notifications(client_as(eve)) == []


BAD: list[tuple[str, Any]] = [
    ("read-all", {}),
    ("read-all", {"until": "yesterday"}),
    ("read-all", {"until": "2026-01-01T00:00:00"}),
    ("read-all", {"until": "0001-01-01T00:00:00+14:00"}),
    ("read-all", {"until": "2026-01-01T00:00:00Z", "all": True}),
    ("read", {"post_id": "x"}),
    ("read", None),
    ("x/read", {}),
]


@pytest.mark.parametrize(("path", "body"), BAD)
async def test_bad_input_is_refused_with_a_sentence(
    make_person: MakePerson, client_as: ClientAs, path: str, body: Any
) -> None:
    answer = await client_as(await make_person()).post(f"/api/web/notifications/{path}", json=body)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("query", ["cursor=x", "limit=0", "limit=101", "unread=perhaps"])
async def test_a_bad_query_is_refused(make_person: MakePerson, client_as: ClientAs, query: str) -> None:
    answer = await client_as(await make_person()).get(f"/api/web/notifications?{query}")
    assert answer.status_code == 422, answer.text

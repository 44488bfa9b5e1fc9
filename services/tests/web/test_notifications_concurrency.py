"""Many at once: everybody who is told is told once, and the unread count is exact afterwards."""

from __future__ import annotations

import asyncio

import asyncpg

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, count_unread, list_notifications, publish


async def test_twenty_who_mention_one_at_once_are_twenty(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(name="Ann")
    people = [await make_person() for _ in range(20)]
    post = await publish(client_as(people[0]))
    assert await count_unread(client_as(ann)) == 0
    await asyncio.gather(*(comment_on(client_as(each), post, "@Ann") for each in people))
    assert await count_unread(client_as(ann)) == 20
    items = await list_notifications(client_as(ann))
    assert {item["actor"]["user_id"] for item in items} == {str(each.user_id) for each in people}
    assert await count_unread(client_as(people[0])) == 19


async def test_marking_all_read_while_more_come_leaves_what_was_not_shown_unread(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person()
    client, other = client_as(ann), client_as(bob)
    post = await publish(client)
    for _ in range(3):
        await comment_on(other, post)
    shown = await list_notifications(client)
    marks = [
        client.post("/api/web/notifications/read-all", json={"until": shown[0]["created_at"]})
        for _ in range(5)
    ]
    answers, *_ = await asyncio.gather(asyncio.gather(*marks), *(comment_on(other, post) for _ in range(15)))
    assert {answer.status_code for answer in answers} == {204}
    assert await count_unread(client) == 15
    unread = {item["notification_id"] for item in await list_notifications(client, unread=True)}
    assert len(unread) == 15
    assert unread.isdisjoint(item["notification_id"] for item in shown)


async def test_a_notification_is_written_with_its_cause_or_not_at_all(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    await owner.execute(
        "create function public.fail() returns trigger language plpgsql as"
        " $$ begin raise exception 'full' using errcode = 'disk_full'; end $$;"
        "create trigger fail before insert on shared_services.outbox for each row execute function public.fail()"
    )
    answer = await client_as(bob).post(f"/api/web/posts/{post['post_id']}/comments", json={"content": "x"})
    assert answer.status_code >= 500
    assert await owner.fetch("select comment_id from app_web.comments") == []
    assert await owner.fetch("select notification_id from public.notifications") == []
    await owner.execute("drop trigger fail on shared_services.outbox")
    await comment_on(client_as(bob), post)
    assert await owner.fetchval("select count(*) from public.notifications") == 1

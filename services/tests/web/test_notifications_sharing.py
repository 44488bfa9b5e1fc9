"""A post shared with two named people is told to no third, and to nobody once it isn't theirs to read: not by the list,
the count, a mention, or a row in the outbox."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, count_unread, create, list_notifications, publish
from tests.web.test_post_readers import share


async def test_a_third_person_is_never_told_of_a_shared_post(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, ben, cleo, third = [await make_person(name=name) for name in ("Ann", "Ben", "Cleo", "Third")]
    admin = await make_person(role="admin", name="Admin")
    post = await create(client_as(ann))
    connection = await share(inject, ann, post, ben, cleo)
    people = [each.user_id for each in (ben, cleo, third, admin)]
    await connection.execute("select app_web.notify_of_share($1, $2)", UUID(post["post_id"]), people)
    comment = await comment_on(client_as(ben), post, "@Third @Admin @Cleo")
    answer = await client_as(cleo).patch(
        f"/api/web/comments/{comment['comment_id']}", json={"content": "x"}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 403
    for outsider in (third, admin):
        assert await list_notifications(client_as(outsider)) == []
        assert await count_unread(client_as(outsider)) == 0
        web = await inject("dfworx_web", outsider)
        assert await web.fetch("select * from public.notifications") == []
    told = await owner.fetch("select user_id, kind from public.notifications order by kind, user_id")
    assert {(row["user_id"], row["kind"]) for row in told} == {
        (ben.user_id, "share"),
        (cleo.user_id, "share"),
        (cleo.user_id, "mention"),
        (ann.user_id, "comment"),
    }
    noted = await owner.fetch(
        "select entity_id, payload::text from shared_services.outbox where topic !~ '^mirror'"
    )
    assert {row["entity_id"] for row in noted if "notification_id" in row["payload"]} == {
        ann.user_id,
        ben.user_id,
        cleo.user_id,
    }
    assert not any(post["title"] in row["payload"] or "Third" in row["payload"] for row in noted)


async def test_when_sharing_ends_nothing_of_it_is_listed_or_told(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, ben = await make_person(), await make_person(name="Ben")
    post = await create(client_as(ann))
    connection = await share(inject, ann, post, ben)
    await connection.execute("select app_web.notify_of_share($1, $2)", UUID(post["post_id"]), [ben.user_id])
    await comment_on(client_as(ann), post, "@Ben")
    shown = await list_notifications(client_as(ben))
    assert [item["kind"] for item in shown] == ["mention", "share"]
    await connection.execute("delete from app_web.post_readers")
    assert await list_notifications(client_as(ben)) == []
    assert await list_notifications(client_as(ben), unread=True) == []
    await comment_on(client_as(ann), post, "@Ben, more")
    assert await list_notifications(client_as(ben)) == []
    assert await count_unread(client_as(ben)) == 0
    mute = await client_as(ben).put(f"/api/web/posts/{post['post_id']}/mute")
    assert mute.status_code == 404
    # It is theirs again: so is what was told of it, and no more.
    await share(inject, ann, post, ben)
    assert await list_notifications(client_as(ben)) == shown


async def test_a_post_in_the_trash_or_hidden_is_told_of_no_more_and_one_restored_again(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob, moderator = await make_person(), await make_person(name="Bob"), await make_person(role="admin")
    post = await publish(client_as(ann))
    await comment_on(client_as(ann), post, f"@Bob @[x](mention://user/{moderator.user_id})")
    await comment_on(client_as(bob), post)
    client, at = client_as(ann), f"/api/web/posts/{post['post_id']}"
    people = [client_as(each) for each in (ann, bob, moderator)]
    shown = [await list_notifications(each) for each in people]
    assert [len(items) for items in shown] == [1, 1, 1]
    assert (await client.delete(at)).status_code == 204
    assert [await list_notifications(each) for each in people] == [[], [], []]
    assert (await client.post(f"{at}/restore")).status_code == 200
    assert [await list_notifications(each) for each in people] == shown
    hidden = await client.patch(at, json={"visibility": "author"}, headers={"If-Match": "*"})
    assert hidden.status_code == 200
    assert [await list_notifications(each) for each in people] == [shown[0], [], []]
    for _ in range(2):
        assert (await client.delete(at)).status_code == 204
    assert [await list_notifications(each) for each in people] == [[], [], []]
    assert await owner.fetch("select * from public.notifications") == []

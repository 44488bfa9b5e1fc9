"""Mails of notifications: what stayed unread, to whom it may still be told, once; and the sweep of what was read."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from dfworx.worker.mail import Mailer
from dfworx.worker.notification_mails import mail_notifications
from dfworx.worker.notification_sweep import sweep_notifications
from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, list_notifications, publish

ORIGIN = "https://dfworx.example"
DUE = (
    "update public.notifications set mail_due_at = now() - interval '1 second' where mail_due_at is not null"
)


def mails(settings: Settings) -> list[str]:
    return [path.read_text() for path in sorted((settings.home / "mail").glob("*.eml"))]


async def test_who_is_mentioned_and_does_not_look_is_mailed_once(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(name="Ann <b>"), await make_person(name="Bob")
    post = await publish(client_as(ann), title="Sourdough <i>")
    comment = await comment_on(client_as(ann), post, "@Bob, look <script>")
    mailer = Mailer(settings)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 0, "not within two minutes"
    await owner.execute(DUE)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 1
    await owner.execute(DUE)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 0
    [mail] = mails(settings)
    assert f"To: {bob.email}" in mail
    assert "Subject: Ann <b> mentioned you in Sourdough <i>" in mail
    assert f"{ORIGIN}/posts/{post['slug']}#comment-{comment['comment_id']}" in mail.replace("=\n", "")
    assert "@Bob, look <script>" in mail.partition("text/html")[0]
    assert "<script>" not in mail.partition("text/html")[2]
    assert f"\nList-Unsubscribe: <{ORIGIN}/settings/notifications>\n" in mail


async def test_what_was_read_or_is_no_longer_theirs_is_never_mailed(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann = await make_person(name="Ann")
    people = [await make_person(name=name) for name in ("Reads", "Loses", "Leaves", "Removed", "Hasnone")]
    reads, loses, leaves, removed, nowhere = people
    client = client_as(ann)
    readers = [str(each.user_id) for each in people]
    post = await create(client, visibility="people", readers=readers)
    await client.post(f"/api/web/posts/{post['post_id']}/publish")
    await client_as(reads).post("/api/web/notifications/read", json={"post_id": post["post_id"]})
    comment = await comment_on(client, post, "@Removed")
    await client.delete(f"/api/web/comments/{comment['comment_id']}")
    await client_as(removed).post("/api/web/notifications/read", json={"post_id": post["post_id"]})
    await client.patch(
        f"/api/web/posts/{post['post_id']}",
        json={"readers": [each for each in readers if each != str(loses.user_id)]},
        headers={"If-Match": "*"},
    )
    await owner.execute("update public.users set is_active = false where user_id = $1", leaves.user_id)
    await owner.execute("update public.users set email = null where user_id = $1", nowhere.user_id)
    await owner.execute(DUE)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 0
    assert mails(settings) == []
    assert await owner.fetch("select * from public.notifications where mail_due_at is not null") == []


async def test_what_the_worker_reads_is_what_the_policy_shows(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    inject: Inject,
    worker_database: Database,
) -> None:
    """Its function repeats who may read a post; it must never say more than the policy."""
    ann, ben, third = await make_person(), await make_person(), await make_person()
    stranger = await make_person(organization="umbra")
    client = client_as(ann)
    posts = [await publish(client), await create(client), await publish(client, visibility="author")]
    posts.append(await create(client, visibility="people", readers=[str(ben.user_id)]))
    posts.append(await create(client, visibility="people", readers=[str(ben.user_id)]))
    await client.post(f"/api/web/posts/{posts[3]['post_id']}/publish")
    posts += [await publish(client), await publish(client)]
    await client.post(f"/api/web/posts/{posts[5]['post_id']}/archive")
    await client.delete(f"/api/web/posts/{posts[6]['post_id']}")
    await owner.execute(
        """
        insert into public.notifications (organization_id, user_id, kind, entity, entity_id, post_id, mail_due_at)
        select u.organization_id, u.user_id, 'mention', 'app_web.posts', p.post_id, p.post_id, now()
          from app_web.posts p join public.users u on u.organization_id = p.organization_id
        """
    )
    taken = set()
    for _ in range(9):
        # Five at once, so that nobody has had too many.
        await owner.execute("delete from app_web.mail_counts")
        async with worker_database.unsealed() as writer:
            rows = await writer.fetch("select email, post_slug from app_web.take_notification_mails(5)")
        taken |= {(row["email"], row["post_slug"]) for row in rows if row["email"]}
    assert rows == [], "all were looked at"
    seen = set()
    for person in (ann, ben, third, stranger):
        web = await inject("dfworx_web", person)
        for row in await web.fetch("select slug from app_web.posts where status <> 'trashed'"):
            seen.add((person.email, row["slug"]))
    assert taken == seen
    assert len(taken) == 6 + 2 + 1


async def test_who_wants_no_mail_gets_none_and_who_wants_more_gets_it(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    await owner.execute(
        "insert into app_web.preferences (organization_id, user_id, preferences) values ($1, $2, $3::text::jsonb)",
        *(ann.organization_id, ann.user_id),
        '{"notifications": {"mention": {"mail": false}, "comment": {"mail": true}}}',
    )
    mine, theirs = await publish(client_as(ann)), await publish(client_as(bob))
    await comment_on(client_as(bob), mine)
    await comment_on(client_as(bob), mine, "@Ann")
    await comment_on(client_as(ann), theirs)
    await owner.execute(DUE)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 1
    [mail] = mails(settings)
    assert "Subject: Bob commented on" in mail


async def test_a_server_that_takes_no_mail_now_is_asked_again(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
    tmp_path: Path,
) -> None:
    ann = await make_person(name="Ann")
    await make_person(name="Bob")
    await comment_on(client_as(ann), await publish(client_as(ann)), "@Bob")
    await owner.execute(DUE)
    (tmp_path / "mail").write_text("a file where the folder should be")
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 0
    (tmp_path / "mail").unlink()
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 0, "not at once"
    await owner.execute(DUE)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 1


async def test_what_was_read_ninety_days_ago_is_swept_in_every_organization_and_nothing_else(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    cache: Cache,
) -> None:
    for organization in ("lumen", "umbra"):
        ann, bob = [await make_person(organization=organization) for _ in range(2)]
        post = await publish(client_as(ann))
        for _ in range(3):
            await comment_on(client_as(bob), post)
        old, young, _unread = await list_notifications(client_as(ann))
        for item, days in ((old, 91), (young, 89)):
            await owner.execute(
                "update public.notifications set read_at = now() - make_interval(days => $2)"
                " where notification_id = $1",
                *(UUID(item["notification_id"]), days),
            )
    assert await sweep_notifications(worker_database, cache) == 2
    assert await sweep_notifications(worker_database, cache) == 0
    assert await owner.fetchval("select count(*) from public.notifications") == 4


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_auth", "dfworx_admin"])
@pytest.mark.parametrize(
    "statement",
    [
        "select * from app_web.take_notification_mails(9)",
        "select app_web.mailed_notification(gen_random_uuid())",
    ],
)
async def test_nobody_but_the_worker_asks_what_is_to_be_mailed(
    make_person: MakePerson, inject: Inject, login: str, statement: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)

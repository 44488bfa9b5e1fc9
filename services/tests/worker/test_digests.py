"""Digests: what stands in one, that nobody is told of what they may not read, and that one mail goes however the worker
ends. Whose morning it is: test_digests_due.py."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.shared.errors import NotAllowed
from dfworx.shared.settings import Settings
from dfworx.worker.digests import mail_digests, write_digest
from dfworx.worker.mail import Mailer
from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, create, publish

ORIGIN = "https://dfworx.example"


def mails(settings: Settings) -> list[str]:
    paths = sorted((settings.home / "mail").glob("*.eml"))
    return [path.read_text().replace("=\n", "").replace("=3D", "=") for path in paths]


async def make_due(owner: asyncpg.Connection, *people: Person) -> None:
    """Their morning has come, an hour after they were last told; nobody else's has."""
    await owner.execute(
        """
        update app_web.digests
           set due_at = case when user_id = any ($1) then now() - interval '1 second' else 'infinity' end,
               told_until = least(told_until, now() - interval '1 hour')
         where due_at is not null
        """,
        [person.user_id for person in people],
    )


async def take(database: Database) -> list[asyncpg.Record]:
    async with database.unsealed() as writer:
        return list(await writer.fetch("select * from app_web.take_digests(500)"))


async def test_who_has_not_looked_is_told_once_of_what_is_unread_and_what_was_discussed(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    quiet = await publish(client_as(ann), title="Quiet")
    loud = await publish(client_as(ann), title="Loud")
    comment = await comment_on(client_as(ann), loud, "@Bob, look")
    await comment_on(client_as(ann), loud)
    await comment_on(client_as(bob), loud, "My own is no news to me")
    mailer = Mailer(settings)
    assert await mail_digests(worker_database, mailer, ORIGIN) == 0, "nobody's morning yet"
    await make_due(owner, bob)
    assert await mail_digests(worker_database, mailer, ORIGIN) == 1
    assert await mail_digests(worker_database, mailer, ORIGIN) == 0
    [mail] = mails(settings)
    text = mail.partition("text/html")[0]
    assert f"To: {bob.email}" in mail
    assert "Subject: What is new in Lumen" in mail
    assert "You have 1 unread notification:\n\n- Ann mentioned you in Loud\n" in text
    assert f"{ORIGIN}/posts/{loud['slug']}#comment-{comment['comment_id']}\n" in text
    assert "- Loud, by Ann (2 new comments)\n" in text
    assert "- Quiet, by Ann (new)\n" in text
    assert f"{ORIGIN}/posts/{quiet['slug']}\n" in text
    assert text.index("- Loud, by Ann") < text.index("- Quiet, by Ann")
    assert mail.count(f"{ORIGIN}/settings/notifications") == 3
    assert f"\nList-Unsubscribe: <{ORIGIN}/settings/notifications>\n" in mail
    await make_due(owner, bob)
    await owner.execute("update app_web.digests set told_until = now()")
    assert await mail_digests(worker_database, mailer, ORIGIN) == 0, "what stays unread is told of once"


async def test_who_has_nothing_to_be_told_gets_no_mail(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    post = await publish(client_as(ann))
    muted = await publish(client_as(bob))
    await client_as(ann).put(f"/api/web/posts/{muted['post_id']}/mute")
    removed = await comment_on(client_as(bob), post)
    await client_as(bob).delete(f"/api/web/comments/{removed['comment_id']}")
    await make_due(owner, ann)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0
    assert mails(settings) == []
    [row] = await owner.fetch(
        "select due_at > now() as later, told_until > now() - interval '1 minute' as told, taken_at"
        "  from app_web.digests where user_id = $1",
        ann.user_id,
    )
    assert tuple(row) == (True, True, None)


async def test_posts_that_are_hidden_from_somebody_are_in_nobodys_digest_but_their_readers(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    inject: Inject,
    worker_database: Database,
) -> None:
    """The worker's function asks who may read as 015 does; it must never say more than the policy, nor less of what is
    published."""
    ann, ben, third = [await make_person(name=name) for name in ("Ann", "Ben", "Third")]
    stranger = await make_person(organization="umbra", name="Stranger")
    client = client_as(ann)
    named = {"visibility": "people", "readers": [str(ben.user_id)]}
    published = await publish(client, title="Published")
    await create(client, title="Draft")
    await publish(client, title="Private", visibility="author")
    await create(client, title="Draft for Ben", **named)
    shared = await publish(client, title="For Ben", **named)
    archived = await publish(client, title="Archived")
    trashed = await publish(client, title="Trashed")
    for post in (published, shared, archived, trashed):
        await comment_on(client_as(ben), post, "@Ann @Third")
    await client.post(f"/api/web/posts/{archived['post_id']}/archive")
    await client.delete(f"/api/web/posts/{trashed['post_id']}")
    await publish(client_as(stranger), title="Of another organization")
    # What they were told of, whoever they are: more than any action tells.
    await owner.execute(
        """
        insert into public.notifications (organization_id, user_id, kind, entity, entity_id, post_id)
        select u.organization_id, u.user_id, 'told', 'app_web.posts', p.post_id, p.post_id
          from app_web.posts p join public.users u on u.organization_id = p.organization_id
        """
    )
    people = (ann, ben, third, stranger)
    await make_due(owner, *people)
    digests = {row["user_id"]: row["digest"] for row in await take(worker_database)}
    everybody = {}
    for person in people:
        web = await inject("dfworx_web", person)
        seen = await web.fetch("select title, user_id, status from app_web.posts where status <> 'trashed'")
        told = digests[person.user_id]
        news = {
            row["title"] for row in seen if row["status"] == "published" and row["user_id"] != person.user_id
        }
        discussed = {post["title"] for post in told["posts"]} if told else set()
        mine = {row["title"] for row in seen if row["user_id"] == person.user_id}
        assert discussed - mine == news
        assert {each["title"] for each in told["newest"] if each["kind"] == "told"} <= {
            row["title"] for row in seen
        }
        everybody[person.name] = discussed
    assert everybody == {
        "Ann": {"Published", "For Ben"},
        "Ben": {"Published", "For Ben"},
        "Third": {"Published"},
        "Stranger": set(),
    }


async def test_another_organization_is_never_told_also_when_one_person_is_in_both(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    here = await make_person(email="both@example.org")
    there = await make_person(organization="umbra", email="both@example.org")
    ann, eve = await make_person(name="Ann"), await make_person(organization="umbra", name="Eve")
    await publish(client_as(ann), title="Of Lumen")
    await publish(client_as(eve), title="Of Umbra")
    await make_due(owner, here, there)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 2
    by_organization = {
        name: mail for mail in mails(settings) for name in ("Lumen", "Umbra") if f"new in {name}" in mail
    }
    assert "Of Lumen" in by_organization["Lumen"]
    assert "Of Umbra" not in by_organization["Lumen"]
    assert "Of Umbra" in by_organization["Umbra"]
    assert "Of Lumen" not in by_organization["Umbra"]


async def test_a_digest_tells_of_five_posts_and_counts_what_is_unread(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker_database: Database
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    for number in range(7):
        post = await publish(client_as(ann), title=f"Post {number}")
        for _ in range(number % 4):
            await comment_on(client_as(ann), post, "@Bob")
    await make_due(owner, bob)
    [row] = [row for row in await take(worker_database) if row["user_id"] == bob.user_id]
    assert [post["comments"] for post in row["digest"]["posts"]] == [3, 2, 2, 1, 1]
    assert row["digest"]["unread"] == 9
    assert len(row["digest"]["newest"]) == 5
    assert row["digest"]["newest"][0]["title"] == "Post 6"


async def test_however_much_is_discussed_among_others_what_somebody_may_read_is_told(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker_database: Database
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    shared = {"visibility": "people", "readers": [str(bob.user_id)]}
    await publish(client_as(ann), title="Open")
    await publish(client_as(ann), title="For Bob", **shared)
    muted = await publish(client_as(ann), title="Muted")
    await client_as(bob).put(f"/api/web/posts/{muted['post_id']}/mute")
    await owner.execute(
        """
        with hidden as (
          insert into app_web.posts
            (organization_id, user_id, title, slug, content, status, visibility, published_at)
          select $1, $2, 'Hidden', 'hidden-' || n, 'Words.', 'published', 'people', now()
            from generate_series(1, 300) n returning organization_id, post_id, user_id
        )
        insert into app_web.comments (organization_id, post_id, user_id, content)
        select organization_id, post_id, user_id, 'A word' from hidden
        """,
        *(ann.organization_id, ann.user_id),
    )
    await make_due(owner, bob)
    [row] = [row for row in await take(worker_database) if row["user_id"] == bob.user_id]
    assert {post["title"] for post in row["digest"]["posts"]} == {"Open", "For Bob"}


async def test_who_has_no_account_no_address_or_has_left_is_sent_nothing(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann = await make_person(name="Ann")
    leaves, nowhere, lost = [await make_person(name=name) for name in ("Leaves", "Hasnone", "Lost")]
    await owner.execute(
        "insert into public.users (organization_id, name, email, origin)"
        " values ($1, 'Imported', 'imported@lumen.example', 'imported')",
        ann.organization_id,
    )
    await publish(client_as(ann))
    await owner.execute("update public.users set is_active = false where user_id = $1", leaves.user_id)
    await owner.execute("update public.users set email = null where user_id = $1", nowhere.user_id)
    await owner.execute("update public.users set identity_id = null where user_id = $1", lost.user_id)
    await make_due(owner, ann, leaves, nowhere, lost)
    assert await owner.fetchval("select count(*) from app_web.digests") == 4
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0


async def test_a_worker_that_ends_between_taking_and_telling_sends_the_same_mail_again(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    await publish(client_as(ann), title="Before")
    await make_due(owner, bob)
    mailer = Mailer(settings)
    [row] = await take(worker_database)
    await mailer.send(write_digest(row, ORIGIN))
    [first] = mails(settings)
    assert await mail_digests(worker_database, mailer, ORIGIN) == 0, "not while it may still be going"
    await publish(client_as(ann), title="Meanwhile")
    await owner.execute(
        "update app_web.digests set due_at = now() - interval '1 second' where user_id = $1", bob.user_id
    )
    assert await mail_digests(worker_database, mailer, ORIGIN) == 1
    [second] = mails(settings)
    assert message_id(first) == message_id(second)
    assert "Meanwhile" not in second, "that is the next one's"
    await owner.execute(
        "update app_web.digests set due_at = now() - interval '1 second' where user_id = $1", bob.user_id
    )
    [row] = await take(worker_database)
    assert [post["title"] for post in row["digest"]["posts"]] == ["Meanwhile"]


def message_id(mail: str) -> str:
    return next(line for line in mail.splitlines() if line.startswith("Message-ID"))


async def test_two_workers_at_once_take_nobody_twice(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker_database: Database
) -> None:
    ann, bob = await make_person(), await make_person()
    await publish(client_as(ann))
    await make_due(owner, bob)
    async with worker_database.unsealed() as writer:
        assert len(await writer.fetch("select * from app_web.take_digests(9)")) == 1
        assert await take(worker_database) == []
    assert await take(worker_database) == []


async def test_a_mail_that_does_not_go_comes_again_for_a_day_and_then_with_the_next(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
    tmp_path: Path,
) -> None:
    ann, bob = await make_person(), await make_person()
    await publish(client_as(ann), title="Kept for later")
    await make_due(owner, bob)
    (tmp_path / "mail").write_text("a file where the folder should be")
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0
    wait = await owner.fetchval("select due_at - now() from app_web.digests where user_id = $1", bob.user_id)
    assert timedelta(minutes=28) < wait <= timedelta(minutes=30)
    (tmp_path / "mail").unlink()
    await owner.execute(
        "update app_web.digests set due_at = now(), taken_at = now() - interval '25 hours' where user_id = $1",
        bob.user_id,
    )
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0, "too late for a morning"
    await owner.execute("update app_web.digests set due_at = now() where user_id = $1", bob.user_id)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 1
    assert "Kept for later" in mails(settings)[0]


async def test_hostile_titles_and_names_are_words(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob")
    hostile = "<script>x</script> {{ 7 * 7 }} {actor} %s"
    post = await publish(client_as(ann), title=hostile)
    await comment_on(client_as(ann), post, "@Bob")
    # As nobody's service would write them: a line of theirs must not look like one of ours.
    forged = "Ann\r\n\r\nChoose how often you get this: https://evil.example\u2028Bcc: x@evil.example"
    await owner.execute(
        "update public.users set name = left($2, 100) where user_id = $1", ann.user_id, forged
    )
    await owner.execute(
        "update public.organizations set name = left($2, 100) where organization_id = $1",
        *(ann.organization_id, "<b>Lumen\r\nBcc: x@evil.example"),
    )
    await make_due(owner, bob)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 1
    [mail] = mails(settings)
    text, _, html = mail.partition("text/html")
    assert hostile in text
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "49" not in text.replace(post["slug"], "").partition("{{ 7")[2][:10]
    assert not any(line.startswith(("Bcc", "Choose how often you get this: ")) for line in mail.splitlines())


async def test_a_notification_of_a_kind_without_a_sentence_has_its_title(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker_database: Database
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann), title="Sourdough")
    await owner.execute(
        "insert into public.notifications (organization_id, user_id, kind, entity, entity_id, post_id)"
        " values ($1, $2, 'new_kind', 'app_web.posts', $3, $3)",
        *(bob.organization_id, bob.user_id, UUID(post["post_id"])),
    )
    await make_due(owner, bob)
    [row] = await take(worker_database)
    assert f"- Sourdough\n  {ORIGIN}/posts/{post['slug']}\n" in write_digest(row, ORIGIN).text


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_auth", "dfworx_admin"])
@pytest.mark.parametrize(
    "statement",
    [
        "select * from app_web.take_digests(9)",
        "select app_web.mailed_digest(gen_random_uuid())",
        "select app_web.next_digest(gen_random_uuid(), gen_random_uuid(), now())",
        "select app_web.compose_digest(app.org_id(), app.user_id(), '-infinity', now())",
        "select * from app_web.digests",
        "update app_web.digests set due_at = now()",
    ],
)
async def test_nobody_but_the_worker_asks_or_says_what_is_due(
    make_person: MakePerson, inject: Inject, login: str, statement: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)


@pytest.mark.parametrize("call", ["next_digest($1, $2, now())", "compose_digest($1, $2, '-infinity', now())"])
async def test_the_worker_itself_names_nobody_whose_digest_it_would_like(
    make_person: MakePerson, worker_database: Database, call: str
) -> None:
    ann = await make_person()
    with pytest.raises(NotAllowed):
        async with worker_database.unsealed() as writer:
            await writer.fetch(f"select app_web.{call}", ann.organization_id, ann.user_id)

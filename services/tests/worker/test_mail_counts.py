"""How many mails go: to an address over all organizations, since nobody has proven that it is theirs; from an
organization; and that what is one too many waits nowhere, and takes nobody else's place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.shared.errors import NotAllowed
from dfworx.shared.settings import Settings
from dfworx.worker.digests import mail_digests
from dfworx.worker.mail import Mailer
from dfworx.worker.notification_mails import AT_ONCE, mail_notifications
from tests.conftest import Inject, MakePerson, Person, TestDatabase
from tests.worker.test_digests import make_due
from tests.worker.test_notification_mails import DUE, ORIGIN, mails

Mention = Callable[..., Awaitable[None]]


@pytest.fixture
def mention(owner: asyncpg.Connection) -> Mention:
    """Of a person, so many times, in a post of their own organization; due now."""

    async def mention(person: Person, times: int = 1) -> None:
        post = await owner.fetchval(
            "insert into app_web.posts (organization_id, user_id, title, slug, content, status, published_at)"
            " values ($1, $2, 'Sourdough', 'post-' || gen_random_uuid(), 'Words.', 'published', now())"
            " returning post_id",
            *(person.organization_id, person.user_id),
        )
        await owner.execute(
            "insert into public.notifications"
            " (organization_id, user_id, kind, entity, entity_id, post_id, mail_due_at)"
            " select $1, $2, 'mention', 'app_web.comments', gen_random_uuid(), $3, now() - interval '1 second'"
            "  from generate_series(1, $4)",
            *(person.organization_id, person.user_id, post, times),
        )

    return mention


async def pass_time(owner: asyncpg.Connection, minutes: int) -> None:
    await owner.execute(
        "update app_web.mail_counts set counted_at = counted_at - make_interval(mins => $1)", minutes
    )


async def test_who_is_mentioned_all_day_gets_five_mails_an_hour_and_twenty_a_day(
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
    mention: Mention,
) -> None:
    ann, bob = await make_person(), await make_person()
    mailer = Mailer(settings)
    await mention(ann, AT_ONCE + 10)
    await mention(bob)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 6, (
        "whoever is behind them isn't held up"
    )
    assert sum(f"To: {ann.email}" in mail for mail in mails(settings)) == 5
    assert (
        await owner.fetchval("select count(*) from public.notifications where mail_due_at is not null") == 0
    )
    unread = await owner.fetchval("select count(*) from public.notifications where read_at is null")
    assert unread == AT_ONCE + 11, "what isn't mailed stays unread"
    await owner.execute("delete from public.notifications")
    await mention(ann)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 0, "nor does deleting make room"
    for sent in (5, 5, 5, 0):
        await pass_time(owner, 61)
        assert await mail_notifications(worker_database, mailer, ORIGIN) == 0, "nothing comes later"
        await mention(ann, 6)
        assert await mail_notifications(worker_database, mailer, ORIGIN) == sent
    await pass_time(owner, 24 * 60)
    await mention(ann)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 1
    await pass_time(owner, 25 * 60)
    await mention(ann)
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 1
    assert await owner.fetchval("select count(*) from app_web.mail_counts") == 1, "what counts no more goes"


async def test_an_address_is_counted_in_another_organization_too_but_no_other_persons(
    make_person: MakePerson, worker_database: Database, settings: Settings, mention: Mention
) -> None:
    here = await make_person(email="both@example.org")
    there = await make_person(organization="umbra", email="both@example.org")
    bob = await make_person(organization="umbra")
    for person in (here, there, bob):
        await mention(person, 3)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 5 + 3


async def test_all_tags_of_a_mailbox_are_one_address_and_use_up_none_of_the_plain_one(
    make_person: MakePerson, worker_database: Database, settings: Settings, mention: Mention
) -> None:
    for tag in ("+a", "+b", "+c+d"):
        await mention(await make_person(organization="umbra", email=f"ann{tag}@example.org"), 3)
    ann = await make_person(email="ann@example.org")
    await mention(ann, 2)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 5 + 2
    assert sum("To: ann@example.org" in mail for mail in mails(settings)) == 2


async def test_an_organization_that_has_sent_its_two_hundred_holds_up_no_other_organization(
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
    mention: Mention,
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    await owner.execute(
        "insert into app_web.mail_counts (organization_id, mail_id, kind, address)"
        " select $1, gen_random_uuid(), 'notification', sha256(n::text::bytea) from generate_series(1, 199) n",
        eve.organization_id,
    )
    await mention(eve, 3)
    await mention(ann, 3)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 1 + 3
    assert sum(f"To: {eve.email}" in mail for mail in mails(settings)) == 1


async def test_what_goes_again_is_counted_once(
    make_person: MakePerson, owner: asyncpg.Connection, worker_database: Database, mention: Mention
) -> None:
    ann = await make_person()
    await mention(ann, 6)
    for _ in range(3):
        async with worker_database.unsealed() as writer:
            rows = await writer.fetch("select * from app_web.take_notification_mails(500)")
        assert [row["email"] for row in rows if row["email"]] == [ann.email] * 5
        await owner.execute(DUE)
    [count] = await owner.fetch(
        "select count(*), min(address) as address from app_web.mail_counts group by address"
    )
    assert tuple(count) == (5, sha256(ann.email.encode()).digest())


async def test_two_workers_at_once_count_each_others(
    database: TestDatabase,
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    mention: Mention,
) -> None:
    await mention(await make_person(), 10)
    take = "select count(email) from app_web.take_notification_mails(5)"
    waits = "select true from pg_stat_activity where usename = 'dfworx_worker' and wait_event_type = 'Lock'"

    async def take_too() -> int:
        async with worker_database.unsealed() as writer:
            taken: int = await writer.fetchval(take)
            return taken

    async with worker_database.unsealed() as writer:
        assert await writer.fetchval(take) == 5
        second = asyncio.create_task(take_too())
        superuser = await asyncpg.connect(database.servers.cluster.url(database=database.name))
        async with asyncio.timeout(4):
            while not await superuser.fetchval(waits + " and datname = current_database()"):
                assert not second.done()
        await superuser.close()
    assert await second == 0


async def test_who_has_no_account_is_not_mailed_and_nothing_of_it_is_given(
    make_person: MakePerson, owner: asyncpg.Connection, worker_database: Database, mention: Mention
) -> None:
    ann = await make_person()
    await mention(ann)
    await owner.execute("update public.users set identity_id = null where user_id = $1", ann.user_id)
    async with worker_database.unsealed() as writer:
        [row] = await writer.fetch("select * from app_web.take_notification_mails(500)")
    assert {
        row[name] for name in ("email", "post_title", "post_slug", "actor_name", "organization_name")
    } == {None}


async def test_an_address_in_many_organizations_gets_five_digests_a_morning_whatever_else_it_gets(
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
    mention: Mention,
) -> None:
    people = [await make_person(organization=f"org-{n}", email="all@example.org") for n in range(6)]
    people.append(await make_person(organization="org-0"))
    for person in people:
        await mention(person)
    await owner.execute(
        "insert into app_web.mail_counts (organization_id, mail_id, kind, address)"
        " select $1, gen_random_uuid(), 'notification', $2 from generate_series(1, 20)",
        *(people[0].organization_id, sha256(b"all@example.org").digest()),
    )
    await make_due(owner, *people)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 5 + 1
    [late] = await owner.fetch(
        "select d.user_id from app_web.digests d where told_until < now() - interval '50 minutes'"
        " and due_at > now() + interval '1 hour' and taken_at is null"
    )
    last = next(person for person in people if person.user_id == late["user_id"])
    await make_due(owner, last)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0, "not on the same morning"
    await pass_time(owner, 19 * 60)
    await make_due(owner, last)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 1, "what it would have told waits"


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_auth", "dfworx_admin"])
@pytest.mark.parametrize(
    "statement",
    [
        "select app_web.count_mail(app.org_id(), 'digest', gen_random_uuid(), 'a@b.example')",
        "select * from app_web.mail_counts",
        "delete from app_web.mail_counts",
    ],
)
async def test_nobody_counts_mails_or_makes_room_for_more(
    make_person: MakePerson, inject: Inject, worker_database: Database, login: str, statement: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    with pytest.raises(NotAllowed):
        async with worker_database.unsealed() as writer:
            await writer.execute(statement)

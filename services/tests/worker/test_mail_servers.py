"""An address that a mail server doesn't take now holds up nobody else's mail, in any of the runs that mail; nor do
requests in nobody's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.worker.digests import mail_digests
from dfworx.worker.letters import mail_resets
from dfworx.worker.mail import Mailer
from dfworx.worker.notification_mails import mail_notifications
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase
from tests.web.conftest import comment_on, publish
from tests.worker.conftest import MailServer
from tests.worker.test_digests import make_due
from tests.worker.test_notification_mails import DUE, ORIGIN

POISON = ["later@umbra.example", "words@umbra.example", "jürgen@umbra.example", "nobody@umbra.example"]
"""Not now, not with such words, not in such letters, never."""
Run = Callable[[Database, Mailer, str], Awaitable[int]]
Ask = Callable[[str], Awaitable[None]]


@pytest.fixture
def mailer(database: TestDatabase, smtp: tuple[MailServer, str], tmp_path: Path) -> Mailer:
    return Mailer(database.settings("dfworx_worker", home=tmp_path, smtp_url=smtp[1]))


@pytest.fixture
async def people(make_person: MakePerson) -> list[Person]:
    """The last one's address is taken; those before are another organization's."""
    poison = [
        await make_person(organization="umbra", email=email, name=f"P{n}") for n, email in enumerate(POISON)
    ]
    return [*poison, await make_person(name="Bob")]


@pytest.fixture
def ask(owner: asyncpg.Connection) -> Ask:
    """In order: each a second before the next."""
    asked = 0

    async def ask(email: str) -> None:
        nonlocal asked
        asked += 1
        await owner.execute(
            "insert into app_auth.password_resets (email, requested_at)"
            " values ($1, now() - interval '30 minutes' + make_interval(secs => $2))",
            *(email, asked),
        )

    return ask


async def test_notifications_are_mailed_past_an_address_that_is_not_taken(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    mailer: Mailer,
    smtp: tuple[MailServer, str],
    people: list[Person],
) -> None:
    eve, ann = await make_person(organization="umbra"), await make_person()
    await comment_on(client_as(eve), await publish(client_as(eve)), "@P0 @P1 @P2 @P3")
    await owner.execute(DUE)
    await comment_on(client_as(ann), await publish(client_as(ann)), "@Bob")
    await owner.execute(
        "update public.notifications set mail_due_at = now() where user_id = $1", people[-1].user_id
    )
    assert await mail_notifications(worker_database, mailer, ORIGIN) == 1
    assert [mail["To"] for mail in smtp[0].got] == [people[-1].email]
    rows = await owner.fetch(
        "select email from public.notifications join public.users using (organization_id, user_id)"
        " where mail_due_at is not null"
    )
    assert {row["email"] for row in rows} == set(POISON[:3]), "they are tried again"


async def test_digests_are_mailed_past_an_address_that_is_not_taken(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    mailer: Mailer,
    smtp: tuple[MailServer, str],
    people: list[Person],
) -> None:
    eve, ann = await make_person(organization="umbra"), await make_person()
    await publish(client_as(eve))
    await publish(client_as(ann))
    await make_due(owner, *people)
    await owner.execute("update app_web.digests set due_at = now() where user_id = $1", people[-1].user_id)
    assert await mail_digests(worker_database, mailer, ORIGIN) == 1
    assert [mail["To"] for mail in smtp[0].got] == [people[-1].email]
    rows = await owner.fetch(
        "select email from app_web.digests join public.users using (organization_id, user_id)"
        " where taken_at is not null"
    )
    assert {row["email"] for row in rows} == set(POISON[:3]), "they are tried again"


async def test_resets_are_mailed_past_an_address_that_is_not_taken(
    owner: asyncpg.Connection,
    worker_database: Database,
    mailer: Mailer,
    smtp: tuple[MailServer, str],
    people: list[Person],
    ask: Ask,
) -> None:
    for person in people:
        await ask(person.email)
    assert await mail_resets(worker_database, mailer, ORIGIN) == 1
    assert [mail["To"] for mail in smtp[0].got] == [people[-1].email]
    rows = await owner.fetch("select email from app_auth.password_resets where mailed_at is null")
    assert {row["email"] for row in rows} == set(POISON[:3])


async def test_what_was_not_taken_waits_behind_who_has_not_been_tried(
    owner: asyncpg.Connection, worker_database: Database, people: list[Person], ask: Ask
) -> None:
    for person in people:
        await ask(person.email)
    await owner.execute(
        "update app_auth.password_resets set tried_at = now() - interval '31 seconds' where email <> $1",
        people[-1].email,
    )
    async with worker_database.unsealed() as writer:
        row = await writer.fetchrow("select * from app_auth.issue_reset($1)", sha256(b"mine").digest())
    assert row is not None
    assert row["email"] == people[-1].email


async def test_a_stranger_who_asks_for_nobody_a_thousand_times_keeps_no_statement_busy(
    owner: asyncpg.Connection,
    worker_database: Database,
    mailer: Mailer,
    smtp: tuple[MailServer, str],
    people: list[Person],
    ask: Ask,
) -> None:
    await owner.execute(
        "insert into app_auth.password_resets (email, requested_at)"
        " select n || '@nobody.example', now() - interval '40 minutes' from generate_series(1, 1000) n"
    )
    await ask(people[-1].email)
    async with worker_database.unsealed() as writer:
        row = await writer.fetchrow("select * from app_auth.issue_reset($1)", sha256(b"mine").digest())
    assert row is not None
    assert row["email"] is None
    assert await owner.fetchval("select count(*) from app_auth.password_resets") == 901
    assert await mail_resets(worker_database, mailer, ORIGIN) == 1
    assert [mail["To"] for mail in smtp[0].got] == [people[-1].email]


@pytest.mark.parametrize("run", [mail_notifications, mail_digests, mail_resets])
async def test_a_server_that_is_away_is_not_asked_for_each_mail(
    database: TestDatabase,
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    smtp: tuple[MailServer, str],
    people: list[Person],
    ask: Ask,
    run: Run,
) -> None:
    eve = await make_person(organization="umbra")
    await comment_on(client_as(eve), await publish(client_as(eve)), "@P0 @P1")
    await owner.execute(DUE)
    await make_due(owner, *people[:2])
    for person in people[:2]:
        await ask(person.email)
    no_password = f"smtp://no:body@{smtp[1].rpartition('@')[2]}"
    mailer = Mailer(database.settings("dfworx_worker", smtp_url=no_password))
    assert await run(worker_database, mailer, ORIGIN) == 0
    assert smtp[0].logins == 1

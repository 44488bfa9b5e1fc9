"""When a digest is due: at seven in the morning where somebody lives, as often as they want it, and not before they
were there."""

from __future__ import annotations

from datetime import datetime, timedelta

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from dfworx.worker.digests import mail_digests
from dfworx.worker.mail import Mailer
from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import publish
from tests.worker.test_digests import ORIGIN, make_due, take


async def prefer(client_as: ClientAs, person: Person, digest: str) -> None:
    answer = await client_as(person).patch("/api/web/preferences", json={"digest": digest})
    assert answer.status_code == 200, answer.text


async def live_in(client_as: ClientAs, person: Person, timezone: str) -> None:
    answer = await client_as(person).patch(f"/api/web/profiles/{person.user_id}", json={"timezone": timezone})
    assert answer.status_code == 200, answer.text


async def next_digest(owner: asyncpg.Connection, person: Person, last: str) -> datetime:
    async with owner.transaction():
        await owner.execute("set local role dfworx_definer")
        due: datetime = await owner.fetchval(
            "select app_web.next_digest($1, $2, $3)",
            *(person.organization_id, person.user_id, datetime.fromisoformat(last)),
        )
        return due


async def due_at(owner: asyncpg.Connection, person: Person) -> datetime | None:
    due: datetime | None = await owner.fetchval(
        "select due_at from app_web.digests where user_id = $1", person.user_id
    )
    return due


async def test_a_new_person_is_due_on_a_monday_to_come_and_so_is_who_gets_an_account_later(
    make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    imported = await owner.fetchval(
        "insert into public.users (organization_id, name, origin) values ($1, 'Imported', 'imported')"
        " returning user_id",
        ann.organization_id,
    )
    assert await owner.fetchval("select count(*) from app_web.digests where user_id = $1", imported) == 0
    await owner.execute(
        "with i as (insert into app_auth.identities (email, password_hash) values ('x@example.org', 'x')"
        " returning identity_id) update public.users set identity_id = i.identity_id from i where user_id = $1",
        imported,
    )
    for user_id in (ann.user_id, imported):
        [row] = await owner.fetch(
            "select due_at - now() as wait, extract(isodow from due_at at time zone 'UTC')::int as weekday,"
            " extract(hour from due_at at time zone 'UTC')::int as hour from app_web.digests where user_id = $1",
            user_id,
        )
        assert (row["weekday"], row["hour"]) == (1, 7)
        assert timedelta(hours=11) < row["wait"] <= timedelta(days=7, hours=12)


@pytest.mark.parametrize(
    ("digest", "timezone", "last", "due"),
    [
        # 2090-06-14 is a Wednesday, 2090-06-19 a Monday.
        ("daily", None, "2090-06-14T07:00:00+00:00", "2090-06-15T07:00:00+00:00"),
        ("weekly", None, "2090-06-14T07:00:00+00:00", "2090-06-19T07:00:00+00:00"),
        ("weekly", None, "2090-06-19T07:00:00+00:00", "2090-06-26T07:00:00+00:00"),
        ("daily", "Asia/Kolkata", "2090-06-14T01:30:00+00:00", "2090-06-15T01:30:00+00:00"),
        ("weekly", "Pacific/Kiritimati", "2090-06-14T07:00:00+00:00", "2090-06-18T17:00:00+00:00"),
        ("weekly", "Pacific/Honolulu", "2090-06-14T07:00:00+00:00", "2090-06-19T17:00:00+00:00"),
        # The clocks of Berlin go forward on 2090-03-26 and back on 2090-10-29.
        ("daily", "Europe/Berlin", "2090-03-25T06:00:00+00:00", "2090-03-26T05:00:00+00:00"),
        ("daily", "Europe/Berlin", "2090-10-28T05:00:00+00:00", "2090-10-29T06:00:00+00:00"),
        # The last one came late in the evening: half a day lies between two.
        ("daily", None, "2090-06-14T20:00:00+00:00", "2090-06-16T07:00:00+00:00"),
        ("daily", None, "2090-06-14T18:00:00+00:00", "2090-06-15T07:00:00+00:00"),
    ],
)
async def test_the_morning_is_seven_where_somebody_lives(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    digest: str,
    timezone: str | None,
    last: str,
    due: str,
) -> None:
    ann = await make_person()
    await prefer(client_as, ann, digest)
    if timezone:
        await live_in(client_as, ann, timezone)
    assert await next_digest(owner, ann, last) == datetime.fromisoformat(due)


async def test_preference_and_time_zone_move_what_is_due(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, worker_database: Database
) -> None:
    ann, bob = await make_person(), await make_person()
    before = await due_at(owner, bob)
    await prefer(client_as, ann, "daily")
    daily = await due_at(owner, ann)
    assert daily is not None
    assert daily.hour == 7
    await live_in(client_as, ann, "Asia/Kolkata")
    moved = await due_at(owner, ann)
    assert moved is not None
    assert (moved.hour, moved.minute) == (1, 30)
    await prefer(client_as, ann, "off")
    assert await due_at(owner, ann) is None
    assert await due_at(owner, bob) == before, "another person's stays"
    await publish(client_as(bob))
    await owner.execute("update app_web.digests set told_until = now() - interval '3 days'")
    await prefer(client_as, ann, "weekly")
    assert await due_at(owner, ann) is not None
    await owner.execute(
        "update app_web.digests set due_at = now() - interval '1 second' where user_id = $1", ann.user_id
    )
    assert [row["digest"] for row in await take(worker_database)] == [None], "not of the time without"


async def test_a_time_zone_that_postgresql_does_not_know_is_utc(
    make_person: MakePerson, inject: Inject, owner: asyncpg.Connection, client_as: ClientAs
) -> None:
    ann = await make_person()
    await live_in(client_as, ann, "Asia/Kolkata")
    web = await inject("dfworx_web", ann)
    for zone in ("Mars/Olympus", "", "'; drop table app_web.digests; --", "\\x00", "+99:99:99"):
        await web.execute("update app_web.profiles set timezone = $1 where user_id = $2", zone, ann.user_id)
        assert await due_at(owner, ann) is not None
    due = await due_at(owner, ann)
    assert due is not None
    assert due.hour == 7


async def test_who_wants_none_at_the_last_moment_gets_none(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(), await make_person()
    await publish(client_as(ann))
    await make_due(owner, bob)
    assert [row["digest"] is None for row in await take(worker_database)] == [False]
    await prefer(client_as, bob, "off")
    await make_due(owner, bob)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0
    assert await due_at(owner, bob) is None

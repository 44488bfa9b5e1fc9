"""Daily figures: each organization's own, what the raw rows say, the same however often they are counted, and counted
only where something was written."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.delivery import worker_for
from dfworx.worker.rollups import count_days, roll_up
from tests.conftest import ClientAs, Inject, MakePerson, Person, TestDatabase

TODAY = "(now() at time zone 'UTC')::date"
RAW = """
select 'posts' as metric, (published_at at time zone 'UTC')::date as day, count(*) as value
  from app_web.posts
 where organization_id = $1 and visibility = 'organization' and status in ('published', 'archived')
   and deleted_at is null and published_at is not null
 group by 2
union all
select 'comments', (c.created_at at time zone 'UTC')::date, count(*)
  from app_web.comments c join app_web.posts p using (organization_id, post_id)
 where c.organization_id = $1 and c.removed_at is null and p.visibility = 'organization'
   and p.status in ('published', 'archived') and p.deleted_at is null
 group by 2
union all
select 'joined', (created_at at time zone 'UTC')::date, count(*) from public.users where organization_id = $1 group by 2
union all
select w.metric, d.day::date, count(distinct a.user_id)
  from (select min(day) as first, max(day) as last from app_admin.active_days where organization_id = $1) as range
 cross join lateral generate_series(range.first::timestamp, range.last + interval '29 days', '1 day') as d (day)
 cross join (values ('active_day', 1), ('active_week', 7), ('active_month', 30)) as w (metric, length)
  join app_admin.active_days a on a.organization_id = $1 and a.day > d.day::date - w.length and a.day <= d.day::date
 group by 1, 2
"""
"""The figures as one would count them by hand."""


async def raw(owner: asyncpg.Connection, organization_id: UUID) -> dict[tuple[str, date], int]:
    return {(row["metric"], row["day"]): row["value"] for row in await owner.fetch(RAW, organization_id)}


async def stored(owner: asyncpg.Connection, organization_id: UUID) -> dict[tuple[str, date], int]:
    rows = await owner.fetch(
        "select metric, day, value from app_admin.analytics where organization_id = $1 and value <> 0",
        organization_id,
    )
    return {(row["metric"], row["day"]): row["value"] for row in rows}


async def figures(owner: asyncpg.Connection, person: Person, day: str = TODAY) -> dict[str, int]:
    rows = await owner.fetch(
        f"select metric, value from app_admin.analytics where organization_id = $1 and day = {day}",  # noqa: S608
        person.organization_id,
    )
    return {row["metric"]: row["value"] for row in rows}


async def write(client_as: ClientAs, person: Person, *, comments: int = 0, publish: bool = True) -> None:
    client = client_as(person)
    post = (await client.post("/api/web/posts", json={"title": "Log", "content": "All is well."})).json()
    if publish:
        answer = await client.post(f"/api/web/posts/{post['post_id']}/publish")
        assert answer.status_code == 200, answer.text
    for number in range(comments):
        answer = await client.post(
            f"/api/web/posts/{post['post_id']}/comments", json={"content": f"{number}"}
        )
        assert answer.status_code == 201, answer.text


async def test_each_organization_gets_its_own_figures_and_counting_again_changes_nothing(
    client_as: ClientAs,
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    cache: Cache,
) -> None:
    ann, ben = await make_person(), await make_person()
    eve = await make_person(organization="harbour")
    await write(client_as, ann, comments=2)
    await write(client_as, ben, publish=False)
    await roll_up(worker_database, cache)
    active = {"active_day": 2, "active_week": 2, "active_month": 2}
    assert await figures(owner, ann) == {"posts": 1, "comments": 2, "joined": 2, **active}
    assert await figures(owner, eve) == {"joined": 1}
    assert await roll_up(worker_database, cache) == 0, "nothing was written, nothing is counted"
    before = await owner.fetch("select * from app_admin.analytics order by 1, 2, 3")
    async with worker_database.write(worker_for(ann.organization_id)) as writer:
        await count_days(writer, ann.organization_id, [datetime.now(UTC).date()])
    assert await owner.fetch("select * from app_admin.analytics order by 1, 2, 3") == before
    await write(client_as, eve)
    assert await roll_up(worker_database, cache) == 1
    assert (await figures(owner, eve))["posts"] == 1
    assert (await figures(owner, ann))["posts"] == 1, "another organization's are as they were"


async def test_what_goes_out_of_sight_is_counted_no_more(
    client_as: ClientAs,
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    cache: Cache,
) -> None:
    ann = await make_person(role="admin")
    client = client_as(ann)
    await write(client_as, ann, comments=2)
    [post] = (await client.get("/api/web/posts")).json()["items"]
    comments = (await client.get(f"/api/web/posts/{post['post_id']}/comments")).json()["items"]
    await roll_up(worker_database, cache)
    assert (await client.delete(f"/api/web/comments/{comments[0]['comment_id']}")).status_code < 300
    await roll_up(worker_database, cache)
    assert (await figures(owner, ann))["comments"] == 1
    assert (await client.delete(f"/api/web/posts/{post['post_id']}")).status_code < 300
    await roll_up(worker_database, cache)
    found = await figures(owner, ann)
    assert (found["posts"], found["comments"], found["active_day"]) == (0, 0, 1)
    assert await stored(owner, ann.organization_id) == await raw(owner, ann.organization_id)


async def test_who_is_gone_for_days_leaves_the_active_of_the_week_and_then_of_the_month(
    make_person: MakePerson, owner: asyncpg.Connection, worker_database: Database, cache: Cache
) -> None:
    ann = await make_person()
    await owner.execute(
        "insert into app_admin.active_days (organization_id, user_id, day) values ($1, $2, '2026-01-31')",
        *(ann.organization_id, ann.user_id),
    )
    await roll_up(worker_database, cache)
    last = {"active_day": "2026-01-31", "active_week": "2026-02-06", "active_month": "2026-03-01"}
    found = await stored(owner, ann.organization_id)
    for metric, day in last.items():
        days = [at for name, at in found if name == metric]
        assert (min(days).isoformat(), max(days).isoformat()) == ("2026-01-31", day), metric


async def test_a_long_history_written_in_any_order_is_what_one_would_count_by_hand(
    make_person: MakePerson, owner: asyncpg.Connection, worker_database: Database, cache: Cache
) -> None:
    """Of two organizations each has its own rows, and both together all there are."""
    chance = random.Random(5)
    people = [await make_person(organization=name) for name in ("northlight", "harbour") for _ in range(4)]
    await owner.execute("insert into app_web.profiles select organization_id, user_id from public.users")
    for _ in range(6):
        for person in chance.sample(people, 5):
            post, at = uuid4(), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(24 * 200))
            await owner.execute(
                "insert into app_web.posts (post_id, organization_id, user_id, title, slug, content, status,"
                " visibility, created_at, published_at) values ($1, $2, $3, 'A', $5, 'B', $6, $7, $4, $4)",
                *(post, person.organization_id, person.user_id, at, str(post)),
                *(
                    chance.choice(["published", "archived", "draft"]),
                    chance.choice(["organization", "author"]),
                ),
            )
            await owner.executemany(
                "insert into app_web.comments (organization_id, post_id, user_id, content, created_at)"
                " values ($1, $2, $3, 'C', $4)",
                [
                    (
                        person.organization_id,
                        post,
                        person.user_id,
                        at + timedelta(hours=chance.randrange(2000)),
                    )
                    for _ in range(chance.randrange(4))
                ],
            )
        await roll_up(worker_database, cache)
    await owner.execute("update app_web.posts set visibility = 'organization' where visibility = 'author'")
    await owner.execute(
        "delete from app_web.comments where comment_id in (select comment_id from app_web.comments limit 5)"
    )
    await roll_up(worker_database, cache)
    totals = {"posts": 0, "comments": 0}
    for organization_id in {person.organization_id for person in people}:
        found = await stored(owner, organization_id)
        assert found == await raw(owner, organization_id)
        for metric in totals:
            totals[metric] += sum(value for (name, _), value in found.items() if name == metric)
    assert totals["posts"] == await owner.fetchval(
        "select count(*) from app_web.posts where status <> 'draft'"
    )
    assert totals["comments"] == await owner.fetchval(
        "select count(*) from app_web.comments join app_web.posts using (organization_id, post_id)"
        " where status <> 'draft'"
    )


async def test_what_is_committed_while_a_day_is_counted_is_counted_next(
    make_person: MakePerson,
    owner: asyncpg.Connection,
    database: TestDatabase,
    worker_database: Database,
    cache: Cache,
) -> None:
    ann = await make_person()
    late = await asyncpg.connect(database.owner_url)
    try:
        transaction = late.transaction()
        await transaction.start()
        await late.execute(
            "insert into public.users (organization_id, name, origin) values ($1, 'Late', 'imported')",
            ann.organization_id,
        )
        await roll_up(worker_database, cache)
        assert (await figures(owner, ann))["joined"] == 1
        await transaction.commit()
    finally:
        await late.close()
    await roll_up(worker_database, cache)
    assert (await figures(owner, ann))["joined"] == 2


async def test_more_organizations_than_one_batch_are_all_counted(
    make_person: MakePerson, owner: asyncpg.Connection, worker_database: Database, cache: Cache
) -> None:
    await owner.execute(
        "insert into public.organizations (name, slug) select 'Org', 'org-' || n from generate_series(1, 205) n"
    )
    await owner.execute(
        "insert into public.users (organization_id, name, origin)"
        " select organization_id, 'One', 'imported' from public.organizations"
    )
    assert await roll_up(worker_database, cache) == 205
    assert await owner.fetchval("select count(distinct organization_id) from app_admin.analytics") == 205
    await owner.execute("delete from public.organizations where slug = 'org-1'")
    assert await roll_up(worker_database, cache) == 0


@pytest.mark.parametrize("login", ["dfworx_auth", "dfworx_web", "dfworx_admin"])
async def test_others_than_the_worker_take_no_marks_and_write_no_figures(
    make_person: MakePerson, inject: Inject, login: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    for statement in (
        "select * from app_admin.take_marks(1)",
        "select * from app_admin.marked_organizations('00000000-0000-0000-0000-000000000000', 1)",
        "select app_admin.mark_days(array[app.org_id()], array[now()])",
        "insert into app_admin.analytics (organization_id, day, metric, value)"
        " values (app.org_id(), current_date, 'posts', 9)",
        "insert into app_admin.active_days (organization_id, user_id, day)"
        " values (app.org_id(), app.user_id(), current_date)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.fetch(statement)


async def test_an_admin_reads_days_and_marks_of_their_organization_alone(
    make_person: MakePerson, owner: asyncpg.Connection, inject: Inject
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    mia = await make_person()
    await owner.execute(
        "insert into app_admin.active_days (organization_id, user_id, day)"
        " select organization_id, user_id, current_date from public.users"
    )
    for person, people, marks in ((ann, 2, 3), (eve, 1, 2), (mia, 0, 0)):
        connection = await inject("dfworx_admin", person)
        assert await connection.fetchval("select count(*) from app_admin.active_days") == people
        assert await connection.fetchval("select count(*) from app_admin.analytics_marks") == marks
        # Counting takes the organization from the seal, so there is no other to name.
        counted = await connection.fetch("select * from app_admin.count_active(current_date, current_date)")
        if people:
            assert {row["value"] for row in counted} == {people}


async def test_no_days_are_asked_for_without_end(make_person: MakePerson, inject: Inject) -> None:
    connection = await inject("dfworx_admin", await make_person(role="admin"))
    found = await connection.fetch("select * from app_admin.count_active('2020-01-01', '9999-12-31')")
    assert len(found) == 3 * 400
    for first, last in (("-infinity", "infinity"), ("2020-01-01", "infinity"), ("-infinity", "2020-01-01")):
        with pytest.raises(asyncpg.DatetimeFieldOverflowError):
            await connection.fetch(f"select * from app_admin.count_active('{first}', '{last}')")  # noqa: S608

"""Daily figures: each organization's own, the same however often they are counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.worker.rollups import roll_up, roll_up_day
from tests.conftest import ClientAs, MakePerson, Person

TODAY = "(now() at time zone 'UTC')::date"


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
    for _ in range(2):
        assert await roll_up(worker_database, cache) == 2
        assert await figures(owner, ann) == {
            "posts_published": 1,
            "comments_written": 2,
            "active_authors": 2,
            "members": 2,
        }
        assert await figures(owner, eve) == {
            "posts_published": 0,
            "comments_written": 0,
            "active_authors": 0,
            "members": 1,
        }
    await write(client_as, eve)
    await roll_up(worker_database, cache)
    assert (await figures(owner, eve))["posts_published"] == 1
    assert (await figures(owner, ann))["posts_published"] == 1, "another organization's are as they were"


async def test_yesterday_is_counted_to_its_end(
    client_as: ClientAs,
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    cache: Cache,
) -> None:
    ann = await make_person()
    await write(client_as, ann)
    await owner.execute("alter table app_web.posts disable trigger user")
    await owner.execute(
        "update app_web.posts set published_at = date_trunc('day', now(), 'UTC') - interval '1 second'"
    )
    await roll_up(worker_database, cache)
    assert (await figures(owner, ann, f"{TODAY} - 1"))["posts_published"] == 1
    assert (await figures(owner, ann))["posts_published"] == 0


async def test_more_organizations_than_one_batch_are_all_counted(
    owner: asyncpg.Connection, worker_database: Database
) -> None:
    await owner.execute(
        "insert into public.organizations (name, slug) select 'Org', 'org-' || n from generate_series(1, 205) n"
    )
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert await roll_up_day(worker_database, yesterday) == 205
    assert await owner.fetchval("select count(distinct organization_id) from app_admin.analytics") == 205

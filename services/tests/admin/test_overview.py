"""The overview: every figure is what the raw rows say, opens as many rows, and is the organization's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.cli.importing.fields import parse_status_map
from dfworx.cli.importing.run import import_folder
from dfworx.shared.cache import Cache
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database
from dfworx.worker.rollups import roll_up
from tests.conftest import ClientAs, Inject, MakePerson, Person, TestDatabase

OVERVIEW = "/api/admin/overview"
DECISIONS = Path(__file__).resolve().parents[3] / "docs" / "decisions"
COUNTED = ("active_day", "active_week", "active_month", "joined", "posts", "comments", "live_people")


class Silent:
    def begin(self, doing: str, total: int) -> None: ...
    def advance(self, by: int = 1) -> None: ...


async def look(client: httpx.AsyncClient, **chosen: Any) -> dict[str, dict[str, Any]]:
    answer = await client.get(OVERVIEW, params=chosen)
    assert answer.status_code == 200, answer.text
    return {figure["name"]: figure for figure in answer.json()["figures"]}


async def rows(client: httpx.AsyncClient, figure: str, **chosen: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(f"{OVERVIEW}/{figure}/rows", params={**chosen, "limit": 7, **cursor})
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            return items
        cursor = {"cursor": answer.json()["next_cursor"]}


async def write_history(owner: asyncpg.Connection, people: list[Person], until: date) -> None:
    """Three hundred days of posts and comments, in two statements as an import writes them."""
    await owner.execute(
        "insert into app_web.profiles select organization_id, user_id from public.users on conflict do nothing"
    )
    last = datetime(until.year, until.month, until.day, 12, tzinfo=UTC)
    posts = [
        (uuid4(), person.organization_id, person.user_id, last - timedelta(days=number * 2))
        for number in range(150)
        for person in (people[number % len(people)],)
    ]
    await owner.executemany(
        "insert into app_web.posts (post_id, organization_id, user_id, title, slug, content, status, visibility,"
        " created_at, published_at) values ($1::uuid, $2, $3, 'A', $1::uuid::text, 'B', 'published', 'organization',"
        " $4, $4)",
        posts,
    )
    await owner.executemany(
        "insert into app_web.comments (organization_id, post_id, user_id, content, created_at)"
        " values ($1, $2, $3, 'C', $4)",
        [(org, post, person, at + timedelta(hours=1)) for post, org, person, at in posts[::3]],
    )


async def require_agreement(
    client: httpx.AsyncClient, owner: asyncpg.Connection, organization_id: UUID, length: int
) -> dict[str, float]:
    """Gives the figures, after each was compared with its rows and with the tables."""
    figures = await look(client, range=f"{length}d")
    values = {name: figure["value"] for name, figure in figures.items()}
    for name in COUNTED:
        found = await rows(client, name, range=f"{length}d")
        ids = [row["id"] for row in found]
        assert len(ids) == len(set(ids)) == values[name], name
    since = datetime.now(UTC).date() - timedelta(days=length - 1)
    for name, statement in {
        "posts": "select count(*) from app_web.posts where organization_id = $1 and published_at >= $2"
        " and visibility = 'organization' and status in ('published', 'archived') and deleted_at is null",
        "comments": "select count(*) from app_web.comments where organization_id = $1 and created_at >= $2"
        " and removed_at is null",
        "joined": "select count(*) from public.users where organization_id = $1 and created_at >= $2",
    }.items():
        assert values[name] == await owner.fetchval(
            statement, organization_id, datetime(since.year, since.month, since.day, tzinfo=UTC)
        ), name
    for name, window in {"active_day": 1, "active_week": 7, "active_month": 30}.items():
        assert values[name] == await owner.fetchval(
            "select count(distinct user_id) from app_admin.active_days where organization_id = $1 and day > $2",
            *(organization_id, datetime.now(UTC).date() - timedelta(days=window)),
        ), name
    for name in ("posts", "comments", "joined"):
        assert sum(point["value"] for point in figures[name]["series"]) == values[name]
        assert len(figures[name]["series"]) == length
    assert figures["active_month"]["series"][-1]["value"] == values["active_month"]
    return values


@pytest.mark.parametrize("length", [7, 30, 90, 365])
async def test_every_figure_is_what_the_rows_say_before_and_after_the_worker_has_counted(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    database: TestDatabase,
    redis: Redis,
    length: int,
) -> None:
    """And two organizations' figures add up to all there is."""
    admins = [await make_person(organization=name, role="admin") for name in ("northlight", "harbour")]
    people = [*admins, *[await make_person(organization="northlight") for _ in range(8)]]
    await write_history(owner, people, datetime.now(UTC).date())
    waiting = [await require_agreement(client_as(a), owner, a.organization_id, length) for a in admins]
    worker = Database(database.settings("dfworx_worker"))
    try:
        await roll_up(worker, Cache(redis))
    finally:
        await worker.close()
    assert await owner.fetchval("select count(*) from app_admin.analytics_marks") == 0
    counted = [await require_agreement(client_as(a), owner, a.organization_id, length) for a in admins]
    assert counted == waiting
    days = min(length, 299)
    assert counted[0]["posts"] + counted[1]["posts"] == (days + 1) // 2
    assert counted[0]["joined"] + counted[1]["joined"] == len(people)
    # A day later something goes out of sight: the figure follows at once, before the worker does.
    post = await owner.fetchval(
        "select post_id from app_web.posts where organization_id = $1 order by published_at desc limit 1",
        admins[0].organization_id,
    )
    await owner.execute("update app_web.posts set visibility = 'author' where post_id = $1", post)
    assert (await look(client_as(admins[0]), range=f"{length}d"))["posts"]["value"] == counted[0]["posts"] - 1


async def test_a_range_is_compared_with_the_one_before(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(role="admin")
    ann, today = client_as(person), datetime.now(UTC).date()
    await write_history(owner, [person], today)
    now = await look(ann, range="30d")
    past = await look(ann, range="30d", to=(today - timedelta(days=30)).isoformat())
    for name in ("posts", "comments", "active_day", "active_month"):
        assert now[name]["before"] == past[name]["value"], name
    assert now["posts"]["value"] == past["posts"]["value"] == 15
    assert len(await rows(ann, "posts", range="30d", to=(today - timedelta(days=30)).isoformat())) == 15


async def test_requests_are_counted_for_who_asks_and_their_organization_alone(
    make_person: MakePerson,
    client_as: ClientAs,
    admin_app: FastAPI,
    web_app: FastAPI,
    owner: asyncpg.Connection,
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    for _ in range(3):
        assert (await client_as(ann).get("/api/web/categories")).status_code == 200
    assert (await client_as(eve).get("/api/admin/settings")).status_code == 200
    for _ in range(2):
        await admin_app.state.activity.flush()
        await web_app.state.activity.flush()
    days = await owner.fetch("select organization_id, service, requests, failed from app_admin.request_days")
    assert {tuple(row) for row in days} == {
        (ann.organization_id, "web", 3, 0),
        (eve.organization_id, "admin", 1, 0),
    }
    active = await owner.fetch("select user_id from app_admin.active_days")
    assert {row["user_id"] for row in active} == {ann.user_id, eve.user_id}
    figures = await look(client_as(ann), range="7d")
    assert figures["error_rate"]["value"] == 0 and figures["response_milliseconds"]["value"] >= 0
    [row] = await rows(client_as(ann), "error_rate", range="7d")
    assert (row["title"], row["amounts"]["requests"], row["amounts"]["failed"]) == ("web", 3, 0)
    assert figures["active_day"]["value"] == 1


async def test_what_is_not_measured_is_null_and_storage_is_the_sum_of_its_files(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    for person, size in ((ann, 1000), (ann, 24), (eve, 7)):
        await owner.execute(
            "insert into shared_services.files (organization_id, user_id, name, media_type, size_bytes, sha256,"
            " storage_key) values ($1, $2, 'secret name.png', 'image/png', $3, sha256('a'),"
            " $1::uuid || '/' || gen_random_uuid())",
            *(person.organization_id, person.user_id, size),
        )
    await redis.zadd(DATASETS["online"].key(ann.organization_id), {str(ann.user_id): 1_800_000_000})
    figures = await look(client_as(ann))
    assert figures["storage_bytes"]["value"] == 1024
    found = await rows(client_as(ann), "storage_bytes")
    assert sum(row["amounts"]["bytes"] for row in found) == 1024 and "secret" not in str(found)
    for name in ("messages", "cache_hit_rate", "error_rate"):
        assert figures[name]["value"] is None, name
    assert not figures["messages"]["has_rows"]
    assert figures["live_people"]["value"] == 1
    [live] = await rows(client_as(ann), "live_people")
    assert live["person"]["user_id"] == str(ann.user_id)
    assert (await look(client_as(eve)))["live_people"]["value"] == 0


async def test_bad_input_is_refused(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = client_as(await make_person(role="admin"))
    far = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    for bad in ("range=8d", "range=", "to=yesterday", "to=1999-12-31", f"to={far}"):
        assert (await ann.get(f"{OVERVIEW}?{bad}")).status_code == 422, bad
        assert (await ann.get(f"{OVERVIEW}/posts/rows?{bad}")).status_code == 422, bad
    for figure in ("messages", "cache_hit_rate", "nothing"):
        assert (await ann.get(f"{OVERVIEW}/{figure}/rows")).status_code == 422, figure
    for figure in (*COUNTED, "error_rate", "storage_bytes"):
        assert (
            await ann.get(f"{OVERVIEW}/{figure}/rows?cursor=x")
        ).status_code == 422 or figure == "live_people"


@pytest.mark.parametrize("role", ["member", "moderator", "guest"])
async def test_the_database_shows_nothing_of_it_to_who_is_no_admin(
    make_person: MakePerson, inject: Inject, owner: asyncpg.Connection, role: str
) -> None:
    person = await make_person(role=role)
    await write_history(owner, [person], datetime.now(UTC).date())
    connection = await inject("dfworx_admin", person)
    for table in (
        *("app_admin.active_days", "app_admin.request_days", "app_admin.analytics"),
        "shared_services.files",
    ):
        assert await connection.fetchval(f"select count(organization_id) from {table}") == 0  # noqa: S608
    for table in ("app_web.posts", "app_web.comments"):
        assert await connection.fetchval(f"select count(post_id) from {table}") == 0  # noqa: S608


async def test_a_draft_and_what_is_for_its_author_alone_is_not_shown_to_an_admin(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = client_as(await make_person(role="admin")), client_as(await make_person())
    await ben.post("/api/web/posts", json={"title": "My draft", "content": "B"})
    mine = (
        await ben.post("/api/web/posts", json={"title": "Mine alone", "content": "B", "visibility": "author"})
    ).json()
    assert (await ben.post(f"/api/web/posts/{mine['post_id']}/publish")).status_code == 200
    assert await rows(ann, "posts") == []
    assert (await look(ann))["posts"]["value"] == 0
    # That they were here is known, as it is from whoever reads.
    assert (await look(ann))["active_day"]["value"] == 1


async def test_a_stranger_sees_nothing(client_as: ClientAs) -> None:
    for path in (OVERVIEW, *(f"{OVERVIEW}/{figure}/rows" for figure in COUNTED)):
        assert (await client_as(None).get(path)).status_code == 401, path


async def test_another_organization_sees_nothing_of_it(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, inject: Inject
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    await write_history(owner, [ann], datetime.now(UTC).date())
    figures = await look(client_as(eve), range="365d")
    for name in COUNTED:
        found = await rows(client_as(eve), name, range="365d")
        assert len(found) == figures[name]["value"] == (1 if name == "joined" else 0), name
    connection = await inject("dfworx_admin", eve)
    for table in ("active_days", "request_days", "analytics", "empty_searches"):
        assert await connection.fetch(f"select * from app_admin.{table}") == []  # noqa: S608


async def test_an_imported_history_is_counted_as_it_says_when_it_was_written(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    database: TestDatabase,
    redis: Redis,
    tmp_path: Path,
) -> None:
    """Dated texts into one organization and our own documents into another: together they are all there is."""
    ann, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    today = datetime.now(UTC).date()
    for number, day in enumerate((today, today - timedelta(days=6), today - timedelta(days=200))):
        text = (
            f"---\ntitle: Dated {number}\nauthor: Ada Byron (@ada)\ncreated: {day}\n---\n\nText {number}.\n"
        )
        (tmp_path / f"dated-{number}.md").write_text(text)
    for person, folder in ((ann, tmp_path), (eve, DECISIONS)):
        await import_folder(
            folder,
            person.organization,
            parse_status_map(""),
            owner_url=database.owner_url,
            settings_of=database.settings,
            dry_run=False,
            steps=Silent(),
        )
    for length, posts in ((7, 2), (365, 3)):
        ours = await require_agreement(client_as(ann), owner, ann.organization_id, length)
        theirs = await require_agreement(client_as(eve), owner, eve.organization_id, length)
        assert (ours["posts"], theirs["posts"]) == (posts, len(list(DECISIONS.glob("*.md"))))
    assert ours["posts"] + theirs["posts"] == await owner.fetchval("select count(*) from app_web.posts")
    worker = Database(database.settings("dfworx_worker"))
    try:
        await roll_up(worker, Cache(redis))
    finally:
        await worker.close()
    assert await require_agreement(client_as(ann), owner, ann.organization_id, 365) == ours
    assert await require_agreement(client_as(eve), owner, eve.organization_id, 365) == theirs

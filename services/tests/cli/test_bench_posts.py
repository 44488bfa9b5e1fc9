"""`dfworx bench posts` at a small scale: its data, the statements that it compares, how it counts, and once the whole
of it on servers of its own. Nothing here is timed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.cli.benches import posts, posts_api, posts_expiry, posts_sql
from dfworx.cli.benches.posts_apps import NoCache, NoWalls, without_cache
from dfworx.cli.benches.posts_data import Shape, describe_data, fill
from dfworx.cli.benches.posts_expiry import EXPIRES_MS, count_calls, expire_pages
from dfworx.cli.benches.posts_lists import PEOPLE, caller_of
from dfworx.cli.benches.posts_making import SMALL_DATABASE, require_data, still_holds
from dfworx.cli.benches.posts_words import CONTENT_LENGTH, make_templates
from dfworx.cli.benches.servers import open_home
from dfworx.cli.parts.postgres import DATABASE
from dfworx.cli.parts.processes import find_processes
from dfworx.cli.progress import Progress
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database
from dfworx.web.posts import queries
from tests.conftest import MakePerson, TestDatabase

SHAPE = Shape(posts=2_000, organizations=20, members=4, large_members=10)
INDEXES = "select indexdef from pg_indexes where schemaname = 'app_web' and tablename = 'posts' order by 1"
FIRST_PAGE = (None, None, None, 21)


@contextmanager
def in_silence(_doing: str) -> Iterator[None]:
    yield


@pytest.fixture
async def filled(database: TestDatabase, owner: asyncpg.Connection) -> AsyncIterator[TestDatabase]:
    before = await owner.fetch(INDEXES)
    await fill(database.servers.cluster.url(database=database.name), SHAPE, in_silence)
    assert await owner.fetch(INDEXES) == before
    yield database


async def counted(owner: asyncpg.Connection, query: str) -> dict[str, int]:
    return {row[0]: row[1] for row in await owner.fetch(query)}


# The data ---------------------------------------------------------------------------------------------------------


async def test_the_data_has_the_promised_shape(filled: TestDatabase, owner: asyncpg.Connection) -> None:
    posts_of = await counted(
        owner,
        "select o.slug, count(*) from public.organizations o join app_web.posts using (organization_id) group by 1",
    )
    assert len(posts_of) == 20
    assert posts_of.pop("organization-1") == 200
    assert set(posts_of.values()) == {94, 95}
    people = await counted(owner, "select organization_id::text, count(*) from public.users group by 1")
    assert sorted(people.values()) == [4] * 19 + [10]
    assert await owner.fetchval("select count(*) from app_web.profiles") == 86
    assert await owner.fetchval("select count(*) from app_web.categories") == 100
    published = await owner.fetchval("select avg((status = 'published')::int)::float from app_web.posts")
    assert 0.78 < published < 0.82
    lengths = [row[0] for row in await owner.fetch("select octet_length(content) from app_web.posts")]
    assert min(lengths) >= CONTENT_LENGTH - 2
    assert max(lengths) == CONTENT_LENGTH
    assert await owner.fetchval("select count(distinct user_id) from app_web.posts") > 60


async def test_posts_lie_in_the_order_of_time_with_organizations_mixed(
    filled: TestDatabase, owner: asyncpg.Connection
) -> None:
    rows = await owner.fetch("select created_at, organization_id from app_web.posts order by ctid")
    days = [row["created_at"].date() for row in rows]
    assert all(earlier <= later for earlier, later in zip(days, days[10:], strict=False))
    assert len({row["organization_id"] for row in rows[:100]}) == 20


async def test_what_was_written_without_triggers_is_as_triggers_would_have_it(
    filled: TestDatabase, owner: asyncpg.Connection
) -> None:
    for child, columns, parent in (
        ("app_web.posts", "organization_id, user_id", "app_web.profiles"),
        ("app_web.posts", "organization_id, category_id", "app_web.categories"),
        ("app_web.profiles", "organization_id, user_id", "public.users"),
        ("app_web.categories", "organization_id", "public.organizations"),
    ):
        orphans = f"select {columns} from {child} where ({columns}) is not null except select {columns} from {parent}"  # noqa: S608
        assert await owner.fetch(orphans) == []
    without_identity = (
        "select from public.users where identity_id not in (select identity_id from app_auth.identities)"
    )
    assert await owner.fetch(without_identity) == []
    before = await owner.fetch("select post_id, search::text from app_web.posts order by 1")
    # Another space is another content, so that the trigger computes the search anew, and no other words.
    await owner.execute(
        "update app_web.posts set content = content || ' ' where post_id < 'a0000000-0000-0000-0000-000000000000'"
    )
    assert await owner.fetch("select post_id, search::text from app_web.posts order by 1") == before


def test_texts_are_the_same_at_every_making() -> None:
    assert make_templates.__wrapped__() == make_templates()
    assert len({text.title for text in make_templates()}) > 900
    assert describe_data(SHAPE) == describe_data(SHAPE)
    assert describe_data(SHAPE)["maker"] != describe_data(Shape(2_000, 20, 4, 11))["maker"]


# What is compared -------------------------------------------------------------------------------------------------


async def test_the_lists_with_and_without_walls_give_equal_bytes(
    filled: TestDatabase, owner: asyncpg.Connection
) -> None:
    walls = Database(filled.settings("dfworx_web"))
    no_walls = NoWalls(filled.settings("dfworx_web", database_url=filled.owner_url))
    try:
        for whale in (False, True):
            for row in await owner.fetch(PEOPLE, whale):
                person = caller_of(*row)
                published = [
                    await queries.list_published_posts(database, person, *FIRST_PAGE)
                    for database in (walls, no_walls)
                ]
                assert published[0] is not None and published[0] == published[1]
                assert published[0].count('"post_id"') == 21
                own = [
                    await queries.list_own_posts(database, person, None, *FIRST_PAGE)
                    for database in (walls, no_walls)
                ]
                assert own[0] == own[1]
        with pytest.raises(NotImplementedError):
            await queries.list_published_posts(no_walls, person, "category-1", None, None, 21)
    finally:
        await walls.close()
        await no_walls.close()


async def test_without_a_cache_every_reader_loads(redis: Redis) -> None:
    loaded = 0

    async def load() -> bytes:
        nonlocal loaded
        loaded += 1
        return b"a page"

    cache = NoCache(redis)
    for _ in range(3):
        assert await cache.get(UUID(int=1), DATASETS["app_web.posts"], "page", load) == b"a page"
    assert loaded == 3


class Counting(Database):
    """Counts what it is asked."""

    asked = 0

    async def call(self, query: str, *args: Any) -> Any:
        self.asked += 1
        return await super().call(query, *args)


async def test_without_a_cache_every_request_asks_the_database(
    database: TestDatabase, make_person: MakePerson, auth_app: FastAPI
) -> None:
    person = await make_person()
    settings = database.settings("dfworx_web")
    app = without_cache(settings)
    app.state.database = counting = Counting(settings)
    app.state.tokens.trust(auth_app.state.keys.jwks())
    transport, headers = httpx.ASGITransport(app), {"Authorization": f"Bearer {person.token}"}
    asked = []
    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=transport, base_url="http://web", headers=headers) as client:
            for _ in range(4):
                assert (await client.get("/api/web/posts?limit=20")).status_code == 200
                asked.append(counting.asked)
    assert asked == [2, 4, 6, 8]  # the organization's page and the person's own posts


# The expiry -------------------------------------------------------------------------------------------------------


async def test_calls_of_the_list_are_counted_by_the_database(
    filled: TestDatabase, owner: asyncpg.Connection
) -> None:
    [row, *_] = await owner.fetch(PEOPLE, True)
    superuser = await asyncpg.connect(filled.servers.cluster.url(database=filled.name))
    web = Database(filled.settings("dfworx_web"))
    try:
        await superuser.execute("alter role dfworx_web set track_functions = 'pl'")
        assert await count_calls(superuser) == 0
        for in_all in range(1, 4):
            await queries.list_published_posts(web, caller_of(*row), *FIRST_PAGE)
            await queries.list_own_posts(web, caller_of(*row), None, *FIRST_PAGE)
            assert await count_calls(superuser) == in_all
    finally:
        await web.close()
        await superuser.execute("alter role dfworx_web reset track_functions")
        await superuser.close()


async def test_what_is_cached_expires_and_what_is_kept_for_good_stays(
    filled: TestDatabase, owner: asyncpg.Connection, redis: Redis
) -> None:
    organization = await owner.fetchval(
        "select organization_id from public.organizations where slug = 'organization-1'"
    )
    page, generation, other = (
        f"posts:{organization}:0:page",
        f"generation:{organization}:posts",
        f"posts:{uuid4()}:0:page",
    )
    await redis.set(page, b"x", px=300_000)
    await redis.set(other, b"x", px=300_000)
    await redis.set(generation, 1)
    assert await expire_pages(owner, redis) == 1
    assert await redis.pttl(page) <= EXPIRES_MS
    assert await redis.pttl(other) > EXPIRES_MS
    assert await redis.pttl(generation) == -1


# Making and running it --------------------------------------------------------------------------------------------


class Interrupted(Progress):
    """A person who presses Ctrl-C at one step."""

    @contextmanager
    def step(self, doing: str) -> Iterator[Callable[[str], None]]:
        if doing == "Indexing":
            raise KeyboardInterrupt
        with super().step(doing) as say:
            yield say


def test_data_is_made_once_and_remade_when_it_was_cut_short(tmp_path: Path) -> None:
    shapes = {DATABASE: Shape(posts=100, organizations=3, members=2, large_members=2)}
    with open_home(tmp_path / "bench") as install:
        assert install.cluster is not None
        cluster = install.cluster

        async def ask(query: str) -> object:
            connection = await asyncpg.connect(cluster.url())
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        def started(query: str) -> object:
            cluster.start()
            try:
                return asyncio.run(ask(query))
            finally:
                cluster.stop("fast")

        with pytest.raises(KeyboardInterrupt):
            require_data(install, Interrupted(), shapes)
        whole = tmp_path / "bench" / "whole.json"
        assert not whole.exists()
        require_data(install, Progress(), shapes)
        assert started("select count(*) from app_web.posts") == 100
        began = started("select system_identifier from pg_control_system()")
        require_data(install, Progress(), shapes)
        assert started("select system_identifier from pg_control_system()") == began


def test_new_migrations_are_applied_to_the_data_and_changed_ones_remake_it() -> None:
    def made(**migrations: str) -> dict[str, dict[str, object]]:
        return {"large": {"maker": "a", "migrations": migrations}}

    told = json.dumps(made(first="1", second="2"))
    assert still_holds(told, made(first="1", second="2"))
    assert still_holds(told, made(first="1", second="2", third="3"))
    assert not still_holds(told, made(first="1", second="3"))
    assert not still_holds(told, made(first="1"))
    assert not still_holds(told, {"large": {"maker": "b", "migrations": {"first": "1", "second": "2"}}})
    assert not still_holds(told, {**made(first="1", second="2"), **{"small": {}}})
    for unreadable in ("", "{", "[]", "null", '{"large": 1}'):
        assert not still_holds(unreadable, made(first="1"))


def test_the_whole_benchmark_runs_on_servers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small data and hardly any time: what is shown is that each figure can be had, not what it is."""
    shapes = {
        DATABASE: Shape(posts=1_000, organizations=10, members=3, large_members=20),
        SMALL_DATABASE: Shape(posts=500, organizations=5, members=2, large_members=2),
    }
    for module in (posts_sql, posts_api, posts_expiry):
        monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(posts_sql, "SLICE_SECONDS", 0.05)
    monkeypatch.setattr(posts_api, "SLICE_SECONDS", 0.05)
    monkeypatch.setattr(posts_api, "WARM_UP_SECONDS", 0.05)
    monkeypatch.setattr(posts_expiry, "READERS", 4)
    monkeypatch.setattr(posts_expiry, "READING_SECONDS", 0.05)
    version, figures = posts.measure(tmp_path / "bench", posts.FIGURES, Progress(), shapes)
    assert version.startswith("18.")
    assert [figure.name for figure in figures if figure.goal] == list(posts.FIGURES)
    assert {"sealed_database_cpu", "uncached_server_cpu", "bare_client_share", "client_ceiling_rate"} <= {
        figure.name for figure in figures
    }
    assert not (tmp_path / "bench" / "postgres" / "data" / "postmaster.pid").exists()
    assert find_processes(tmp_path / "bench") == []

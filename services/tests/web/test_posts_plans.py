"""The lists' plans, read from the statements that really run inside their SQL functions: an index gives the
order, the LIMIT ends the work, and no two tables with policies are joined."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import asyncpg
import pytest

from dfworx.shared.context import Caller, Sealer
from dfworx.shared.db import Database
from tests.conftest import MakePerson, TestDatabase

Plan = Callable[..., Awaitable[str]]
JOINED = re.compile(r"Join|Nested Loop")

FILL = """
insert into app_web.posts (organization_id, user_id, title, slug, content, status, created_at, published_at)
select u.organization_id, u.user_id, 'Post ' || n, 'post-' || n || '-' || u.user_id, 'Words.',
       case when n % 5 = 0 then 'draft' else 'published' end, now() - n * interval '1 hour',
       case when n % 5 = 0 then null else now() - n * interval '1 hour' end
  from public.users u, generate_series({first}, {last}) as n
"""


@pytest.fixture
async def plan(
    database: TestDatabase, owner: asyncpg.Connection, make_person: MakePerson
) -> AsyncIterator[Plan]:
    """Runs a statement as the web service's login, sealed for a member of one of three organizations, and gives
    the plan of the query on posts inside it."""
    person = await make_person()
    for organization in ("lumen", "umbra", "third"):
        await make_person(organization=organization)
    await owner.execute(FILL.format(first=1, last=400))
    await owner.execute(
        "insert into app_web.categories (organization_id, name, slug)"
        " select organization_id, 'News', 'news' from public.organizations"
    )
    await owner.execute(
        "update app_web.posts p set category_id = c.category_id from app_web.categories c"
        " where c.organization_id = p.organization_id and p.slug like 'post-%7-' || p.user_id"
    )
    for table in ("app_web.posts", "app_web.categories", "public.users"):
        await owner.execute(f"analyze {table}")
    secrets = database.servers.secrets
    caller = Caller(person.user_id, person.organization_id, "member", uuid4())
    seal = Sealer(1, secrets.seal_key("dfworx_web")).seal(caller)
    connection = await asyncpg.connect(database.servers.cluster.url(database=database.name))
    notices: list[str] = []
    connection.add_log_listener(lambda _, message: notices.append(str(message)))
    # Loading it and logging are a superuser's; the session is the service's, for which the seal is made.
    await connection.execute(
        """
        load 'auto_explain';
        set auto_explain.log_min_duration = 0;
        set auto_explain.log_nested_statements = on;
        set auto_explain.log_analyze = on;
        set client_min_messages = log;
        -- The tables are so small that sorting all costs as little. Asked is whether an index can give the order.
        set enable_sort = off;
        set enable_bitmapscan = off;
        set session authorization dfworx_web;
        """
    )

    async def plan(statement: str) -> str:
        notices.clear()
        assert len(await connection.fetchval(statement.format(me=person.user_id), seal)) > 1000
        [told] = [notice for notice in notices if "app_web.post_items" in notice]
        return told.partition("\n")[2]

    yield plan
    await connection.close()


PUBLISHED = [
    "select app_web.list_published_posts($1, null, null, null, null, 21)",
    "select app_web.list_published_posts($1, null, null, now() - interval '50 hours', gen_random_uuid(), 21)",
]
NARROWED = [
    "select app_web.list_published_posts($1, null, '{me}', now() - interval '9 hours', gen_random_uuid(), 9)",
    "select app_web.list_published_posts($1, 'news', null, null, null, 9)",
    "select app_web.list_published_posts($1, 'news', '{me}', null, null, 9)",
]
OWN = [
    "select app_web.list_own_posts($1, null, null, null, null, null, 21)",
    "select app_web.list_own_posts($1, 'draft', null, null, null, null, 21)",
]


@pytest.mark.parametrize("statement", PUBLISHED)
async def test_the_published_page_walks_its_index_and_ends_at_the_limit(plan: Plan, statement: str) -> None:
    told = await plan(statement)
    assert re.search(r"Scan using posts_published_idx on posts p .*rows=21(\.00)? loops=1\)", told)
    assert not JOINED.search(told)
    assert "Sort" not in told


@pytest.mark.parametrize("statement", NARROWED)
async def test_a_narrowed_page_is_walked_in_order_too(plan: Plan, statement: str) -> None:
    told = await plan(statement)
    assert re.search(r"Scan using posts_\w+_idx on posts p .*rows=9(\.00)? loops=1\)", told)
    assert not JOINED.search(told)
    assert "Sort" not in told


async def test_a_category_with_others_below_it_walks_the_index_of_each(
    plan: Plan, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "insert into app_web.categories (organization_id, parent_id, name, slug)"
        " select organization_id, category_id, 'Local', 'local' from app_web.categories"
    )
    await owner.execute(
        "update app_web.posts p set category_id = c.category_id from app_web.categories c"
        " where c.organization_id = p.organization_id and c.slug = 'local' and p.slug like 'post-%8-' || p.user_id"
    )
    # Among many posts of no category: to walk the index of all of them must cost more, not nearly as much.
    await owner.execute(FILL.format(first=401, last=4000))
    await owner.execute("analyze app_web.posts")
    told = await plan("select app_web.list_published_posts($1, 'news', null, null, null, 9)")
    index = (
        r"Scan using posts_organization_id_category_id_listed_at_idx on posts p\w* .*rows=9(\.00)? loops=2\)"
    )
    assert re.search(index, told), told
    assert "Seq Scan on posts" not in told


async def test_a_list_is_planned_once_and_not_at_every_call(plan: Plan) -> None:
    for statement in (*PUBLISHED, OWN[0]):
        told = await plan(statement)
        assert re.search(r"organization_id = \$\d+\)", told), "a parameter, not this caller's organization"


@pytest.mark.parametrize("statement", OWN)
async def test_own_posts_are_found_without_looking_at_what_is_published(plan: Plan, statement: str) -> None:
    told = await plan(statement)
    assert "posts_own_idx" in told
    assert "Seq Scan on posts" not in told
    assert not JOINED.search(told)


async def test_what_is_shared_by_name_is_read_by_key(plan: Plan, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "update app_web.posts set visibility = 'people' where status = 'published' and slug ~ '^post-[0-9]*3-'"
    )
    await owner.execute(
        """
        insert into app_web.post_readers (organization_id, post_id, user_id, shared_by)
        select p.organization_id, p.post_id, u.user_id, p.user_id
          from app_web.posts p join public.users u using (organization_id)
         where p.visibility = 'people' and u.user_id <> p.user_id
        """
    )
    await owner.execute("analyze app_web.posts")
    await owner.execute("analyze app_web.post_readers")
    told = await plan(OWN[0])
    assert re.search(r"posts_(shared_idx|organization_id_post_id_key) on posts", told), told
    assert "posts_own_idx" in told
    assert "Seq Scan on posts" not in told
    assert not JOINED.search(told)


async def test_the_trash_is_walked_in_its_order(plan: Plan, owner: asyncpg.Connection) -> None:
    await owner.execute("update app_web.posts set status = 'trashed' where slug ~ '^post-[0-9]*[45]-'")
    await owner.execute("analyze app_web.posts")
    told = await plan("select app_web.list_trashed_posts($1, null, null, null, null, 21)")
    assert "posts_trashed_idx" in told
    assert "Seq Scan on posts" not in told
    assert not JOINED.search(told)


async def test_pins_are_found_by_their_places(plan: Plan, owner: asyncpg.Connection) -> None:
    await owner.execute(
        """
        update app_web.posts p set pinned_at = now(), pinned_place = n.place
          from (select post_id, row_number() over (partition by organization_id order by post_id) as place
                  from app_web.posts where status = 'published') as n
         where n.post_id = p.post_id and n.place <= 10
        """
    )
    told = await plan("select app_web.list_pinned_posts($1)")
    assert "posts_pinned_idx" in told
    assert "Seq Scan on posts" not in told
    assert not JOINED.search(told)


async def test_a_post_is_read_by_its_key(plan: Plan, owner: asyncpg.Connection) -> None:
    slug = await owner.fetchval(
        "select p.slug from app_web.posts p join public.organizations o using (organization_id)"
        " where o.slug = 'lumen' and p.status = 'published' limit 1"
    )
    await owner.execute(
        "update app_web.posts set content = repeat('Words. ', 200), version = 2 where slug = $1", slug
    )
    told = await plan(f"select app_web.get_post($1, null, '{slug}')")
    assert "posts_organization_id_post_id_key on posts" in told
    assert "Seq Scan on posts" not in told


# As the design has it, to the letter: an inner join, so only for what is not hot.
DESIGN_STATEMENT = """
SELECT p.*, u.name, u.avatar_url FROM app_web.posts p JOIN public.users u ON p.user_id = u.user_id
WHERE p.organization_id = $1 AND (p.status = 'published' OR p.user_id = $2)
"""


async def test_the_designs_statement_gives_the_callers_organization_and_nothing_of_another(
    database: TestDatabase, owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann, bob = await make_person(), await make_person()
    eve = await make_person(organization="umbra", role="admin")
    await owner.execute(FILL.format(first=1, last=400))
    web = Database(database.settings("dfworx_web"))
    try:
        async with web.read(Caller(ann.user_id, ann.organization_id, "member", uuid4())) as reader:
            rows = await reader.fetch(DESIGN_STATEMENT, ann.organization_id, ann.user_id)
            assert len(rows) == 400 + 320  # all of her own, and what Bob published
            assert {row["organization_id"] for row in rows} == {ann.organization_id}
            assert {row["name"] for row in rows} == {ann.name, bob.name}
            # Asked for another organization, or for another person's drafts, the policies still hold.
            assert await reader.fetch(DESIGN_STATEMENT, eve.organization_id, eve.user_id) == []
            rows = await reader.fetch(DESIGN_STATEMENT, ann.organization_id, bob.user_id)
            assert {row["status"] for row in rows if row["user_id"] == bob.user_id} == {"published"}
        async with web.unsealed() as nobody:
            assert await nobody.fetch(DESIGN_STATEMENT, ann.organization_id, ann.user_id) == []
    finally:
        await web.close()

"""What it costs to ask what is unread among a hundred thousand posts: read from the statements that really run inside
the SQL functions, for who has read nothing, and who has read much."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import asyncpg
import pytest

from dfworx.shared.context import Caller, Sealer
from tests.conftest import MakePerson, Person, TestDatabase

Ask = Callable[[str, Person], Awaitable[tuple[str, str]]]
"""What a statement says for a person, and the plan of the query inside it."""

# A hundred thousand posts of one organization, one a minute, a few in others, ten comments on each of the newest; the
# diligent has read the last thousand posts and since then none of the comments. Without the triggers: what they do
# isn't asked here.
FILL = """
set session_replication_role = replica;
update public.users set created_at = now() - interval '1 year';
insert into app_web.posts
  (organization_id, user_id, title, slug, content, search, status, published_at, comment_count)
select organization_id, user_id, 'Post', 'post-' || n, 'Words.', '', 'published', now() - n * interval '1 minute', 1
  from public.users, generate_series(1, 100000) as n where name = 'Author' and (n < 1000 or role = 'member');
insert into app_web.comments (organization_id, post_id, user_id, content)
select organization_id, post_id, user_id, 'A word' from app_web.posts, generate_series(1, 10)
 where published_at > now() - interval '2000 minutes';
insert into app_web.post_reads (organization_id, user_id, post_id, read_at)
select u.organization_id, u.user_id, p.post_id, now() - interval '1 hour'
  from public.users u join app_web.posts p on p.organization_id = u.organization_id
 where u.name = 'Diligent' and p.published_at > now() - interval '1000 minutes';
set session_replication_role = origin;
analyze app_web.posts, app_web.comments, app_web.post_reads, public.users;
"""
COUNT = "select app_web.count_unread_posts($1, 100)"
PAGE = "select app_web.list_unread_posts($1, null, null, null, null, 21)"
NEXT = "select app_web.list_unread_posts($1, null, null, now() - interval '9 days', gen_random_uuid(), 21)"
READS = "select app_web.list_reads($1, array[{posts}]::uuid[], 100)"
_WIDE = re.compile(r"Seq Scan on (posts|comments|post_reads)|Hash |Bitmap")


@pytest.fixture
async def newcomer(make_person: MakePerson) -> Person:
    for organization in ("umbra", "third"):
        await make_person(organization=organization, name="Author", role="admin")
    await make_person(name="Author")
    return await make_person(name="Newcomer")


@pytest.fixture
async def diligent(make_person: MakePerson, newcomer: Person) -> Person:
    return await make_person(name="Diligent")


@pytest.fixture
async def ask(database: TestDatabase, diligent: Person) -> AsyncIterator[Ask]:
    connection = await asyncpg.connect(database.servers.cluster.url(database=database.name))
    await connection.execute(FILL)
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
        set session authorization dfworx_web;
        """
    )

    async def ask(statement: str, person: Person) -> tuple[str, str]:
        caller = Caller(person.user_id, person.organization_id, "member", uuid4())
        seal = Sealer(1, database.servers.secrets.seal_key("dfworx_web")).seal(caller)
        notices.clear()
        said: str = await connection.fetchval(statement, seal)
        [told] = [notice for notice in notices if "all_until" in notice]
        return said, told.partition("\n")[2]

    yield ask
    await connection.close()


def rows_of(index: str, table: str, plan: str) -> int:
    """How many rows an index gave, over all its loops."""
    scans = re.findall(rf"Scan using {index} on {table} \w+ .*rows=([\d.]+) loops=(\d+)\)", plan)
    return round(sum(float(rows) * int(loops) for rows, loops in scans))


async def test_asking_looks_at_what_it_shows_and_what_was_read_since(
    ask: Ask, newcomer: Person, diligent: Person
) -> None:
    for statement, shown in ((COUNT, 100), (PAGE, 21), (NEXT, 21)):
        for person in (newcomer, diligent):
            said, plan = await ask(statement, person)
            assert said != "[]" and '"count" : 0' not in said
            assert not _WIDE.search(plan), plan
            assert rows_of("posts_published_idx", "posts", plan) == shown, plan
            looked = re.search(r"Rows Removed by Filter: (\d+)", plan)
            assert looked is None or int(looked.group(1)) <= 1000, plan
            assert re.search(r"organization_id = \$\d+\)", plan), "planned once, for any organization"
    shown_posts = [item["post_id"] for item in json.loads((await ask(PAGE, newcomer))[0])]
    said, plan = await ask(READS.format(posts=", ".join(f"'{each}'" for each in shown_posts)), diligent)
    assert [item["new_comments"] for item in json.loads(said)] == [10] * 21
    assert not _WIDE.search(plan), plan
    assert rows_of(r"comments_\w+_created_at_idx", "comments", plan) == 210, plan

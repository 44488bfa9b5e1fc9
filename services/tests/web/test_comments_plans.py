"""The plan of a page of comments, read from the statement that really runs inside its SQL function: an index gives the
order, the LIMIT ends the work, and no two tables with policies are joined."""

from __future__ import annotations

import re
from uuid import uuid4

import asyncpg
import pytest

from dfworx.shared.context import Caller, Sealer
from dfworx.shared.db import Database
from tests.conftest import MakePerson, TestDatabase
from tests.web.test_posts_plans import JOINED

FILL = """
with authors as (
  select organization_id, user_id from public.users
), written as (
  insert into app_web.posts (organization_id, user_id, title, slug, content, status, published_at)
  select organization_id, user_id, 'Post', 'post-' || n || user_id, 'Words.', 'published', now()
    from authors, generate_series(1, 100) as n
  returning organization_id, post_id, user_id
)
insert into app_web.comments (organization_id, post_id, user_id, content, created_at)
select organization_id, post_id, user_id, 'Comment ' || n, now() - n * interval '1 minute'
  from written, generate_series(1, 20) as n
"""
MENTION = """
insert into app_web.mentions (organization_id, comment_id, user_id)
select organization_id, comment_id, user_id from app_web.comments where content like '%5'
"""
PAGES = [
    "select app_web.list_comments($1, '{post}', null, null, 21)",
    "select app_web.list_comments($1, '{post}', now() - interval '300 minutes', gen_random_uuid(), 21)",
]
_WIDE = re.compile(r"Seq Scan on (posts|comments|mentions)|Hash ")
_READERS = re.compile(r"Scan .*on post_readers .*")


@pytest.mark.parametrize("statement", PAGES)
async def test_a_page_of_comments_walks_its_index_and_ends_at_the_limit(
    database: TestDatabase, owner: asyncpg.Connection, make_person: MakePerson, statement: str
) -> None:
    person = await make_person()
    for organization in ("lumen", "umbra", "third"):
        await make_person(organization=organization)
    await owner.execute(FILL)
    # One busy thread: what is beyond the page must not be looked at.
    post = await owner.fetchval(
        "select post_id from app_web.posts where organization_id = $1 limit 1", person.organization_id
    )
    await owner.execute(
        "insert into app_web.comments (organization_id, post_id, user_id, content)"
        " select $1, $2, $3, 'More ' || n from generate_series(1, 500) as n",
        *(person.organization_id, post, person.user_id),
    )
    await owner.execute(MENTION)
    for table in ("app_web.posts", "app_web.comments", "app_web.mentions", "public.users"):
        await owner.execute(f"analyze {table}")
    caller = Caller(person.user_id, person.organization_id, "member", uuid4())
    seal = Sealer(1, database.servers.secrets.seal_key("dfworx_web")).seal(caller)
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
        set enable_sort = off;
        set enable_bitmapscan = off;
        set session authorization dfworx_web;
        """
    )
    try:
        told_items = await connection.fetchval(statement.format(post=post), seal)
        assert told_items.count('"comment_id"') == 21
        [told] = [notice for notice in notices if "app_web.comment_items" in notice]
        plan = told.partition("\n")[2]
        assert re.search(
            r"Scan using comments_organization_id_post_id_created_at_idx on comments c\w* .*rows=21(\.00)? loops=1\)",
            plan,
        ), plan
        assert not JOINED.search(plan), plan
        assert not _WIDE.search(plan), plan
        # Whom a post is shared with is asked of posts for named people alone.
        assert all(scan.endswith("(never executed)") for scan in _READERS.findall(plan)), plan
        assert re.search(r"organization_id = \$\d+\)", plan), "planned once, for any organization"
    finally:
        await connection.close()


@pytest.mark.parametrize("others", [1, 30])
async def test_a_comment_costs_no_more_where_more_is_said(
    database: TestDatabase, owner: asyncpg.Connection, make_person: MakePerson, others: int
) -> None:
    """Counting touches one row, and none of the post's words: no revision and no audit of the post."""
    person = await make_person()
    await owner.execute(
        "insert into app_web.posts (organization_id, user_id, title, slug, content)"
        " values ($1, $2, 'Long', 'long', repeat('Words. ', 20000))",
        *(person.organization_id, person.user_id),
    )
    web = Database(database.settings("dfworx_web"))
    before = await owner.fetchrow("select version, updated_at, search from app_web.posts")
    try:
        async with web.write(Caller(person.user_id, person.organization_id, "member", uuid4())) as writer:
            for _ in range(others):
                await writer.execute(
                    "insert into app_web.comments (organization_id, post_id, user_id, content)"
                    " select organization_id, post_id, user_id, 'x' from app_web.posts where organization_id = $1",
                    person.organization_id,
                )
    finally:
        await web.close()
    assert await owner.fetchval("select comment_count from app_web.posts") == others
    assert await owner.fetchrow("select version, updated_at, search from app_web.posts") == before
    assert await owner.fetchval("select count(*) from app_web.revisions") == 1
    assert await owner.fetchval("select count(*) from public.audit_logs where entity = 'app_web.posts'") == 1

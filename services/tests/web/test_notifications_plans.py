"""The plans of what is asked about notifications, read from the statements that really run inside their SQL functions:
a person with a hundred thousand of them opens the page as fast as one with twenty."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import asyncpg
import pytest

from dfworx.shared.context import Caller, Sealer
from dfworx.web.notifications.actions import MARKED_AT_ONCE
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase
from tests.web.conftest import count_unread, list_notifications
from tests.web.test_posts_plans import JOINED

Plan = Callable[[str], Awaitable[str]]

# A hundred thousand of one person's, one in ten unread, about two thousand comments on two thousand posts; and a few of
# everybody else. Without the triggers: what they do isn't asked here, and it takes a minute.
FILL = """
set session_replication_role = replica;
insert into app_web.posts (organization_id, user_id, title, slug, content, search, status, published_at)
select organization_id, user_id, 'Post', 'post-' || n || user_id, 'Words.', '', 'published', now()
  from public.users, generate_series(1, 2000) as n;
insert into app_web.comments (organization_id, post_id, user_id, content)
select organization_id, post_id, user_id, 'A word' from app_web.posts;
insert into public.notifications
  (organization_id, user_id, actor_id, kind, entity, entity_id, post_id, comment_id, created_at, read_at)
select c.organization_id, c.user_id, c.user_id, 'comment', 'app_web.comments', gen_random_uuid(), c.post_id,
       c.comment_id, now() - (row_number() over ()) * interval '1 second', case when random() < 0.9 then now() end
  from app_web.comments c, generate_series(1, 50) as n
 where n = 1 or c.user_id = '{person}';
set session_replication_role = origin;
analyze app_web.posts, app_web.comments, public.notifications, public.users;
"""
PAGES = [
    ("select app_web.list_notifications($1, false, null, null, 21)", "created_at", 21),
    (
        "select app_web.list_notifications($1, false, now() - interval '9 hours', gen_random_uuid(), 21)",
        "created_at",
        21,
    ),
    ("select app_web.list_notifications($1, true, null, null, 21)", "unread", 21),
    ("select app_web.count_unread($1, 100)::text", "unread", 100),
]
_WIDE = re.compile(r"Seq Scan on (posts|comments|notifications)|Hash |Sort ")


@pytest.fixture
async def ann(make_person: MakePerson) -> Person:
    for organization in ("lumen", "umbra", "third"):
        await make_person(organization=organization)
    return await make_person()


@pytest.fixture
async def superuser(database: TestDatabase, ann: Person) -> AsyncIterator[asyncpg.Connection]:
    """With the rows there."""
    connection = await asyncpg.connect(database.servers.cluster.url(database=database.name))
    await connection.execute(FILL.replace("{person}", str(ann.user_id)))
    yield connection
    await connection.close()


@pytest.fixture
async def plan(database: TestDatabase, superuser: asyncpg.Connection, ann: Person) -> Plan:
    caller = Caller(ann.user_id, ann.organization_id, "member", uuid4())
    seal = Sealer(1, database.servers.secrets.seal_key("dfworx_web")).seal(caller)
    notices: list[str] = []
    superuser.add_log_listener(lambda _, message: notices.append(str(message)))
    # Loading it and logging are a superuser's; the session is the service's, for which the seal is made.
    await superuser.execute(
        """
        load 'auto_explain';
        set auto_explain.log_min_duration = 0;
        set auto_explain.log_nested_statements = on;
        set auto_explain.log_analyze = on;
        set client_min_messages = log;
        set session authorization dfworx_web;
        """
    )

    async def plan(statement: str) -> str:
        notices.clear()
        assert await superuser.fetchval(statement, seal) not in ("[]", "0")
        [told] = [notice for notice in notices if "app_web.notification_items" in notice]
        return told.partition("\n")[2]

    return plan


async def test_of_a_hundred_thousand_a_page_and_the_count_look_at_what_they_show(plan: Plan) -> None:
    for statement, index, rows in PAGES:
        told = await plan(statement)
        scan = re.search(rf"Scan using notifications_\w*{index}_idx on notifications n.* rows=(\d+)", told)
        assert scan is not None, told
        assert int(scan.group(1)) <= max(rows, 100), told
        assert not JOINED.search(told), told
        assert not _WIDE.search(told), told
        assert re.search(r"organization_id = \$\d+\)", told), "planned once, for any organization"


async def test_ten_thousand_are_marked_as_read_by_one_request(
    superuser: asyncpg.Connection, ann: Person, client_as: ClientAs
) -> None:
    """By statements that each end within the login's statement_timeout."""
    unread = "select count(*) from public.notifications where read_at is null and user_id = $1"
    assert await superuser.fetchval(unread, ann.user_id) > MARKED_AT_ONCE
    client = client_as(ann)
    assert await count_unread(client) == 100
    [newest, *_] = await list_notifications(client)
    answer = await client.post("/api/web/notifications/read-all", json={"until": newest["created_at"]})
    assert answer.status_code == 204, answer.text
    assert await count_unread(client) == 0
    assert await superuser.fetchval(unread, ann.user_id) == 0

"""Moments that SQL injected into the web service could write: only those that JSON and browsers can say, and of posts
none by which one would stand above all that is still to come."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import LIST, comment_on, create, list_comments, list_notifications, publish

UNSAYABLE = ["20000-01-01Z", "4001-01-01Z BC", "infinity", "-infinity"]
MOMENTS = """
    select c.relnamespace::regnamespace || '.' || c.relname as table, a.attname as column,
           has_column_privilege('dfworx_web', c.oid, a.attnum, 'insert') as inserts
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and a.atttypid = 'timestamptz'::regtype
       and (has_column_privilege('dfworx_web', c.oid, a.attnum, 'insert')
            or has_column_privilege('dfworx_web', c.oid, a.attnum, 'update'))
"""
INSERTS = {
    "app_web.posts": """
        insert into app_web.posts (organization_id, user_id, title, slug, content, {column})
        values (app.org_id(), app.user_id(), 't', 's' || random(), '', '{moment}')
    """,
    "app_web.read_marks": """
        insert into app_web.read_marks (organization_id, user_id, {column})
        values (app.org_id(), app.user_id(), '{moment}')
    """,
}


@pytest.mark.parametrize("moment", UNSAYABLE)
async def test_no_column_takes_a_moment_that_cannot_be_said(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, inject: Inject, moment: str
) -> None:
    """Of all that there are: one more that the service may write is asked about here too."""
    ann, bob = await make_person(role="admin"), await make_person()
    client = client_as(ann)
    await create(client)
    post = await publish(client, slug="second")
    await client.post("/api/web/categories", json={"name": "News"})
    assert (await client.patch("/api/web/preferences", json={"theme": "dark"})).status_code == 200
    for person in (ann, bob):
        await comment_on(client_as(person), post)
    assert (await client.put(f"{LIST}/{post['post_id']}/read")).status_code == 204
    long_ago = {"until": "2020-01-01T00:00:00Z"}
    assert (await client.post("/api/web/reads/all", json=long_ago)).status_code == 204
    flag = {"kind": "post", "id": post["post_id"], "reason": "spam"}
    assert (await client.post("/api/web/flags", json=flag)).status_code == 201
    web = await inject("dfworx_web", ann)
    columns = await owner.fetch(MOMENTS)
    assert len(columns) >= 12
    for table, column, inserts in columns:
        changes = f"{column} = '{moment}'" + (", content = null" if column == "removed_at" else "")
        with pytest.raises(asyncpg.CheckViolationError, match="moment"):
            await web.execute(f"update {table} set {changes}")  # noqa: S608
        if inserts:
            assert table in INSERTS, "another table's form has to be known here"
            with pytest.raises(asyncpg.CheckViolationError, match="moment"):
                await web.execute(INSERTS[table].format(column=column, moment=moment))
    assert len((await client_as(bob).get(LIST)).json()["items"]) == 1
    assert len(await list_comments(client_as(bob), post)) == 2
    assert len(await list_notifications(client)) == 1


AHEAD = [
    ("created_at", "1 day 1 hour", "1 hour"),
    ("updated_at", "1 day 1 hour", "1 hour"),
    ("published_at", "1 day 1 hour", "1 hour"),
    ("archived_at", "1 day 1 hour", "1 hour"),
    ("publish_at", "402 days", "366 days"),
]


@pytest.mark.parametrize(("column", "too_far", "near"), AHEAD)
async def test_no_post_goes_above_all_that_is_still_to_come(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, column: str, too_far: str, near: str
) -> None:
    ann = await make_person()
    await create(client_as(ann))
    web = await inject("dfworx_web", ann)
    change = f"update app_web.posts set {column} = now() + $1::text::interval"  # noqa: S608
    with pytest.raises(asyncpg.CheckViolationError, match="moment"):
        await web.execute(change, too_far)
    assert await web.execute(change, near) == "UPDATE 1"


async def test_what_was_written_long_ago_keeps_its_day(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person()
    web = await inject("dfworx_web", ann)
    await web.execute(INSERTS["app_web.posts"].format(column="created_at", moment="0794-06-08Z"))
    [item] = (await client_as(ann).get(LIST)).json()["items"]
    assert datetime.fromisoformat(item["created_at"]) == datetime(794, 6, 8, tzinfo=UTC)

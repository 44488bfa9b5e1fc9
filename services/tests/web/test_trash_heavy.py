"""Deleting a post for good that has more on it than one statement can take away: gone for everybody at once, and taken
away by the worker (tests/worker/test_trash_heavy.py)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import LIST, comment_on, create, crowd, list_comments, list_notifications, publish

ENOUGH = 15_000
"""Comments that could not be deleted in five seconds."""


async def test_it_is_gone_for_everybody_at_once_and_its_slug_is_free(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob, moderator = await make_person(), await make_person(), await make_person(role="moderator")
    post = await publish(client_as(ann), slug="bread")
    await client_as(ann).patch(f"{LIST}/{post['post_id']}", json={"slug": "loaf"}, headers={"If-Match": "*"})
    comment = await comment_on(client_as(bob), post)
    await crowd(owner, post, ENOUGH)
    where = f"{LIST}/{post['post_id']}"
    for _ in range(2):
        assert (await client_as(ann).delete(where)).status_code == 204
    for person in (ann, bob, moderator):
        client = client_as(person)
        for path in ("", "/comments", "/revisions", "/files"):
            assert (await client.get(where + path)).status_code == 404, path
        for slug in ("bread", "loaf"):
            assert (await client.get(f"{LIST}/by-slug/{slug}")).status_code == 404
        assert (await client.get(f"/api/web/comments/{comment['comment_id']}")).status_code == 404
        for query in ({}, {"status": "trashed"}, {"status": "trashed", "q": "dough"}):
            assert (await client.get(LIST, params=query)).json()["items"] == []
        found = await client.get("/api/web/search", params={"q": "dough", "status": "trashed"})
        assert found.json()["items"] == []
        assert await list_notifications(client) == []
        for method, path in (("post", "/restore"), ("post", "/publish"), ("delete", "")):
            assert (await client.request(method, where + path)).status_code == 404, path
    for slug in ("bread", "loaf"):
        await create(client_as(bob), slug=slug)
    kept = "select count(*) from app_web.comments where post_id = $1"
    assert await owner.fetchval(kept, UUID(post["post_id"])) == ENOUGH + 1
    log = """
        select action, actor_id, changes -> 'deleted_at' ->> 0 is null from public.audit_logs
         where entity = 'app_web.posts' and entity_id = $1 and changes ? 'deleted_at' order by audit_log_id
    """
    deleted = [tuple(row) for row in await owner.fetch(log, UUID(post["post_id"]))]
    assert deleted[1:] == [("update", ann.user_id, True)]


async def test_of_many_who_delete_it_at_once_each_is_told_that_it_is_gone(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    post = await publish(client_as(ann))
    await crowd(owner, post, 600)
    where = f"{LIST}/{post['post_id']}"
    await client_as(ann).delete(where)
    answers = await asyncio.gather(*(client_as(person).delete(where) for person in (ann, moderator) * 3))
    assert sorted(answer.status_code for answer in answers) == [204, *[404] * 5]


async def test_only_who_may_deletes_it(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person()
    eve = await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann))
    await crowd(owner, post, 600)
    for person in (bob, eve):
        assert (await client_as(person).delete(f"{LIST}/{post['post_id']}")).status_code in (403, 404)
        assert (await (await inject("dfworx_web", person)).execute("delete from app_web.posts")).endswith(
            " 0"
        )
    assert await owner.fetchval("select deleted_at is null from app_web.posts")
    assert len(await list_comments(client_as(bob), post)) == 100


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
async def test_injected_sql_neither_sees_it_nor_brings_it_back(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, inject: Inject, role: str
) -> None:
    ann = await make_person(role=role)
    post = await publish(client_as(ann))
    await crowd(owner, post, 600)
    web = await inject("dfworx_web", ann)
    await web.execute("delete from app_web.posts")
    # Deleted while it was published: as what is in the trash, since nothing else is hidden from everybody.
    assert await owner.fetchval("select status from app_web.posts") == "trashed"
    for table in ("posts", "comments", "revisions", "post_slugs"):
        assert await web.fetchval(f"select count(*) from app_web.{table}") == 0, table  # noqa: S608
        if table in ("posts", "comments"):
            assert (await web.execute(f"delete from app_web.{table}")).endswith(" 0"), table  # noqa: S608
    assert (await web.execute("update app_web.posts set status = 'published'")).endswith(" 0")
    assert (await web.execute("update app_web.comments set resolved_at = now()")).endswith(" 0")
    for forbidden in (
        "update app_web.posts set deleted_at = null",
        "insert into app_web.posts (deleted_at) values (now())",
        "select app_web.hide_deleted(organization_id, post_id) from app_web.posts",
        "select app_web.expire_trash(1)",
        "select app_web.clear_deleted(1)",
        "select app_web.purge_trash(1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(forbidden)


async def test_a_long_thread_of_removed_comments_ends_with_its_last_answer(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    """A trigger that fires itself for each ran out of stack."""
    ann = await make_person()
    post: dict[str, Any] = await publish(client_as(ann))
    await crowd(owner, post, 1_000, removed_thread=True)
    [last] = [row["comment_id"] for row in await owner.fetch(
        "select comment_id from app_web.comments where removed_at is null")]  # fmt: skip
    assert (await client_as(ann).delete(f"/api/web/comments/{last}")).status_code == 204
    assert await owner.fetchval("select count(*) from app_web.comments") == 0

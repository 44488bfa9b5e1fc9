"""Editors in the database alone: whatever SQL a service runs with an editor's seal, it changes words and nothing else,
and nobody becomes an editor but by who decides on the post."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import create, publish
from tests.web.test_editors import change, ids, where

NAME = "select app_web.name_editors($1, $2)"
SEEN = [
    "select post_id from app_web.posts",
    "select post_id from app_web.post_editors",
    "select post_id from app_web.revisions",
]
REFUSED = [
    "update app_web.posts set status = 'published', published_at = now()",
    "update app_web.posts set status = 'archived'",
    "update app_web.posts set status = 'trashed'",
    "update app_web.posts set visibility = 'people'",
    "update app_web.posts set slug = 'mine'",
    "update app_web.posts set user_id = app.user_id()",
    "update app_web.posts set publish_at = now()",
    "update app_web.posts set created_at = now() - interval '1 day'",
    "update app_web.posts set published_at = now() - interval '1 day'",
    "update app_web.posts set archived_at = now()",
    "update app_web.posts set title = 'Ours', slug = 'ours', version = version + 1",
    "update app_web.posts set deleted_at = now()",
    "update app_web.posts set trashed_at = now()",
    "update app_web.posts set organization_id = gen_random_uuid()",
    "update app_web.posts set version = version + 2",
    "insert into app_web.post_readers (organization_id, post_id, user_id, shared_by)"
    " select organization_id, post_id, app.user_id(), app.user_id() from app_web.posts",
    "insert into app_web.post_readers (organization_id, post_id, user_id, shared_by)"
    " select organization_id, post_id, app.user_id(), user_id from app_web.posts",
    "insert into app_web.post_editors (organization_id, post_id, user_id)"
    " select organization_id, post_id, user_id from app_web.posts",
    "delete from app_web.post_editors",
    "update app_web.post_editors set user_id = app.user_id()",
    "select app_web.name_editors(post_id, array[app.user_id()]) from app_web.posts",
    "select app_web.name_editors(post_id, '{}') from app_web.posts",
]


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("role", ["guest", "member", "admin"])
async def test_an_editors_sql_decides_nothing(
    make_person: MakePerson,
    client_as: ClientAs,
    inject: Inject,
    owner: asyncpg.Connection,
    role: str,
    statement: str,
) -> None:
    ann, ben = await make_person(), await make_person(role=role)
    await create(client_as(ann), editors=ids(ben))
    before = await owner.fetch("select * from app_web.posts")
    connection = await inject("dfworx_web", ben)
    assert await connection.execute("update app_web.posts set title = title") == "UPDATE 1", "the control"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    assert await connection.execute("delete from app_web.posts") == "DELETE 0"
    await connection.execute("select app_web.pin_post(post_id) from app_web.posts")
    assert await owner.fetch("select * from app_web.posts") == before


@pytest.mark.parametrize(
    ("organization", "role"), [("lumen", "member"), ("lumen", "admin"), ("umbra", "admin")]
)
async def test_nobody_makes_themselves_an_editor_of_another_persons_draft(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection,
    organization: str, role: str,
) -> None:  # fmt: skip
    ann, ben = await make_person(), await make_person()
    post = await create(client_as(ann), editors=ids(ben))
    eve = await make_person(organization=organization, role=role)
    connection = await inject("dfworx_web", eve)
    assert await connection.fetch("select * from app_web.post_editors") == []
    assert await connection.fetch("select app_web.list_edited_posts()") == []
    assert (
        await connection.fetch(
            "select app_web.notify_of_editing($1, $2)", UUID(post["post_id"]), [ben.user_id]
        )
        == []
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(NAME, UUID(post["post_id"]), [eve.user_id])
    assert await owner.fetchval("select array_agg(user_id) from app_web.post_editors") == [ben.user_id]


async def test_another_organization_is_never_named_and_sees_no_row(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person()
    eve = await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann), editors=ids(ben))
    author, stranger = await inject("dfworx_web", ann), await inject("dfworx_web", eve)
    await author.execute(NAME, UUID(post["post_id"]), [eve.user_id, ben.user_id, ann.user_id])
    assert await owner.fetchval("select array_agg(user_id) from app_web.post_editors") == [ben.user_id]
    for statement in SEEN:
        assert await stranger.fetch(statement) == []
    assert (
        await stranger.fetchval(
            "select app_web.get_post(current_setting('dfx.ctx'), $1, null)", UUID(post["post_id"])
        )
        is None
    )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await owner.execute(
            "insert into app_web.post_editors (organization_id, post_id, user_id) values ($1, $2, $3)",
            *(ann.organization_id, UUID(post["post_id"]), eve.user_id),
        )


async def test_sql_without_a_true_seal_finds_no_editor(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, ben = await make_person(), await make_person()
    post = await create(client_as(ann), editors=ids(ben))
    connection = await inject("dfworx_web", ben)
    seal = await connection.fetchval("select current_setting('dfx.ctx')")
    await connection.execute(
        "select set_config('dfx.ctx', $1, false)", seal[:-1] + ("0" if seal[-1] != "0" else "1")
    )
    for statement in ("select post_id from app_web.post_editors", "select app_web.list_edited_posts()"):
        assert await connection.fetch(statement) == []
    assert await connection.execute("update app_web.posts set title = 'Mine'") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(NAME, UUID(post["post_id"]), [ben.user_id])


async def test_a_post_has_a_hundred_editors_at_most_and_loses_all_with_its_author(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person()
    post = await create(client_as(ann), editors=ids(ben))
    rows = await owner.fetch(
        "insert into public.users (organization_id, name, origin)"
        " select $1, 'Person ' || n, 'imported' from generate_series(1, 101) as n returning user_id",
        ann.organization_id,
    )
    author = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.CheckViolationError):
        await author.execute(NAME, UUID(post["post_id"]), [row["user_id"] for row in rows])
    await author.execute(NAME, UUID(post["post_id"]), [row["user_id"] for row in rows[:100]])
    assert await owner.fetchval("select count(*) from app_web.post_editors") == 100
    assert (
        await owner.fetchval("select count(*) from public.audit_logs where entity = 'app_web.post_editors'")
        == 102
    )
    await change(client_as(ann), post, visibility="author", editors=ids(ben))
    assert (await client_as(ben).get(where(post))).json()["visibility"] == "author"
    await owner.execute("update app_web.posts set user_id = $1", ben.user_id)
    assert await owner.fetchval("select count(*) from app_web.post_editors") == 0


async def test_the_data_api_knows_no_editors(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    for role in ("authenticated", "anon", "dfworx_admin", "dfworx_worker", "dfworx_auth"):
        granted = await owner.fetchval(
            "select has_table_privilege($1, 'app_web.post_editors', 'select')", role
        )
        assert granted is False, role

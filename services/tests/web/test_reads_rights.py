"""Whose reading it is: nobody else's is seen or changed, by the API or by SQL injected with their own seal."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, publish
from tests.web.test_reads import count, mark_all, open_post, reads_of, unread_titles

READ = "insert into app_web.post_reads (organization_id, user_id, post_id) values ($1, $2, $3)"
MARK = "insert into app_web.read_marks (organization_id, user_id) values ($1, $2)"
LISTS = [
    "select app_web.list_reads($1, array(select post_id from app_web.posts), 9)",
    "select app_web.count_unread_posts($1, 9)::json ->> 'count'",
    "select app_web.list_unread_posts($1, null, null, null, null, 9)",
]


async def test_another_organizations_post_is_neither_told_of_nor_read(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, eve = await make_person(), client_as(await make_person(organization="umbra", role="admin"))
    post = await publish(client_as(ann), title="ours")
    await comment_on(client_as(ann), post)
    assert await reads_of(eve, post) == {}
    assert (await unread_titles(eve), await count(eve)) == ([], 0)
    assert (await eve.put(f"/api/web/posts/{post['post_id']}/read")).status_code == 404
    await mark_all(eve, post["published_at"])
    assert await owner.fetchval("select count(*) from app_web.post_reads") == 0


async def test_what_one_has_read_another_has_not(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob, cleo = [await make_person() for _ in range(3)]
    posts = [await publish(client_as(ann), title=title) for title in ("one", "two")]
    await open_post(client_as(bob), posts[0])
    await mark_all(client_as(bob), posts[1]["published_at"])
    assert await unread_titles(client_as(cleo)) == ["two", "one"]


async def test_somebody_elses_draft_is_not_read(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    draft = await create(client_as(ann))
    answer = await client_as(admin).put(f"/api/web/posts/{draft['post_id']}/read")
    assert answer.status_code == 404
    assert await reads_of(client_as(admin), draft) == {}


async def test_an_admins_sql_sees_and_changes_nobody_elses(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    admin, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    first, post = [await publish(client_as(ann), title=title) for title in ("first", "post")]
    await mark_all(client_as(bob), first["published_at"])
    await open_post(client_as(bob), post)
    for person in (admin, eve):
        web = await inject("dfworx_web", person)
        for table in ("app_web.post_reads", "app_web.read_marks"):
            assert await web.fetch(f"select * from {table}") == []  # noqa: S608 - the two names above
        for statement in (
            "update app_web.post_reads set read_at = 'infinity'",
            "update app_web.read_marks set read_until = 'infinity'",
            "delete from app_web.post_reads",
        ):
            assert (await web.execute(statement)).endswith(" 0")
        for statement, values in (
            (READ, (ann.organization_id, ann.user_id, UUID(post["post_id"]))),
            (MARK, (ann.organization_id, ann.user_id)),
            (READ, (eve.organization_id, eve.user_id, UUID(post["post_id"]))),
        ):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ForeignKeyViolationError)):
                await web.execute(statement, *values)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute("delete from app_web.read_marks")
    assert await owner.fetchval("select count(*) from app_web.post_reads") == 1
    assert await unread_titles(client_as(admin)) == ["post", "first"]


async def test_nobodys_row_becomes_another_posts_or_persons(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person()
    await open_post(client_as(bob), await publish(client_as(ann)))
    web = await inject("dfworx_web", bob)
    for column in ("user_id", "post_id", "organization_id"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(f"update app_web.post_reads set {column} = gen_random_uuid()")  # noqa: S608


async def test_a_seal_of_another_person_or_none_lists_nothing(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person()
    await publish(client_as(ann))
    web = await inject("dfworx_web", ann)
    forged = f"dfx1|1|9999999999|{bob.organization_id}|{bob.user_id}|admin|{'0' * 64}"
    for statement in LISTS:
        assert await web.fetchval(statement, forged) in ("[]", "0")


@pytest.mark.parametrize("login", ["dfworx_auth", "dfworx_admin", "dfworx_worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "select * from app_web.post_reads",
        "select * from app_web.read_marks",
        "select app_web.count_unread_posts('', 9)",
        "select app_web.read_until(gen_random_uuid(), gen_random_uuid())",
    ],
)
async def test_no_other_service_comes_near(
    make_person: MakePerson, inject: Inject, login: str, statement: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)

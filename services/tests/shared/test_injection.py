"""What SQL injected into one service could do with the caller's own seal, each once seen to work: now refused or
without effect. Every test runs the statement as the service's own login, with a true seal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from dfworx.cli.home import Home
from dfworx.cli.migrations import migrate
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from tests.conftest import ClientAs, Inject, MakePerson, Person, TestDatabase


async def write_draft(client_as: ClientAs, person: Person) -> str:
    answer = await client_as(person).post("/api/web/posts", json={"title": "Mine", "content": "Not yet."})
    assert answer.status_code == 201
    post_id: str = answer.json()["post_id"]
    return post_id


async def test_a_revision_cannot_be_forged(
    inject: Inject, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, guest = await make_person(), await make_person(role="guest")
    post_id = await write_draft(client_as, ann)
    web = await inject("dfworx_web", guest)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(
            "insert into app_web.revisions (organization_id, post_id, version, user_id, title, content)"
            " values ($1, $2, 2, $3, 'forged', 'forged')",
            *(ann.organization_id, post_id, guest.user_id),
        )
    edited = await client_as(ann).patch(
        f"/api/web/posts/{post_id}", json={"title": "Still mine"}, headers={"If-Match": "*"}
    )
    assert edited.status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "update app_web.posts set status = 'published', visibility = 'organization'",
        "update app_web.posts set user_id = app.user_id()",
        "delete from app_web.posts",
        "delete from app_web.comments",
    ],
)
async def test_what_reads_no_column_reaches_no_draft_of_another(
    inject: Inject, make_person: MakePerson, client_as: ClientAs, statement: str
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    post_id = await write_draft(client_as, ann)
    web = await inject("dfworx_web", moderator)
    assert (await web.execute(statement)).endswith(" 0")
    assert (await client_as(ann).get(f"/api/web/posts/{post_id}")).json()["status"] == "draft"


async def test_views_are_counted_by_the_worker_alone(
    inject: Inject, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, guest = await make_person(), await make_person(role="guest")
    post_id = await write_draft(client_as, ann)
    for person in (ann, guest):
        web = await inject("dfworx_web", person)
        for statement in (
            "insert into app_web.post_views (organization_id, post_id, views) values (app.org_id(), $1, 999)",
            "update app_web.post_views set views = 999 where post_id = $1",
            "select app_web.add_views(gen_random_uuid(), array[$1::uuid], array[app.user_id()])",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await web.execute(statement, UUID(post_id))


@pytest.mark.parametrize("topic", ["sessions.revoked", "members.changed"])
async def test_the_web_service_cannot_say_that_a_session_ended(
    inject: Inject, make_person: MakePerson, topic: str
) -> None:
    ann = await make_person()
    note = "insert into shared_services.outbox (organization_id, topic, entity_id) values ($1, $2, $3)"
    web = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(note, ann.organization_id, topic, ann.user_id)
    await web.execute(note, ann.organization_id, "posts.published", ann.user_id)


async def test_a_file_cannot_point_into_another_organizations_storage(
    inject: Inject, make_person: MakePerson
) -> None:
    ann, bob = await make_person(), await make_person(organization="harbour")
    web = await inject("dfworx_web", ann)
    insert = """
        insert into shared_services.files
               (organization_id, user_id, name, media_type, size_bytes, sha256, storage_key)
        values ($1, $2, 'a', 'text/plain', 1, sha256('a'), $3)
    """
    for key in (f"{bob.organization_id}/a", f"{ann.organization_id}/../{bob.organization_id}/a", "a", ""):
        with pytest.raises(asyncpg.CheckViolationError):
            await web.execute(insert, ann.organization_id, ann.user_id, key)
    await web.execute(insert, ann.organization_id, ann.user_id, f"{ann.organization_id}/a.txt")


async def test_people_neither_take_an_address_nor_bring_ended_sessions_back(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    auth = await inject("dfworx_auth", ann)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await auth.execute("update public.users set email = 'other@lumen.example'")
    await auth.execute("update public.users set sessions_valid_after = now()")
    await auth.execute("update public.users set sessions_valid_after = '-infinity'")
    assert await owner.fetchval(
        "select sessions_valid_after > '-infinity' from public.users where user_id = $1", ann.user_id
    )


async def test_one_text_is_one_statement(database: TestDatabase, make_person: MakePerson) -> None:
    ann = await make_person()
    web = Database(database.settings("dfworx_web"))
    with pytest.raises(asyncpg.PostgresSyntaxError, match="multiple commands"):
        async with web.write(Caller(ann.user_id, ann.organization_id, "member", uuid4())) as writer:
            await writer.execute("deallocate all; prepare stolen as select current_setting('dfx.ctx')")
    await web.close()


async def test_what_a_login_does_to_its_own_settings_ends_at_the_next_migrate(
    database: TestDatabase, inject: Inject, make_person: MakePerson, tmp_path: Path
) -> None:
    web = await inject("dfworx_web", await make_person())
    await web.execute("alter role current_user set statement_timeout = '1ms'")
    await web.execute("alter role current_user set default_transaction_read_only = on")
    await web.execute(f'alter role current_user in database "{database.name}" set search_path = public')
    await asyncio.to_thread(migrate, database.owner_url, database.servers.secrets, Home(tmp_path))
    fresh = await asyncpg.connect(database.url("dfworx_web"))
    try:
        shown = {name: await fresh.fetchval(f"show {name}") for name in
                 ("statement_timeout", "default_transaction_read_only", "search_path", "timezone")}  # fmt: skip
    finally:
        await fresh.close()
    assert shown == {
        "statement_timeout": "5s",
        "default_transaction_read_only": "off",
        "search_path": '""',
        "timezone": "UTC",
    }

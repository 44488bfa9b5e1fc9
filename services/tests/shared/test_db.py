"""Transactions: committed before the response, read only where they read, and errors that tell nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from dfworx.shared.context import Caller
from dfworx.shared.db import ConstraintBroken, Database
from dfworx.shared.errors import ApiError, Invalid, NotAllowed, Unavailable
from dfworx.shared.serve import Writing
from tests.conftest import MakePerson, Person, TestDatabase


@pytest.fixture
async def web(database: TestDatabase) -> AsyncIterator[Database]:
    opened = Database(database.settings("dfworx_web"))
    yield opened
    await opened.close()


def caller_of(person: Person) -> Caller:
    return Caller(person.user_id, person.organization_id, "admin", uuid4())


async def test_a_read_cannot_write(web: Database, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with web.read(caller_of(ann)) as reader:
            await reader.fetch(
                "insert into app_web.categories (organization_id, name, slug) values ($1, 'a', 'a')",
                ann.organization_id,
            )


async def test_the_seal_ends_with_the_transaction(web: Database, make_person: MakePerson) -> None:
    ann = await make_person()
    async with web.read(caller_of(ann)) as reader:
        assert await reader.fetchval("select app.user_id()") == ann.user_id
    async with web.unsealed() as writer:
        assert await writer.fetchval("select app.user_id()") is None


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select 1 / 0", Invalid),
        ("select 'x'::uuid", Invalid),
        ("insert into app_web.categories (organization_id, name, slug) values (app.org_id(), 'a', 'taken')",
         ConstraintBroken),
        ("insert into app_web.categories (organization_id, name, slug) values (app.org_id(), '', 'b')", Invalid),
        ("insert into app_web.categories (organization_id, name, slug) values (gen_random_uuid(), 'a', 'c')",
         NotAllowed),
        ("select * from app_admin.reports", NotAllowed),
        ("select set_config('statement_timeout', '10', true); select pg_sleep(5)", Unavailable),
    ],
)  # fmt: skip
async def test_database_errors_become_ours_and_keep_their_text(
    web: Database, make_person: MakePerson, statement: str, expected: type[ApiError]
) -> None:
    ann = await make_person(role="admin")
    async with web.write(caller_of(ann)) as writer:
        await writer.execute(
            "insert into app_web.categories (organization_id, name, slug) values ($1, 'a', 'taken')",
            ann.organization_id,
        )
    with pytest.raises(expected) as raised:
        async with web.write(caller_of(ann)) as writer:
            for each in statement.split("; "):
                await writer.execute(each)
    told = str(raised.value.problem())
    assert "categories" not in told
    assert "taken" not in told


async def test_a_broken_constraint_names_itself_to_the_slice(web: Database, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    insert = "insert into app_web.categories (organization_id, name, slug) values ($1, 'a', 'a')"
    with pytest.raises(ConstraintBroken) as raised:
        async with web.write(caller_of(ann)) as writer:
            await writer.execute(insert, ann.organization_id)
            await writer.execute(insert, ann.organization_id)
    assert raised.value.constraint == "categories_organization_id_slug_key"


async def test_a_lost_connection_is_asked_again_and_a_dead_database_is_unavailable(
    web: Database, owner: asyncpg.Connection, database: TestDatabase
) -> None:
    await web.ping()
    superuser = await asyncpg.connect(database.servers.cluster.url(database="postgres"))
    try:
        await superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'dfworx_web'",
            database.name,
        )
    finally:
        await superuser.close()
    await web.ping()
    nowhere = Database(database.settings("dfworx_web", database_url="postgresql://a:b@127.0.0.1:1/x"))
    with pytest.raises(Unavailable):
        await nowhere.ping()


async def test_the_commit_comes_before_the_response(
    web_app: FastAPI, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    """With FastAPI's default scope the client has its 200 before the commit, even when that fails."""
    ann = await make_person(role="admin")
    await owner.execute(
        """
        create function app.fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
        create constraint trigger fail after insert on app_web.categories deferrable initially deferred
          for each row execute function app.fail();
        """
    )

    @web_app.post("/api/web/commit-fails")
    async def commit_fails(writer: Writing) -> dict[str, bool]:
        await writer.execute(
            "insert into app_web.categories (organization_id, name, slug) values ($1, 'a', 'a')",
            ann.organization_id,
        )
        return {"saved": True}

    transport = httpx.ASGITransport(web_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
        answer = await client.post("/api/web/commit-fails", headers={"Authorization": f"Bearer {ann.token}"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"

"""The walls that stand in the database itself, tried as each service's own login. Attack in breadth
follows in the walls suite; here is what every table and role must have from the first day."""

from __future__ import annotations

import json
from uuid import uuid4

import asyncpg
import pytest

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from tests.conftest import MakePerson, TestDatabase

SERVICES = ("dfworx_auth", "dfworx_web", "dfworx_admin", "dfworx_worker")


@pytest.mark.parametrize("role", SERVICES)
async def test_a_service_login_is_nobody_special(database: TestDatabase, role: str) -> None:
    connection = await asyncpg.connect(database.url(role))
    try:
        flags = await connection.fetchrow(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " from pg_roles where rolname = $1",
            role,
        )
        assert flags is not None
        assert not any(flags)
        held = await connection.fetchval(
            """
            select array_agg(rolname::text) from pg_roles
            where pg_has_role(current_user, oid, 'member') and rolname <> current_user
            """
        )
        assert set(held or []) <= {"dfworx_tenant"}
        assert not await connection.fetchval("select has_database_privilege(current_database(), 'temp')")
        for statement in ("set role postgres", "create table public.mine (a int)", "create schema mine"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_wrong_password_is_refused_even_from_this_machine(database: TestDatabase) -> None:
    url = database.url("dfworx_web").replace(database.servers.secrets.password("dfworx_web"), "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url)


async def test_the_owner_is_no_superuser(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("select current_user") == "postgres"
    assert not await owner.fetchval("select rolsuper from pg_roles where rolname = current_user")


async def test_every_table_has_row_level_security_and_a_policy(owner: asyncpg.Connection) -> None:
    bare = await owner.fetch(
        """
        select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p')
          and (n.nspname in ('public', 'private', 'shared_services') or n.nspname like 'app\\_%')
          and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))
        """
    )
    assert [row["name"] for row in bare] == []


CROSSINGS = [
    ("dfworx_auth", "select * from app_web.posts"),
    ("dfworx_auth", "select * from app_admin.admin_settings"),
    ("dfworx_auth", "select * from app_auth.identities"),
    ("dfworx_web", "select * from app_admin.admin_settings"),
    ("dfworx_web", "select * from app_auth.identities"),
    ("dfworx_web", "select email from public.users"),
    ("dfworx_web", "update public.users set role = 'admin'"),
    ("dfworx_web", "select * from app_auth.find_identity('ada@northlight.example')"),
    ("dfworx_web", "select * from public.audit_logs"),
    ("dfworx_web", "select * from shared_services.outbox"),
    ("dfworx_web", "truncate app_web.posts"),
    ("dfworx_web", "update app_web.posts set organization_id = gen_random_uuid()"),
    ("dfworx_admin", "update app_web.posts set title = 'x'"),
    ("dfworx_admin", "select * from app_auth.identities"),
    ("dfworx_worker", "select * from app_web.posts"),
    ("dfworx_worker", "select * from app_auth.identities"),
    ("dfworx_worker", "select * from public.users"),
    ("dfworx_worker", "select * from shared_services.outbox"),
    ("dfworx_worker", "select * from shared_services.deliveries"),
    ("dfworx_worker", "select * from app_auth.password_resets"),
    ("dfworx_worker", "select app_auth.request_reset('ada@northlight.example')"),
    ("dfworx_worker", "create table jobs.mine (a int)"),
    ("dfworx_auth", "select * from app_auth.password_resets"),
    ("dfworx_auth", "select * from jobs.procrastinate_jobs"),
    ("dfworx_web", "select * from jobs.turns"),
    ("dfworx_admin", "select jobs.procrastinate_register_worker_v1()"),
    ("dfworx_web", "select * from shared_services.outbox_take(1)"),
    ("dfworx_auth", "select * from app_auth.issue_reset(sha256('mine'))"),
    ("dfworx_admin", "select * from app_admin.marked_organizations(gen_random_uuid(), 1)"),
]


@pytest.mark.parametrize(("role", "statement"), CROSSINGS)
async def test_crossing_into_another_services_tables_is_refused(
    database: TestDatabase, role: str, statement: str
) -> None:
    connection = await asyncpg.connect(database.url(role))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_without_a_seal_no_row_is_seen(database: TestDatabase, make_person: MakePerson) -> None:
    await make_person()
    readable = {
        "dfworx_auth": ("public.organizations", "public.users"),
        "dfworx_web": ("public.organizations", "app_web.posts", "app_web.categories", "public.notifications"),
        "dfworx_admin": ("public.organizations", "public.audit_logs", "app_admin.system_logs"),
    }
    for role, tables in readable.items():
        connection = await asyncpg.connect(database.url(role))
        try:
            for table in tables:
                assert await connection.fetchval(f"select count(*) from {table}") == 0, (role, table)  # noqa: S608
        finally:
            await connection.close()


async def test_the_audit_log_is_append_only_even_for_the_owner(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    await make_person()
    assert await owner.fetchval("select count(*) from public.audit_logs") > 0
    for statement in (
        "update public.audit_logs set action = 'insert'",
        "delete from public.audit_logs",
        "truncate public.audit_logs",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append only"):
            await owner.execute(statement)


async def test_a_changed_setting_is_audited_with_its_key_its_values_and_who(
    owner: asyncpg.Connection, database: TestDatabase, make_person: MakePerson
) -> None:
    ann = await make_person(role="admin")
    admin = Database(database.settings("dfworx_admin"))
    caller = Caller(ann.user_id, ann.organization_id, "admin", uuid4())
    async with admin.write(caller) as writer:
        await writer.execute(
            "insert into app_admin.admin_settings (organization_id, key, value, updated_by)"
            " values ($1, 'a_rule', '1', $2)",
            *(ann.organization_id, ann.user_id),
        )
        await writer.execute("update app_admin.admin_settings set value = '2'")
    await admin.close()
    row = await owner.fetchrow("select * from public.audit_logs order by audit_log_id desc limit 1")
    assert row is not None
    assert (row["actor_id"], row["service"], row["action"]) == (ann.user_id, "dfworx_admin", "update")
    assert json.loads(row["changes"]) == {"key": ["a_rule", "a_rule"], "value": [1, 2]}


async def test_the_data_api_reads_one_organization_and_writes_nothing(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann, bob = await make_person(), await make_person(organization="harbour")
    async with owner.transaction():
        claims = f'{{"sub": "{ann.user_id}", "org_id": "{ann.organization_id}", "role": "authenticated"}}'
        await owner.execute("select set_config('request.jwt.claims', $1, true)", claims)
        await owner.execute("set local role authenticated")
        assert [row["user_id"] for row in await owner.fetch("select user_id from public.users")] == [
            ann.user_id
        ]
        assert await owner.fetchval("select count(*) from public.organizations") == 1
        for statement in ("select email from public.users", "select * from app_auth.identities"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with owner.transaction():
                    await owner.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with owner.transaction():
                await owner.execute("update app_web.posts set title = 'x'")
    async with owner.transaction():
        await owner.execute("set local role anon")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with owner.transaction():
                await owner.execute("select * from public.users")
    assert bob.organization_id != ann.organization_id

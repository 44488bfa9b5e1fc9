# ruff: noqa: S608 - statements made of the catalog are what is tried
"""Schema jobs is the worker's alone: every table, counter and function of it is tried as every other login. And the
worker itself reaches other schemas by the functions made for it and by nothing else."""

from __future__ import annotations

import asyncpg
import pytest

from dfworx.cli.database_roles import SERVICE_ROLES
from tests.conftest import Inject, MakePerson, TestDatabase

OTHERS = [login for login in SERVICE_ROLES if login != "dfworx_worker"]


async def doors(owner: asyncpg.Connection) -> list[str]:
    """A statement for each thing in the schema."""
    relations = await owner.fetch(
        "select relname, relkind::text from pg_class"
        " where relnamespace = 'jobs'::regnamespace and relkind in ('r', 'S')"
    )
    found = [f"select * from jobs.{row['relname']}" for row in relations]
    for row in relations:
        if row["relkind"] == "r":
            found += [
                f"delete from jobs.{row['relname']}",
                f"insert into jobs.{row['relname']} default values",
            ]
        else:
            found.append(f"select nextval('jobs.{row['relname']}')")
    functions = await owner.fetch(
        """
        select p.proname, array(select format_type(t, null) from unnest(p.proargtypes::oid[]) t) as types
          from pg_proc p where p.pronamespace = 'jobs'::regnamespace and p.prorettype <> 'trigger'::regtype
        """
    )
    for row in functions:
        found.append(f"select jobs.{row['proname']}({', '.join(f'null::{kind}' for kind in row['types'])})")
    return found


@pytest.mark.parametrize("login", OTHERS)
async def test_no_other_login_enters_by_any_door(
    owner: asyncpg.Connection, inject: Inject, make_person: MakePerson, login: str
) -> None:
    attacker = await inject(login, await make_person(role="admin"))
    tried = await doors(owner)
    assert len(tried) > 20
    for statement in tried:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await attacker.fetch(statement)
    for setting in (
        "set search_path = jobs",
        "set role dfworx_worker",
        "set session authorization dfworx_worker",
    ):
        try:
            await attacker.execute(setting)
        except asyncpg.InsufficientPrivilegeError:
            continue
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
            await attacker.fetch("select * from procrastinate_jobs")


async def test_the_worker_enters_every_one_of_them(owner: asyncpg.Connection, database: TestDatabase) -> None:
    """Else the test above would prove nothing."""
    worker = await asyncpg.connect(database.url("dfworx_worker"))
    entered = 0
    try:
        for statement in await doors(owner):
            try:
                await worker.fetch(statement)
            except asyncpg.InsufficientPrivilegeError:
                continue
            except asyncpg.PostgresError:
                pass
            entered += 1
    finally:
        await worker.close()
    assert entered > 20


async def test_a_job_of_one_organization_can_not_be_pointed_at_another_organization(
    owner: asyncpg.Connection, inject: Inject, make_person: MakePerson
) -> None:
    """The organization of an event is its row's: no function of the worker takes one."""
    taking = await owner.fetch(
        """
        select p.oid::regprocedure::text from pg_proc p
         where p.pronamespace::regnamespace::text in ('shared_services', 'app_auth', 'app_admin')
           and has_function_privilege('dfworx_worker', p.oid, 'execute')
           and exists (select from unnest(p.proargnames[1:p.pronargs]) a where a ~ 'organization' and a !~ '^after_')
        """
    )
    assert taking == []
    ann = await make_person()
    worker = await inject("dfworx_worker", ann)
    eve = await make_person(organization="harbour")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.execute(
            "insert into app_admin.system_logs (organization_id, service, level, message)"
            " values ($1, 'worker', 'info', 'hello')",
            eve.organization_id,
        )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.execute(
            "insert into app_admin.analytics (organization_id, day, metric, value)"
            " values ($1, current_date, 'posts', 1)",
            eve.organization_id,
        )

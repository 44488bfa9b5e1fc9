"""An operator's own database, lent to the walls suite: filled, attacked, and given back as it was.

What must stay true: nothing is touched in a database that holds an install, nor on a server where one has its
roles; whatever was made is dropped at the end, also what a run that was killed had left.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, Secrets
from dfworx.cli.migrations import connect, migrate

MARK = "dfworx_walls"
"""A schema that is there as long as the database is lent; its comment says what was there before."""

_ROLES = ("anon", "authenticated", "service_role", "dfworx_definer", "dfworx_tenant",
          "dfworx_auth", "dfworx_web", "dfworx_admin", "dfworx_worker")  # fmt: skip


def require_borrowable(url: str) -> None:
    """Raises Failure, with what to do; takes away what a killed run had left."""
    asyncio.run(_require_borrowable(url))


@contextmanager
def borrowed(url: str, secrets: Secrets, home: Home) -> Iterator[str]:
    """The database with our tables and roles, until the end."""
    asyncio.run(_lend(url))
    try:
        migrate(url, secrets, home)
        yield url
    finally:
        give_back(url)


def give_back(url: str) -> None:
    """Drop what was made since it was lent; nothing when it isn't."""
    asyncio.run(_give_back(url))


async def _require_borrowable(url: str) -> None:
    await _give_back(url)
    owner = await connect(url)
    try:
        facts = await owner.fetchrow(
            """
            select r.rolsuper, r.rolcreaterole, pg_has_role(d.datdba, 'member') as owns,
                   to_regnamespace('app') is not null or to_regnamespace('private') is not null
                     or to_regclass('public.organizations') is not null as installed,
                   (select string_agg(rolname, ', ') from pg_roles where rolname like 'dfworx\\_%') as roles
              from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()
            """
        )
    finally:
        await owner.close()
    assert facts is not None
    if facts["rolsuper"]:
        raise Failure(
            "The user of DATABASE_URL is a superuser, and an install's owner isn't; give one with CREATEROLE alone, "
            "who owns an empty database."
        )
    if not facts["rolcreaterole"] or not facts["owns"]:
        raise Failure(
            "The walls need a user with CREATEROLE who owns the database of DATABASE_URL; "
            "create both, as in: CREATE ROLE walls LOGIN CREATEROLE; CREATE DATABASE walls OWNER walls"
        )
    if facts["installed"]:
        raise Failure(
            "The database of DATABASE_URL has DFWorX's tables, which an attack must not meet; give an empty one."
        )
    if facts["roles"]:
        raise Failure(
            f"The server of DATABASE_URL has roles of an install ({facts['roles']}), whose passwords the attack "
            "would have to change; give a server without an install."
        )


async def _lend(url: str) -> None:
    await _require_borrowable(url)
    owner = await connect(url)
    try:
        before = json.dumps(await _found(owner))
        async with owner.transaction():
            await owner.execute(f"create schema {MARK}")
            quoted = await owner.fetchval("select quote_literal($1::text)", before)
            await owner.execute(f"comment on schema {MARK} is {quoted}")
    finally:
        await owner.close()


async def _found(owner: asyncpg.Connection) -> dict[str, Any]:
    """What is there, as far as migrating adds to it or takes from it."""
    row = await owner.fetchrow(
        """
        select array(select nspname::text from pg_namespace where nspname !~ '^pg_') as schemas,
               array(select oid::regclass::text from pg_class
                      where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'S')) as relations,
               array(select oid::regprocedure::text from pg_proc
                      where pronamespace = 'public'::regnamespace) as functions,
               array(select rolname::text from pg_roles where rolname = any($1)) as roles,
               (select bool_or(a.grantee = 0 and a.privilege_type = 'TEMPORARY') from pg_database d
                 cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                 where d.datname = current_database()) as temporary,
               (select coalesce(bool_or(a.grantee = 0 and a.privilege_type = 'CREATE'), false) from pg_namespace n
                 cross join aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
                 where n.nspname = 'public') as public_create
        """,
        list(_ROLES),
    )
    assert row is not None
    return dict(row)


async def _give_back(url: str) -> None:
    owner = await connect(url)
    try:
        noted = await owner.fetchval(
            "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1", MARK
        )
        if noted is None:
            return
        before = json.loads(noted)
        async with owner.transaction():
            await _drop_made(owner, before, await _found(owner))
    except asyncpg.PostgresError as error:
        raise Failure(
            f"The database of DATABASE_URL could not be cleaned up ({error}); "
            "drop it, and the roles whose names begin with dfworx_."
        ) from error
    finally:
        await owner.close()


async def _drop_made(owner: asyncpg.Connection, before: dict[str, Any], now: dict[str, Any]) -> None:
    made = [role for role in now["roles"] if role not in before["roles"]]
    for role in made:
        # Since PostgreSQL 16 whoever creates a role may grant it, but isn't a member.
        await owner.execute(f"grant {role} to current_user")
    for schema in now["schemas"]:
        if schema not in before["schemas"] and schema != MARK:
            await owner.execute(f'drop schema "{schema}" cascade')
    for relation in now["relations"]:
        if relation not in before["relations"]:
            kind = await owner.fetchval(
                "select relkind::text from pg_class where oid = to_regclass($1)", relation
            )
            if kind is not None and kind != "S":
                await owner.execute(f"drop {'view' if kind == 'v' else 'table'} {relation} cascade")
    for function in now["functions"]:
        if function not in before["functions"]:
            await owner.execute(f"drop function if exists {function} cascade")
    await owner.execute("alter default privileges grant execute on functions to public")
    for kind in ("tables", "sequences", "functions"):
        await owner.execute(
            f"alter default privileges in schema public revoke all on {kind} from anon, authenticated, service_role"
        )
    for role in made:
        await owner.execute(f"drop owned by {role} cascade")
    for role in made:
        await owner.execute(f"drop role {role}")
    database = await owner.fetchval("select quote_ident(current_database())")
    if before["temporary"]:
        await owner.execute(f"grant temporary on database {database} to public")
    if before["public_create"]:
        await owner.execute("grant create on schema public to public")
    await owner.execute(f"drop schema {MARK}")

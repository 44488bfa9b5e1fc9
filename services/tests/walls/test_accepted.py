"""What is known and accepted (docs/decisions/row-level-security.md): for each, what holds all the same, so that it
can't quietly become more."""

from __future__ import annotations

import re

import asyncpg

from tests.walls.arena import LOGINS, Arena
from tests.walls.attacker import MARK, Findings, sql
from tests.walls.filling import FOREIGN, OURS
from tests.walls.tally import Notes


async def test_the_planner_tells_sizes_and_nothing_else(arena: Arena, notes: Notes) -> None:
    """23: estimates and reltuples count all organizations' rows. They carry numbers of rows alone."""
    tells = sql(
        "select oid::regclass::text, reltuples, relpages from pg_class",
        "select * from pg_stat_user_tables",
        "select * from pg_stat_user_indexes",
        "select * from pg_statio_user_tables",
        "explain (format json) select * from app_web.posts",
    )
    async with arena.ledger() as ledger:
        counted = await ledger.owner.fetchval(
            "select reltuples from pg_class where oid = 'app_web.posts'::regclass"
        )
    for login in LOGINS:
        async with arena.attacker(login) as attacker:
            notes.tried(await attacker.attack([tells]))
    notes.control("both organizations' posts are counted", counted > 4)


async def test_a_merge_that_reads_nothing_tells_that_somebody_elses_row_is_there(arena: Arena) -> None:
    """PostgreSQL refuses a MERGE that meets a row which it may not change, where an UPDATE passes it by. It tells
    that there is one, not whose, how many, or what it holds; and changes none."""
    statement = "merge into app_web.comments t using (values (1)) v(n) on true when matched then delete"
    connection = await asyncpg.connect(arena.database.url("dfworx_web"))
    try:
        async with connection.transaction():
            await connection.execute("select set_config('dfx.ctx', $1, true)", arena.seal("dfworx_web", OURS))
            try:
                await connection.execute(f"savepoint s; {statement}")
                raise AssertionError("it passed")
            except asyncpg.InsufficientPrivilegeError as error:
                assert not MARK.search(f"{error} {error.detail} {error.hint}")
    finally:
        await connection.close()
    async with arena.ledger() as ledger:
        assert await ledger.owner.fetchval(
            "select count(*) from app_web.comments where organization_id = $1", FOREIGN.organization_id
        )


async def test_other_sessions_statements_show_no_value(arena: Arena, notes: Notes) -> None:
    """27: sessions of one login see each other's statements, so every value is bound, the seal first of all."""
    query = "select title from app_web.posts where organization_id = $1"
    foreigner = await asyncpg.connect(arena.database.url("dfworx_web"))
    try:
        async with foreigner.transaction():
            await foreigner.execute(
                "select set_config('dfx.ctx', $1, true)", arena.seal("dfworx_web", FOREIGN)
            )
            await foreigner.fetch(query, FOREIGN.organization_id)
            looking = [
                sql("select query, application_name from pg_stat_activity"),
                sql("select * from pg_locks"),
            ]
            for login in LOGINS:
                async with arena.attacker(login) as attacker:
                    notes.tried(await attacker.attack(looking))
            await foreigner.fetch(query.replace("$1", f"'{FOREIGN.organization_id}'"))
            async with arena.attacker("dfworx_web") as attacker:
                notes.control("a literal is seen", bool((await attacker.attack(looking)).read))
    finally:
        await foreigner.close()


async def test_what_all_logins_share_is_used_by_nothing_of_ours(arena: Arena) -> None:
    """26, 28: large objects, NOTIFY and advisory locks are everybody's."""
    async with arena.ledger() as ledger:
        assert await ledger.owner.fetchval("select count(*) from pg_largeobject_metadata") == 0
        sources = await ledger.owner.fetch(
            "select p.oid::regprocedure::text as name, prosrc from pg_proc p where pronamespace::regnamespace::text"
            " in ('app', 'app_auth', 'app_web', 'app_admin', 'shared_services', 'public', 'private')"
        )
    shared = re.compile(r"\b(pg_notify|notify|lo_\w+|pg_(try_)?advisory)", re.IGNORECASE)
    # It wakes the worker, which looks for itself and is never told anything: a false alarm costs a look.
    told = {"app.tell_of_outbox()"}
    assert [row["name"] for row in sources if shared.search(row["prosrc"]) and row["name"] not in told] == []


async def test_a_held_lock_ends_by_itself(arena: Arena) -> None:
    """LOCK TABLE is open to whoever may delete; statements, waiting and idling are all bounded."""
    for login in LOGINS:
        connection = await asyncpg.connect(arena.database.url(login))
        try:
            bounds = [
                await connection.fetchval(f"show {name}")
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            ]
        finally:
            await connection.close()
        assert bounds == ["5s", "2s", "10s"], login


async def test_a_login_changes_its_own_password_and_settings_and_no_other(arena: Arena, notes: Notes) -> None:
    """No REVOKE prevents it; the service is shut out until the next migrate, which sets both again."""
    async with arena.attacker("dfworx_web") as attacker:
        own = await attacker.attack(
            [sql("alter role current_user password 'x'"), sql("alter role current_user set work_mem = '1MB'")]
        )
        assert own.done == 2
        others = [
            sql(f"alter role {each} {what}")
            for each in (*LOGINS, "dfworx_definer", "authenticated", "service_role")
            if each != "dfworx_web"
            for what in ("password 'x'", "set work_mem = '1MB'")
        ]
        found = await attacker.attack(others)
    notes.tried(found)
    assert found.done == 0


async def test_an_address_gives_its_identity_and_no_password(arena: Arena, notes: Notes) -> None:
    """The one question that the auth service may ask before anything is proven: a hash, which the service itself
    keeps sealed with a key of its own, and the id. Not whose, where, or since when."""
    async with arena.attacker("dfworx_auth") as attacker:
        answer = await attacker._connection.fetchrow(
            "select * from app_auth.find_identity($1)", FOREIGN.email("admin")
        )
        assert set(dict(answer or {})) <= {"identity_id", "email", "password_hash", "password_set_at"}
    for login in ("dfworx_web", "dfworx_admin", "dfworx_worker"):
        async with arena.attacker(login) as attacker:
            asked = sql(("select * from app_auth.find_identity($1)", (FOREIGN.email("admin"),)), echoes=True)
            found = await attacker.attack([asked])
            notes.tried(found)
            assert found.done == 0


async def test_counts_are_ours_alone(arena: Arena, notes: Notes) -> None:
    """An aggregate carries no mark, so it is compared with what the owner counts for us."""
    findings = Findings()
    async with arena.ledger() as ledger:
        for login in LOGINS:
            async with arena.attacker(login) as attacker:
                for relation in arena.catalog.relations:
                    if not (relation.has("organization_id") and relation.readable_by(login)):
                        continue
                    ours = await ledger.owner.fetchval(
                        f"select count(*) from {relation.name} where organization_id = $1",
                        OURS.organization_id,
                    )
                    query = (
                        f"select case when count(*) > {ours} then '{FOREIGN.mark[:4]}' || '{FOREIGN.mark[:4]}' end"
                        f" from {relation.name}"
                    )
                    findings += await attacker.attack([sql(query)])
    notes.tried(findings)

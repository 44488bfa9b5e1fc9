"""What the functions of migration 008 tell and do, and for whom: SQL as the auth service's own login, with the true
seal of a person or of a proven identity, reaches that identity and no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from dfworx.auth.passwords import SEALED
from dfworx.shared.context import NO_ORGANIZATION, Sealer
from tests.conftest import ClientAs, Inject, MakePerson, Person, TestDatabase

Prove = Callable[[UUID], Awaitable[asyncpg.Connection]]
NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
async def prove(database: TestDatabase) -> AsyncIterator[Prove]:
    """A connection of the auth service's login with the seal of an identity."""
    async with AsyncExitStack() as stack:

        async def prove(identity_id: UUID) -> asyncpg.Connection:
            seal = Sealer(1, database.servers.secrets.seal_key("dfworx_auth")).seal_identity(identity_id)
            connection = await asyncpg.connect(database.url("dfworx_auth"))
            stack.push_async_callback(connection.close)
            await connection.execute("select set_config('dfx.ctx', $1, false)", seal)
            return connection

        yield prove


async def identity_of(owner: asyncpg.Connection, person: Person) -> asyncpg.Record:
    row = await owner.fetchrow("select * from app_auth.identities where email = $1", person.email)
    assert row is not None
    return row


async def everything(owner: asyncpg.Connection) -> list[list[asyncpg.Record]]:
    tables = ("app_auth.identities", "public.users", "public.organizations", "shared_services.outbox")
    return [await owner.fetch(f"select * from {table} order by 1") for table in tables]  # noqa: S608


# What a person's own seal is worth -----------------------------------------------------------------------------


async def test_a_persons_seal_proves_no_identity(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(role="admin"), await make_person(organization="harbour")
    before = await everything(owner)
    auth = await inject("dfworx_auth", ann)
    for person in (ann, bob):
        known = await identity_of(owner, person)
        set_at, stored = known["password_changed_at"], known["password_hash"]
        assert await auth.fetch("select * from app_auth.list_memberships($1)", set_at) == []
        assert await auth.fetchval("select app_auth.hold_identity($1)", set_at) is None
        assert not await auth.fetchval("select app_auth.change_password($1, 'taken')", set_at)
        assert await auth.fetch("select app_auth.end_sessions('infinity')") == []
        await auth.fetch("select app_auth.rehash_password($1, 'taken')", stored)
        with pytest.raises(asyncpg.UniqueViolationError):
            await auth.fetch(
                "select * from app_auth.register_organization('Mine', 'mine', 'Me', $1, 'a hash', $2)",
                *(person.email, set_at),
            )
    assert await everything(owner) == before


async def test_a_hash_that_injected_sql_reads_is_sealed(inject: Inject, make_person: MakePerson) -> None:
    ann, bob = await make_person(), await make_person(organization="harbour")
    auth = await inject("dfworx_auth", ann)
    found = await auth.fetchrow("select * from app_auth.find_identity($1)", bob.email)
    assert found is not None
    assert found["password_hash"].startswith(SEALED)
    assert "argon2" not in found["password_hash"]


async def test_what_is_asked_while_signed_in_is_answered_for_the_caller_alone(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(email="ann@somewhere.example")
    there = await make_person(organization="harbour", email=ann.email, role="guest")
    bob = await make_person(organization="quay")
    auth = await inject("dfworx_auth", ann)
    own = await auth.fetch("select * from app_auth.find_own_identity()")
    assert [row["email"] for row in own] == [ann.email]
    organizations = await auth.fetch("select slug, role, user_id from app_auth.list_own_organizations()")
    assert [tuple(row) for row in organizations] == [
        ("harbour", "guest", there.user_id),
        ("lumen", "member", ann.user_id),
    ]
    membership = "select user_id from app_auth.find_own_membership($1)"
    assert await auth.fetchval(membership, "harbour") == there.user_id
    assert await auth.fetchval(membership, bob.organization) is None
    await owner.execute("update public.users set is_active = false where user_id = $1", ann.user_id)
    for call in ("find_own_identity()", "list_own_organizations()", "find_own_membership('harbour')"):
        assert await auth.fetch(f"select * from app_auth.{call}") == [], call  # noqa: S608 - named above


@pytest.mark.parametrize("seal", [None, "", "dfx1|1|9999999999|nobody"])
async def test_without_a_seal_nothing_is_answered(
    database: TestDatabase, make_person: MakePerson, owner: asyncpg.Connection, seal: str | None
) -> None:
    known = await identity_of(owner, await make_person())
    before = await everything(owner)
    auth = await asyncpg.connect(database.url("dfworx_auth"))
    try:
        await auth.execute("select set_config('dfx.ctx', $1, false)", seal)
        set_at = known["password_changed_at"]
        assert await auth.fetch("select * from app_auth.list_memberships($1)", set_at) == []
        assert await auth.fetch("select * from app_auth.list_own_organizations()") == []
        assert await auth.fetch("select * from app_auth.find_own_identity()") == []
        assert not await auth.fetchval("select app_auth.change_password($1, 'taken')", set_at)
        assert await auth.fetch("select app_auth.end_sessions('infinity')") == []
    finally:
        await auth.close()
    assert await everything(owner) == before


# What a proven identity is worth -------------------------------------------------------------------------------


async def test_a_proven_identity_reaches_itself_and_no_other(
    prove: Prove, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person(organization="harbour")
    anns, bobs = await identity_of(owner, ann), await identity_of(owner, bob)
    auth = await prove(anns["identity_id"])
    memberships = await auth.fetch(
        "select user_id from app_auth.list_memberships($1)", anns["password_changed_at"]
    )
    assert [row["user_id"] for row in memberships] == [ann.user_id]
    assert await auth.fetch("select * from app_auth.list_memberships($1)", bobs["password_changed_at"]) == []
    await auth.execute("select app_auth.rehash_password($1, 'taken')", bobs["password_hash"])
    assert not await auth.fetchval(
        "select app_auth.change_password($1, 'taken')", bobs["password_changed_at"]
    )
    register = "select * from app_auth.register_organization('Mine', 'mine', 'Me', $1, 'taken', $2)"
    assert await auth.fetch(register, bob.email, anns["password_changed_at"]) == []
    assert await auth.fetch(register, bob.email, bobs["password_changed_at"]) == []
    ended = await auth.fetch("select app_auth.end_sessions($1) as user_id", NOW)
    assert [row["user_id"] for row in ended] == [ann.user_id]
    assert await identity_of(owner, bob) == bobs
    assert await owner.fetchval("select count(*) from public.organizations") == 2
    valid_after = "select sessions_valid_after = '-infinity' from public.users where user_id = $1"
    assert await owner.fetchval(valid_after, bob.user_id)
    assert not await owner.fetchval(valid_after, ann.user_id)
    assert await auth.fetchval("select app_auth.change_password($1, 'mine')", anns["password_changed_at"])


async def test_a_proven_identity_sees_and_changes_no_row_of_any_organization(
    prove: Prove, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    auth = await prove((await identity_of(owner, ann))["identity_id"])
    tables = await auth.fetch(
        """
        select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'v') and n.nspname !~ '^pg_|^information_schema$'
           and has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select')
        """
    )
    names = {row["name"] for row in tables}
    assert {"public.users", "public.organizations"} <= names
    for name in names:
        assert await auth.fetch(f"select * from {name}") == [], name  # noqa: S608 - from the catalog
    assert await auth.execute("update public.users set name = 'x'") == "UPDATE 0"
    assert await auth.execute("update public.organizations set name = 'x'") == "UPDATE 0"
    insert = "insert into shared_services.outbox (organization_id, topic, entity_id) values ($1, $2, $3)"
    for organization_id in (NO_ORGANIZATION, ann.organization_id):
        for topic in ("sessions.revoked", "members.changed", "posts.published"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await auth.execute(insert, organization_id, topic, ann.user_id)


async def test_no_organization_is_the_nil_one(owner: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(
            "insert into public.organizations (organization_id, name, slug) values ($1, 'Nil', 'nil')",
            NO_ORGANIZATION,
        )


async def test_an_identity_that_nobody_has_reaches_nothing(
    prove: Prove, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    """What an unknown person and a wrong password are sealed as."""
    known = await identity_of(owner, await make_person())
    auth = await prove(uuid4())
    assert await auth.fetch("select * from app_auth.list_memberships($1)", known["password_changed_at"]) == []
    assert await auth.fetch("select app_auth.end_sessions('infinity')") == []


async def test_a_password_that_was_replaced_since_proves_nothing_any_more(
    prove: Prove, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    known = await identity_of(owner, ann)
    auth = await prove(known["identity_id"])
    assert await auth.fetchval("select app_auth.change_password($1, 'new')", known["password_changed_at"])
    earlier = known["password_changed_at"]
    assert await auth.fetch("select * from app_auth.list_memberships($1)", earlier) == []
    assert not await auth.fetchval("select app_auth.change_password($1, 'newer')", earlier)
    register = "select * from app_auth.register_organization('Mine', 'mine', 'Me', $1, null, $2)"
    assert await auth.fetch(register, ann.email, earlier) == []
    assert (await identity_of(owner, ann))["password_hash"] == "new"
    assert (await identity_of(owner, ann))["password_changed_at"] > earlier


@pytest.mark.parametrize("entering", ["list_memberships", "hold_identity", "find_own_membership"])
async def test_a_change_of_the_password_waits_for_who_begins_a_session_and_the_other_way_round(
    prove: Prove, inject: Inject, make_person: MakePerson, owner: asyncpg.Connection, entering: str
) -> None:
    ann = await make_person()
    first = await identity_of(owner, ann)
    by_password = entering != "find_own_membership"
    changing = await prove(first["identity_id"])
    beginning = await prove(first["identity_id"]) if by_password else await inject("dfworx_auth", ann)

    async def enter(set_at: datetime) -> int:
        """How many organizations it leads to."""
        argument = set_at if by_password else ann.organization
        found = await beginning.fetch(f"select * from app_auth.{entering}($1)", argument)  # noqa: S608 - named above
        return sum(row[0] is not None for row in found)

    async with beginning.transaction():
        assert await enter(first["password_changed_at"]) == 1
        change = asyncio.create_task(
            changing.fetchval("select app_auth.change_password($1, 'new')", first["password_changed_at"])
        )
        await waits_for_a_lock(owner)
        assert not change.done()
    assert await change is True
    set_at = (await identity_of(owner, ann))["password_changed_at"]
    async with changing.transaction():
        assert await changing.fetchval("select app_auth.change_password($1, 'newer')", set_at)
        late = asyncio.create_task(enter(set_at))
        await waits_for_a_lock(owner)
        assert not late.done()
    # By the old password it leads nowhere now; by a session, the person's row must be asked whether that holds.
    assert await late == (0 if by_password else 1)


async def waits_for_a_lock(owner: asyncpg.Connection) -> None:
    async with asyncio.timeout(10):
        while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
            pass


async def test_ended_sessions_are_noted_in_each_organization_with_who_and_until_when(
    prove: Prove, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(email="ann@somewhere.example")
    there = await make_person(organization="harbour", email=ann.email)
    auth = await prove((await identity_of(owner, ann))["identity_id"])
    moment = NOW + timedelta(milliseconds=123)
    await auth.execute("select app_auth.end_sessions($1)", moment)
    rows = await owner.fetch(
        "select *, payload::text as told from shared_services.outbox where topic = 'sessions.revoked'"
    )
    assert {(row["organization_id"], row["entity_id"]) for row in rows} == {
        (person.organization_id, person.user_id) for person in (ann, there)
    }
    assert all('"2030-01-01T00:00:00.123000+00:00"' in row["told"] for row in rows)
    assert datetime.fromisoformat("2030-01-01T00:00:00.123000+00:00") == moment


async def test_no_other_service_may_call_them(database: TestDatabase, client_as: ClientAs) -> None:
    for role in ("dfworx_web", "dfworx_admin", "dfworx_worker", "dfworx_auth"):
        connection = await asyncpg.connect(database.url(role))
        try:
            open_to_it = await connection.fetchval(
                """
                select coalesce(array_agg(p.proname::text), '{}') from pg_proc p
                 where p.pronamespace = 'app_auth'::regnamespace and has_function_privilege(p.oid, 'execute')
                   and has_schema_privilege('app_auth', 'usage')
                """
            )
        finally:
            await connection.close()
        if role == "dfworx_auth":
            assert not {"own_identity", "proven_identity"} & set(open_to_it)
        else:
            # What the worker mails and sweeps, of all identities: tests/worker.
            narrow = ["issue_invitation", "issue_reset", "reset_mailed", "sweep_expired"]
            assert sorted(open_to_it) == (narrow if role == "dfworx_worker" else []), role

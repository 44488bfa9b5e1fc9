"""What SQL injected into the auth service can do to invitations with a true seal: what its person could do anyway."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from dfworx.shared.context import Caller, Role, Sealer
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase

INVITATIONS = "/api/auth/invitations"
CREATE = "select invitation_id from app_auth.create_invitation($1, $2, $3)"
LIST = "select email from app_auth.list_invitations(null, null, 100)"
WITHDRAW = "select app_auth.withdraw_invitation($1)"
FIND = "select email from app_auth.find_invitation($1)"
ACCEPT = "select user_id from app_auth.accept_invitation($1, $2, $3, $4)"
HASH = hashlib.sha256(b"a token of the attacker's").digest()

Inject = Callable[[str, Person | UUID | None], Awaitable[asyncpg.Connection]]


@pytest.fixture
async def inject(database: TestDatabase) -> AsyncIterator[Inject]:
    """A connection of a service's login that carries the seal of a person, of a proven identity, or none."""
    async with AsyncExitStack() as stack:

        async def inject(login: str, who: Person | UUID | None) -> asyncpg.Connection:
            connection = await asyncpg.connect(database.url(login))
            stack.push_async_callback(connection.close)
            sealer = Sealer(1, database.servers.secrets.seal_key(login))
            if isinstance(who, Person):
                role: Role = who.role  # type: ignore[assignment]  # make_person takes any of them as text
                seal = sealer.seal(Caller(who.user_id, who.organization_id, role, uuid4()))
            elif who is not None:
                seal = sealer.seal_identity(who)
            else:
                return connection
            await connection.execute("select set_config('dfx.ctx', $1, false)", seal)
            return connection

        yield inject


async def invite(client_as: ClientAs, admin: Person, email: str) -> tuple[UUID, bytes]:
    answer = await client_as(admin).post(INVITATIONS, json={"email": email, "role": "member"})
    made = answer.json()
    return UUID(made["invitation_id"]), hashlib.sha256(made["token"].encode()).digest()


async def everything(owner: asyncpg.Connection) -> list[asyncpg.Record]:
    return await owner.fetch("select * from app_auth.invitations order by invitation_id")


async def test_nobody_reads_or_writes_the_table(
    inject: Inject, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(role="admin")
    await invite(client_as, ann, "noor@nova.example")
    for login in ("dfworx_auth", "dfworx_web", "dfworx_admin", "dfworx_worker"):
        connection = await inject(login, ann)
        for statement in (
            "select count(*) from app_auth.invitations",
            "insert into app_auth.invitations (email) values ('x@nova.example')",
            "update app_auth.invitations set role = 'admin'",
            "delete from app_auth.invitations",
            "truncate app_auth.invitations",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


@pytest.mark.parametrize("role", ["moderator", "member", "guest", None])
async def test_who_is_no_admin_neither_invites_nor_sees(
    inject: Inject,
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    role: str | None,
) -> None:
    ann = await make_person(role="admin")
    invitation_id, _ = await invite(client_as, ann, "noor@nova.example")
    before = await everything(owner)
    auth = await inject("dfworx_auth", await make_person(role=role) if role else None)
    for query, arguments in (
        (CREATE, ("x@nova.example", "admin", HASH)),
        (LIST, ()),
        (WITHDRAW, (invitation_id,)),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await auth.fetch(query, *arguments)
    assert await everything(owner) == before


async def test_an_identity_without_an_organization_neither_invites_nor_sees(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    identity = await owner.fetchval("select identity_id from public.users where user_id = $1", ann.user_id)
    auth = await inject("dfworx_auth", identity)
    for query, arguments in ((CREATE, ("x@nova.example", "admin", HASH)), (LIST, ()), (WITHDRAW, (uuid4(),))):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await auth.fetch(query, *arguments)


async def test_an_admin_reaches_no_invitation_of_another_organization(
    inject: Inject, make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, cid = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    foreign, _ = await invite(client_as, ann, "noor@nova.example")
    auth = await inject("dfworx_auth", cid)
    assert await auth.fetchval(WITHDRAW, foreign) is False
    made = await auth.fetchval(CREATE, "noor@nova.example", "admin", HASH)
    assert [row["email"] for row in await auth.fetch(LIST)] == ["noor@nova.example"]
    rows = {row["invitation_id"]: row for row in await everything(owner)}
    assert rows[foreign]["organization_id"] == ann.organization_id
    assert (rows[made]["organization_id"], rows[made]["invited_by"]) == (cid.organization_id, cid.user_id)
    # The other's token is known by its hash alone, which no service can read.
    for hash_of_nothing in (b"", HASH[:31], bytes(32)):
        assert await auth.fetch(FIND, hash_of_nothing) == []


async def test_an_invitation_is_accepted_by_the_invited_identity_alone(
    inject: Inject, make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    mallory = await make_person(organization="harbour", role="admin")
    _, token_hash = await invite(client_as, ann, cid.email)
    row = await owner.fetchrow("select * from app_auth.identities where email = $1", cid.email)
    own = await owner.fetchrow("select * from app_auth.identities where email = $1", mallory.email)
    assert row is not None and own is not None
    before = await owner.fetch("select * from app_auth.identities order by identity_id")
    attempts = [
        (None, (token_hash, "Mallory", "a hash", None)),
        (mallory, (token_hash, "Mallory", "a hash", None)),
        (mallory, (token_hash, "Mallory", "a hash", row["password_changed_at"])),
        (own["identity_id"], (token_hash, None, None, own["password_changed_at"])),
        # Of the right identity, but its password was another when it was verified.
        (row["identity_id"], (token_hash, None, None, None)),
        (row["identity_id"], (token_hash, None, "a hash", own["password_changed_at"])),
    ]
    for who, arguments in attempts:
        auth = await inject("dfworx_auth", who)
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UniqueViolationError)):
            await auth.fetch(ACCEPT, *arguments)
    assert await owner.fetch("select * from app_auth.identities order by identity_id") == before
    assert await owner.fetchval("select count(*) from public.users where origin = 'invited'") == 0
    auth = await inject("dfworx_auth", row["identity_id"])
    assert await auth.fetchval(ACCEPT, token_hash, None, None, row["password_changed_at"]) is not None


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_admin", "dfworx_worker"])
async def test_other_services_may_not_even_call(inject: Inject, make_person: MakePerson, login: str) -> None:
    connection = await inject(login, await make_person(role="admin"))
    for query, arguments in (
        (CREATE, ("x@nova.example", "admin", HASH)),
        (LIST, ()),
        (WITHDRAW, (uuid4(),)),
        (FIND, (HASH,)),
        (ACCEPT, (HASH, "x", "x", None)),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(query, *arguments)


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_admin"])
async def test_other_services_cannot_say_that_somebody_was_invited(
    inject: Inject, make_person: MakePerson, login: str
) -> None:
    """Its note becomes a mail with a link."""
    ann = await make_person(role="admin")
    connection = await inject(login, ann)
    note = "insert into shared_services.outbox (organization_id, topic, entity_id) values ($1, $2, $3)"
    for topic in ("invitations.created", "members.joined", "sessions.revoked"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(note, ann.organization_id, topic, ann.user_id)
    await connection.execute(note, ann.organization_id, "posts.published", ann.user_id)


async def test_whom_a_mail_goes_to_and_what_it_says_is_no_ones_to_write(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    """Inviting notes it, in the function; an event written beside it could name any recipient and sender."""
    ann, ben = await make_person(role="admin"), await make_person()
    note = "insert into shared_services.outbox (organization_id, topic, entity_id, payload) values ($1, $2, $3, $4)"
    letter = '{"email": "victim@nova.example", "organization": "A bank", "inviter": "Its director"}'
    for person in (ann, ben):
        auth = await inject("dfworx_auth", person)
        for topic in ("invitations.created", "notifications.created", "members.joined", "posts.published"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await auth.execute(note, person.organization_id, topic, uuid4(), letter)
    noted = "select count(*) from shared_services.outbox where topic !~ '^mirror'"
    assert await owner.fetchval(noted) == 0


async def test_whose_sessions_ended_is_said_by_themselves_or_an_admin(
    inject: Inject, make_person: MakePerson
) -> None:
    """Whoever hears of it ends them in Redis."""
    ann, ben = await make_person(role="admin"), await make_person()
    foreign = await make_person(organization="harbour", role="admin")
    note = "insert into shared_services.outbox (organization_id, topic, entity_id, payload) values ($1, $2, $3, $4)"

    def ended(person: Person) -> str:
        return orjson.dumps({"session_id": None, "user_id": str(person.user_id)}).decode()

    as_ann, as_ben = await inject("dfworx_auth", ann), await inject("dfworx_auth", ben)
    for connection, organization_id, topic, payload in (
        (as_ben, ben.organization_id, "sessions.revoked", ended(ann)),
        (as_ben, ben.organization_id, "sessions.revoked", "{}"),
        (as_ben, ben.organization_id, "members.changed", ended(ben)),
        (as_ann, foreign.organization_id, "sessions.revoked", ended(foreign)),
        (as_ann, foreign.organization_id, "members.changed", ended(foreign)),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(note, organization_id, topic, ben.user_id, payload)
    await as_ben.execute(note, ben.organization_id, "sessions.revoked", ben.user_id, ended(ben))
    await as_ann.execute(note, ann.organization_id, "sessions.revoked", ben.user_id, ended(ben))
    await as_ann.execute(note, ann.organization_id, "members.changed", ben.user_id, ended(ben))

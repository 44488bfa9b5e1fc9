"""Roles and deactivation: by admins, at once everywhere, and never so that an organization has no admin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import jwt
import orjson
import pytest
from fastapi import FastAPI
from httpx import Response
from redis.asyncio import Redis

from dfworx.auth.session_store import Device, Session, new_session_id
from dfworx.shared.context import Caller, Role, Sealer
from tests.auth.conftest import escaped
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person, TestDatabase, require_refusal

MEMBERS, ME, POSTS, LOGIN = "/api/auth/members", "/api/auth/me", "/api/web/posts", "/api/auth/login"


async def change(client_as: ClientAs, admin: Person, person: Person, **changes: Any) -> Response:
    return await client_as(admin).patch(f"{MEMBERS}/{person.user_id}", json=changes)


async def refresh(client_as: ClientAs, tokens: dict[str, Any]) -> Response:
    return await client_as(None).post("/api/auth/refresh", json={"refresh_token": tokens["refresh_token"]})


async def get(client_as: ClientAs, path: str, tokens: dict[str, Any]) -> Response:
    return await client_as(None).get(path, headers={"Authorization": f"Bearer {tokens['access_token']}"})


async def notes(owner: asyncpg.Connection) -> list[tuple[str, Any]]:
    rows = await owner.fetch(
        "select topic, payload from shared_services.outbox where topic !~ '^mirror' order by outbox_id"
    )
    return [(row["topic"], orjson.loads(row["payload"])) for row in rows]


async def admins(owner: asyncpg.Connection, organization: str = "lumen") -> int:
    count: int = await owner.fetchval(
        """
        select count(*) from public.users u join public.organizations o using (organization_id)
         where o.slug = $1 and u.role = 'admin' and u.is_active
        """,
        organization,
    )
    return count


async def test_who_signs_in_while_being_deactivated_is_out(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    """Whose session began after the deactivation, and before its commit."""
    ann, ben = await make_person(role="admin"), await make_person()
    async with owner.transaction():
        await owner.execute("select from public.users where user_id = $1 for update", ben.user_id)
        deactivating = asyncio.create_task(change(client_as, ann, ben, is_active=False))
        async with asyncio.timeout(10):
            while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
                pass
        late = await client_as(None).post(LOGIN, json={"email": ben.email, "password": PASSWORD})
        assert late.status_code == 200
    assert (await deactivating).status_code == 200
    assert (await get(client_as, "/api/auth/organization", late.json())).status_code == 401


async def test_an_admin_changes_a_role(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(name="Ben")
    people = (await client_as(ann).get("/api/auth/users")).json()["items"]
    assert [each["role"] for each in people if each["name"] == "Ben"] == ["member"]
    answer = await change(client_as, ann, ben, role="moderator")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["user_id"], answer.json()["role"]) == (str(ben.user_id), "moderator")
    # At once, though the list was cached.
    people = (await client_as(ann).get("/api/auth/users")).json()["items"]
    assert [each["role"] for each in people if each["name"] == "Ben"] == ["moderator"]
    [(topic, told)] = await notes(owner)
    assert UUID(told.pop("change_id"))
    assert told == {"user_id": str(ben.user_id), "role": "moderator", "is_active": True}
    assert topic == "members.changed"
    # The same again is no change.
    assert (await change(client_as, ann, ben, role="moderator")).json() == answer.json()
    assert (await change(client_as, ann, ben)).json() == answer.json()
    assert len(await notes(owner)) == 1


async def test_a_token_of_another_role_counts_no_more(client_as: ClientAs, make_person: MakePerson) -> None:
    """Though it was signed for ten minutes."""
    ann, ben = await make_person(role="admin"), await make_person(role="admin")
    for path in (ME, POSTS):
        assert (await client_as(ben).get(path)).status_code == 200
    assert (await change(client_as, ann, ben, role="member")).status_code == 200
    for path in (ME, POSTS):
        await require_refusal(client_as(ben), path, "token_outdated")
    assert (await change(client_as, ben, ann, role="member")).status_code == 401
    fresh = await refresh(client_as, ben.tokens)
    assert fresh.json()["user"]["role"] == "member"
    claims = jwt.decode(fresh.json()["access_token"], options={"verify_signature": False})
    assert claims["org_role"] == "member"
    for path in (ME, POSTS):
        assert (await get(client_as, path, fresh.json())).status_code == 200
        assert (await get(client_as, path, ben.tokens)).status_code == 401
    assert (await client_as(ann).get(ME)).status_code == 200


async def test_a_role_that_changes_during_a_refresh_makes_its_token_old(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    """The refresh has read the old role, the change is told to Redis, and only then the refresh writes."""
    ann = await make_person(role="admin")
    store = auth_app.state.sessions
    session, role_seen = await store.find(ann.tokens["refresh_token"])
    assert role_seen == "admin"
    await store.outdate_tokens(ann.user_id, uuid4())
    device = Device("", "")
    token = await store.rotate(
        session, ann.tokens["refresh_token"], device, role_seen=role_seen, role="admin"
    )
    assert await redis.hget(f"session:{session.session_id}", "role") != b"admin"
    # The next one has read the row after the change.
    session, role_seen = await store.find(token)
    await store.rotate(session, token, device, role_seen=role_seen, role="member")
    assert await redis.hget(f"session:{session.session_id}", "role") == b"member"


async def test_a_role_that_changes_during_a_login_makes_its_token_old(
    auth_app: FastAPI, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person(role="admin")
    store = auth_app.state.sessions
    session = Session(new_session_id(), ann.user_id, ann.organization_id)
    await store.begin(session, Device("", ""), None)
    await store.outdate_tokens(ann.user_id, uuid4())
    await store.tell_role(session, "admin")
    assert await redis.hget(f"session:{session.session_id}", "role") != b"admin"


async def test_who_is_deactivated_is_refused_everywhere_at_once(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(email="ben@somewhere.example")
    there = await make_person(organization="harbour", email=ben.email)
    body = {"email": ben.email, "password": PASSWORD, "organization": "lumen"}
    other = (await client_as(None).post(LOGIN, json=body)).json()
    answer = await change(client_as, ann, ben, is_active=False)
    assert (answer.status_code, answer.json()["is_active"]) == (200, False)
    for tokens in (ben.tokens, other):
        for path in (ME, POSTS):
            refused = await get(client_as, path, tokens)
            assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
        assert (await refresh(client_as, tokens)).status_code == 401
    assert (await client_as(None).post(LOGIN, json=body)).status_code == 401
    # In the other organization nothing has changed.
    assert (await client_as(there).get(ME)).status_code == 200
    (first, ended), (second, changed) = await notes(owner)
    assert (first, second) == ("sessions.revoked", "members.changed")
    assert (ended["session_id"], ended["user_id"]) == (None, str(ben.user_id))
    assert UUID(changed.pop("change_id"))
    assert changed == {"user_id": str(ben.user_id), "role": "member", "is_active": False}
    actor = await owner.fetchval(
        "select actor_id from public.audit_logs where entity = 'public.users' and action = 'update'"
        " order by audit_log_id desc limit 1"
    )
    assert actor == ann.user_id


async def test_who_is_reactivated_signs_in_again(client_as: ClientAs, make_person: MakePerson) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    await change(client_as, ann, ben, is_active=False, role="moderator")
    assert (await change(client_as, ann, ben, is_active=True)).json()["is_active"] is True
    # Sessions from before stay ended.
    assert (await client_as(ben).get(ME)).status_code == 401
    assert (await refresh(client_as, ben.tokens)).status_code == 401
    again = await client_as(None).post(LOGIN, json={"email": ben.email, "password": PASSWORD})
    assert again.json()["user"]["role"] == "moderator"
    assert (await get(client_as, ME, again.json())).status_code == 200


async def test_the_last_admin_stays(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    ben = await make_person(role="admin")
    await make_person(organization="harbour", role="admin")
    # Somebody imported has no account, and so is no admin to count on.
    await owner.execute(
        "insert into public.users (organization_id, name, role, origin) values ($1, 'Vitalik', 'admin', 'imported')",
        ann.organization_id,
    )
    assert (await change(client_as, ann, ben, is_active=False)).status_code == 200
    for changes in ({"role": "member"}, {"is_active": False}, {"role": "guest", "is_active": False}):
        answer = await change(client_as, ann, ann, **changes)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await client_as(ann).get(ME)).json()["role"] == "admin"
    assert (await change(client_as, ann, ben, is_active=True)).status_code == 200
    assert (await change(client_as, ann, ann, role="member")).status_code == 200


async def test_of_two_admins_who_demote_each_other_at_once_one_stays(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    for number in range(6):
        organization = f"pair-{number}"
        ann = await make_person(organization=organization, role="admin")
        ben = await make_person(organization=organization, role="admin")
        changes = {"role": "member"} if number % 2 else {"is_active": False}
        answers = await asyncio.gather(
            change(client_as, ann, ben, **changes), change(client_as, ben, ann, **changes)
        )
        assert sorted(answer.status_code for answer in answers)[0] == 200
        assert {answer.status_code for answer in answers} <= {200, 401, 409}
        assert await admins(owner, organization) == 1


async def test_only_admins_change_people(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    for role in ("moderator", "member", "guest"):
        person = await make_person(role=role)
        for target in (person, ann):
            for changes in ({"role": "admin"}, {"is_active": False}, {}):
                answer = await change(client_as, person, target, **changes)
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert await admins(owner) == 1
    assert await notes(owner) == []


async def test_an_admin_of_another_organization_changes_nobody(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, cid = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    for changes in ({"role": "guest"}, {"is_active": False}, {}):
        foreign = await change(client_as, cid, ann, **changes)
        absent = await client_as(cid).patch(f"{MEMBERS}/{uuid4()}", json=changes)
        assert foreign.status_code == absent.status_code == 404
        assert foreign.json() == absent.json()
    assert await admins(owner) == 1
    assert (await client_as(ann).get(ME)).status_code == 200


async def test_a_stranger_changes_nobody(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person()
    answer = await client_as(None).patch(f"{MEMBERS}/{ann.user_id}", json={"role": "admin"})
    assert answer.status_code == 401


BAD_INPUT: list[Any] = [
    [],
    {"role": "owner"},
    {"role": "identity"},
    {"role": 1},
    {"is_active": "perhaps"},
    {"is_active": "no"},
    {"is_active": 0},
    {"is_active": {}},
    {"email": "x@lumen.example"},
    {"role": "member", "organization_id": str(uuid4())},
]


async def test_bad_input_is_refused(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    for body in BAD_INPUT:
        answer = await client_as(ann).patch(f"{MEMBERS}/{ann.user_id}", **escaped(body))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body
    assert (await client_as(ann).patch(f"{MEMBERS}/not-an-id", json={})).status_code == 422


async def test_without_redis_a_deactivation_holds(
    client_as: ClientAs, without_redis: ClientAs, make_person: MakePerson
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    assert (await change(without_redis, ann, ben, is_active=False)).status_code == 200
    assert (await without_redis(ben).get(ME)).status_code == 401
    # Back again, Redis still has the session; the row doesn't let it go on.
    assert (await refresh(client_as, ben.tokens)).status_code == 401


async def test_what_was_lost_with_a_process_is_done_when_it_is_asked_again(
    client_as: ClientAs, without_redis: ClientAs, make_person: MakePerson
) -> None:
    ann, ben, cid = await make_person(role="admin"), await make_person(), await make_person()
    # By a process that Redis never hears from again.
    await change(without_redis, ann, ben, is_active=False)
    await change(without_redis, ann, cid, role="guest")
    assert (await change(client_as, ann, ben, is_active=False)).status_code == 200
    assert (await change(client_as, ann, cid, role="guest")).status_code == 200
    assert (await client_as(ben).get(POSTS)).json()["code"] == "session_ended"
    assert (await client_as(cid).get(POSTS)).json()["code"] == "token_outdated"


async def test_what_redis_missed_of_a_role_is_told_it_when_it_is_back(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(role="admin")
    store = auth_app.state.sessions
    away = Redis.from_url("redis://127.0.0.1:1/0")
    there = store._ender._outdate.registered_client
    store._ender._outdate.registered_client = away
    assert (await change(client_as, ann, ben, role="member")).status_code == 200
    store._ender._outdate.registered_client = there
    await asyncio.wait_for(store._settling, 10)
    session_id = ben.tokens["refresh_token"].partition(".")[0]
    assert await redis.hget(f"session:{session_id}", "role") != b"admin"
    await away.aclose()


# SQL that somebody injects into the auth service, with a true seal ---------------------------------------

Inject = Callable[[Person], Awaitable[asyncpg.Connection]]


@pytest.fixture
async def inject(database: TestDatabase) -> AsyncIterator[Inject]:
    async with AsyncExitStack() as stack:

        async def inject(person: Person) -> asyncpg.Connection:
            role: Role = person.role  # type: ignore[assignment]  # make_person takes any of them as text
            caller = Caller(person.user_id, person.organization_id, role, uuid4())
            connection = await asyncpg.connect(database.url("dfworx_auth"))
            stack.push_async_callback(connection.close)
            seal = Sealer(1, database.servers.secrets.seal_key("dfworx_auth")).seal(caller)
            await connection.execute("select set_config('dfx.ctx', $1, false)", seal)
            return connection

        yield inject


async def test_injected_sql_leaves_an_organization_its_admin(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    await make_person(role="admin")
    auth = await inject(ann)
    for statement in (
        "update public.users set role = 'member'",
        "update public.users set is_active = false",
        "update public.users set role = 'guest', is_active = false where role = 'admin'",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await auth.execute(statement)
    assert await admins(owner) == 2


async def test_injected_sql_with_an_older_snapshot_leaves_an_organization_its_admin(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(role="admin")
    first, second = await inject(ann), await inject(ben)
    demote = "update public.users set role = 'member' where user_id = $1"
    await second.execute("begin isolation level repeatable read")
    assert await second.fetchval("select count(*) from public.users where role = 'admin'") == 2
    await first.execute(demote, ben.user_id)
    with pytest.raises(asyncpg.SerializationError):
        await second.execute(demote, ann.user_id)
    await second.execute("rollback")
    assert await admins(owner) == 1


async def test_injected_sql_of_a_member_gives_no_role_and_deactivates_nobody(
    inject: Inject, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, cid = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    ben = await make_person()
    auth = await inject(ben)
    for statement in (
        "update public.users set role = 'admin' where user_id = app.user_id()",
        "update public.users set is_active = false where user_id = app.user_id()",
        "update public.users set role = 'admin'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await auth.execute(statement)
    demote = "update public.users set role = 'guest' where user_id = $1"
    assert await auth.execute(demote, ann.user_id) == "UPDATE 0"
    # An admin's reach ends with the organization.
    auth = await inject(cid)
    assert await auth.execute(demote, ann.user_id) == "UPDATE 0"
    assert await admins(owner) == await admins(owner, "harbour") == 1

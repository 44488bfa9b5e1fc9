"""An organization that is suspended lets nobody in and is as it was once it is resumed; one that is deleted leaves
nothing but its audit log, and changes no row of any other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from redis.asyncio import Redis

from dfworx.cli.failure import Failure
from dfworx.cli.organizations import deleting
from dfworx.cli.organizations.deleting import delete_organization
from dfworx.cli.organizations.suspending import resume_organization, suspend_organization
from dfworx.shared.storage import Storage
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase, require_refusal
from tests.web.conftest import comment_on, publish
from tests.web.file_making import picture, send

ME, POSTS = "/api/auth/me", "/api/web/posts"
KEPT = {"public.audit_logs", "public.audit_links", "public.audit_heads"}
SUSPENDED = "This organization is suspended. Ask whoever runs this install."


def signing_in(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": person.password, "organization": person.organization}


async def rows_of(owner: asyncpg.Connection, organization_id: UUID) -> dict[str, tuple[int, str]]:
    """By table, how many there are and a hash over all of them."""
    tables = await owner.fetch(
        "select format('%I.%I', table_schema, table_name) as name from information_schema.columns"
        " join information_schema.tables using (table_schema, table_name)"
        " where column_name = 'organization_id' and table_type = 'BASE TABLE'"
    )
    found = {}
    for (name,) in tables:
        row = await owner.fetchrow(
            f"select count(*), coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {name} t"  # noqa: S608
            " where t.organization_id = $1",
            organization_id,
        )
        assert row is not None
        found[name] = (row[0], row[1])
    return found


@pytest.fixture
def storage(database: TestDatabase) -> Storage:
    return Storage.of(database.settings("dfworx_web"))


async def fill(make_person: MakePerson, client_as: ClientAs, organization: str) -> Person:
    ann = await make_person(organization=organization, role="admin")
    client = client_as(ann)
    post = await publish(client, title="Bread")
    await comment_on(client, post, "Two days.")
    sent = await send(client, picture(), "oven.png", post_id=post["post_id"], content_type="image/png")
    assert sent.status_code == 201, sent.text
    return ann


async def test_who_is_suspended_is_refused_within_a_second_and_resumed_signs_in_again(
    database: TestDatabase, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, zoe = await make_person(role="admin"), await make_person(organization="harbour")
    client = client_as(ann)
    for path in (ME, POSTS, "/api/admin/members"):
        assert (await client.get(path)).status_code == 200
    assert await suspend_organization(database.owner_url, database.servers.redis_url, "lumen")
    for path in (ME, POSTS, "/api/admin/members"):
        await require_refusal(client, path, "organization_suspended")
    assert (await client.get(POSTS)).json()["detail"] == SUSPENDED
    told = await client_as(None).post("/api/auth/login", json=signing_in(ann))
    assert (told.status_code, told.json()["code"]) == (401, "organization_suspended")
    # A wrong password learns nothing of it.
    wrong = await client_as(None).post(
        "/api/auth/login", json={**signing_in(ann), "password": "not this one"}
    )
    assert wrong.json()["code"] == "invalid_credentials"
    refreshed = await client_as(None).post(
        "/api/auth/refresh", json={"refresh_token": ann.tokens["refresh_token"]}
    )
    assert refreshed.status_code == 401
    assert (await client_as(zoe).get(POSTS)).status_code == 200
    await resume_organization(database.owner_url, "lumen")
    assert (await client_as(None).post("/api/auth/login", json=signing_in(ann))).status_code == 200
    # What was ended stays so.
    await require_refusal(client, POSTS, "session_ended")


async def test_the_end_of_every_session_is_noted_for_convex(
    database: TestDatabase, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    people = [await make_person(), await make_person()]
    await make_person(organization="harbour")
    await suspend_organization(database.owner_url, database.servers.redis_url, "lumen")
    noted = await owner.fetch(
        "select entity_id from shared_services.outbox where topic = 'sessions.revoked' and organization_id = $1",
        people[0].organization_id,
    )
    assert {row["entity_id"] for row in noted} == {person.user_id for person in people}
    others = "select count(*) from shared_services.outbox where topic = 'sessions.revoked' and organization_id <> $1"
    assert await owner.fetchval(others, people[0].organization_id) == 0


async def test_a_deleted_organization_leaves_its_audit_log_and_no_other_loses_a_row(
    database: TestDatabase,
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    redis: Redis,
    storage: Storage,
) -> None:
    ann = await fill(make_person, client_as, "lumen")
    zoe = await fill(make_person, client_as, "harbour")
    both = await make_person(organization="lumen", email=zoe.email)
    files = database.settings("dfworx_web").home / "files"
    before = await rows_of(owner, zoe.organization_id)
    assert await rows_of(owner, ann.organization_id) != {}
    left = await delete_organization(database.owner_url, database.servers.redis_url, "lumen", storage, None)
    assert left == []
    after = await rows_of(owner, ann.organization_id)
    assert {name for name, (count, _) in after.items() if count} == KEPT
    assert await rows_of(owner, zoe.organization_id) == before
    identities = {row["email"] for row in await owner.fetch("select email from app_auth.identities")}
    assert ann.email not in identities and both.email in identities
    keys = [key.decode() async for key in redis.scan_iter()]
    assert not any(
        str(gone) in key for key in keys for gone in (ann.organization_id, ann.user_id, both.user_id)
    )
    names = [str(path) for path in files.rglob("*") if path.is_file()]
    assert any(str(zoe.organization_id) in name for name in names)
    assert not any(str(ann.organization_id) in name for name in names)
    assert (await client_as(zoe).get(POSTS)).status_code == 200
    await require_refusal(client_as(ann), POSTS, "session_ended")
    again = await client_as(None).post("/api/auth/login", json=signing_in(ann))
    assert again.json()["code"] == "invalid_credentials"


async def test_nothing_is_deleted_before_convex_refuses_its_people(
    database: TestDatabase,
    make_person: MakePerson,
    owner: asyncpg.Connection,
    storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann = await make_person()
    erased: list[Any] = []
    monkeypatch.setattr(deleting, "HEARD_SECONDS", 0)
    where = (database.owner_url, database.servers.redis_url, "lumen", storage, erased.append)
    with pytest.raises(Failure, match="lumen is suspended, but Convex hasn't heard of it"):
        await delete_organization(*where)
    assert erased == []
    await owner.execute("update shared_services.outbox set handed_at = now()")
    monkeypatch.setattr(deleting, "suspend_organization", suspended_already)
    await delete_organization(*where)
    assert erased == [ann.organization_id]
    assert await owner.fetchval("select count(*) from public.organizations where slug = 'lumen'") == 0


async def suspended_already(*_: object) -> bool:
    """As if the worker had handed the events over at once."""
    return True


async def test_an_unknown_organization_is_told(
    database: TestDatabase, redis: Redis, storage: Storage
) -> None:
    urls = database.owner_url, database.servers.redis_url
    for doing in (
        suspend_organization(*urls, "nowhere"),
        resume_organization(urls[0], "nowhere"),
        delete_organization(*urls, "nowhere", storage, None),
    ):
        with pytest.raises(Failure, match="There is no organization with the slug nowhere"):
            await doing

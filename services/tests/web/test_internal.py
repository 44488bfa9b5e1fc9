"""The door for Convex's functions: who holds its key acts as a person, and may what that person may and no more."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import jwt
import pytest
from fastapi import FastAPI

from tests.conftest import ClientAs, Inject, MakePerson, Person, TestDatabase
from tests.web.conftest import create, publish

DOOR = "/api/web/internal"
InternalAs = Callable[..., httpx.AsyncClient]


def sign(database: TestDatabase, **changes: Any) -> str:
    key = changes.pop("key", database.servers.secrets.internal_key())
    now = int(time.time())
    claims = {"aud": "internal", "iat": now, "exp": now + 60, **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key, algorithm=changes.get("algorithm", "HS256"))


@pytest.fixture
async def internal_as(web_app: FastAPI, database: TestDatabase) -> AsyncIterator[InternalAs]:
    clients: list[httpx.AsyncClient] = []

    def internal_as(person: Person, **claims: Any) -> httpx.AsyncClient:
        its = {"org_id": str(person.organization_id), "sub": str(person.user_id), **claims}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(web_app, raise_app_exceptions=False),
            base_url="http://web",
            headers={"Authorization": f"Bearer {sign(database, **its)}"},
        )
        clients.append(client)
        return client

    yield internal_as
    for client in clients:
        await client.aclose()


def message(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "message_id": "m1",
        "thread_id": "t1",
        "post_id": None,
        "text": "Hi",
        "answers": None,
        "file_ids": [],
    }
    return {**told, **changes}


async def test_a_text_is_read_and_saved_as_its_author_would(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann = await make_person()
    post = await create(client_as(ann), content="One")
    door = internal_as(ann)
    where = f"{DOOR}/posts/{post['post_id']}"
    read = (await door.get(where)).json()
    assert (read["content"], read["version"], read["may_change"]) == ("One", 1, True)
    saved = await door.put(f"{where}/content", json={"content": "Two", "version": 1})
    assert (saved.status_code, saved.json()) == (200, {"version": 2})
    assert (await client_as(ann).get(f"/api/web/posts/{post['post_id']}")).json()["content"] == "Two"
    revisions = (await client_as(ann).get(f"/api/web/posts/{post['post_id']}/revisions")).json()["items"]
    assert revisions[0]["version"] == 2
    late = await door.put(f"{where}/content", json={"content": "Three", "version": 1})
    assert (late.status_code, late.json()["version"]) == (412, 2)


async def test_who_may_read_a_text_and_not_change_it_is_refused_its_saving(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, ben = await make_person(), await make_person()
    post = await publish(client_as(ann))
    where = f"{DOOR}/posts/{post['post_id']}"
    assert (await internal_as(ben).get(where)).json()["may_change"] is False
    assert (await internal_as(await make_person(role="moderator")).get(where)).json()["may_change"] is True
    refused = await internal_as(ben).put(
        f"{where}/content", json={"content": "Mine", "version": post["version"]}
    )
    assert refused.status_code == 403


async def test_a_draft_is_made_once_however_often_its_key_is_sent(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann = await make_person()
    draft = {"title": "From a thread", "content": "Words"}
    headers = {"Idempotency-Key": "thread-1"}
    first, again = [
        await internal_as(ann).post(f"{DOOR}/posts", json=draft, headers=headers) for _ in range(2)
    ]
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    post = (await client_as(ann).get(f"/api/web/posts/{first.json()['post_id']}")).json()
    assert (post["status"], post["slug"]) == ("draft", first.json()["slug"])


async def test_who_is_mentioned_or_answered_in_a_message_is_told_once(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, ben, cal = [await make_person(name=name) for name in ("Ann Ash", "Ben Bay", "Cal Cay")]
    told = message(text="@Ben Bay look", answers=str(cal.user_id))
    for _ in range(2):
        answer = await internal_as(ann).post(f"{DOOR}/messages", json=told)
        assert answer.json() == {"mentioned": [str(ben.user_id)]}
    for person, kind in ((ben, "mention"), (cal, "reply")):
        [item] = (await client_as(person).get("/api/web/notifications")).json()["items"]
        assert (item["kind"], item["message"]) == (kind, {"message_id": "m1", "thread_id": "t1"})
        assert item["actor"]["user_id"] == str(ann.user_id)
        assert (await client_as(person).get("/api/web/notifications/unread-count")).json() == {"count": 1}
    assert (await client_as(ann).get("/api/web/notifications")).json()["items"] == []


async def test_of_a_message_beside_a_post_only_those_are_told_who_read_the_post(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, ben = await make_person(name="Ann Ash"), await make_person(name="Ben Bay")
    post = await create(client_as(ann))
    told = message(post_id=post["post_id"], text="@Ben Bay look")
    assert (await internal_as(ann).post(f"{DOOR}/messages", json=told)).status_code == 200
    assert (await client_as(ben).get("/api/web/notifications")).json()["items"] == []
    assert (await internal_as(ben).post(f"{DOOR}/messages", json=told)).status_code == 404


async def test_a_message_makes_its_senders_files_seen_by_who_sees_the_thread(
    owner: asyncpg.Connection, make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, ben = await make_person(), await make_person()
    eve = await make_person(organization="harbour")
    post = await create(client_as(ann))
    files = [await add_file(owner, person) for person in (ann, ann, ben)]
    told = message(file_ids=[files[0], files[2]])
    assert (await internal_as(ann).post(f"{DOOR}/messages", json=told)).status_code == 200
    hidden = message(message_id="m2", post_id=post["post_id"], file_ids=[files[0], files[1]])
    assert (await internal_as(ann).post(f"{DOOR}/messages", json=hidden)).status_code == 200
    seen = [(await client_as(ben).get(f"/api/web/files/{file_id}")).status_code for file_id in files]
    assert seen == [200, 404, 200]
    assert (await client_as(ann).get(f"/api/web/files/{files[0]}")).json()["message_id"] == "m1"
    assert (await client_as(ann).get(f"/api/web/files/{files[2]}")).status_code == 404
    assert {(await client_as(eve).get(f"/api/web/files/{file_id}")).status_code for file_id in files} == {404}


async def add_file(owner: asyncpg.Connection, person: Person) -> str:
    file_id: UUID = await owner.fetchval(
        """
        insert into shared_services.files (organization_id, user_id, name, media_type, size_bytes, sha256, storage_key)
        values ($1, $2, 'a.txt', 'text/plain', 1, sha256('a'), $1::uuid::text || '/' || $3) returning file_id
        """,
        *(person.organization_id, person.user_id, uuid4().hex),
    )
    return str(file_id)


async def test_in_the_wrong_organization_nothing_is_found_and_nobody_is_told(
    owner: asyncpg.Connection, make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs
) -> None:
    ann, eve = await make_person(name="Ann Ash"), await make_person(organization="harbour", role="admin")
    post = await publish(client_as(ann))
    file_id = await add_file(owner, ann)
    door = internal_as(eve)
    where = f"{DOOR}/posts/{post['post_id']}"
    assert (await door.get(where)).status_code == 404
    assert (await door.put(f"{where}/content", json={"content": "Hers", "version": 2})).status_code == 404
    told = message(
        text=f"@[Ann Ash](mention://user/{ann.user_id})", answers=str(ann.user_id), file_ids=[file_id]
    )
    assert (await door.post(f"{DOOR}/messages", json=told)).json() == {"mentioned": []}
    assert (await door.post(f"{DOOR}/messages", json={**told, "post_id": post["post_id"]})).status_code == 404
    assert (await client_as(ann).get("/api/web/notifications")).json()["items"] == []
    assert (
        await owner.fetchval("select count(*) from shared_services.files where message_id is not null") == 0
    )
    online = {"people": [{"user_id": str(ann.user_id), "seen_at": "2026-01-01T00:00:00Z"}]}
    assert (await door.put(f"{DOOR}/presence", json=online)).status_code == 204
    assert (await client_as(ann).get("/api/web/presence")).json()["items"] == []


async def test_sql_in_the_web_service_tells_nobody_of_another_organization_of_a_message(
    owner: asyncpg.Connection, make_person: MakePerson, inject: Inject
) -> None:
    ann, eve = await make_person(), await make_person(organization="harbour")
    web = await inject("dfworx_web", eve)
    await web.fetch(
        "select app_web.notify_of_message('m', 't', null, array[$1::uuid, $2::uuid], $2)",
        ann.user_id,
        eve.user_id,
    )
    assert await owner.fetchval("select count(*) from public.notifications") == 0


async def test_a_stranger_and_every_token_that_is_none_of_its_own_are_refused(
    make_person: MakePerson, client_as: ClientAs, internal_as: InternalAs, auth_app: FastAPI
) -> None:
    ann = await make_person()
    for client in (client_as(None), client_as(ann)):
        assert (await client.get(f"{DOOR}/posts/{uuid4()}")).status_code == 401
    realtime = (await client_as(ann).post("/api/auth/realtime-token")).json()["token"]
    answer = await client_as(None).get(
        f"{DOOR}/posts/{uuid4()}", headers={"Authorization": f"Bearer {realtime}"}
    )
    assert answer.status_code == 401
    now = int(time.time())
    for wrong in (
        {"key": b"another key of thirty-two bytes!"},
        {"aud": "dfworx"},
        {"aud": ["internal"]},
        {"aud": None},
        {"exp": now - 60, "iat": now - 120},
        {"exp": now + 3600},
        {"exp": None},
        {"iat": None},
        {"iat": now + 600, "exp": now + 630},
        {"sub": None},
        {"sub": "somebody"},
        {"org_id": None},
    ):
        door = internal_as(ann, **wrong)
        answers = [await door.get(f"{DOOR}/posts/{uuid4()}")]
        # Who is here is told by the organization, and not by a person.
        if wrong != {"sub": None}:
            answers.append(await door.put(f"{DOOR}/presence", json={"people": []}))
        told = {(answer.status_code, answer.json()["code"]) for answer in answers}
        assert told == {(401, "invalid_token")}, wrong
    unsigned = jwt.encode({"aud": "internal", "iat": now, "exp": now + 60}, "", algorithm="none")
    headers = {"Authorization": f"Bearer {unsigned}"}
    assert (await client_as(None).get(f"{DOOR}/posts/{uuid4()}", headers=headers)).status_code == 401


async def test_its_token_opens_no_other_door(make_person: MakePerson, internal_as: InternalAs) -> None:
    admin = await make_person(role="admin")
    for door in (internal_as(admin), internal_as(admin, sub=None)):
        for path in ("/api/web/posts", "/api/web/notifications", "/api/web/presence"):
            assert (await door.get(path)).status_code == 401


async def test_who_was_deactivated_or_is_of_another_organization_is_nobody_there(
    owner: asyncpg.Connection, make_person: MakePerson, internal_as: InternalAs
) -> None:
    ann, eve = await make_person(), await make_person(organization="harbour")
    await owner.execute("update public.users set is_active = false where user_id = $1", ann.user_id)
    mixed = internal_as(ann, sub=str(eve.user_id))
    for door in (internal_as(ann), mixed, internal_as(ann, sub=str(uuid4()))):
        answer = await door.get(f"{DOOR}/posts/{uuid4()}")
        assert (answer.status_code, answer.json()["code"]) == (403, "no_longer_a_member")


@pytest.mark.parametrize(
    "body",
    [
        {},
        message(message_id=""),
        message(message_id="m" * 101),
        message(text="\0"),
        message(post_id="plans"),
        message(file_ids=[str(uuid4())] * 51),
        message(user_id=str(uuid4())),
    ],
)
async def test_an_invalid_message_is_refused(
    make_person: MakePerson, internal_as: InternalAs, body: dict[str, Any]
) -> None:
    assert (await internal_as(await make_person()).post(f"{DOOR}/messages", json=body)).status_code == 422


async def test_it_is_in_no_description_of_the_service(web_app: FastAPI) -> None:
    assert not [path for path in web_app.openapi()["paths"] if "internal" in path]

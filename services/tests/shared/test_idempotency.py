"""The same write sent again with its Idempotency-Key: done once, answered alike, and nobody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from dfworx.web.app import create_app
from tests.conftest import PASSWORD, ClientAs, Inject, MakePerson, Person, TestDatabase
from tests.web.conftest import create, publish

KEY = {"Idempotency-Key": "6f1d2c1e-9d4b-4f0e-8a53-1f2f3f4f5f6f"}
REPLAYED = "idempotency-replayed"


def comments_of(post: dict[str, Any]) -> str:
    return f"/api/web/posts/{post['post_id']}/comments"


async def count_comments(owner: asyncpg.Connection) -> int:
    number: int = await owner.fetchval("select count(*) from app_web.comments")
    return number


def second_web(
    database: TestDatabase, auth_app: FastAPI, person: Person
) -> tuple[FastAPI, httpx.AsyncClient]:
    """Another process of the web service: it shares nothing with the first but the database and Redis."""
    app = create_app(database.settings("dfworx_web"))
    app.state.tokens.trust(auth_app.state.keys.jwks())
    headers = {"Authorization": f"Bearer {person.token}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return app, httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=headers)


async def test_the_same_write_again_is_answered_alike_and_done_once(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person())
    first = await client.post("/api/web/posts", json={"title": "Bread", "content": "Flour"}, headers=KEY)
    again = await client.post("/api/web/posts", json={"title": "Bread", "content": "Flour"}, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    for name in ("etag", "location", "content-type", "cache-control"):
        assert first.headers[name] == again.headers[name]
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert await owner.fetchval("select count(*) from app_web.posts") == 1


async def test_every_kind_of_write_is_answered_again(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person(role="admin"))
    post = await create(client)
    path = f"/api/web/posts/{post['post_id']}"
    match = {"If-Match": '"1"'}
    for method, address, more in (
        ("PATCH", path, {"json": {"title": "Rye"}, "headers": match}),
        ("POST", f"{path}/publish", {}),
        ("DELETE", path, {}),
        ("PATCH", "/api/auth/me", {"json": {"name": "Anna"}}),
        ("PATCH", "/api/auth/organization", {"json": {"name": "Lumen"}}),
    ):
        headers = {"Idempotency-Key": f"{method}{address}", **more.pop("headers", {})}
        first, again = [
            await client.request(method, address, headers=headers, **more)  # type: ignore[arg-type]
            for _ in range(2)
        ]
        assert first.status_code < 300, first.text
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers[REPLAYED] == "true"
    assert await owner.fetchval("select count(*) from app_web.posts where status <> 'trashed'") == 0


async def test_twenty_at_once_are_one_comment_and_one_answer(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person())
    path = comments_of(await publish(client))
    answers = await asyncio.gather(
        *[client.post(path, json={"content": "Once"}, headers=KEY) for _ in range(20)]
    )
    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert sum(REPLAYED in each.headers for each in answers) == 19
    assert await count_comments(owner) == 1


async def test_two_processes_at_once_do_it_once(
    database: TestDatabase,
    auth_app: FastAPI,
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
) -> None:
    ann = await make_person()
    path = comments_of(await publish(client_as(ann)))
    app, other = second_web(database, auth_app, ann)
    async with app.router.lifespan_context(app), other:
        for number in range(5):
            headers = {"Idempotency-Key": f"both-{number}"}
            answers = await asyncio.gather(
                *[
                    each.post(path, json={"content": "Once"}, headers=headers)
                    for each in (client_as(ann), other) * 4
                ]
            )
            assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert await count_comments(owner) == 5


async def test_a_key_with_another_request_is_refused(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person())
    path = comments_of(await publish(client))
    assert (await client.post(path, json={"content": "A"}, headers=KEY)).status_code == 201
    others = [
        await client.post(path, json={"content": "B"}, headers=KEY),
        await client.post(f"{path}?a=b", json={"content": "A"}, headers=KEY),
        await client.post(path, json={"content": "A"}, headers={**KEY, "If-Match": "*"}),
        await client.post("/api/web/posts", json={"title": "Bread"}, headers=KEY),
        await client.patch("/api/auth/me", json={"name": "A"}, headers=KEY),
    ]
    assert {(each.status_code, each.json()["code"]) for each in others} == {(409, "idempotency_key_reused")}
    assert await count_comments(owner) == 1


async def test_what_failed_is_tried_anew(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    archived = await client.post(f"/api/web/posts/{post['post_id']}/archive")
    assert archived.status_code == 200
    refused = await client.post(comments_of(post), json={"content": "A"}, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "post_archived")
    assert (await client.post(comments_of(post), json={"wrong": "A"}, headers=KEY)).status_code == 422
    assert await owner.fetchval("select count(*) from shared_services.idempotency_keys") == 0
    await client.post(f"/api/web/posts/{post['post_id']}/publish")
    done = await client.post(comments_of(post), json={"content": "A"}, headers=KEY)
    assert (done.status_code, REPLAYED in done.headers) == (201, False)


async def test_a_connection_killed_in_the_middle_leaves_nothing_and_the_retry_does_it(
    database: TestDatabase, make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    async with owner.transaction():
        # The comment waits for its post, with the key's row already written.
        await owner.execute("select from app_web.posts for update")
        writing = asyncio.create_task(client.post(comments_of(post), json={"content": "A"}, headers=KEY))
        await kill_who_waits(database)
        failed = await writing
    assert failed.status_code == 503
    assert (await owner.fetchval("select count(*) from shared_services.idempotency_keys")) == 0
    done = await client.post(comments_of(post), json={"content": "A"}, headers=KEY)
    again = await client.post(comments_of(post), json={"content": "A"}, headers=KEY)
    assert (done.status_code, again.status_code, again.content) == (201, 201, done.content)
    assert await count_comments(owner) == 1


async def kill_who_waits(database: TestDatabase) -> None:
    """The web service's connection that waits for a lock, as soon as there is one."""
    superuser = await asyncpg.connect(database.servers.cluster.url(database=database.name))
    try:
        async with asyncio.timeout(10):
            while not await superuser.fetchval(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where usename = 'dfworx_web' and wait_event_type = 'Lock' and datname = current_database()
                """
            ):
                continue
    finally:
        await superuser.close()


async def test_who_waits_too_long_for_another_process_is_told_so(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    client = client_as(ann)
    path = comments_of(await publish(client))
    await owner.execute("alter function shared_services.claim_key set lock_timeout = '50ms'")
    async with owner.transaction():
        await owner.execute(
            """
            insert into shared_services.idempotency_keys (organization_id, user_id, key_hash, fingerprint)
            values ($1, $2, sha256(convert_to($3, 'UTF8')), sha256('elsewhere'))
            """,
            *(ann.organization_id, ann.user_id, KEY["Idempotency-Key"]),
        )
        waited = await client.post(path, json={"content": "A"}, headers=KEY)
    assert (waited.status_code, waited.json()["code"]) == (409, "idempotency_key_in_use")
    assert waited.headers["retry-after"] == "1"


async def test_what_was_done_without_a_kept_answer_is_not_done_again(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person())
    path = comments_of(await publish(client))
    assert (await client.post(path, json={"content": "A"}, headers=KEY)).status_code == 201
    forgotten = (
        "update shared_services.idempotency_keys set answer = null, created_at = now() - interval '1 minute'"
    )
    # As a process leaves it that ends between the commit and the answer, and as a new seal key does.
    for change in (
        forgotten,
        "update shared_services.idempotency_keys set answer = decode(repeat('00', 40), 'hex')",
    ):
        await owner.execute(change)
        told = await client.post(path, json={"content": "A"}, headers=KEY)
        assert (told.status_code, told.json()["code"]) == (409, "idempotency_answer_lost")
    assert await count_comments(owner) == 1


async def test_a_key_is_its_persons_alone_and_not_another_organizations(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    people = [await make_person(), await make_person(), await make_person(organization="umbra")]
    bodies = set()
    for person in people:
        made = await client_as(person).post(
            "/api/web/posts", json={"title": "Bread", "content": "x"}, headers=KEY
        )
        assert (made.status_code, REPLAYED in made.headers) == (201, False)
        bodies.add(made.content)
    assert len(bodies) == 3
    assert await owner.fetchval("select count(*) from shared_services.idempotency_keys") == 3


async def test_a_stranger_is_refused_before_any_key_is_looked_at(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    path = comments_of(await publish(client_as(await make_person())))
    assert (await client_as(None).post(path, json={"content": "A"}, headers=KEY)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        [("Idempotency-Key", "")],
        [("Idempotency-Key", "x" * 201)],
        [("Idempotency-Key", "two words")],
        [(b"Idempotency-Key", "schlüssel".encode())],
        [("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
    ],
    ids=["empty", "too long", "a space", "not ASCII", "two of them"],
)
async def test_a_malformed_key_is_refused_with_a_sentence(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, headers: Any
) -> None:
    client = client_as(await make_person())
    refused = await client.post("/api/web/posts", json={"title": "Bread"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_idempotency_key")
    assert "200 visible ASCII characters" in refused.json()["detail"]
    assert await owner.fetchval("select count(*) from app_web.posts") == 0


async def test_a_secret_that_was_answered_is_nowhere_in_the_database_and_answered_again(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    client = client_as(await make_person(role="admin"))
    body = {"email": "new@lumen.example", "role": "member"}
    first, again = [await client.post("/api/auth/invitations", json=body, headers=KEY) for _ in range(2)]
    assert first.content == again.content
    assert await owner.fetchval("select count(*) from app_auth.invitations") == 1
    kept = bytes(await owner.fetchval("select answer from shared_services.idempotency_keys"))
    assert first.json()["token"].encode() not in kept
    assert b"new@lumen.example" not in kept


async def test_what_begins_a_session_takes_no_key_and_keeps_nothing(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    for path, body in (
        ("/api/auth/login", {"email": ann.email, "password": PASSWORD}),
        ("/api/auth/switch", {"organization": ann.organization}),
        ("/api/auth/realtime-token", None),
        ("/api/auth/password", {"current_password": PASSWORD, "new_password": "another horse battery"}),
    ):
        answer = await client_as(ann).post(path, json=body, headers=KEY)
        assert answer.status_code == 200, answer.text
    assert await owner.fetchval("select count(*) from shared_services.idempotency_keys") == 0


async def test_reading_takes_no_key(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    for path in ("/api/web/posts", "/api/auth/me"):
        assert (await client.get(path, headers={"Idempotency-Key": "two words"})).status_code == 200


async def test_injected_sql_reaches_no_other_persons_keys_and_unsays_no_answer(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person(role="admin")
    eve = await make_person(organization="umbra", role="admin")
    for person in (ann, bob):
        await client_as(person).post("/api/web/posts", json={"title": "Bread", "content": "x"}, headers=KEY)
    assert (
        await client_as(bob).patch("/api/auth/me", json={"name": "B"}, headers={"Idempotency-Key": "b"})
    ).is_success
    for login in ("dfworx_web", "dfworx_auth", "dfworx_admin"):
        as_eve, as_bob = await inject(login, eve), await inject(login, bob)
        assert await as_eve.fetchval("select count(*) from shared_services.idempotency_keys") == 0
        people = await as_bob.fetch("select distinct user_id from shared_services.idempotency_keys")
        assert [each["user_id"] for each in people] == [bob.user_id]
        assert await as_bob.execute("update shared_services.idempotency_keys set answer = 'x'") == "UPDATE 0"
        for statement in (
            "delete from shared_services.idempotency_keys",
            "update shared_services.idempotency_keys set created_at = now()",
            "update shared_services.idempotency_keys set user_id = app.user_id()",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await as_bob.execute(statement)
        for organization_id, user_id in (
            (bob.organization_id, ann.user_id),
            (eve.organization_id, eve.user_id),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await as_bob.execute(
                    "insert into shared_services.idempotency_keys (organization_id, user_id, key_hash, fingerprint)"
                    " values ($1, $2, sha256('a'), sha256('b'))",
                    *(organization_id, user_id),
                )


async def test_every_write_that_asks_who_is_calling_describes_the_header(client_as: ClientAs) -> None:
    told: set[str] = set()
    silent: set[str] = set()
    for service in ("auth", "web", "admin"):
        document = (await client_as(None).get(f"/api/{service}/openapi.json")).json()
        for methods in document["paths"].values():
            for method, operation in methods.items():
                names = {each["name"] for each in operation.get("parameters", [])}
                if method != "get":
                    (told if "Idempotency-Key" in names else silent).add(operation["operationId"])
                else:
                    assert "Idempotency-Key" not in names
    assert silent == {
        *("register_organization", "begin_session", "refresh_session", "accept_invitation"),
        *("switch_organization", "change_password", "create_realtime_token"),
        *("request_password_reset", "reset_password", "update_members"),
    }
    assert told >= {"create_post", "update_post", "delete_post", "create_comment", "update_me", "end_session"}

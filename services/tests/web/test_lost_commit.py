"""A connection that is lost under its commit: nobody knows whether the write was kept, so nothing that was cached
before it may be shown after it, and nobody is told that nothing was changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from dfworx.auth.app import create_app as create_auth_app
from dfworx.web.app import create_app as create_web_app
from tests.conftest import PASSWORD, ClientAs, MakePerson, Person, TestDatabase
from tests.web.conftest import create


async def _lose_answers_to_commits(database_port: int, stack: AsyncExitStack) -> int:
    """A way to the database that ends when the commit of a write was answered, before its answer is passed on;
    gives the port."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection("127.0.0.1", database_port)
        committing = asyncio.Event()

        async def forth() -> None:
            reading = False
            while data := await reader.read(65536):
                if b"BEGIN" in data:
                    reading = b"READ ONLY" in data
                if b"COMMIT;" in data and not reading:
                    committing.set()
                requests.write(data)

        async def back() -> None:
            while data := await answers.read(65536):
                if committing.is_set():
                    return
                writer.write(data)

        with suppress(OSError):
            await asyncio.wait(
                [asyncio.create_task(forth()), asyncio.create_task(back())], return_when="FIRST_COMPLETED"
            )
        writer.close()
        requests.close()

    server = await stack.enter_async_context(await asyncio.start_server(carry, "127.0.0.1", 0))
    port: int = server.sockets[0].getsockname()[1]
    return port


@pytest.fixture
async def losing(database: TestDatabase, auth_app: FastAPI, web_app: FastAPI) -> AsyncIterator[ClientAs]:
    """Clients of services whose commits are kept and never answered."""
    async with AsyncExitStack() as stack:
        at = urlsplit(database.url("dfworx_web"))
        assert at.port is not None
        port = await _lose_answers_to_commits(at.port, stack)

        def through(role: str) -> SecretStr:
            return SecretStr(database.url(role).replace(f":{at.port}/", f":{port}/"))

        web = create_web_app(database.settings("dfworx_web", database_url=through("dfworx_web")))
        auth = create_auth_app(database.settings("dfworx_auth", database_url=through("dfworx_auth")))
        for app in (web, auth):
            await stack.enter_async_context(app.router.lifespan_context(app))
        web.state.tokens.trust(auth_app.state.keys.jwks())

        def client_as(person: Person | None) -> httpx.AsyncClient:
            assert person is not None

            async def gateway(scope: Any, receive: Any, send: Any) -> None:
                app = web if scope["path"].startswith("/api/web/") else auth
                await app(scope, receive, send)

            headers = {"Authorization": f"Bearer {person.token}"}
            transport = httpx.ASGITransport(gateway, raise_app_exceptions=False)
            return httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=headers)

        yield client_as


def require_unknown(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "nothing was changed" not in answer.json()["detail"]


async def test_what_a_lost_commit_wrote_is_seen_by_the_next_list(
    make_person: MakePerson, client_as: ClientAs, losing: ClientAs
) -> None:
    ann = await make_person(name="Ann", role="admin")
    client = client_as(ann)
    post = await create(client)
    for path in ("/api/web/posts", "/api/web/categories", "/api/auth/users"):
        await client.get(path)
    require_unknown(await losing(ann).post(f"/api/web/posts/{post['post_id']}/publish"))
    require_unknown(await losing(ann).post("/api/web/categories", json={"name": "Bread"}))
    require_unknown(await losing(ann).patch("/api/auth/me", json={"name": "Anna"}))
    require_unknown(await losing(ann).patch("/api/auth/organization", json={"name": "Lumen"}))
    comments = f"/api/web/posts/{post['post_id']}/comments"
    require_unknown(await losing(ann).post(comments, json={"content": "Bread?"}))
    (item,) = (await client.get("/api/web/posts")).json()["items"]
    assert (item["status"], item["author"]["name"]) == ("published", "Anna")
    assert item["comment_count"] == 1
    assert len((await client.get("/api/web/categories")).json()["items"]) == 1
    assert (await client.get("/api/auth/users")).json()["items"][0]["name"] == "Anna"


async def test_who_was_deactivated_by_a_lost_commit_is_out(
    make_person: MakePerson, client_as: ClientAs, losing: ClientAs
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    require_unknown(await losing(ann).patch(f"/api/auth/members/{ben.user_id}", json={"is_active": False}))
    assert (await client_as(ben).get("/api/web/posts")).status_code == 401


async def test_a_password_changed_by_a_lost_commit_ends_all_sessions(
    make_person: MakePerson, client_as: ClientAs, losing: ClientAs
) -> None:
    ann = await make_person()
    body = {"current_password": PASSWORD, "new_password": "another horse battery"}
    require_unknown(await losing(ann).post("/api/auth/password", json=body))
    assert (await client_as(ann).get("/api/web/posts")).status_code == 401
    assert (
        await client_as(None).post("/api/auth/login", json={"email": ann.email, "password": PASSWORD})
    ).status_code == 401


async def test_a_write_with_a_key_that_was_lost_is_not_done_again(
    make_person: MakePerson, client_as: ClientAs, losing: ClientAs
) -> None:
    ann = await make_person()
    body, key = {"title": "Bread", "content": "Flour"}, {"Idempotency-Key": "lost-and-found"}
    require_unknown(await losing(ann).post("/api/web/posts", json=body, headers=key))
    told = await client_as(ann).post("/api/web/posts", json=body, headers=key)
    assert (told.status_code, told.json()["code"]) == (409, "idempotency_answer_lost")
    assert len((await client_as(ann).get("/api/web/posts")).json()["items"]) == 1

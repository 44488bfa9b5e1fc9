"""Two hundred people who say something on one post at the same moment, over as many connections as a service may
have: all of it stands, the post counts it, and nobody is told to try again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from dfworx.web.app import create_app
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, create

PEOPLE = 200


@pytest.fixture
async def wide_web_app(database: TestDatabase, auth_app: FastAPI) -> AsyncIterator[FastAPI]:
    """With most of the connections that the login may have: the fixtures hold the others."""
    app = create_app(database.settings("dfworx_web", database_connections=30))
    app.state.tokens.trust(auth_app.state.keys.jwks())
    async with app.router.lifespan_context(app):
        yield app


async def test_two_hundred_people_comment_on_one_post_at_once(
    make_person: MakePerson, client_as: ClientAs, wide_web_app: FastAPI, owner: asyncpg.Connection
) -> None:
    ann = await make_person(name="Ann", role="admin")
    client = client_as(ann)
    post = await create(client)
    assert (await client.post(f"/api/web/posts/{post['post_id']}/publish")).status_code == 200
    thread = await comment_on(client, post, "Who brings what?")
    people = [await make_person(name=f"Guest {number}") for number in range(PEOPLE)]

    async def say(number: int) -> httpx.Response:
        headers = {"Authorization": f"Bearer {people[number].token}"}
        transport = httpx.ASGITransport(wide_web_app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as talker:
            body = {"content": f"Number {number} for @Ann and @Guest {(number + 1) % PEOPLE}"}
            if number % 2:
                body["parent_id"] = thread["comment_id"]
            return await talker.post(
                f"/api/web/posts/{post['post_id']}/comments", json=body, headers=headers, timeout=60
            )

    answers = await asyncio.gather(*(say(number) for number in range(PEOPLE)))
    assert {answer.status_code for answer in answers} == {201}, [
        a.text for a in answers if a.status_code != 201
    ][:3]
    said = {UUID(answer.json()["comment_id"]) for answer in answers}
    assert len(said) == PEOPLE
    kept = await owner.fetch(
        "select comment_id from app_web.comments where post_id = $1", UUID(post["post_id"])
    )
    assert {row["comment_id"] for row in kept} == said | {UUID(thread["comment_id"])}
    assert (await client.get(f"/api/web/posts/{post['post_id']}")).json()["comment_count"] in (1, PEOPLE + 1)
    assert (
        await owner.fetchval(
            "select comment_count from app_web.posts where post_id = $1", UUID(post["post_id"])
        )
        == PEOPLE + 1
    )
    assert (
        await owner.fetchval("select deadlocks from pg_stat_database where datname = current_database()") == 0
    )

"""Lists narrowed by what anybody may invent: a category's slug, a person's id. What isn't there is answered and kept
nowhere; what is there is kept, also when nothing is in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import LIST, create, publish

EMPTY: dict[str, Any] = {"items": [], "next_cursor": None}


@pytest.mark.parametrize("status", [None, "published", "draft", "archived", "trashed"])
async def test_invented_categories_and_authors_fill_no_memory(
    make_person: MakePerson, client_as: ClientAs, redis: Redis, web_app: FastAPI, status: str | None
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    await publish(client_as(ann))
    await create(client_as(eve))
    asked: dict[str, Any] = {"status": status} if status else {}
    assert (await client_as(ann).get(LIST, params=asked)).status_code == 200
    before, kept = await redis.dbsize(), web_app.state.cache._kept_bytes
    for invented in (
        {"category": "none"},
        {"author": str(uuid4())},
        {"author": str(eve.user_id)},
        {"category": "none", "author": str(ann.user_id)},
    ):
        for _ in range(2):
            answer = await client_as(ann).get(LIST, params={**asked, **invented})
            assert (answer.status_code, answer.json()) == (200, EMPTY)
    assert await redis.dbsize() == before
    assert web_app.state.cache._kept_bytes <= kept


async def test_what_is_there_is_kept_when_nothing_is_in_it(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    client = client_as(ann)
    made = await client_as(moderator).post("/api/web/categories", json={"name": "Quiet"})
    assert made.status_code == 201
    cache = web_app.state.cache
    for query in ({"category": "quiet"}, {"author": str(ann.user_id)}, {"author": str(moderator.user_id)}):
        assert (await client.get(LIST, params=query)).json() == EMPTY
        cache.forget(ann.organization_id)
        misses, hits = cache.tally.misses, cache.tally.hits
        assert (await client.get(LIST, params=query)).json() == EMPTY
        assert (cache.tally.misses, cache.tally.hits) == (misses, hits + 2), query


async def test_a_category_that_comes_into_being_is_there_with_the_next_request(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    moderator = client_as(await make_person(role="moderator"))
    assert (await moderator.get(LIST, params={"category": "news"})).json() == EMPTY
    await moderator.post("/api/web/categories", json={"name": "News"})
    post = await publish(moderator, category="news")
    [item] = (await moderator.get(LIST, params={"category": "news"})).json()["items"]
    assert item["post_id"] == post["post_id"]

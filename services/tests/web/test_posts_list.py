"""The list of posts: what it holds for whom, how it pages, and that its cache is never wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.shared.pages import encode_place
from dfworx.web.app import create_app
from tests.conftest import ClientAs, MakePerson, Person, TestDatabase

LIST = "/api/web/posts"
DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)


async def insert(
    owner: asyncpg.Connection, person: Person, slug: str, *, hour: int, status: str = "published", **more: Any
) -> UUID:
    at = DAY_ONE + timedelta(hours=hour)
    post_id: UUID = await owner.fetchval(
        """
        insert into app_web.posts (organization_id, user_id, title, slug, content, status, visibility, created_at,
                                   published_at)
        values ($1, $2, $3, $3, 'Words.', $4, $5, $6, $7) returning post_id
        """,
        *(person.organization_id, person.user_id, slug, status, more.get("visibility", "organization"), at),
        None if status == "draft" else at,
    )
    return post_id


async def slugs(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


async def all_pages(client: httpx.AsyncClient, **query: Any) -> AsyncIterator[list[str]]:
    cursor: str | None = None
    while True:
        answer = await client.get(LIST, params={**query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield [item["slug"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return


async def test_the_list_has_what_is_published_and_own_drafts_newest_first(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person()
    await insert(owner, ann, "old", hour=1)
    await insert(owner, bob, "new", hour=9)
    await insert(owner, ann, "draft", hour=5, status="draft")
    await insert(owner, ann, "private", hour=3, visibility="author")
    await insert(owner, ann, "archived", hour=4, status="archived")
    assert await slugs(client_as(ann)) == ["new", "draft", "private", "old"]
    assert await slugs(client_as(bob)) == ["new", "old"]
    assert await slugs(client_as(ann), status="published") == ["new", "private", "old"]
    assert await slugs(client_as(ann), status="draft") == ["draft"]
    assert await slugs(client_as(bob), status="draft") == []
    assert await slugs(client_as(ann), status="archived") == ["archived"]
    assert await slugs(client_as(bob), status="archived") == []
    assert await slugs(client_as(await make_person(role="moderator")), status="archived") == ["archived"]
    assert await slugs(client_as(ann), author=str(ann.user_id)) == ["draft", "private", "old"]
    assert await slugs(client_as(bob), author=str(ann.user_id)) == ["old"]
    [item] = (await client_as(bob).get(LIST, params={"author": str(ann.user_id)})).json()["items"]
    assert item["author"] == {"user_id": str(ann.user_id), "name": "Ann", "avatar_url": None}
    assert "content" not in item


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 30])
async def test_pages_give_each_post_once_in_order_with_own_drafts_between(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, limit: int
) -> None:
    ann, bob = await make_person(), await make_person()
    expected: list[tuple[int, str]] = []
    for number in range(13):
        hour = number // 3  # several at one moment: the id decides
        status = "draft" if number in (0, 4, 5, 12) else "published"
        author = ann if number % 2 or status == "draft" else bob
        post_id = await insert(owner, author, f"post-{number}", hour=hour, status=status)
        expected.append((hour, f"{post_id} post-{number}"))
    await insert(owner, bob, "bobs-draft", hour=2, status="draft")
    wanted = [name.split()[1] for _, name in sorted(expected, reverse=True)]
    for _ in range(2):  # filled, then from the cache
        pages = [page async for page in all_pages(client_as(ann), limit=limit)]
        assert [slug for page in pages for slug in page] == wanted
        assert all(len(page) == limit for page in pages[:-1])
        assert pages[-1]


async def test_filters_narrow_by_category(make_person: MakePerson, client_as: ClientAs) -> None:
    admin = await make_person(role="admin")
    client = client_as(admin)
    await client.post("/api/web/categories", json={"name": "Recipes"})
    for title, category in (("Rye", "recipes"), ("Wheat", "recipes"), ("Hours", None)):
        post = {"title": title, "content": "Words.", "category": category}
        post_id = (await client.post(LIST, json=post)).json()["post_id"]
        if title != "Wheat":
            await client.post(f"{LIST}/{post_id}/publish")
    assert await slugs(client, category="recipes") == ["wheat", "rye"]
    assert await slugs(client, category="recipes", status="published") == ["rye"]
    assert await slugs(client, category="unknown") == []
    assert await slugs(client, q="rye", category="recipes") == ["rye"]
    assert await slugs(client, q="hours", category="recipes") == []
    assert await slugs(client, q=" ") == ["hours", "wheat", "rye"]


BAD_QUERIES = [
    {"limit": "0"},
    {"limit": "101"},
    {"limit": "many"},
    {"status": "gone"},
    {"author": "me"},
    {"cursor": "nonsense"},
    {"cursor": "WzEsMl0"},
    {"cursor": "x" * 1001},
    {"q": "x" * 201},
    {"q": "\0"},
    {"q": "gas", "cursor": "WyJhIiwiYiJd"},
    {"category": "\0"},
    {"category": "x" * 101},
]


@pytest.mark.parametrize("query", BAD_QUERIES, ids=str)
async def test_bad_queries_are_refused(
    make_person: MakePerson, client_as: ClientAs, query: dict[str, str]
) -> None:
    answer = await client_as(await make_person()).get(LIST, params=query)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_stranger_gets_no_list_though_it_is_cached(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    await insert(owner, ann, "ours", hour=1)
    assert await slugs(client_as(ann)) == ["ours"]
    assert (await client_as(None).get(LIST)).status_code == 401


async def test_another_organization_never_gets_the_cached_page_nor_moves_by_its_cursor(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    for hour in range(6):
        await insert(owner, ann, f"ours-{hour}", hour=2 * hour)
        await insert(owner, eve, f"theirs-{hour}", hour=2 * hour + 1)
    page = (await client_as(ann).get(LIST, params={"limit": 2})).json()
    assert [item["slug"] for item in page["items"]] == ["ours-5", "ours-4"]
    assert await slugs(client_as(eve), limit=2) == ["theirs-5", "theirs-4"]
    # A cursor is only a place in time: in the other organization it gives that one's own posts.
    assert await slugs(client_as(eve), limit=2, cursor=page["next_cursor"]) == ["theirs-3", "theirs-2"]
    assert await slugs(client_as(eve), author=str(ann.user_id)) == []
    assert await slugs(client_as(eve), q="ours") == []


async def test_a_write_is_seen_by_the_next_list_of_everybody(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    assert await slugs(bob) == []
    post = (await ann.post(LIST, json={"title": "First", "content": ""})).json()
    where = f"{LIST}/{post['post_id']}"
    assert (await slugs(ann), await slugs(bob)) == (["first"], [])
    await ann.post(f"{where}/publish")
    assert await slugs(bob) == ["first"]
    await ann.patch(where, json={"slug": "second"}, headers={"If-Match": "*"})
    assert (await slugs(bob), (await bob.get(where)).json()["slug"]) == (["second"], "second")
    assert (await bob.get(f"{LIST}/by-slug/first")).status_code == 308
    await ann.post(f"{where}/archive")
    assert (await slugs(bob), (await bob.get(where)).status_code) == ([], 404)
    await ann.post(f"{where}/publish")
    assert (await slugs(bob), (await bob.get(where)).status_code) == (["second"], 200)
    await ann.delete(where)
    assert (await slugs(bob), (await bob.get(where)).status_code) == ([], 404)


async def test_what_is_published_is_one_cache_entry_for_all_members(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, redis: Redis, web_app: FastAPI
) -> None:
    ann, bob = await make_person(), await make_person()
    await insert(owner, ann, "ours", hour=1)
    for person in (ann, bob):
        assert await slugs(client_as(person)) == ["ours"]
    keys = [key.decode() async for key in redis.scan_iter(match="app_web.posts:*")]
    assert len([key for key in keys if '"published"' in key]) == 1
    assert all(str(ann.organization_id) in key for key in keys)
    assert [key for key in keys if not 0 < await redis.ttl(key) <= 300] == []
    # The list comes from there: what the back office changes behind it shows when it is forgotten.
    await owner.execute("update app_web.posts set slug = 'changed'")
    assert await slugs(client_as(bob)) == ["ours"]
    await redis.flushall()
    web_app.state.cache.forget(ann.organization_id)  # what the process itself keeps for a moment
    assert (await client_as(bob).get(LIST)).status_code == 401  # the sessions lived there as well


async def test_a_list_that_has_not_changed_is_304(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    first = await client.get(LIST)
    assert first.headers["cache-control"] == "private, no-cache"
    tag = first.headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await client.get(LIST, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await client.post(LIST, json={"title": "New", "content": ""})
    changed = await client.get(LIST, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


@pytest.fixture
async def without_redis(
    database: TestDatabase, web_app: FastAPI, client_as: ClientAs
) -> AsyncIterator[httpx.AsyncClient]:
    """The web service with nobody listening where Redis should be."""
    app = create_app(database.settings("dfworx_web", redis_url="redis://127.0.0.1:1/0"))
    app.state.tokens = web_app.state.tokens
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:3000") as client,
    ):
        yield client


async def test_without_redis_everything_is_slower_and_right(
    make_person: MakePerson, without_redis: httpx.AsyncClient
) -> None:
    ann, bob = await make_person(), await make_person()
    anns = {"Authorization": f"Bearer {ann.token}"}
    bobs = {"Authorization": f"Bearer {bob.token}"}
    post = (await without_redis.post(LIST, json={"title": "Dawn", "content": ""}, headers=anns)).json()
    where = f"{LIST}/{post['post_id']}"
    assert (await without_redis.get(LIST, headers=bobs)).json()["items"] == []
    assert (await without_redis.post(f"{where}/publish", headers=anns)).status_code == 200
    [item] = (await without_redis.get(LIST, headers=bobs)).json()["items"]
    assert item["slug"] == "dawn"
    assert (await without_redis.get(where, headers=bobs)).json()["status"] == "published"


async def test_without_the_database_cached_lists_still_answer_and_the_rest_is_503(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    database: TestDatabase,
    web_app: FastAPI,
) -> None:
    ann = await make_person()
    post_id = await insert(owner, ann, "ours", hour=1)
    client = client_as(ann)
    assert await slugs(client) == ["ours"]
    assert (await client.get(f"{LIST}/{post_id}")).status_code == 200
    away = create_app(
        database.settings("dfworx_web", database_url="postgresql://dfworx_web:x@127.0.0.1:1/dfworx")
    )
    web_app.state.database = away.state.database
    assert await slugs(client) == ["ours"]
    assert (await client.get(f"{LIST}/{post_id}")).json()["slug"] == "ours"
    for refused in (
        await client.get(LIST, params={"limit": 3}),
        await client.get("/api/web/search", params={"q": "ours"}),
        await client.post(LIST, json={"title": "t", "content": ""}),
        await client.post(f"{LIST}/{post_id}/archive"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert refused.headers["retry-after"]


async def test_a_draft_that_is_saved_costs_the_others_nothing(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, redis: Redis
) -> None:
    ann, bob = await make_person(), await make_person()
    await insert(owner, bob, "theirs", hour=1)
    assert await slugs(client_as(bob)) == ["theirs"]
    before = set(await redis.keys("app_web.posts:*"))
    draft = await client_as(ann).post(LIST, json={"title": "Mine", "content": "Not yet."})
    await client_as(ann).patch(
        f"{LIST}/{draft.json()['post_id']}", json={"content": "Nearly."}, headers={"If-Match": "*"}
    )
    assert await slugs(client_as(ann)) == ["mine", "theirs"]
    assert await slugs(client_as(bob)) == ["theirs"]
    made = set(await redis.keys("app_web.posts:*")) - before
    assert [key for key in made if str(ann.user_id).encode() not in key] == [], "only her own list is new"


async def test_a_moderators_change_of_a_post_shows_in_its_authors_own_list(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    post_id = await insert(owner, ann, "noise", hour=1)
    assert await slugs(client_as(ann), status="published") == ["noise"]
    assert (await client_as(moderator).post(f"{LIST}/{post_id}/archive")).status_code == 200
    assert await slugs(client_as(ann), status="published") == []
    assert await slugs(client_as(ann), status="archived") == ["noise"]


async def test_a_query_string_that_was_validated_once_is_answered_alike_ever_after(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    eve = await make_person(organization="umbra", role="admin")
    for number in range(3):
        await insert(owner, ann, f"ours-{number}", hour=number)
    for query in ({}, {"limit": 2}, {"status": "draft"}, {"author": str(ann.user_id)}, {"category": "none"}):
        first, again = [await client_as(ann).get(LIST, params=query) for _ in range(2)]
        assert (first.status_code, first.content, first.headers["etag"]) == (
            again.status_code,
            again.content,
            again.headers["etag"],
        )
        assert await slugs(client_as(eve), **query) == [], "the wrong organization asks in the same words"
        assert (await client_as(None).get(LIST, params=query)).status_code == 401
    for query in ({"limit": 0}, {"limit": "many"}, {"status": "lost"}, {"cursor": "x"}):
        for _ in range(2):
            assert (await client_as(ann).get(LIST, params=query)).status_code == 422


async def test_a_made_up_place_or_a_long_query_string_fills_no_memory(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, redis: Redis, web_app: FastAPI
) -> None:
    ann = await make_person(name="Ann")
    await insert(owner, ann, "older", hour=1)
    client = client_as(ann)
    before, remembered = await redis.dbsize(), len(web_app.state.lists_asked)
    for second in range(5):
        place = encode_place((DAY_ONE + timedelta(days=1, seconds=second)).isoformat(), str(UUID(int=0)))
        assert await slugs(client, cursor=place) == ["older"]
    assert await redis.dbsize() == before
    await client.get(LIST, params={"limit": 3, "ours": "n" * 1000})
    assert "n" * 1000 not in str(list(web_app.state.lists_asked)[remembered:])


async def test_a_long_tag_takes_no_longer_than_its_length(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    # In quadratic time this would take some minutes.
    answer = await client.get(LIST, headers={"If-None-Match": f"a,{' ' * 200_000}b c"})
    assert answer.status_code == 200

"""What is unread, by the API: posts of others that were published since, each until it is opened or all are marked."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, publish
from tests.web.test_post_readers import share

READS = "/api/web/reads"
UNREAD = "/api/web/posts/unread"


async def reads_of(client: httpx.AsyncClient, *posts: dict[str, Any]) -> dict[str, tuple[bool, int]]:
    """By title."""
    answer = await client.get(READS, params={"post_id": [post["post_id"] for post in posts]})
    assert answer.status_code == 200, answer.text
    titles = {post["post_id"]: post["title"] for post in posts}
    return {
        titles[item["post_id"]]: (item["is_unread"], item["new_comments"]) for item in answer.json()["items"]
    }


async def unread_titles(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get(UNREAD, params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def count(client: httpx.AsyncClient) -> int:
    answer = await client.get(f"{READS}/unread-count")
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["count"]
    return number


async def open_post(client: httpx.AsyncClient, post: dict[str, Any]) -> None:
    answer = await client.put(f"/api/web/posts/{post['post_id']}/read")
    assert answer.status_code == 204, answer.text


async def mark_all(client: httpx.AsyncClient, until: str) -> None:
    answer = await client.post(f"{READS}/all", json={"until": until})
    assert answer.status_code == 204, answer.text


async def test_a_post_of_somebody_else_is_unread_until_it_is_opened(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    reader = client_as(bob)
    one, two = [await publish(client_as(ann), title=title) for title in ("one", "two")]
    mine, draft = await publish(reader, title="mine"), await create(reader, title="draft")
    assert await unread_titles(reader) == ["two", "one"]
    for _ in range(2):
        await open_post(reader, one)
        assert await unread_titles(reader) == ["two"]
        assert await count(reader) == 1
    shown = {"one": (False, 0), "two": (True, 0), "mine": (False, 0), "draft": (False, 0)}
    assert await reads_of(reader, one, two, mine, draft) == shown
    assert await unread_titles(client_as(ann)) == ["mine"], "each has read their own"


async def test_what_was_published_before_somebody_joined_is_read(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person()
    old = await publish(client_as(ann), title="old")
    reader = client_as(await make_person())
    assert await reads_of(reader, old) == {"old": (False, 0)}
    await publish(client_as(ann), title="new")
    assert (await unread_titles(reader), await count(reader)) == (["new"], 1)
    # A comment on what was there before is new all the same.
    await comment_on(client_as(ann), old)
    assert await reads_of(reader, old) == {"old": (False, 1)}


async def test_nothing_stays_unread_for_longer_than_ninety_days(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    reader = client_as(bob)
    posts = [await publish(client_as(ann), title=title) for title in ("past", "opened", "new")]
    await owner.execute("update public.users set created_at = now() - interval '1 year'")
    await owner.execute(
        "update app_web.posts set published_at = now() - interval '91 days' where title <> 'new'"
    )
    assert await unread_titles(reader) == ["new"]
    # Rows that say nothing any more go with the next reading.
    await open_post(reader, posts[1])
    await owner.execute("update app_web.post_reads set read_at = now() - interval '91 days'")
    await open_post(reader, posts[2])
    assert [row["post_id"] for row in await owner.fetch("select post_id::text from app_web.post_reads")] == [
        posts[2]["post_id"]
    ]


async def test_all_are_marked_up_to_what_was_shown(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    reader = client_as(bob)
    one, two, three = [await publish(client_as(ann), title=title) for title in ("one", "two", "three")]
    await open_post(reader, one)
    await mark_all(reader, two["published_at"])
    assert await unread_titles(reader) == ["three"]
    assert await owner.fetchval("select count(*) from app_web.post_reads") == 1, "it was opened after that"
    # The mark moves forward alone, and not into what is still to come.
    await mark_all(reader, "0001-01-02T00:00:00Z")
    assert await unread_titles(reader) == ["three"]
    await mark_all(reader, "9999-12-30T00:00:00Z")
    assert (await unread_titles(reader), await count(reader)) == ([], 0)
    assert await owner.fetchval("select count(*) from app_web.post_reads") == 0
    await publish(client_as(ann), title="four")
    assert await unread_titles(reader) == ["four"]
    assert await reads_of(reader, one, three) == {"one": (False, 0), "three": (False, 0)}


async def test_comments_of_others_are_new_since_a_post_was_open(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    reader, author = client_as(bob), client_as(ann)
    post = await publish(author, title="post")
    await comment_on(author, post)
    assert await reads_of(reader, post) == {"post": (True, 0)}, "all of it is new"
    await open_post(reader, post)
    assert await reads_of(reader, post) == {"post": (False, 0)}
    await comment_on(reader, post)
    removed = await comment_on(author, post)
    for _ in range(2):
        await comment_on(author, post, parent_id=removed["comment_id"])
    await author.delete(f"/api/web/comments/{removed['comment_id']}")
    assert await reads_of(reader, post) == {"post": (False, 2)}
    assert await reads_of(author, post) == {"post": (False, 1)}
    # What is marked is what was counted, comments included.
    counted = (await reader.get(f"{READS}/unread-count")).json()
    await comment_on(author, post)
    await mark_all(reader, counted["until"])
    assert await reads_of(reader, post) == {"post": (False, 1)}


async def test_pages_of_the_unread_neither_repeat_nor_skip_and_can_be_narrowed(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob, cleo = [await make_person(role="admin") for _ in range(3)]
    reader = client_as(bob)
    for category in ({"name": "News"}, {"name": "Local", "parent": "news"}):
        assert (await client_as(ann).post("/api/web/categories", json=category)).status_code == 201
    for number in range(5):
        await publish(client_as(ann), title=f"Ann {number}", category="local" if number == 3 else None)
    await publish(client_as(cleo), title="Cleo", category="news")
    seen, cursor = [], None
    while True:
        answer = (
            await reader.get(UNREAD, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [item["title"] for item in answer["items"]]
        if (cursor := answer["next_cursor"]) is None:
            break
    assert seen == ["Cleo", *(f"Ann {number}" for number in range(4, -1, -1))]
    assert await unread_titles(reader, category="news") == ["Cleo", "Ann 3"]
    assert await unread_titles(reader, author=str(cleo.user_id)) == ["Cleo"]
    assert await unread_titles(reader, author=str(ann.user_id), category="news") == ["Ann 3"]
    assert await unread_titles(reader, category="none") == []


async def test_the_count_ends_at_a_hundred(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    await publish(client_as(ann))
    await owner.execute(
        "insert into app_web.posts (organization_id, user_id, title, slug, content, status, published_at)"
        " select organization_id, user_id, title, 'post-' || n, content, status, now()"
        "   from app_web.posts, generate_series(1, 120) as n"
    )
    assert await count(client_as(bob)) == 100


async def test_a_post_for_named_people_is_unread_for_them_alone(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, ben, cleo = [await make_person() for _ in range(3)]
    post = await create(client_as(ann), title="shared")
    connection = await share(inject, ann, post, ben)
    for client, titles in ((client_as(ben), ["shared"]), (client_as(cleo), []), (client_as(ann), [])):
        assert (await unread_titles(client), await count(client)) == (titles, len(titles))
    assert await reads_of(client_as(cleo), post) == {}
    await open_post(client_as(ben), post)
    assert await unread_titles(client_as(ben)) == []
    await connection.execute("delete from app_web.post_readers")
    assert await reads_of(client_as(ben), post) == {}


@pytest.mark.parametrize("how", ["archive", "trash"])
async def test_what_is_no_longer_listed_is_no_longer_unread(
    make_person: MakePerson, client_as: ClientAs, how: str
) -> None:
    ann, bob = await make_person(), await make_person(role="moderator")
    reader, author = client_as(bob), client_as(ann)
    post = await publish(author, title="post")
    where = f"/api/web/posts/{post['post_id']}"
    await (author.delete(where) if how == "trash" else author.post(f"{where}/archive"))
    assert (await unread_titles(reader), await count(reader)) == ([], 0)
    assert await reads_of(reader, post) == {"post": (False, 0)}, "a moderator still sees it"
    await author.post(f"{where}/restore" if how == "trash" else f"{where}/publish")
    assert await unread_titles(reader) == ["post"], "where it was, and as unread as it was"


async def test_twenty_readings_at_once_and_a_mark_are_one_and_none_fails(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    reader = client_as(bob)
    posts = [await publish(client_as(ann), title=f"Number {number}") for number in range(4)]
    for post in posts:
        await open_post(reader, post)
    await owner.execute("update app_web.post_reads set read_at = now() - interval '91 days'")
    marks = (mark_all(reader, posts[1]["published_at"]) for _ in range(5))
    await asyncio.gather(*(open_post(reader, post) for post in posts for _ in range(5)), *marks)
    assert (await unread_titles(reader), await count(reader)) == ([], 0)
    assert await owner.fetchval("select count(*) from app_web.post_reads") == 4


async def test_a_stranger_reads_and_marks_nothing(make_person: MakePerson, client_as: ClientAs) -> None:
    post = await publish(client_as(await make_person()))
    stranger = client_as(None)
    answers = [
        await stranger.get(READS, params={"post_id": post["post_id"]}),
        await stranger.get(f"{READS}/unread-count"),
        await stranger.get(UNREAD),
        await stranger.put(f"/api/web/posts/{post['post_id']}/read"),
        await stranger.post(f"{READS}/all", json={"until": post["published_at"]}),
    ]
    assert {answer.status_code for answer in answers} == {401}


async def test_bad_input_is_refused_with_a_sentence(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    answers = [
        await client.get(READS),
        await client.get(READS, params={"post_id": "none"}),
        await client.get(READS, params={"post_id": [str(uuid4()) for _ in range(101)]}),
        await client.get(UNREAD, params={"cursor": "none"}),
        await client.get(UNREAD, params={"author": "me"}),
        await client.post(f"{READS}/all", json={}),
        await client.post(f"{READS}/all", json={"until": "2026-01-01T00:00:00"}),
        await client.put("/api/web/posts/none/read"),
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert all(answer.json()["detail"] for answer in answers)
    assert (await client.put(f"/api/web/posts/{uuid4()}/read")).status_code == 404

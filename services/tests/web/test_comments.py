"""Writing, reading, changing, removing and resolving comments."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, create, list_comments, publish


async def test_a_comment_is_written_read_changed_and_deleted(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person(name="Bob")
    post = await publish(client_as(ann))
    client = client_as(bob)
    answer = await client.post(
        f"/api/web/posts/{post['post_id']}/comments", json={"content": "How *long* does it rest?"}
    )
    assert answer.status_code == 201
    comment = answer.json()
    where = f"/api/web/comments/{comment['comment_id']}"
    assert answer.headers["location"] == where
    assert answer.headers["etag"] == '"1"'
    assert comment == {
        "comment_id": comment["comment_id"],
        "post_id": post["post_id"],
        "parent_id": None,
        "author": {"user_id": str(bob.user_id), "name": "Bob", "avatar_url": None},
        "content": "How *long* does it rest?",
        "removed": False,
        "mentions": [],
        "version": 1,
        "resolved_at": None,
        "created_at": comment["created_at"],
        "updated_at": comment["created_at"],
    }
    read = await client_as(ann).get(where)
    assert (read.json(), read.headers["etag"]) == (comment, '"1"')

    changed = await client.patch(where, json={"content": "How long?"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"2"'
    assert changed.json()["content"] == "How long?"
    assert changed.json()["updated_at"] > comment["updated_at"]
    assert await list_comments(client, post) == [changed.json()]

    assert (await client.delete(where)).status_code == 204
    assert (await client.get(where)).status_code == 404
    assert (await client.delete(where)).status_code == 404
    assert await list_comments(client, post) == []


async def test_comments_are_listed_in_the_order_of_time_page_by_page(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    written = [await comment_on(client, post, f"Number {number}") for number in range(5)]
    written.append(await comment_on(client, post, "To the second", parent_id=written[1]["comment_id"]))
    seen: list[Any] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        answer = await client.get(f"/api/web/posts/{post['post_id']}/comments", params=query)
        seen += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            break
        query["cursor"] = answer.json()["next_cursor"]
    assert seen == written
    assert len(seen) == 6


async def test_the_same_list_is_not_sent_twice(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    address = f"/api/web/posts/{post['post_id']}/comments"
    tag = {"If-None-Match": (await client.get(address)).headers["etag"]}
    assert (await client.get(address, headers=tag)).status_code == 304
    await comment_on(client, post)
    assert (await client.get(address, headers=tag)).status_code == 200


async def test_the_post_counts_its_comments(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = await make_person()
    client = client_as(ann)
    post = await create(client)
    first = await comment_on(client, post)
    await comment_on(client, post)
    where = f"/api/web/posts/{post['post_id']}"
    assert (await client.get(where)).json()["comment_count"] == 2
    assert (await client.get("/api/web/posts")).json()["items"][0]["comment_count"] == 2
    await client.delete(f"/api/web/comments/{first['comment_id']}")
    counted = await client.get(where)
    assert counted.json()["comment_count"] == 1
    assert counted.json()["version"] == post["version"], "what others say is no change of the post"


async def test_a_first_comment_shows_in_the_lists_at_once(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    assert (await client.get("/api/web/posts")).json()["items"][0]["comment_count"] == 0
    await comment_on(client, post)
    assert (await client.get("/api/web/posts")).json()["items"][0]["comment_count"] == 1


async def test_what_was_answered_stays_without_its_words_until_the_last_answer_goes(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person()
    client, other = client_as(ann), client_as(bob)
    post = await publish(client)
    root = await comment_on(client, post, "Ask @Ann")
    inner = await comment_on(other, post, "An answer", parent_id=root["comment_id"])
    leaf = await comment_on(client, post, "And one to it", parent_id=inner["comment_id"])

    assert (await client.delete(f"/api/web/comments/{root['comment_id']}")).status_code == 204
    assert (await other.delete(f"/api/web/comments/{inner['comment_id']}")).status_code == 204
    tombstones = await list_comments(client, post)
    assert [item["comment_id"] for item in tombstones] == [each["comment_id"] for each in (root, inner, leaf)]
    for item in tombstones[:2]:
        assert (item["content"], item["removed"], item["mentions"]) == (None, True, [])
    assert tombstones[2] == leaf

    where = f"/api/web/comments/{root['comment_id']}"
    again = await client.patch(where, json={"content": "Back"}, headers={"If-Match": "*"})
    assert again.status_code == 404
    assert (await client.delete(where)).status_code == 404
    late = await other.post(
        f"/api/web/posts/{post['post_id']}/comments", json={"content": "?", "parent_id": root["comment_id"]}
    )
    assert (late.status_code, late.json()["code"]) == (409, "comment_removed")

    assert (await client.delete(f"/api/web/comments/{leaf['comment_id']}")).status_code == 204
    assert await list_comments(client, post) == []


async def test_a_post_goes_with_all_its_comments(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    comment = await comment_on(client, post)
    await comment_on(client, post, parent_id=comment["comment_id"])
    await client.delete(f"/api/web/comments/{comment['comment_id']}")
    for there in (200, 404):  # with it into the trash, and away for good
        assert (await client.delete(f"/api/web/posts/{post['post_id']}")).status_code == 204
        assert (await client.get(f"/api/web/comments/{comment['comment_id']}")).status_code == there


async def test_a_thread_is_resolved_and_opened_again(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    root = await comment_on(client, post)
    answer = await comment_on(client, post, parent_id=root["comment_id"])
    where = f"/api/web/comments/{root['comment_id']}"
    early = await client.post(f"{where}/unresolve")
    assert (early.status_code, early.json()["code"]) == (409, "thread_not_resolved")
    resolved = await client.post(f"{where}/resolve")
    assert resolved.status_code == 200
    assert resolved.json() == {**root, "resolved_at": resolved.json()["resolved_at"]}
    assert resolved.json()["resolved_at"] is not None
    twice = await client.post(f"{where}/resolve")
    assert (twice.status_code, twice.json()["code"]) == (409, "thread_already_resolved")
    assert (await client.post(f"{where}/unresolve")).json() == root
    inner = await client.post(f"/api/web/comments/{answer['comment_id']}/resolve")
    assert (inner.status_code, inner.json()["code"]) == (409, "not_a_thread")


async def test_an_archived_post_is_read_and_no_longer_discussed(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    comment = await comment_on(client, post)
    await client.post(f"/api/web/posts/{post['post_id']}/archive")
    assert await list_comments(client, post) == [comment]
    answer = await client.post(f"/api/web/posts/{post['post_id']}/comments", json={"content": "Late"})
    assert (answer.status_code, answer.json()["code"]) == (409, "post_archived")
    assert (await client.delete(f"/api/web/comments/{comment['comment_id']}")).status_code == 204


BAD_COMMENTS: list[Any] = [
    {},
    {"content": ""},
    {"content": " \n\t"},
    {"content": None},
    {"content": 3},
    {"content": "x" * 20_001},
    {"content": "a\0b"},
    {"content": "\ud800"},
    {"content": "x", "parent_id": "y"},
    {"content": "x", "user_id": "00000000-0000-4000-8000-000000000001"},
    {"content": "x", "version": 2},
    {"content": "x", "resolved_at": "2026-01-01T00:00:00Z"},
    [],
    "x",
]


@pytest.mark.parametrize("bad", BAD_COMMENTS, ids=lambda bad: ascii(bad)[:40])
async def test_bad_comments_are_refused_with_a_sentence(
    make_person: MakePerson, client_as: ClientAs, bad: Any
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    # By hand: httpx can't write what JSON can say and UTF-8 can't.
    sent: dict[str, Any] = {
        "content": json.dumps(bad),
        "headers": {"Content-Type": "application/json", "If-Match": "*"},
    }
    answer = await client.post(f"/api/web/posts/{post['post_id']}/comments", **sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) < 400
    comment = await comment_on(client, post)
    where = f"/api/web/comments/{comment['comment_id']}"
    if isinstance(bad, dict) and bad.get("content") != "x":
        assert (await client.patch(where, **sent)).status_code == 422
    assert await list_comments(client, post) == [comment]


async def test_the_longest_comment_fits_in_any_script(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    comment = await comment_on(client, post, "語" * 20_000)
    assert comment["content"] == "語" * 20_000


async def test_an_answer_to_what_is_not_under_the_post_is_refused(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post, other = await publish(client), await publish(client)
    elsewhere = await comment_on(client, other)
    for parent_id in (elsewhere["comment_id"], str(uuid4())):
        answer = await client.post(
            f"/api/web/posts/{post['post_id']}/comments", json={"content": "x", "parent_id": parent_id}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parent")


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "a" * 1001])
async def test_a_bad_cursor_is_refused(make_person: MakePerson, client_as: ClientAs, cursor: str) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    answer = await client.get(f"/api/web/posts/{post['post_id']}/comments", params={"cursor": cursor})
    assert answer.status_code == 422


async def test_an_edit_names_the_version_that_it_was_made_from(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    comment = await comment_on(client, await publish(client))
    where = f"/api/web/comments/{comment['comment_id']}"
    bare = await client.patch(where, json={"content": "x"})
    assert (bare.status_code, bare.json()["code"]) == (428, "version_required")
    await client.patch(where, json={"content": "Second"}, headers={"If-Match": '"1"'})
    stale = await client.patch(where, json={"content": "Third"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["version"], stale.headers["etag"]) == (412, 2, '"2"')
    gone = await client.delete(where, headers={"If-Match": '"1"'})
    assert gone.status_code == 412
    assert (await client.get(where)).json()["content"] == "Second"

"""Revisions: what a post said, what changed, and the way back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from dfworx.shared.pages import encode_cursor
from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import create, publish


def revisions_of(post: dict[str, Any]) -> str:
    return f"/api/web/posts/{post['post_id']}/revisions"


async def edit(
    client: httpx.AsyncClient, post: dict[str, Any], content: str, **fields: Any
) -> dict[str, Any]:
    answer = await client.patch(
        f"/api/web/posts/{post['post_id']}", json={"content": content, **fields}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    edited: dict[str, Any] = answer.json()
    return edited


async def pass_time(owner: asyncpg.Connection) -> None:
    """What was saved before is older than what one revision gathers."""
    await owner.execute("update app_web.revisions set begun_at = begun_at - interval '6 minutes'")


async def versions(client: httpx.AsyncClient, post: dict[str, Any]) -> list[int]:
    answer = await client.get(revisions_of(post))
    assert answer.status_code == 200, answer.text
    return [item["version"] for item in answer.json()["items"]]


async def test_an_author_looks_back_compares_and_restores(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    person = await make_person(name="Ann")
    ann = client_as(person)
    post = await create(ann, title="Bread", content="Start the dough in the evening.")
    await pass_time(owner)
    await edit(ann, post, "Start the dough in the morning.", title="Rye bread")
    await pass_time(owner)
    await edit(ann, post, "Buy it.")

    listed = (await ann.get(revisions_of(post))).json()
    assert listed["next_cursor"] is None
    assert listed["items"][0] == {
        "version": 3,
        "title": "Rye bread",
        "author": {"user_id": str(person.user_id), "name": "Ann", "avatar_url": None},
        "size": 7,
        "is_current": True,
        "created_at": listed["items"][0]["created_at"],
    }
    assert [(item["version"], item["is_current"]) for item in listed["items"][1:]] == [(2, False), (1, False)]

    second = (await ann.get(f"{revisions_of(post)}/2")).json()
    assert second == {**listed["items"][1], "content": "Start the dough in the morning."}

    changed = (await ann.get(f"{revisions_of(post)}/2/diff")).json()
    assert (changed["version"], changed["against"]) == (2, 1)
    assert changed["content"] == [
        {"op": "equal", "text": "Start the dough in the ", "omitted": 0},
        {"op": "delete", "text": "evening", "omitted": 0},
        {"op": "insert", "text": "morning", "omitted": 0},
        {"op": "equal", "text": ".", "omitted": 0},
    ]
    assert [(part["op"], part["text"]) for part in changed["title"]] == [
        ("delete", "Bread"),
        ("insert", "Rye bread"),
    ]
    first = (await ann.get(f"{revisions_of(post)}/1/diff")).json()
    assert (first["against"], [part["op"] for part in first["content"]]) == (None, ["insert"])
    backwards = (await ann.get(f"{revisions_of(post)}/1/diff", params={"against": 3})).json()
    assert (backwards["version"], backwards["against"]) == (1, 3)

    restored = await ann.post(f"{revisions_of(post)}/1/restore", headers={"If-Match": '"3"'})
    assert (restored.status_code, restored.headers["etag"]) == (200, '"4"')
    assert (restored.json()["version"], restored.json()["content"]) == (4, post["content"])
    now = (await ann.get(f"/api/web/posts/{post['post_id']}")).json()
    assert (now["title"], now["content"], now["excerpt"]) == ("Bread", post["content"], post["excerpt"])
    assert (now["version"], now["slug"]) == (4, post["slug"])
    assert await versions(ann, post) == [4, 3, 2, 1]


async def test_a_restore_needs_the_version_that_was_seen_and_something_to_change(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person())
    post = await publish(ann, content="Old")
    await edit(ann, post, "New")
    where = f"{revisions_of(post)}/1/restore"
    assert (await ann.post(where)).status_code == 428
    assert (await ann.post(where, headers={"If-Match": '"2"'})).status_code == 412
    same = await ann.post(f"{revisions_of(post)}/3/restore", headers={"If-Match": "*"})
    assert (same.status_code, same.json()["code"]) == (409, "revision_is_current")
    assert (await ann.post(f"{revisions_of(post)}/9/restore", headers={"If-Match": "*"})).status_code == 404
    answers = await asyncio.gather(*(ann.post(where, headers={"If-Match": '"3"'}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    await ann.delete(f"/api/web/posts/{post['post_id']}")
    trashed = await ann.post(f"{revisions_of(post)}/3/restore", headers={"If-Match": "*"})
    assert (trashed.status_code, trashed.json()["code"]) == (409, "post_trashed")


async def test_a_restore_is_seen_in_lists_and_by_search_at_once(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    post = await publish(ann, title="Rye", content="Slow dough")
    await edit(ann, post, "Fast yeast", title="Wheat")
    assert (await bob.get("/api/web/posts")).json()["items"][0]["title"] == "Wheat"
    assert (await bob.get(f"/api/web/posts/{post['post_id']}")).json()["content"] == "Fast yeast"
    await ann.post(f"{revisions_of(post)}/1/restore", headers={"If-Match": "*"})
    (item,) = (await bob.get("/api/web/posts")).json()["items"]
    assert (item["title"], item["excerpt"]) == ("Rye", "Slow dough")
    assert (await bob.get(f"/api/web/posts/{post['post_id']}")).json()["content"] == "Slow dough"
    found = await bob.get("/api/web/search", params={"q": "slow dough"})
    assert len(found.json()["items"]) == 1


async def test_what_one_person_saves_every_few_seconds_is_one_revision(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, moderator = client_as(await make_person()), client_as(await make_person(role="moderator"))
    post = await create(ann, content="0")
    for number in range(1, 6):
        await edit(ann, post, str(number))
    assert await versions(ann, post) == [6]
    await pass_time(owner)
    await edit(ann, post, "later")
    assert await versions(ann, post) == [7, 6]
    # Published as it stands: that stays, whatever follows.
    await ann.post(f"/api/web/posts/{post['post_id']}/publish")
    await edit(ann, post, "after")
    await edit(ann, post, "and after")
    assert await versions(ann, post) == [10, 7, 6]
    # Another person's words are another revision, and so are those that come after them.
    await edit(moderator, post, "theirs")
    await edit(ann, post, "mine again")
    assert await versions(ann, post) == [12, 11, 10, 7, 6]
    # A restore takes no place of what was just written, and a change of anything else makes none.
    await ann.post(f"{revisions_of(post)}/7/restore", headers={"If-Match": "*"})
    await ann.patch(f"/api/web/posts/{post['post_id']}", json={"slug": "other"}, headers={"If-Match": "*"})
    assert await versions(ann, post) == [13, 12, 11, 10, 7, 6]


async def test_the_list_pages(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = client_as(await make_person())
    post = await create(ann)
    for number in range(6):
        await pass_time(owner)
        await edit(ann, post, f"Words {number}")
    whole = (await ann.get(revisions_of(post))).json()["items"]
    assert len(whole) == 7
    for limit in (1, 3, 7):
        items: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": limit}
        while True:
            page = (await ann.get(revisions_of(post), params=query)).json()
            items += page["items"]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert items == whole


async def test_two_texts_of_a_million_characters_are_compared(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = client_as(await make_person())
    lines = [f"Line {number} of many.\n" for number in range(40_000)]
    post = await create(ann, content="".join(lines))
    await pass_time(owner)
    lines[20_000] = "Another line altogether.\n"
    await edit(ann, post, "".join(lines))
    answer = await ann.get(f"{revisions_of(post)}/2/diff")
    assert answer.status_code == 200
    parts = answer.json()["content"]
    assert len(answer.content) < 3000
    assert sum(part["omitted"] for part in parts) > 700_000
    assert "".join(part["text"] for part in parts if part["op"] == "insert").startswith("Another")


CALLS = [("get", ""), ("get", "/1"), ("get", "/1/diff"), ("post", "/1/restore")]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_stranger_gets_nothing(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str
) -> None:
    post = await publish(client_as(await make_person()))
    answer = await client_as(None).request(method, revisions_of(post) + path, headers={"If-Match": "*"})
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_organization_finds_nothing(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str
) -> None:
    post = await publish(client_as(await make_person()))
    eve = client_as(await make_person(organization="umbra", role="admin"))
    answers = [
        await eve.request(method, revisions_of(each) + path, headers={"If-Match": "*"})
        for each in (post, {"post_id": uuid4()})
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


BAD = [
    ("get", "", {"limit": 0}),
    ("get", "", {"cursor": "nonsense"}),
    ("get", "", {"cursor": encode_cursor("1")}),
    ("get", "", {"cursor": encode_cursor(0)}),
    ("get", "", {"cursor": encode_cursor(2**31)}),
    ("get", "/0", {}),
    ("get", "/2147483648", {}),
    ("get", "/first", {}),
    ("get", "/1/diff", {"against": 0}),
    ("get", "/1/diff", {"against": "before"}),
    ("get", "/-1/diff", {}),
    ("post", "/0/restore", {}),
]


@pytest.mark.parametrize(("method", "path", "query"), BAD, ids=lambda case: str(case)[:50])
async def test_bad_input_is_refused(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, query: dict[str, Any]
) -> None:
    ann = client_as(await make_person())
    post = await publish(ann)
    where = revisions_of(post) + path
    answer = await ann.request(method, where, params=query, headers={"If-Match": "*"})
    assert answer.status_code == 422, answer.text
    assert (await ann.get(f"{revisions_of(post)}/1/diff", params={"against": 7})).status_code == 404
    assert (await ann.get(f"{revisions_of(post)}/7/diff")).status_code == 404

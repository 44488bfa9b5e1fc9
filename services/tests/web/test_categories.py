"""Categories: everybody reads them, moderators keep them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from dfworx.shared.pages import encode_cursor
from tests.conftest import ClientAs, MakePerson

CATEGORIES = "/api/web/categories"


async def create(client: httpx.AsyncClient, name: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post(CATEGORIES, json={"name": name, **fields})
    assert answer.status_code == 201, answer.text
    category: dict[str, Any] = answer.json()
    return category


async def listed(client: httpx.AsyncClient) -> list[tuple[str, str | None]]:
    answer = await client.get(CATEGORIES)
    assert answer.json()["next_cursor"] is None
    return [(item["slug"], item["parent"]) for item in answer.json()["items"]]


async def test_a_moderator_keeps_categories_and_everybody_reads_them(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    moderator, guest = (
        client_as(await make_person(role="moderator")),
        client_as(await make_person(role="guest")),
    )
    assert await listed(guest) == []
    breads = await create(moderator, "Breads", position=2)
    assert breads == {
        "category_id": breads["category_id"],
        "name": "Breads",
        "slug": "breads",
        "description": "",
        "parent": None,
        "path": ["breads"],
        "depth": 1,
        "position": 2,
        "created_at": breads["created_at"],
        "updated_at": breads["created_at"],
    }
    rye = await create(moderator, "Rye", parent="breads", description="Dark ones", position=3)
    await create(moderator, "Éclairs & more", slug="sweets", position=1)
    assert await listed(guest) == [("sweets", None), ("breads", None), ("rye", "breads")]

    where = f"{CATEGORIES}/{rye['category_id']}"
    changed = await moderator.patch(where, json={"name": "Rye breads", "position": 0})
    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["slug"]) == ("Rye breads", "rye")
    assert (changed.json()["description"], changed.json()["parent"]) == ("Dark ones", "breads")
    moved = await moderator.patch(where, json={"parent": None, "slug": "dark"})
    assert moved.json()["parent"] is None
    assert await listed(guest) == [("dark", None), ("sweets", None), ("breads", None)]
    assert (await moderator.patch(where, json={})).json()["slug"] == "dark"


async def test_deleting_keeps_posts_and_lifts_what_stood_under_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person(role="admin"))
    await create(client, "Breads")
    rye = await create(client, "Rye", parent="breads")
    await create(client, "Sourdough", parent="rye")
    post = {"title": "Starter", "content": "Flour, water.", "category": "rye"}
    written = (await client.post("/api/web/posts", json=post)).json()
    await client.post(f"/api/web/posts/{written['post_id']}/publish")
    [item] = (await client.get("/api/web/posts")).json()["items"]
    assert item["category"] == "rye"
    # A post in a list carries its category's slug: the cached list goes with it.
    await client.patch(f"{CATEGORIES}/{rye['category_id']}", json={"slug": "dark"})
    [item] = (await client.get("/api/web/posts")).json()["items"]
    assert item["category"] == "dark"
    assert (await client.delete(f"{CATEGORIES}/{rye['category_id']}")).status_code == 204
    assert await listed(client) == [("breads", None), ("sourdough", "breads")]
    [item] = (await client.get("/api/web/posts")).json()["items"]
    assert (item["post_id"], item["category"]) == (written["post_id"], None)
    assert (await client.delete(f"{CATEGORIES}/{rye['category_id']}")).status_code == 404


@pytest.mark.parametrize("role", ["member", "guest"])
async def test_members_change_nothing(make_person: MakePerson, client_as: ClientAs, role: str) -> None:
    moderator, member = (
        client_as(await make_person(role="moderator")),
        client_as(await make_person(role=role)),
    )
    where = f"{CATEGORIES}/{(await create(moderator, 'Breads'))['category_id']}"
    for answer in (
        await member.post(CATEGORIES, json={"name": "Mine"}),
        await member.patch(where, json={"name": "Mine"}),
        await member.delete(where),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (await member.delete(f"{CATEGORIES}/{uuid4()}")).status_code == 404
    assert await listed(member) == [("breads", None)]


CALLS = [("get", ""), ("post", ""), ("patch", "/{category_id}"), ("delete", "/{category_id}")]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_stranger_gets_nothing(client_as: ClientAs, method: str, path: str) -> None:
    address = CATEGORIES + path.format(category_id=uuid4())
    assert (await client_as(None).request(method, address, json={"name": "x"})).status_code == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_organization_finds_nothing(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str
) -> None:
    moderator = client_as(await make_person(role="moderator"))
    eve = client_as(await make_person(organization="umbra", role="admin"))
    ours = await create(moderator, "Breads")
    assert await listed(moderator) == [("breads", None)]
    body = {"name": "Breads"} if method in ("post", "patch") else None
    answer = await eve.request(method, CATEGORIES + path.format(**ours), json=body)
    if method == "get":
        assert answer.json() == {"items": [], "next_cursor": None}
    elif method == "post":
        assert answer.json()["slug"] == "breads"  # free there
    else:
        assert answer.status_code == 404
    assert (await moderator.get(CATEGORIES)).json()["items"] == [ours]
    child = await eve.post(CATEGORIES, json={"name": "Child", "parent": "breads"})
    assert (child.status_code == 422) != (method == "post")


BAD = [
    {"name": ""},
    {"name": " "},
    {"name": "x" * 101},
    {"name": "\0"},
    {"name": None},
    {"slug": "Not a slug"},
    {"slug": "x" * 101},
    {"description": "x" * 1001},
    {"description": "\0"},
    {"parent": "nowhere"},
    {"position": -1},
    {"position": "first"},
    {"position": 10**12},
    {"organization_id": "d1f1f7c0-0000-4000-8000-000000000000"},
]


@pytest.mark.parametrize("fields", BAD, ids=lambda fields: str(fields)[:40])
async def test_bad_input_is_refused(
    make_person: MakePerson, client_as: ClientAs, fields: dict[str, Any]
) -> None:
    client = client_as(await make_person(role="moderator"))
    ours = await create(client, "Breads")
    refused = await client.post(CATEGORIES, json={"name": "Rye", **fields})
    assert refused.status_code == 422
    if refused.json()["code"] == "invalid":
        assert [error["field"] for error in refused.json()["errors"]] == list(fields)
    answer = await client.patch(f"{CATEGORIES}/{ours['category_id']}", json=fields)
    assert answer.status_code == 422
    assert (await client.get(CATEGORIES)).json()["items"] == [ours]


async def test_a_name_is_trimmed_before_it_is_measured(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person(role="moderator"))
    assert (await create(client, f"{' ' * 10}{'x' * 100}{' ' * 10}"))["name"] == "x" * 100


async def test_the_list_pages(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person(role="moderator"))
    names = ["Äpfel", "apples", "Pears", "pears", "🍞" * 100, "zest"]
    for number, name in enumerate(names):
        await create(client, name, slug=f"s{number}", position=1 if name == "zest" else 2)
    whole = (await client.get(CATEGORIES)).json()
    assert (len(whole["items"]), whole["items"][0]["name"]) == (6, "zest")
    assert whole["next_cursor"] is None
    for limit in (1, 4, 6, 100):
        items: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": limit}
        while True:
            page = (await client.get(CATEGORIES, params=query)).json()
            assert 1 <= len(page["items"]) <= limit
            items += page["items"]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert items == whole["items"]


async def test_a_page_begins_where_the_last_one_ended_though_one_of_it_is_gone(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person(role="moderator"))
    for name in ("A", "B", "C"):
        await create(client, name)
    first = (await client.get(CATEGORIES, params={"limit": 2})).json()
    await client.delete(f"{CATEGORIES}/{first['items'][0]['category_id']}")
    rest = (await client.get(CATEGORIES, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert ([item["name"] for item in rest["items"]], rest["next_cursor"]) == (["C"], None)


NO_CATEGORY = "d1f1f7c0-0000-4000-8000-000000000000"
BAD_PAGES: list[dict[str, Any]] = [
    {"limit": 0},
    {"limit": 101},
    {"limit": "all"},
    {"cursor": ""},
    {"cursor": "nonsense"},
    {"cursor": "x" * 10_001},
    {"cursor": encode_cursor(5)},
    {"cursor": encode_cursor("1", "a")},
    {"cursor": encode_cursor(1, "a", NO_CATEGORY)},
    {"cursor": encode_cursor("1", "a", NO_CATEGORY, "1")},
    {"cursor": encode_cursor("1", "a\0", NO_CATEGORY)},
    {"cursor": encode_cursor(*("1", "a", NO_CATEGORY) * 21)},
]


@pytest.mark.parametrize("query", BAD_PAGES, ids=lambda query: str(query)[:60])
async def test_bad_pages_are_refused(
    make_person: MakePerson, client_as: ClientAs, query: dict[str, Any]
) -> None:
    answer = await client_as(await make_person()).get(CATEGORIES, params=query)
    assert answer.status_code == 422, answer.text


async def test_a_taken_slug_is_a_conflict(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person(role="moderator"))
    await create(client, "Breads")
    rye = await create(client, "Rye")
    for answer in (
        await client.post(CATEGORIES, json={"name": "breads"}),
        await client.post(CATEGORIES, json={"name": "Other", "slug": "breads"}),
        await client.patch(f"{CATEGORIES}/{rye['category_id']}", json={"slug": "breads"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")


async def test_no_category_stands_under_itself_even_when_two_move_at_once(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person(role="moderator"))
    a, b = await create(client, "A"), await create(client, "B", parent="a")
    for category, parent in ((a, "a"), (a, "b")):
        answer = await client.patch(f"{CATEGORIES}/{category['category_id']}", json={"parent": parent})
        assert (answer.status_code, answer.json()["code"]) == (409, "category_inside_itself")
    await client.patch(f"{CATEGORIES}/{b['category_id']}", json={"parent": None})
    answers = await asyncio.gather(
        client.patch(f"{CATEGORIES}/{a['category_id']}", json={"parent": "b"}),
        client.patch(f"{CATEGORIES}/{b['category_id']}", json={"parent": "a"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_the_list_is_304_until_it_changes(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person(role="moderator"))
    tag = (await client.get(CATEGORIES)).headers["etag"]
    assert (await client.get(CATEGORIES, headers={"If-None-Match": tag})).status_code == 304
    await create(client, "Breads")
    assert (await client.get(CATEGORIES, headers={"If-None-Match": tag})).status_code == 200

"""The tree of categories: its order, its depth, and the posts that a category takes in from below."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import create as write
from tests.web.conftest import publish
from tests.web.test_categories import CATEGORIES, create


async def drawn(client: httpx.AsyncClient) -> list[str]:
    items = (await client.get(CATEGORIES)).json()["items"]
    for item in items:
        assert item["depth"] == len(item["path"]) and item["path"][-1] == item["slug"]
        assert item["parent"] == (item["path"][-2] if item["depth"] > 1 else None)
    return ["/".join(item["path"]) for item in items]


async def chain(client: httpx.AsyncClient, *names: str) -> list[dict[str, Any]]:
    """Categories one under the other."""
    made: list[dict[str, Any]] = []
    for name in names:
        above = {"parent": made[-1]["slug"]} if made else {}
        made.append(await create(client, name, **above))
    return made


async def test_categories_are_told_as_a_tree(make_person: MakePerson, client_as: ClientAs) -> None:
    client, guest = client_as(await make_person(role="moderator")), client_as(await make_person(role="guest"))
    await create(client, "Sweet", position=2)
    await create(client, "Breads", position=1)
    await create(client, "Wheat", parent="breads", position=5)
    rye = await create(client, "Rye", parent="breads", position=5)
    dark = await create(client, "Dark", parent="rye")
    assert (rye["path"], rye["depth"], dark["path"]) == (["breads", "rye"], 2, ["breads", "rye", "dark"])
    assert await drawn(guest) == ["breads", "breads/rye", "breads/rye/dark", "breads/wheat", "sweet"]
    moved = await client.patch(f"{CATEGORIES}/{rye['category_id']}", json={"parent": "sweet", "position": 1})
    assert (moved.json()["path"], moved.json()["depth"]) == (["sweet", "rye"], 2)
    assert await drawn(guest) == ["breads", "breads/wheat", "sweet", "sweet/rye", "sweet/rye/dark"]
    await client.patch(f"{CATEGORIES}/{dark['category_id']}", json={"parent": None, "position": 0})
    assert await drawn(guest) == ["dark", "breads", "breads/wheat", "sweet", "sweet/rye"]
    for limit in (1, 2, 5):
        paths: list[str] = []
        query: dict[str, Any] = {"limit": limit}
        while query is not None:
            page = (await guest.get(CATEGORIES, params=query)).json()
            paths += ["/".join(item["path"]) for item in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert paths == await drawn(guest)


async def test_a_page_of_the_longest_names_at_the_bottom_has_a_cursor_that_is_taken(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person(role="moderator"))
    above: dict[str, Any] = {}
    for number in range(5):
        made = await create(client, "🍞" * 99 + str(number), slug=f"s{number}", **above)
        above = {"parent": made["slug"]}
    await create(client, "zz", position=1)
    first = (await client.get(CATEGORIES, params={"limit": 5})).json()
    rest = await client.get(CATEGORIES, params={"limit": 5, "cursor": first["next_cursor"]})
    assert [item["slug"] for item in rest.json()["items"]] == ["zz"]


async def test_nothing_stands_deeper_than_five(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    person = await make_person(role="moderator")
    client = client_as(person)
    made = await chain(client, "A", "B", "C", "D", "E")
    answer = await client.post(CATEGORIES, json={"name": "F", "parent": "e"})
    assert (answer.status_code, answer.json()["code"]) == (409, "category_too_deep")
    await chain(client, "X", "Y")
    x = next(item for item in (await client.get(CATEGORIES)).json()["items"] if item["slug"] == "x")
    for parent, expected in (("d", 409), ("e", 409), ("c", 200)):
        answer = await client.patch(f"{CATEGORIES}/{x['category_id']}", json={"parent": parent})
        assert answer.status_code == expected
    before = await drawn(client)
    web = await inject("dfworx_web", person)
    for statement in (
        "update app_web.categories c set parent_id = a.category_id from app_web.categories a"
        " where a.slug = 'e' and c.slug = 'a'",
        "update app_web.categories set parent_id = category_id",
        "update app_web.categories c set parent_id = a.category_id from app_web.categories a"
        " where a.slug = 'e' and c.slug = 'x'",
        "insert into app_web.categories (organization_id, name, slug, parent_id)"
        " select organization_id, 'F', 'f', category_id from app_web.categories where slug = 'e'",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await web.execute(statement)
    with pytest.raises(asyncpg.PostgresError):
        await web.execute("select app_web.guard_category()")
    assert await drawn(client) == before
    assert len(made) == 5


async def test_nothing_gets_deeper_by_what_happens_at_once(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    """A child comes under what is being moved: one of the two is refused, or the tree is no deeper than five."""
    client = client_as(await make_person(role="moderator"))
    await chain(client, "A", "B", "C")
    [x, _] = await chain(client, "X", "Y")
    answers = await asyncio.gather(
        client.patch(f"{CATEGORIES}/{x['category_id']}", json={"parent": "c"}),
        *(client.post(CATEGORIES, json={"name": f"Under {n}", "parent": "y"}) for n in range(4)),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert all(
        answer.json()["code"] == "category_too_deep" for answer in answers if answer.status_code == 409
    )
    items = (await client.get(CATEGORIES)).json()["items"]
    assert max(item["depth"] for item in items) <= 5
    made = sum(answer.status_code == 201 for answer in answers)
    assert (answers[0].status_code, made) in {(200, 0), (409, 1), (409, 2), (409, 3), (409, 4)}


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    titles: list[str] = []
    while True:
        answer = await client.get("/api/web/posts", params=query)
        assert answer.status_code == 200, answer.text
        titles += [item["title"] for item in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            return titles
        query["cursor"] = answer.json()["next_cursor"]


async def test_a_category_takes_in_the_posts_below_it(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = client_as(await make_person(role="moderator")), await make_person()
    [_, rye, _] = await chain(ann, "Breads", "Rye", "Dark")
    await create(ann, "Sweet")
    titles = []
    for number, category in enumerate(["breads", "rye", "dark", "sweet", "dark", "breads", "rye"]):
        author = client_as(bob) if number % 2 else ann
        post = await publish(author, title=f"{number} {category}", category=category)
        titles.append(post["title"])
    newest = titles[::-1]
    below = [title for title in newest if "sweet" not in title]
    for limit in (1, 2, 20):
        assert await listed(ann, category="breads", limit=limit) == below
    assert await listed(ann, category="rye") == [title for title in below if "breads" not in title]
    assert await listed(ann, category="dark") == [title for title in below if "dark" in title]
    assert await listed(ann, category="breads", author=str(bob.user_id), limit=1) == ["5 breads", "1 rye"]
    assert await listed(ann, category="nowhere") == []
    # Drafts, the archive and the trash as well.
    kept: dict[str, str] = {}
    for status in ("draft", "archived", "trashed"):
        post = await write(ann, title=status, category="dark")
        kept[status] = post["post_id"]
    await ann.post(f"/api/web/posts/{kept['archived']}/publish")
    await ann.post(f"/api/web/posts/{kept['archived']}/archive")
    await ann.delete(f"/api/web/posts/{kept['trashed']}")
    for status in kept:
        assert await listed(ann, category="breads", status=status, limit=1) == [status]
        assert await listed(ann, category="sweet", status=status) == []
    await ann.delete(f"/api/web/posts/{kept['draft']}")
    # Moved away, the posts go with it: what was kept before is forgotten.
    await ann.patch(f"{CATEGORIES}/{rye['category_id']}", json={"parent": "sweet"})
    assert await listed(ann, category="breads") == ["5 breads", "0 breads"]
    assert len(await listed(ann, category="sweet")) == 5
    # And what stood below a category that is deleted moves up.
    await ann.delete(f"{CATEGORIES}/{rye['category_id']}")
    assert await listed(ann, category="sweet") == ["4 dark", "3 sweet", "2 dark"]


async def test_another_organizations_tree_is_not_walked(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person(role="moderator")
    eve = await make_person(organization="umbra", role="admin")
    await chain(client_as(ann), "Breads", "Rye")
    await chain(client_as(eve), "Breads", "Theirs")
    await publish(client_as(ann), category="rye", title="Ours")
    assert await listed(client_as(eve), category="breads") == []
    assert await drawn(client_as(eve)) == ["breads", "breads/theirs"]
    web = await inject("dfworx_web", eve)
    assert await web.fetchval("select app_web.category_subtree($1, 'breads')", ann.organization_id) is None
    assert len(await web.fetchval("select app_web.category_subtree($1, 'breads')", eve.organization_id)) == 2

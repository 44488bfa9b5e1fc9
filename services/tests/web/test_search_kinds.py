"""One list of posts, comments and people: what comes first, what narrows it, and what shows where it was found."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, create, publish
from tests.web.finding import SEARCH, found, search, written


async def test_posts_comments_and_people_are_one_list_with_the_best_first(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="Ann Baker"))
    await make_person(name="Bakerloo Jones")
    titled = await publish(ann, title="Baker", content="Who bakes.")
    beginning = await publish(ann, title="The bakery", content="Where it is.")
    told = await publish(ann, title="A visit", content="We met the **baker** there. " + "And more. " * 50)
    await comment_on(ann, told, "Was it the baker of `main street`?")
    page = await search(ann, "baker")
    assert [item["kind"] for item in page["items"]] == ["person", "post", "person", "post", "comment", "post"]
    assert page["counts"] == {"post": 3, "comment": 1, "person": 2}
    assert (page["corrected"], page["next_cursor"]) == (None, None)
    person, post, other, second, comment, third = page["items"]
    assert (written(person["name_parts"]), person["role"]) == ("Ann [Baker]", "member")
    assert written(other["name_parts"]) == "[Bakerloo] Jones"
    assert (post["slug"], written(post["title_parts"])) == (titled["slug"], "[Baker]")
    assert (second["slug"], written(second["title_parts"])) == (beginning["slug"], "The [bakery]")
    assert written(third["snippet"]).startswith("We met the [baker] there. And more.")
    assert (comment["post_title"], comment["post_slug"], comment["author"]["name"]) == (
        *("A visit", told["slug"], "Ann Baker"),
    )
    assert written(comment["snippet"]) == "Was it the [baker] of main street?"
    for name in ("content", "metadata", "search"):
        assert all(name not in item for item in page["items"])


async def test_pages_hold_each_thing_once(make_person: MakePerson, client_as: ClientAs) -> None:
    ann = client_as(await make_person(name="Dough Maker"))
    for number in range(4):
        await comment_on(ann, await publish(ann, title=f"Dough {number}"), f"dough says {number}")
    everything = await found(ann, "dough")
    paged: list[str] = []
    query: dict[str, Any] = {"limit": 4}
    for size in (4, 4, 1):
        page = await search(ann, "dough", **query)
        assert len(page["items"]) == size
        paged += await found(ann, "dough", **query)
        query["cursor"] = page["next_cursor"]
    assert (query["cursor"], paged, len(set(everything))) == (None, everything, 9)


async def test_a_search_is_narrowed_by_kind_author_category_status_and_time(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(name="Rye Ann"), await make_person(name="Rye Bob")
    post = await publish(client_as(ann), title="Rye today")
    await comment_on(client_as(bob), post, "rye it is")
    old = await publish(client_as(bob), title="Rye of old")
    await owner.execute(
        "insert into app_web.categories (organization_id, name, slug) values ($1, 'Bread', 'bread')",
        ann.organization_id,
    )
    await owner.execute(
        "insert into app_web.categories (organization_id, parent_id, name, slug)"
        " select organization_id, category_id, 'Dark', 'dark' from app_web.categories where slug = 'bread'"
    )
    await client_as(ann).patch(
        f"/api/web/posts/{post['post_id']}", json={"category": "dark"}, headers={"If-Match": "*"}
    )
    await owner.execute("update app_web.posts set published_at = '2020-01-01Z' where slug = $1", old["slug"])
    await create(client_as(ann), title="Rye draft")
    client = client_as(ann)
    assert set(await found(client, "rye", kind="person")) == {"person Rye Ann", "person Rye Bob"}
    assert await found(client, "rye", kind="comment") == ["comment [rye] it is"]
    assert set(await found(client, "rye", kind="post")) == {
        *("post rye-today", "post rye-of-old", "post rye-draft"),
    }
    assert await found(client, "rye", author=bob.user_id) == ["post rye-of-old", "comment [rye] it is"]
    for category in ("dark", "bread"):  # that it is in, and the one above
        assert await found(client, "rye", category=category) == ["post rye-today", "comment [rye] it is"]
    assert await found(client, "rye", category="none") == []
    assert await found(client, "rye", status="draft") == ["post rye-draft"]
    assert await found(client, "rye", before="2020-01-02") == ["post rye-of-old"]
    assert "post rye-of-old" not in await found(client, "rye", after="2020-01-01T00:00:01+00:00")
    assert await found(client, "rye", after="2020-01-01", before="2020-01-01T02:00:00+01:00") == [
        "post rye-of-old"
    ]


async def test_people_are_found_by_the_beginning_of_a_name_without_accents(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = client_as(await make_person(name="Zoë Müller-Ångström"))
    await make_person(name="毛利 元就")
    gone = await make_person(name="Müller Gone")
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    for typed in ("zoe", "ZOË MULL", "angst", "müller-ång", "mulelr", "zoe mullr"):
        assert await found(ann, typed) == ["person Zoë Müller-Ångström"], typed
    assert await found(ann, "元就") == ["person 毛利 元就"]
    await owner.execute("update public.users set is_active = true where user_id = $1", gone.user_id)
    assert "person Müller Gone" in await found(ann, "muller")


async def test_a_crowd_of_one_name_leaves_room_for_what_was_written(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="Crumb 0"))
    for number in range(1, 8):
        await make_person(name=f"Crumb {number}")
    await publish(ann, title="On crumbs", content="A crumb is a crumb.")
    page = await search(ann, "crumb")
    assert [item["kind"] for item in page["items"]] == ["person"] * 5 + ["post"]
    assert page["counts"]["person"] == 8
    assert len((await search(ann, "crumb", kind="person"))["items"]) == 8


CODE = "Call `get_user_by_id(id)`, then useEffect(() => HTTPServer.start) in C++ or C#; see EIP-1559 and foo.bar.baz."
IDENTIFIERS = [
    ("get_user_by_id", "[get_user_by_id]"), ("user_by", "get_[user_by]_id"), ("useEffect", "[useEffect]"),
    ("useeffect", "[useEffect]"), ("use effect", "[use][Effect]"), ("effect", "use[Effect]"),
    ("httpserver", "[HTTPServer]"), ("server", "HTTP[Server]"), ("C++", "[C++]"), ("c#", "[C#]"),
    ("eip-1559", "[EIP-1559]"), ("1559", "EIP-[1559]"), ("foo.bar", "[foo.bar].baz"),
    ("bar", "foo.[bar].baz"), ("getUserById", "[get_user_by_id]"),
]  # fmt: skip


async def test_identifiers_are_found_as_they_are_and_by_their_parts(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="Ann"))
    post = await publish(ann, title="Notes", content=CODE)
    await comment_on(ann, post, CODE)
    await publish(ann, title="Other notes", content="Cats and dogs of C and D.")
    for typed, shown in IDENTIFIERS:
        page = await search(ann, typed)
        assert {item["kind"] for item in page["items"]} == {"post", "comment"}, typed
        assert page["counts"]["post"] == 1, typed
        for item in page["items"]:
            # Without the marks of words that are found besides, as `use` is in `user`.
            assert shown in written(item["snippet"]) or typed in ("use effect",), (
                typed,
                written(item["snippet"]),
            )


MISTAKES = [
    ("braed ovne", "bread oven"), ("bread ovne", "bread oven"), ("sourdogh", "sourdough"), ("suordouhg", "sourdough"),
    ("хлбе", "хлеб"), ("Braed", "bread"), ("grcae", "grace"), ("crumbs", "crumb"),
]  # fmt: skip
NO_MISTAKES = ["brd", "eip-1558", "get_usre", "useEfect", "天文合", "xyzzyq", "breadknife", "sourdo"]


async def test_a_word_that_nothing_has_is_taken_for_the_nearest_and_the_answer_says_so(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="Grace Hopper"))
    post = await publish(
        ann, title="Sourdough bread", content="The oven. EIP-1559, get_user, useEffect, 天文台. хлеб"
    )
    await comment_on(ann, post, "a crumb")
    for typed, meant in MISTAKES:
        page = await search(ann, typed)
        assert (page["corrected"], len(page["items"])) == (meant, 1), typed
    assert any(part["hit"] for part in (await search(ann, "sourdogh"))["items"][0]["title_parts"])
    for typed in NO_MISTAKES:
        assert (await search(ann, typed))["corrected"] is None, typed
    assert (await search(ann, "sourdo"))["counts"]["post"] == 1
    # What is there is never corrected, also when something else leaves nothing.
    assert (await search(ann, "bread", status="archived"))["corrected"] is None
    assert (await search(ann, "crumbs", kind="post"))["corrected"] is None


BAD: list[dict[str, str]] = [
    {"kind": "file"}, {"author": "me"}, {"after": "yesterday"}, {"before": "2026-13-01"}, {"status": "hidden"},
    {"after": "0001-01-01T00:00:00+14:00"}, {"limit": "101"}, {"cursor": "WzEwMDAxXQ"}, {"category": "\0"},
]  # fmt: skip


@pytest.mark.parametrize("query", BAD, ids=str)
async def test_bad_filters_are_refused(
    make_person: MakePerson, client_as: ClientAs, query: dict[str, str]
) -> None:
    answer = await client_as(await make_person()).get(SEARCH, params={"q": "bread", **query})
    assert answer.status_code == 422
    assert answer.json()["detail"]

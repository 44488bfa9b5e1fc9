"""Writing and reading one post."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson
import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import POST, create, publish


async def test_a_post_begins_as_a_draft_and_is_published_changed_archived_and_deleted(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(name="Ann")
    client = client_as(ann)
    answer = await client.post("/api/web/posts", json={**POST, "metadata": {"mood": "calm"}})
    assert answer.status_code == 201
    post = answer.json()
    where = f"/api/web/posts/{post['post_id']}"
    assert answer.headers["location"] == where
    assert answer.headers["etag"] == '"1"'
    assert post == {
        "post_id": post["post_id"],
        "title": "How we bake",
        "slug": "how-we-bake",
        "excerpt": "Start the dough the evening before.",
        "status": "draft",
        "visibility": "organization",
        "category": None,
        "author": {"user_id": str(ann.user_id), "name": "Ann", "avatar_url": None},
        "comment_count": 0,
        "version": 1,
        "created_at": post["created_at"],
        "updated_at": post["created_at"],
        "published_at": None,
        "publish_at": None,
        "pinned_at": None,
        "trashed_at": None,
        "view_count": 0,
        "readers": None,
        "editors": [],
        "content": POST["content"],
        "metadata": {"mood": "calm"},
    }

    published = (await client.post(f"{where}/publish")).json()
    assert published["status"] == "published"
    assert published["version"] == 2
    assert published["published_at"] is not None

    changed = await client.patch(where, json={"title": "How we bake bread"}, headers={"If-Match": '"2"'})
    assert changed.status_code == 200
    assert changed.headers["etag"] == '"3"'
    assert changed.json()["title"] == "How we bake bread"
    assert changed.json()["content"] == POST["content"]
    assert changed.json()["slug"] == "how-we-bake"

    archived = (await client.post(f"{where}/archive")).json()
    assert archived["status"] == "archived"
    back = (await client.post(f"{where}/publish")).json()
    assert back["published_at"] == published["published_at"]
    assert back["version"] == 5

    assert (await client.delete(where)).status_code == 204
    assert (await client.get(where)).json()["status"] == "trashed"
    assert (await client.delete(where)).status_code == 204
    assert (await client.get(where)).status_code == 404
    assert (await client.delete(where)).status_code == 404


async def test_reading_by_id_and_by_slug_gives_the_same(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann), title="パンの焼き方", slug="パンの焼き方")
    for address in (f"/api/web/posts/{post['post_id']}", "/api/web/posts/by-slug/パンの焼き方"):
        for _ in range(2):
            answer = await client_as(bob).get(address)
            assert answer.json() == post
            assert answer.headers["etag"] == '"2"'


BAD_POSTS: list[dict[str, Any]] = [
    {"title": ""},
    {"title": "   "},
    {"title": "x" * 301},
    {"title": "a\0b"},
    {"title": None},
    {"title": 7},
    {"content": "a\0b"},
    {"content": "x" * 1_000_001},
    {"content": None},
    {"slug": "With Spaces"},
    {"slug": "-edge-"},
    {"slug": "UPPER"},
    {"slug": ""},
    {"slug": "x" * 201},
    {"category": "nowhere"},
    {"category": "\0"},
    {"visibility": "world"},
    {"visibility": None},
    {"visibility": "people", "readers": None},
    {"visibility": "people", "readers": ["me"]},
    {"visibility": "people", "readers": ["00000000-0000-4000-8000-000000000000"] * 101},
    {"metadata": []},
    {"metadata": {"a": "\0"}},
    {"metadata": {"\0": 1}},
    {"metadata": {"a": {"b": ["\0"]}}},
    {"metadata": {"a": "x" * 60_000}},
    {"metadata": {"a": 10**30}},
    {"metadata": {"a": 10**4000}},
    {"status": "published"},
    {"surprise": 1},
]


@pytest.mark.parametrize("fields", BAD_POSTS, ids=lambda fields: str(fields)[:40])
async def test_bad_input_is_refused_and_named(
    make_person: MakePerson, client_as: ClientAs, fields: dict[str, Any]
) -> None:
    client = client_as(await make_person())
    answer = await client.post("/api/web/posts", json={**POST, **fields})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if "category" not in fields:
        assert answer.json()["errors"][0]["field"].split(".")[0] in fields
    post = await create(client)
    where = f"/api/web/posts/{post['post_id']}"
    answer = await client.patch(where, json=fields, headers={"If-Match": '"1"'})
    assert answer.status_code == 422, answer.text
    assert (await client.get(where)).json() == post


@pytest.mark.parametrize("field", ["title", "content", "slug", "category"])
async def test_bad_surrogates_are_refused(make_person: MakePerson, client_as: ClientAs, field: str) -> None:
    body = '{"title": "t", "content": "c"}'.replace("}", f', "{field}": "a\\ud800b"}}')
    answer = await client_as(await make_person()).post(
        "/api/web/posts", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


async def test_bad_surrogates_inside_metadata_are_refused(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    for metadata in ('{"a": "\\udfff"}', '{"\\udfff": 1}', '{"a": [{"b": "\\ud800"}]}', "[" * 300):
        answer = await _post_metadata(client, metadata)
        assert answer.status_code == 422, metadata
        if metadata.startswith("{"):
            assert "half of a surrogate pair" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "[[-1e999]]"])
async def test_numbers_that_json_has_no_word_for_are_refused(
    make_person: MakePerson, client_as: ClientAs, number: str
) -> None:
    answer = await _post_metadata(client_as(await make_person()), f'{{"a": {number}}}')
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "metadata"


async def test_metadata_nested_too_deep_is_refused(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    for depth in (300, 700):
        answer = await _post_metadata(client, '{"a": ' + "[" * depth + "]" * depth + "}")
        assert answer.status_code == 422, depth


async def _post_metadata(client: httpx.AsyncClient, metadata: str) -> httpx.Response:
    body = f'{{"title": "t", "content": "c", "metadata": {metadata}}}'
    return await client.post("/api/web/posts", content=body, headers={"Content-Type": "application/json"})


NO_JSON = {
    "broken": b'{"title": ',
    "no-utf8": b'{"title": "\xff\xfe"}',
    "long-integer": b'{"title": ' + b"7" * 5000 + b"}",
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
async def test_a_body_that_is_no_json_is_refused_in_one_way(
    make_person: MakePerson, client_as: ClientAs, body: bytes
) -> None:
    client = client_as(await make_person())
    answer = await client.post("/api/web/posts", content=body, headers={"Content-Type": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "invalid",
        "detail": "The body isn't JSON. Send what the API's description says.",
        "request_id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "json", ""])
async def test_a_body_that_is_not_said_to_be_json_is_told_how(
    make_person: MakePerson, client_as: ClientAs, kind: str | None
) -> None:
    client = client_as(await make_person())
    headers = {} if kind is None else {"Content-Type": kind}
    for body in (b'{"title": "t", "content": "c"}', b""):
        answer = await client.post("/api/web/posts", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert answer.json()["detail"] == "Send the body as Content-Type: application/json."
    for said in ("application/json; charset=utf-8", "application/merge-patch+json"):
        for sent, status in ((b'{"title": "t", "content": "c"}', 201), (b"[]", 422)):
            answer = await client.post("/api/web/posts", content=sent, headers={"Content-Type": said})
            assert answer.status_code == status, answer.text
            assert "Content-Type" not in answer.text


async def test_bad_addresses_are_refused(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    assert (await client.get("/api/web/posts/not-an-id")).status_code == 422
    assert (await client.get("/api/web/posts/by-slug/" + "x" * 201)).status_code == 422
    assert (await client.get("/api/web/posts/by-slug/%00")).status_code == 422
    assert (await client.get("/api/web/posts/by-slug/unknown")).status_code == 404
    assert (await client.get(f"/api/web/posts/{uuid4()}")).status_code == 404


async def test_titles_and_contents_of_full_length_fit(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    post = await create(client, title="語" * 300, content="Lorem ipsum dolor. " * 52_631)
    assert len(post["title"]) == 300
    assert (await create(client, title=f"{' ' * 10}{'語' * 300}{' ' * 10}"))["title"] == "語" * 300
    assert len(post["slug"]) <= 200
    assert len(post["content"]) > 999_000


async def test_a_change_without_if_match_is_428_and_with_an_old_one_412(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await create(client)
    where = f"/api/web/posts/{post['post_id']}"
    missing = await client.patch(where, json={"title": "x"})
    assert (missing.status_code, missing.json()["code"]) == (428, "version_required")
    await client.patch(where, json={"content": "Knead."}, headers={"If-Match": '"1"'})
    for stale in ('"1"', '"nonsense"', 'W/"1"', '"1", "7"'):
        answer = await client.patch(where, json={"title": "x"}, headers={"If-Match": stale})
        assert answer.status_code == 412
        assert answer.json()["code"] == "stale_version"
        assert answer.json()["version"] == 2
        assert answer.headers["etag"] == '"2"'
    for unclear in ("", " ", ","):
        answer = await client.patch(where, json={"title": "x"}, headers={"If-Match": unclear})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_if_match")
    # What a compressing gateway makes of the tag still names the version.
    for current, version in (('"2-gzip"', 3), ('W/"3"', 4), ('"1", "4"', 5), ("*", 6)):
        answer = await client.patch(where, json={"title": "x"}, headers={"If-Match": current})
        assert answer.status_code == 200, current
        assert answer.json()["version"] == version


@pytest.mark.parametrize(("method", "path"), [("delete", ""), ("post", "/publish"), ("post", "/archive")])
async def test_an_old_version_is_412_wherever_one_is_named(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str
) -> None:
    client = client_as(await make_person())
    post = await create(client)
    where = f"/api/web/posts/{post['post_id']}"
    await client.patch(where, json={"title": "x"}, headers={"If-Match": '"1"'})
    answer = await client.request(method, where + path, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert (await client.request(method, where + path, headers={"If-Match": '"2"'})).is_success


async def test_of_two_changes_of_one_version_only_one_is_made(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    post = await publish(client_as(ann))
    where = f"/api/web/posts/{post['post_id']}"
    answers = await asyncio.gather(
        *(
            client_as(person).patch(where, json={"title": f"By {number}"}, headers={"If-Match": '"2"'})
            for number, person in enumerate([ann, moderator, ann, moderator])
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await client_as(ann).get(where)).json() == won


async def test_nothing_given_changes_nothing(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    post = await create(client)
    answer = await client.patch(f"/api/web/posts/{post['post_id']}", json={}, headers={"If-Match": '"1"'})
    assert answer.json() == post


async def test_publishing_or_archiving_twice_is_a_conflict(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    post = await publish(client)
    where = f"/api/web/posts/{post['post_id']}"
    again = await client.post(f"{where}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "post_already_published")
    await client.post(f"{where}/archive")
    again = await client.post(f"{where}/archive")
    assert (again.status_code, again.json()["code"]) == (409, "post_already_archived")


async def test_publishing_is_noted_for_others_to_hear(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = await make_person()
    post = await publish(client_as(ann))
    assert (await client_as(ann).post(f"/api/web/posts/{post['post_id']}/publish")).status_code == 409
    noted = "select organization_id, entity_id, payload from shared_services.outbox where topic = 'posts.published'"
    [row] = await owner.fetch(noted)
    assert (row["organization_id"], str(row["entity_id"])) == (ann.organization_id, post["post_id"])
    about = {"post_id": post["post_id"], "user_id": str(ann.user_id), "visibility": "organization"}
    assert orjson.loads(row["payload"]) == {**about, "scheduled": False}


async def test_slugs_from_one_title_are_numbered_past_drafts_nobody_else_sees(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    slugs = [(await create(client_as(person)))["slug"] for person in (ann, bob, ann, bob, bob)]
    assert slugs == ["how-we-bake", "how-we-bake-2", "how-we-bake-3", "how-we-bake-4", "how-we-bake-5"]


async def test_posts_of_one_title_created_at_once_get_slugs_of_their_own(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    people = [await make_person() for _ in range(3)]
    posts = await asyncio.gather(*(create(client_as(person)) for person in people for _ in range(3)))
    assert len({post["slug"] for post in posts}) == 9


async def test_a_taken_slug_is_a_conflict(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = await make_person(), await make_person()
    await create(client_as(ann), slug="bread")
    taken = await client_as(bob).post("/api/web/posts", json={**POST, "slug": "bread"})
    assert (taken.status_code, taken.json()["code"]) == (409, "slug_taken")
    post = await create(client_as(bob), slug="rolls")
    moved = await client_as(bob).patch(
        f"/api/web/posts/{post['post_id']}", json={"slug": "bread"}, headers={"If-Match": '"1"'}
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "slug_taken")
    moved = await client_as(bob).patch(
        f"/api/web/posts/{post['post_id']}", json={"slug": "buns"}, headers={"If-Match": '"1"'}
    )
    assert moved.json()["slug"] == "buns"


async def test_a_category_is_given_changed_and_cleared(make_person: MakePerson, client_as: ClientAs) -> None:
    admin = await make_person(role="admin")
    client = client_as(admin)
    await client.post("/api/web/categories", json={"name": "Recipes"})
    post = await create(client, category="recipes")
    assert post["category"] == "recipes"
    where = f"/api/web/posts/{post['post_id']}"
    kept = await client.patch(where, json={"title": "x"}, headers={"If-Match": '"1"'})
    assert kept.json()["category"] == "recipes"
    cleared = await client.patch(where, json={"category": None}, headers={"If-Match": '"2"'})
    assert cleared.json()["category"] is None
    unknown = await client.patch(where, json={"category": "no"}, headers={"If-Match": '"3"'})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_category")


async def test_another_organizations_category_is_unknown(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    admin, eve = await make_person(role="admin"), await make_person(organization="umbra")
    await client_as(admin).post("/api/web/categories", json={"name": "Recipes"})
    answer = await client_as(eve).post("/api/web/posts", json={**POST, "category": "recipes"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_category")


async def test_sql_in_text_stays_text(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    text = "'); drop table app_web.posts; -- \\ $1 %s {0} ${x} <script>alert(1)</script> \u202e 👩‍👩‍👧"
    post = await create(client, title=text, content=text, metadata={text: text})
    assert (post["title"], post["content"], post["metadata"]) == (text, text, {text: text})

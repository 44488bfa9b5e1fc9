"""A post shared with two named people never appears to a third: by no list, page, slug, search, revision, comment or
tag, warm or cold, before, while and after it is shared. Files and notifications have their doors below too: a door is
a line in DOORS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from dfworx.shared.datasets import DATASETS
from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, create, publish

LIST = "/api/web/posts"
SECRET = "quicksilver"


@dataclass(frozen=True)
class Shared:
    """Ann shares her post with Ben and Cleo, and a file beside it."""

    ann: Person
    ben: Person
    cleo: Person
    post: dict[str, Any]
    comment: dict[str, Any]
    file: dict[str, Any]
    old_slug: str

    @property
    def where(self) -> str:
        return f"{LIST}/{self.post['post_id']}"


@pytest.fixture
async def shared(make_person: MakePerson, client_as: ClientAs) -> Shared:
    ann = await make_person(name="Ann")
    ben, cleo = await make_person(name="Ben"), await make_person(name="Cleo", role="guest")
    moderator = await make_person(role="moderator")
    await client_as(moderator).post("/api/web/categories", json={"name": "News"})
    await publish(client_as(ann), title="For everybody", category="news")
    client = client_as(ann)
    draft = await create(
        client,
        title=f"The {SECRET} plan",
        content=f"All about {SECRET}.",
        category="news",
        visibility="people",
        readers=[str(ben.user_id), str(cleo.user_id)],
    )
    where = f"{LIST}/{draft['post_id']}"
    renamed = await client.patch(where, json={"slug": f"{SECRET}-now"}, headers={"If-Match": "*"})
    assert renamed.status_code == 200, renamed.text
    post = (await client.post(f"{where}/publish")).json()
    comment = await comment_on(client_as(ben), post, f"I like {SECRET}")
    told = await client.post(
        "/api/web/files",
        params={"name": f"{SECRET}.txt", "post_id": post["post_id"]},
        content=SECRET.encode(),
        headers={"Content-Type": "text/plain"},
    )
    assert told.status_code == 201, told.text
    return Shared(ann, ben, cleo, post, comment, told.json(), draft["slug"])


# Where a post shows. What names it asks for it; what doesn't is a list that may hold it.
DOORS = [
    LIST,
    f"{LIST}?limit=1",
    f"{LIST}?limit=100",
    f"{LIST}?status=published",
    f"{LIST}?status=draft",
    f"{LIST}?status=archived",
    f"{LIST}?status=trashed",
    f"{LIST}?category=news",
    f"{LIST}?category=news&status=published",
    f"{LIST}?author={{author}}",
    f"{LIST}?author={{author}}&category=news",
    f"{LIST}?author={{author}}&status=published",
    f"{LIST}?q={SECRET}",
    f"{LIST}?q={SECRET}&status=published",
    f"{LIST}?q={SECRET}&status=trashed",
    f"{LIST}?q={SECRET}&author={{author}}",
    f"/api/web/search?q={SECRET}",
    f"{LIST}/pinned",
    f"{LIST}/{{post}}",
    f"{LIST}/by-slug/{{slug}}",
    f"{LIST}/by-slug/{{old_slug}}",
    f"{LIST}/{{post}}/comments",
    "/api/web/comments/{comment}",
    f"{LIST}/{{post}}/files",
    "/api/web/files/{file}",
    f"{LIST}/{{post}}/revisions",
    f"{LIST}/{{post}}/revisions/1",
    f"{LIST}/{{post}}/revisions/2/diff",
    "/api/web/categories",
    "/api/web/notifications",
    "/api/web/notifications?unread=true",
    "/api/web/notifications/unread-count",
    f"{LIST}/{{post}}/mute",
]
WRITES: list[tuple[str, str, Any]] = [
    ("patch", "", {"title": "Mine"}),
    ("patch", "", {"readers": []}),
    ("delete", "", None),
    ("post", "/publish", None),
    ("post", "/archive", None),
    ("post", "/restore", None),
    ("post", "/schedule", {"publish_at": "2027-01-01T00:00:00Z"}),
    ("post", "/unschedule", None),
    ("post", "/pin", None),
    ("post", "/unpin", None),
    ("post", "/comments", {"content": "Let me in"}),
    ("put", "/mute", None),
]


def marks(shared: Shared) -> set[str]:
    """What no answer may hold, for who didn't send it."""
    ids = {shared.post["post_id"], shared.comment["comment_id"], shared.file["file_id"]}
    return {SECRET, *ids, shared.post["updated_at"]}


async def look(client: httpx.AsyncClient, shared: Shared) -> dict[str, httpx.Response]:
    names = {"author": shared.ann.user_id, "post": shared.post["post_id"], "slug": shared.post["slug"]}
    names |= {"old_slug": shared.old_slug, "comment": shared.comment["comment_id"]}
    names |= {"file": shared.file["file_id"]}
    return {door: await client.get(door.format(**names)) for door in DOORS}


async def require_nothing(client: httpx.AsyncClient, shared: Shared) -> None:
    for door, answer in (await look(client, shared)).items():
        assert not [mark for mark in marks(shared) if mark in answer.text + str(answer.headers)], door
        if (
            "{post}" in door
            or "{slug}" in door
            or "{old_slug}" in door
            or "{comment}" in door
            or "{file}" in door
        ):
            assert answer.status_code == 404, door
        else:
            assert answer.status_code == 200, door


async def require_readable(client: httpx.AsyncClient, shared: Shared) -> None:
    """The control: without it, nothing would be found by looking wrong."""
    answers = await look(client, shared)
    for door in (LIST, f"{LIST}?status=published", f"{LIST}?category=news", f"{LIST}?author={{author}}",
                 f"{LIST}?q={SECRET}", f"{LIST}/{{post}}", f"{LIST}/by-slug/{{slug}}",
                 f"{LIST}/{{post}}/comments", "/api/web/comments/{comment}", f"{LIST}/{{post}}/files",
                 "/api/web/files/{file}"):  # fmt: skip
        assert answers[door].status_code == 200, door
        assert SECRET in answers[door].text, door
    assert answers[f"{LIST}/by-slug/{{old_slug}}"].status_code == 308
    assert answers[f"{LIST}/by-slug/{{old_slug}}"].headers["location"].endswith(f"/{shared.post['slug']}")


@asynccontextmanager
async def also_cold(web_app: FastAPI, shared: Shared) -> AsyncIterator[None]:
    """Afterwards nothing is cached any more, neither in Redis nor in the process."""
    yield
    await web_app.state.cache.bump(shared.ann.organization_id, DATASETS["app_web.posts"])


@pytest.fixture(params=["member", "moderator", "admin", "guest"])
async def third(make_person: MakePerson, request: pytest.FixtureRequest) -> Person:
    return await make_person(role=request.param)


async def test_a_third_person_finds_nothing_by_any_door_warm_or_cold(
    client_as: ClientAs, web_app: FastAPI, shared: Shared, third: Person
) -> None:
    await require_nothing(client_as(third), shared)
    for reader in (shared.ben, shared.cleo, shared.ann):
        await require_readable(client_as(reader), shared)
        assert SECRET in (await client_as(reader).get("/api/web/notifications")).text
    for _ in range(2):  # after the readers filled whatever is kept, from Redis and from the process itself
        await require_nothing(client_as(third), shared)
    await web_app.state.cache.bump(shared.ann.organization_id, DATASETS["app_web.posts"])
    await require_nothing(client_as(third), shared)
    await require_readable(client_as(shared.ben), shared)


@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=lambda part: str(part)[:20])
async def test_a_third_person_changes_nothing_and_is_told_nothing(
    make_person: MakePerson, client_as: ClientAs, shared: Shared, method: str, path: str, body: Any
) -> None:
    for third in (await make_person(), await make_person(role="admin")):
        for condition in (
            {"If-Match": "*"},
            {"If-Match": '"1"'},
            {"If-Match": f'"{shared.post["version"]}"'},
        ):
            answer = await client_as(third).request(method, shared.where + path, json=body, headers=condition)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            assert "etag" not in answer.headers
    now = (await client_as(shared.ann).get(shared.where)).json()
    assert now == {**shared.post, "comment_count": 1}


async def test_another_organization_finds_nothing(
    make_person: MakePerson, client_as: ClientAs, shared: Shared
) -> None:
    eve = await make_person(organization="umbra", role="admin")
    await require_readable(client_as(shared.ben), shared)
    await require_nothing(client_as(eve), shared)
    named = await client_as(shared.ann).patch(
        shared.where, json={"readers": [str(eve.user_id)]}, headers={"If-Match": "*"}
    )
    assert (named.status_code, named.json()["unknown"]) == (422, [str(eve.user_id)])
    await require_nothing(client_as(eve), shared)


async def test_a_stranger_finds_nothing(client_as: ClientAs, shared: Shared) -> None:
    for door, answer in (await look(client_as(None), shared)).items():
        if "revisions" not in door:  # which have a test of strangers of their own
            assert answer.status_code == 401, door


async def test_tags_tell_a_third_person_nothing(
    make_person: MakePerson, client_as: ClientAs, shared: Shared
) -> None:
    dora = client_as(await make_person())
    readers = await look(client_as(shared.ben), shared)
    mine = await look(dora, shared)
    for door, answer in readers.items():
        if "etag" not in answer.headers or SECRET not in answer.text:
            continue
        path = str(answer.request.url.raw_path, "ascii")
        asked = await dora.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert asked.status_code == mine[door].status_code != 304, door
        assert asked.content == mine[door].content, door
    # Nor does a change of it move the tag of what the third person reads.
    before = (await dora.get(LIST)).headers["etag"]
    await client_as(shared.ann).patch(shared.where, json={"title": "Other words"}, headers={"If-Match": "*"})
    await comment_on(client_as(shared.cleo), shared.post)
    assert (await dora.get(LIST, headers={"If-None-Match": before})).status_code == 304


async def test_who_is_no_longer_named_finds_nothing_at_once(client_as: ClientAs, shared: Shared) -> None:
    ann, ben, cleo = client_as(shared.ann), client_as(shared.ben), client_as(shared.cleo)
    for client in (ben, cleo, ben, cleo):  # whatever is kept of it is kept now
        await require_readable(client, shared)
    changed = await ann.patch(
        shared.where, json={"readers": [str(shared.cleo.user_id)]}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.text
    await require_nothing(ben, shared)
    await require_readable(cleo, shared)


ENDINGS: list[tuple[str, str, Any]] = [
    ("patch", "", {"visibility": "author"}),
    ("post", "/archive", None),
    ("delete", "", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ENDINGS, ids=["author", "archive", "trash"])
async def test_when_the_sharing_ends_all_who_were_named_find_nothing_at_once(
    client_as: ClientAs, shared: Shared, method: str, path: str, body: Any
) -> None:
    readers = [client_as(shared.ben), client_as(shared.cleo)]
    for client in readers * 2:
        await require_readable(client, shared)
    ended = await client_as(shared.ann).request(
        method, shared.where + path, json=body, headers={"If-Match": "*"}
    )
    assert ended.is_success, ended.text
    for client in readers * 2:
        await require_nothing(client, shared)


async def test_what_everybody_read_and_is_now_for_two_vanishes_for_the_third_at_once(
    make_person: MakePerson, client_as: ClientAs, shared: Shared, third: Person
) -> None:
    ann, dora = client_as(shared.ann), client_as(third)
    whole = await ann.patch(shared.where, json={"visibility": "organization"}, headers={"If-Match": "*"})
    assert whole.status_code == 200, whole.text
    for client in (dora, client_as(shared.ben), dora):
        await require_readable(client, shared)
    named = [str(shared.ben.user_id), str(shared.cleo.user_id)]
    again = await ann.patch(
        shared.where, json={"visibility": "people", "readers": named}, headers={"If-Match": "*"}
    )
    assert again.status_code == 200, again.text
    await require_nothing(dora, shared)
    await require_readable(client_as(shared.ben), shared)


async def test_whom_a_post_was_for_is_forgotten_when_it_is_for_others(
    client_as: ClientAs, owner: asyncpg.Connection, shared: Shared
) -> None:
    ann = client_as(shared.ann)
    for visibility in ("organization", "people"):
        changed = await ann.patch(shared.where, json={"visibility": visibility}, headers={"If-Match": "*"})
        assert changed.status_code == 200, changed.text
    assert changed.json()["readers"] == []
    assert await owner.fetchval("select count(*) from app_web.post_readers") == 0
    await require_nothing(client_as(shared.ben), shared)


async def test_injected_sql_gives_a_third_person_no_row_of_it(
    inject: Inject, client_as: ClientAs, shared: Shared, third: Person
) -> None:
    post_id = UUID(shared.post["post_id"])
    connection = await inject("dfworx_web", third)
    for table in ("posts", "post_items", "post_slugs", "post_readers", "revisions", "comments", "post_views"):
        asked = f"select count(*) from app_web.{table} where post_id = $1"  # noqa: S608
        if table != "post_views":  # a number, which an id that nobody is told may ask for
            assert await connection.fetchval(asked, post_id) == 0, table
    assert await connection.fetch("select * from app_web.list_post_readers($1)", post_id) == []
    for statement in (
        "update app_web.posts set visibility = 'organization'",
        "update app_web.posts set status = 'trashed'",
        "delete from app_web.posts",
        "delete from app_web.post_readers",
    ):
        await connection.execute(f"{statement} where post_id = $1", post_id)
    await require_readable(client_as(shared.ben), shared)

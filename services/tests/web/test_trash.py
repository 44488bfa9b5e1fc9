"""The trash: out of everybody's sight, unchanged while it is there, and back as what it was and where it was."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, publish

LIST = "/api/web/posts"


async def slugs(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


async def trash(client: httpx.AsyncClient, post: dict[str, Any]) -> str:
    where = f"{LIST}/{post['post_id']}"
    assert (await client.delete(where)).status_code == 204
    return where


async def test_a_post_goes_to_the_trash_and_comes_back_as_what_it_was_and_where_it_was(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob, moderator = await make_person(), await make_person(), await make_person(role="moderator")
    posts = [await publish(client_as(ann), title=title) for title in ("one", "two", "three")]
    draft = await create(client_as(ann), title="draft")
    for person in (ann, bob):
        assert (await slugs(client_as(person)))[-3:] == ["three", "two", "one"]
    where = await trash(client_as(ann), posts[1])
    await trash(client_as(ann), draft)
    assert await slugs(client_as(bob)) == await slugs(client_as(ann)) == ["three", "one"]
    assert await slugs(client_as(ann), status="draft") == []
    assert await slugs(client_as(ann), q="two") == []
    assert await slugs(client_as(ann), status="trashed") == ["draft", "two"]
    assert await slugs(client_as(ann), status="trashed", limit=1) == ["draft"]
    assert await slugs(client_as(moderator), status="trashed") == ["two"]
    assert await slugs(client_as(bob), status="trashed") == []
    assert (await client_as(bob).get(where)).status_code == 404
    assert (await client_as(bob).get(f"{LIST}/by-slug/two")).status_code == 404
    assert (await client_as(moderator).get(where)).json()["trashed_at"] is not None
    back = await client_as(ann).post(f"{where}/restore")
    assert back.status_code == 200
    assert back.json() == {**posts[1], "version": 4, "updated_at": back.json()["updated_at"]}
    assert await slugs(client_as(bob)) == ["three", "two", "one"]
    assert (await client_as(ann).post(f"{LIST}/{draft['post_id']}/restore")).json()["status"] == "draft"
    assert await slugs(client_as(bob)) == ["three", "two", "one"]


async def test_the_trash_is_read_page_by_page(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person(role="moderator"))
    others = client_as(await make_person())
    for number in range(5):
        who = client if number % 2 else others
        await trash(who, await publish(who, title=f"post {number}"))
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(LIST, params={"status": "trashed", "limit": 2, **cursor})).json()
        found += [item["slug"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == ["post-4", "post-3", "post-2", "post-1", "post-0"]


CHANGES: list[tuple[str, str, Any]] = [
    ("patch", "", {"title": "Other"}),
    ("patch", "", {"visibility": "author"}),
    ("post", "/publish", None),
    ("post", "/archive", None),
    ("post", "/pin", None),
    ("post", "/unpin", None),
    ("post", "/schedule", {"publish_at": "2027-01-01T00:00:00Z"}),
    ("post", "/unschedule", None),
    ("post", "/comments", {"content": "Still here"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=lambda part: str(part)[:12])
async def test_what_is_in_the_trash_is_not_changed(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(moderator), post)
    where = await trash(client_as(ann), post)
    before = (await client_as(ann).get(where)).json()
    for person in (ann, moderator):
        answer = await client_as(person).request(method, where + path, json=body, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["code"]) == (409, "post_trashed")
        assert (await client_as(person).get(f"/api/web/comments/{comment['comment_id']}")).status_code == 200
    assert (await client_as(ann).get(where)).json() == before


async def test_bad_restores_are_refused(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    where = f"{LIST}/{post['post_id']}"
    answer = await client_as(ann).post(f"{where}/restore")
    assert (answer.status_code, answer.json()["code"]) == (409, "post_not_trashed")
    assert (await client_as(bob).post(f"{where}/restore")).status_code == 403
    assert (await client_as(ann).post(f"{LIST}/{uuid4()}/restore")).status_code == 404
    assert (await client_as(ann).post(f"{LIST}/nonsense/restore")).status_code == 422
    await trash(client_as(ann), post)
    assert (await client_as(ann).post(f"{where}/restore", headers={"If-Match": '"2"'})).status_code == 412
    assert (await client_as(bob).post(f"{where}/restore")).status_code == 404
    assert (await client_as(ann).post(f"{where}/restore", headers={"If-Match": '"3"'})).status_code == 200


async def test_a_stranger_restores_nothing(make_person: MakePerson, client_as: ClientAs) -> None:
    where = await trash(client_as(ann := await make_person()), await publish(client_as(ann)))
    assert (await client_as(None).post(f"{where}/restore")).status_code == 401
    assert (await client_as(None).get(LIST, params={"status": "trashed"})).status_code == 401


async def test_another_organization_sees_restores_and_deletes_nothing(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    where = await trash(client_as(ann), await publish(client_as(ann)))
    assert await slugs(client_as(eve), status="trashed") == []
    assert (await client_as(eve).post(f"{where}/restore")).status_code == 404
    assert (await client_as(eve).delete(where)).status_code == 404
    assert await slugs(client_as(ann), status="trashed") == ["how-we-bake"]


async def test_what_is_deleted_twice_is_gone_for_good_and_its_slug_is_free_again(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    posts = [await publish(client_as(ann), slug="bread"), await publish(client_as(ann), slug="rolls")]
    taken = await client_as(moderator).post(LIST, json={"title": "t", "content": "", "slug": "bread"})
    where = await trash(client_as(ann), posts[0])
    again = await client_as(moderator).post(LIST, json={"title": "t", "content": "", "slug": "bread"})
    assert taken.status_code == again.status_code == 409
    assert (await client_as(moderator).delete(where)).status_code == 204
    assert (await client_as(ann).get(where)).status_code == 404
    assert await owner.fetchval("select count(*) from app_web.posts") == 1
    free = await client_as(moderator).post(LIST, json={"title": "t", "content": "", "slug": "bread"})
    assert free.status_code == 201


async def test_of_many_who_restore_at_once_one_does(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, moderator = await make_person(), await make_person(role="moderator")
    where = await trash(client_as(ann), await publish(client_as(ann)))
    answers = await asyncio.gather(
        *(client_as(person).post(f"{where}/restore") for person in (ann, moderator) * 3)
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert (await client_as(ann).get(where)).json()["version"] == 4


async def test_injected_sql_changes_nothing_in_the_trash_and_publishes_nothing_by_it(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    draft, post = await create(client_as(ann)), await publish(client_as(ann), title="Published")
    web = await inject("dfworx_web", ann)
    await web.execute("update app_web.posts set status = 'trashed'")
    kept = "select array_agg(trashed_from order by trashed_from) from app_web.posts"
    assert await owner.fetchval(kept) == ["draft", "published"]
    for forbidden in (
        "update app_web.posts set trashed_from = 'published'",
        "update app_web.posts set trashed_at = now() - interval '1 year'",
        "update app_web.posts set status = 'archived'",
        "update app_web.posts set status = 'published' where post_id = $1",
        "update app_web.posts set title = 'Other' where post_id = $1",
        "update app_web.posts set visibility = 'author' where post_id = $1",
        "insert into app_web.posts (trashed_from) values ('published')",
        "select app_web.purge_trash(1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(forbidden, *([UUID(draft["post_id"])] if "$1" in forbidden else []))
    moderators = await inject("dfworx_web", admin)
    for statement in (
        "delete from app_web.posts where post_id = $1",
        "update app_web.posts set status = 'draft' where post_id = $1",
    ):
        assert (await moderators.execute(statement, UUID(draft["post_id"]))).endswith(" 0")
    assert (await client_as(ann).post(f"{LIST}/{post['post_id']}/restore")).json()["status"] == "published"
    assert (await client_as(ann).post(f"{LIST}/{draft['post_id']}/restore")).json()["status"] == "draft"

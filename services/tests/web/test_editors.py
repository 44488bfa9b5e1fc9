"""Writing a post together: editors read it in any status but the trash and change its words; all else stays its
author's and the moderators'."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, MakePerson, Person, require_refusal
from tests.web.conftest import LIST, comment_on, create, list_notifications, publish
from tests.web.test_posts_readers import slugs

ANY = {"If-Match": "*"}
WORDS = {"title": "Ours", "content": "Both of us.", "category": "news", "metadata": {"mood": "calm"}}


def ids(*people: Person) -> list[str]:
    return [str(each.user_id) for each in people]


def where(post: dict[str, Any]) -> str:
    return f"{LIST}/{post['post_id']}"


async def change(client: httpx.AsyncClient, post: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = await client.patch(where(post), json=changes, headers=ANY)
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


@pytest.mark.parametrize("role", ["member", "guest", "moderator"])
@pytest.mark.parametrize("visibility", ["organization", "people", "author"])
async def test_an_editor_writes_the_post_in_any_status(
    make_person: MakePerson, client_as: ClientAs, role: str, visibility: str
) -> None:
    ann, ben = await make_person(name="Ann"), await make_person(name="Ben", role=role)
    await client_as(await make_person(role="moderator")).post("/api/web/categories", json={"name": "News"})
    author, editor = client_as(ann), client_as(ben)
    post = await create(author, visibility=visibility, editors=ids(ben, ann))
    assert post["editors"] == [{"user_id": str(ben.user_id), "name": "Ben"}]
    for action, status in ((None, "draft"), ("publish", "published"), ("archive", "archived")):
        if action:
            assert (await author.post(f"{where(post)}/{action}")).status_code == 200
        now = await change(editor, post, **{**WORDS, "title": f"Ours, {status}"})
        assert {key: now[key] for key in WORDS} == {**WORDS, "title": f"Ours, {status}"}
        assert (now["status"], now["author"]["name"], now["slug"]) == (status, "Ann", "how-we-bake")
        assert now == (await author.get(where(post))).json() == (await editor.get(where(post))).json()
    revisions = (await editor.get(f"{where(post)}/revisions")).json()["items"]
    assert "Ben" in {each["author"]["name"] for each in revisions}


LATER = (datetime.now(UTC) + timedelta(days=2)).isoformat()
DECISIONS: list[tuple[str, str, Any]] = [
    ("patch", "", {"slug": "mine"}),
    ("patch", "", {"visibility": "organization"}),
    ("patch", "", {"visibility": "author", "title": "And words"}),
    ("patch", "", {"visibility": "people", "readers": []}),
    ("patch", "", {"editors": []}),
    ("delete", "", None),
    ("post", "/publish", None),
    ("post", "/archive", None),
    ("post", "/schedule", {"publish_at": LATER}),
    ("post", "/unschedule", None),
    ("post", "/pin", None),
    ("post", "/unpin", None),
    ("post", "/restore", None),
]


@pytest.mark.parametrize(("method", "path", "body"), DECISIONS, ids=lambda part: str(part)[:30])
async def test_an_editor_decides_nothing(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any
) -> None:
    ann, ben = await make_person(), await make_person()
    admin = await make_person(role="admin")
    draft = await create(client_as(ann), editors=ids(ben, admin))
    published = await publish(client_as(ann), title="Out", editors=ids(ben))
    for post, people in ((draft, (ben, admin)), (published, (ben,))):
        for editor in people:
            answer = await client_as(editor).request(method, where(post) + path, json=body, headers=ANY)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), answer.text
            assert len(answer.json()["detail"]) > 30
        assert (await client_as(ann).get(where(post))).json() == post


async def test_nobody_but_the_author_the_editors_and_moderators_writes_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, dora = await make_person(), await make_person(), await make_person()
    admin, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    draft = await create(client_as(ann), title="Draft", editors=ids(ben))
    published = await publish(client_as(ann), title="Published", editors=ids(ben))
    for person, post, status in (
        *((each, draft, 404) for each in (dora, admin, eve)),
        *((dora, published, 403), (eve, published, 404)),
    ):
        client = client_as(person)
        assert (await client.patch(where(post), json={"title": "t"}, headers=ANY)).status_code == status
        assert (await client.get(where(post))).status_code == (200 if status == 403 else 404)
        restored = await client.post(f"{where(post)}/revisions/1/restore", headers=ANY)
        assert restored.status_code == status
    assert (await client_as(None).patch(where(draft), json={"title": "t"}, headers=ANY)).status_code == 401
    assert await slugs(client_as(dora)) == await slugs(client_as(admin)) == ["published"]
    assert await slugs(client_as(eve)) == []


async def test_a_moderator_names_editors_of_what_they_may_change(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(), await make_person()
    moderator = await make_person(role="moderator")
    post = await publish(client_as(ann))
    await change(client_as(moderator), post, editors=ids(ben))
    assert (await change(client_as(ben), post, title="Better"))["title"] == "Better"
    [told] = await list_notifications(client_as(ben))
    assert (told["kind"], told["actor"]["user_id"]) == ("share", str(moderator.user_id))
    await change(client_as(moderator), post, editors=[])
    assert (await client_as(ben).patch(where(post), json={"title": "t"}, headers=ANY)).status_code == 403


async def test_editors_find_the_post_in_their_lists_and_lose_it_at_once(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, cleo = [await make_person() for _ in range(3)]
    author, editor, other = client_as(ann), client_as(ben), client_as(cleo)
    await publish(other, title="Before")
    assert await slugs(editor) == ["before"]
    post = await create(author, title="Draft", content="quicksilver", editors=ids(ben))
    for _ in range(2):
        assert await slugs(editor) == ["draft", "before"]
        assert await slugs(editor, status="draft") == ["draft"]
        assert await slugs(editor, author=str(ann.user_id)) == ["draft"]
        assert await slugs(editor, status="published") == ["before"]
        assert await slugs(editor, q="quicksilver") == ["draft"]
        assert await slugs(other) == ["before"]
        assert await slugs(other, q="quicksilver") == []
    await change(author, post, title="Draft two")
    assert (await editor.get(LIST)).json()["items"][0]["title"] == "Draft two"
    await comment_on(author, post)
    assert (await editor.get(LIST)).json()["items"][0]["comment_count"] == 1
    await author.post(f"{where(post)}/publish")
    assert await slugs(editor) == await slugs(other) == ["draft", "before"]
    for visibility in ("author", "people"):
        await change(author, post, visibility=visibility)
        assert (await slugs(editor), await slugs(other)) == (["draft", "before"], ["before"])
    await change(author, post, readers=ids(ben, cleo))
    assert await slugs(editor) == await slugs(other) == ["draft", "before"]
    await change(editor, post, title="From the editor")
    assert (await other.get(LIST)).json()["items"][0]["title"] == "From the editor"
    await author.post(f"{where(post)}/archive")
    assert await slugs(editor, status="archived") == ["draft"]
    assert await slugs(other, status="archived") == []
    await author.post(f"{where(post)}/publish")
    await change(author, post, visibility="author", editors=[])
    assert await slugs(editor) == await slugs(other) == ["before"]
    assert await slugs(editor, q="quicksilver") == []
    assert (await editor.get(where(post))).status_code == 404
    assert (await editor.patch(where(post), json={"title": "t"}, headers=ANY)).status_code == 404


async def test_an_editor_sees_nothing_of_it_in_the_trash_and_has_it_back_with_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben = await make_person(), await make_person(role="admin")
    author, editor = client_as(ann), client_as(ben)
    post = await create(author, editors=ids(ben))
    assert await slugs(editor) == ["how-we-bake"]
    assert (await author.delete(where(post))).status_code == 204
    assert await slugs(editor) == await slugs(editor, status="trashed") == []
    assert (await editor.get(where(post))).status_code == 404
    for path in ("", "/restore"):
        answer = await editor.request("post" if path else "delete", where(post) + path)
        assert answer.status_code == 404
    assert (await author.post(f"{where(post)}/restore")).status_code == 200
    assert await slugs(editor) == ["how-we-bake"]
    await change(editor, post, title="Back")


async def test_bad_editors_are_refused_and_named(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, gone = await make_person(), await make_person()
    eve = await make_person(organization="umbra")
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    client = client_as(ann)
    post = await create(client)
    for nobody in (gone.user_id, eve.user_id, uuid4()):
        body = {"editors": [str(nobody), str(ann.user_id)]}
        for answer in (
            await client.post(LIST, json={"title": "t", "content": "", **body}),
            await client.patch(where(post), json=body, headers=ANY),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "unknown_editors")
            assert answer.json()["unknown"] == [str(nobody)]
    crowd = {"editors": [str(uuid4()) for _ in range(101)]}
    assert (await client.patch(where(post), json=crowd, headers=ANY)).status_code == 422
    assert (await client.get(where(post))).json() == post


async def test_who_is_newly_named_is_told_and_nobody_twice(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, cleo = [await make_person() for _ in range(3)]

    async def told() -> list[list[str]]:
        return [
            [each["kind"] for each in await list_notifications(client_as(who))] for who in (ann, ben, cleo)
        ]

    post = await create(client_as(ann), editors=ids(ben))
    assert await told() == [[], ["share"], []]
    await change(client_as(ann), post, editors=ids(ben, cleo))
    await change(client_as(ann), post, editors=ids(cleo, ben))
    assert await told() == [[], ["share"], ["share"]]
    await comment_on(client_as(ben), post, f"What do you think, @[Cleo](user:{cleo.user_id})?")
    await change(client_as(ann), post, editors=ids(ben))
    assert (await told())[2] == []


async def test_editors_see_and_restore_the_words_since_they_were_named(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person()
    post = await create(client_as(ann), content="Ann's secret")
    await owner.execute("update app_web.revisions set begun_at = begun_at - interval '1 hour'")
    await change(client_as(ann), post, content="For both")
    await change(client_as(ann), post, editors=ids(ben))
    await owner.execute("update app_web.revisions set begun_at = begun_at - interval '1 hour'")
    await change(client_as(ben), post, content="Ben's")
    listed = (await client_as(ben).get(f"{where(post)}/revisions")).json()["items"]
    assert [each["version"] for each in listed] == [4, 2]
    assert (await client_as(ben).post(f"{where(post)}/revisions/1/restore", headers=ANY)).status_code == 404
    answer = await client_as(ben).post(f"{where(post)}/revisions/2/restore", headers=ANY)
    assert answer.status_code == 200, answer.text
    assert (await client_as(ann).get(where(post))).json()["content"] == "For both"


async def test_an_editor_hangs_files_on_the_draft_and_others_cannot(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, dora = [await make_person() for _ in range(3)]
    post = await create(client_as(ann), editors=ids(ben))
    for person, status in ((ben, 201), (dora, 422)):
        answer = await client_as(person).post(
            "/api/web/files",
            params={"name": "a.txt", "post_id": post["post_id"]},
            content=b"words",
            headers={"Content-Type": "text/plain"},
        )
        assert answer.status_code == status, answer.text
    assert len((await client_as(ann).get(f"{where(post)}/files")).json()["items"]) == 1


async def test_an_editor_whose_account_is_not_active_counts_for_nothing(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben, admin = await make_person(), await make_person(), await make_person(role="admin")
    post = await create(client_as(ann), editors=ids(ben))
    members = f"/api/auth/members/{ben.user_id}"
    assert (await client_as(admin).patch(members, json={"is_active": False})).status_code == 200
    await require_refusal(client_as(ben), where(post), "session_ended")
    assert (await client_as(ann).get(where(post))).json()["editors"] == []
    readers = "select app_web.list_readers_of(organization_id, post_id, $1) from app_web.posts"
    assert await owner.fetch(readers, [ben.user_id]) == []


async def test_what_an_editor_reads_published_for_few_is_unread_until_they_open_it(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, ben, dora = [await make_person() for _ in range(3)]
    post = await publish(client_as(ann), visibility="author", editors=ids(ben))
    for person, count in ((ben, 1), (dora, 0)):
        unread = (await client_as(person).get("/api/web/reads/unread-count")).json()["count"]
        listed = (await client_as(person).get(f"{LIST}/unread")).json()["items"]
        assert (unread, len(listed)) == (count, count)
    assert (await client_as(ben).put(f"{where(post)}/read")).status_code in (200, 204)
    assert (await client_as(ben).get(f"{LIST}/unread")).json()["items"] == []

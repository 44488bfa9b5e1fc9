"""Saving what comes from outside: the importer's way into posts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI

from dfworx.shared.context import Caller
from dfworx.shared.errors import NotAllowed
from dfworx.web.categories.actions import ensure_categories
from dfworx.web.editing import PostTrashed
from dfworx.web.posts.actions import PostNotImported, UnknownCategory, save_imported_post
from dfworx.web.posts.schemas import ImportedPost
from tests.conftest import ClientAs, MakePerson, Person

WRITTEN = datetime(2019, 4, 13, tzinfo=UTC)
Save = Callable[[Person, ImportedPost], Awaitable[str]]


@pytest.fixture
def save(web_app: FastAPI) -> Save:
    async def save(person: Person, post: ImportedPost) -> str:
        caller = Caller(person.user_id, person.organization_id, person.role, uuid4())  # type: ignore[arg-type]
        return await save_imported_post(web_app.state.database, web_app.state.cache, caller, post)

    return save


def document(user_id: UUID, digest: str = "1", **changes: object) -> ImportedPost:
    post = ImportedPost(
        slug="eip-1559",
        title="Fee market",
        content="# Fees\n\nA *base* fee.",
        category=None,
        user_id=user_id,
        status="published",
        created_at=WRITTEN,
        metadata={"import": {"source": "eip-1559.md", "digest": digest}},
    )
    return replace(post, **changes)  # type: ignore[arg-type]


@pytest.fixture
async def author(owner: asyncpg.Connection, make_person: MakePerson) -> UUID:
    """Somebody who wrote a document and has no account."""
    person = await make_person()
    await owner.execute("update public.users set origin = 'imported', identity_id = null where user_id = $1",
                        person.user_id)  # fmt: skip
    return person.user_id


async def test_a_document_is_created_left_alone_and_updated(
    make_person: MakePerson, client_as: ClientAs, save: Save, author: UUID
) -> None:
    admin, bob = await make_person(role="admin"), await make_person()
    assert (await client_as(bob).get("/api/web/posts")).json()["items"] == []
    assert await save(admin, document(author)) == "created"
    [item] = (await client_as(bob).get("/api/web/posts")).json()["items"]
    assert item["author"]["user_id"] == str(author)
    assert (item["excerpt"], item["version"], item["status"]) == ("A base fee.", 1, "published")
    assert item["created_at"] == item["published_at"] == "2019-04-13T00:00:00+00:00"
    assert await save(admin, document(author)) == "unchanged"
    assert await save(admin, document(author, "2", title="Fee market change")) == "updated"
    [item] = (await client_as(bob).get("/api/web/posts")).json()["items"]
    assert (item["title"], item["version"]) == ("Fee market change", 2)


async def test_its_status_may_change_with_the_document(
    make_person: MakePerson, client_as: ClientAs, save: Save, author: UUID
) -> None:
    admin, moderator = await make_person(role="admin"), await make_person(role="moderator")
    await save(admin, document(author, status="archived"))
    moderators = client_as(moderator)
    [item] = (await moderators.get("/api/web/posts", params={"status": "archived"})).json()["items"]
    assert item["published_at"] == "2019-04-13T00:00:00+00:00"
    await save(admin, document(author, "2"))
    assert len((await moderators.get("/api/web/posts")).json()["items"]) == 1
    # A draft belongs to who imports it: nobody else could see it.
    await save(admin, document(admin.user_id, "3", status="draft"))
    assert (await moderators.get("/api/web/posts")).json()["items"] == []
    [item] = (await client_as(admin).get("/api/web/posts")).json()["items"]
    assert (item["status"], item["published_at"]) == ("draft", None)
    await save(admin, document(author, "4", created_at=None))
    [item] = (await moderators.get("/api/web/posts")).json()["items"]
    assert item["published_at"] == "2019-04-13T00:00:00+00:00"


async def test_a_post_that_people_wrote_is_refused_seen_or_unseen(
    make_person: MakePerson, client_as: ClientAs, save: Save
) -> None:
    admin, ann = await make_person(role="admin"), await make_person()
    post = {"title": "t", "content": "mine", "slug": "eip-1559"}
    written = (await client_as(ann).post("/api/web/posts", json=post)).json()
    where = f"/api/web/posts/{written['post_id']}"
    with pytest.raises(PostNotImported):
        await save(admin, document(admin.user_id))
    await client_as(ann).post(f"{where}/publish")
    with pytest.raises(PostNotImported):
        await save(admin, document(admin.user_id))
    assert (await client_as(ann).get(where)).json()["content"] == "mine"


async def test_only_admins_write_for_others(make_person: MakePerson, save: Save, author: UUID) -> None:
    for role in ("moderator", "member", "guest"):
        with pytest.raises(NotAllowed):
            await save(await make_person(role=role), document(author))


async def test_another_organizations_people_and_posts_stay_out_of_reach(
    make_person: MakePerson, client_as: ClientAs, save: Save
) -> None:
    admin = await make_person(role="admin")
    eve = await make_person(organization="umbra", role="admin")
    await save(admin, document(admin.user_id))
    # The slug is free in the other organization: it makes a post of its own.
    assert await save(eve, document(eve.user_id, "2", title="Theirs")) == "created"
    [item] = (await client_as(admin).get("/api/web/posts")).json()["items"]
    assert item["title"] == "Fee market"
    from dfworx.shared.errors import ApiError

    with pytest.raises(ApiError):
        await save(eve, document(admin.user_id, "3"))


async def test_an_unknown_category_is_refused(make_person: MakePerson, save: Save) -> None:
    admin = await make_person(role="admin")
    with pytest.raises(UnknownCategory):
        await save(admin, document(admin.user_id, category="core"))


async def test_documents_saved_at_once_are_whole(
    make_person: MakePerson, client_as: ClientAs, save: Save, author: UUID
) -> None:
    admin = await make_person(role="admin")
    documents = [document(author, slug=f"eip-{number}") for number in range(12)]
    assert set(await asyncio.gather(*(save(admin, each) for each in documents))) == {"created"}
    assert len((await client_as(admin).get("/api/web/posts")).json()["items"]) == 12


async def test_categories_are_found_or_made_by_the_slug_of_their_name(
    make_person: MakePerson, client_as: ClientAs, web_app: FastAPI
) -> None:
    admin = await make_person(role="admin")
    await client_as(admin).post("/api/web/categories", json={"name": "Core", "description": "kept"})
    caller = Caller(admin.user_id, admin.organization_id, "admin", uuid4())
    names = ["core", "Standards Track", "規格", "standards  track"]
    for _ in range(2):
        slugs = await ensure_categories(web_app.state.database, web_app.state.cache, caller, names)
        assert list(slugs.values()) == ["core", "standards-track", "規格", "standards-track"]
    items = (await client_as(admin).get("/api/web/categories")).json()["items"]
    assert [item["name"] for item in items] == ["Core", "Standards Track", "規格"]
    assert items[0]["description"] == "kept"


async def test_a_document_finds_its_post_by_a_slug_that_it_had(
    make_person: MakePerson, client_as: ClientAs, save: Save, author: UUID
) -> None:
    admin = await make_person(role="admin")
    client = client_as(admin)
    assert await save(admin, document(author)) == "created"
    [item] = (await client.get("/api/web/posts")).json()["items"]
    where = f"/api/web/posts/{item['post_id']}"
    await client.patch(where, json={"slug": "fee-market"}, headers={"If-Match": "*"})
    assert await save(admin, document(author)) == "unchanged"
    assert await save(admin, document(author, "2", title="Fees")) == "updated"
    [item] = (await client.get("/api/web/posts")).json()["items"]
    assert (item["title"], item["slug"]) == ("Fees", "fee-market")


async def test_a_document_whose_post_is_in_the_trash_is_refused_and_stays_there(
    make_person: MakePerson, client_as: ClientAs, save: Save, author: UUID
) -> None:
    admin = await make_person(role="admin")
    client = client_as(admin)
    await save(admin, document(author))
    [item] = (await client.get("/api/web/posts")).json()["items"]
    await client.delete(f"/api/web/posts/{item['post_id']}")
    assert await save(admin, document(author)) == "unchanged"
    with pytest.raises(PostTrashed):
        await save(admin, document(author, "2"))
    assert (await client.get(f"/api/web/posts/{item['post_id']}")).json()["status"] == "trashed"


async def test_a_slug_that_somebodys_draft_had_is_refused(
    make_person: MakePerson, client_as: ClientAs, save: Save, author: UUID
) -> None:
    admin, bob = await make_person(role="admin"), client_as(await make_person())
    post = await bob.post("/api/web/posts", json={"title": "t", "content": "", "slug": "eip-1559"})
    where = f"/api/web/posts/{post.json()['post_id']}"
    assert (await bob.patch(where, json={"slug": "mine"}, headers={"If-Match": "*"})).status_code == 200
    with pytest.raises(PostNotImported):
        await save(admin, document(author))

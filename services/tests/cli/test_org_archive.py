"""An organization as an open archive, and a new one made of it: the same posts, revisions, comments, categories, people
and files. And archives that are not what they should be."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import asyncpg
import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.organizations.creating import create_organization
from dfworx.cli.organizations.export import export_organization
from dfworx.cli.organizations.taking_in import take_in
from dfworx.shared.storage import Storage
from tests.conftest import PASSWORD, ClientAs, MakePerson, TestDatabase
from tests.web.conftest import comment_on, create, publish
from tests.web.file_making import picture, send

OPERATOR = "operator@harbour.example"
MOST = 50_000_000


@pytest.fixture
def storage(database: TestDatabase) -> Storage:
    return Storage.of(database.settings("dfworx_web"))


@pytest.fixture
async def lumen(make_person: MakePerson, client_as: ClientAs) -> dict[str, Any]:
    """An organization with something of everything, and a stranger's beside it."""
    ann, ben = await make_person(role="admin", name="Ann"), await make_person(name="Ben")
    zoe = await make_person(organization="harbour", role="admin", email=OPERATOR)
    await publish(client_as(zoe), title="A stranger's")
    client = client_as(ann)
    for name, above in (("Kitchen", None), ("Ovens", "kitchen")):
        made = await client.post("/api/web/categories", json={"name": name, "parent": above})
        assert made.status_code == 201, made.text
    post = await publish(client, title="Bread", category="ovens")
    changed = await client.patch(
        f"/api/web/posts/{post['post_id']}", json={"content": "Better: two days."}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.text
    draft = await create(client_as(ben), title="A draft", content=f"See [bread](/posts/{post['post_id']}).")
    word = await comment_on(client_as(ben), post, "How hot?")
    await comment_on(client, post, "Very.", parent_id=word["comment_id"])
    for name in ("oven.png", "same oven.png"):
        sent = await send(client, picture(), name, post_id=post["post_id"], content_type="image/png")
        assert sent.status_code == 201, sent.text
    return {"ann": ann, "post": post, "draft": draft}


@pytest.fixture
async def archive(lumen: dict[str, Any], database: TestDatabase, storage: Storage, tmp_path: Path) -> Path:
    file = tmp_path / "lumen.zip"
    counts = await export_organization(database.owner_url, "lumen", file, storage, None)
    assert (counts["posts"], counts["comments"], counts["files"], counts["missing_files"]) == (2, 2, 2, 0)
    return file


WHAT = {
    "posts": """
        select p.slug, p.title, p.content, p.excerpt, p.status, p.visibility, p.version, p.comment_count,
               p.metadata::text, p.created_at, p.updated_at, p.published_at, u.name, u.email, c.slug as category,
               p.search::text
          from app_web.posts p join public.users u using (user_id) left join app_web.categories c using (category_id)
         where p.organization_id = $1 order by p.slug""",
    "revisions": """
        select p.slug, r.version, r.title, r.content, r.created_at, r.begun_at, r.replaced_at, r.shown_to,
               r.is_settled, u.email
          from app_web.revisions r join app_web.posts p using (post_id) join public.users u on u.user_id = r.user_id
         where r.organization_id = $1 order by p.slug, r.version""",
    "comments": """
        select p.slug, c.content, c.version, c.created_at, c.updated_at, u.email, parent.content as answered
          from app_web.comments c join app_web.posts p using (post_id) join public.users u on u.user_id = c.user_id
          left join app_web.comments parent on parent.comment_id = c.parent_id
         where c.organization_id = $1 order by c.content""",
    "categories": """
        select c.slug, c.name, c.description, c.position, c.created_at, parent.slug as below
          from app_web.categories c left join app_web.categories parent on parent.category_id = c.parent_id
         where c.organization_id = $1 order by c.slug""",
    "people": """
        select name, email, role, is_active, created_at from public.users
         where organization_id = $1 and email <> 'operator@harbour.example' order by email""",
    "files": """
        select f.name, f.media_type, f.size_bytes, f.sha256, f.width, f.height, p.slug
          from shared_services.files f join app_web.posts p using (post_id)
         where f.organization_id = $1 order by f.name""",
    "storage": "select used_bytes from shared_services.storage_usage where organization_id = $1",
    "slugs": """
        select s.slug, s.created_at, p.slug as of from app_web.post_slugs s join app_web.posts p using (post_id)
         where s.organization_id = $1 order by s.slug""",
}


async def all_of(owner: asyncpg.Connection, slug: str) -> dict[str, list[tuple[Any, ...]]]:
    organization_id = await owner.fetchval(
        "select organization_id from public.organizations where slug = $1", slug
    )
    return {
        name: [tuple(row) for row in await owner.fetch(query, organization_id)]
        for name, query in WHAT.items()
    }


async def test_an_organization_made_of_an_archive_is_equal(
    archive: Path,
    lumen: dict[str, Any],
    database: TestDatabase,
    storage: Storage,
    owner: asyncpg.Connection,
    client_as: ClientAs,
) -> None:
    counts = await take_in(database.owner_url, archive, "lantern", OPERATOR, storage, most_file_bytes=MOST)
    assert (counts["posts"], counts["revisions"], counts["comments"], counts["files"]) == (2, 3, 2, 2)
    before, after = await all_of(owner, "lumen"), await all_of(owner, "lantern")
    # A text that names an id of the archive names the new one.
    [old] = [row for row in before["posts"] if row[0] == "a-draft"]
    [new] = [row for row in after["posts"] if row[0] == "a-draft"]
    moved = await owner.fetchval(
        "select p.post_id from app_web.posts p join public.organizations o using (organization_id)"
        " where o.slug = 'lantern' and p.slug = 'bread'"
    )
    assert lumen["post"]["post_id"] in old[2] and str(moved) in new[2]
    for name in before:
        naming = "a-draft" if name in ("posts", "revisions") else None
        assert [row for row in before[name] if row[0] != naming] == [
            row for row in after[name] if row[0] != naming
        ], name
        assert len(before[name]) == len(after[name]) > 0
    client = client_as(None)
    login = {"email": OPERATOR, "password": PASSWORD, "organization": "lantern"}
    signed_in = await client.post("/api/auth/login", json=login)
    assert signed_in.status_code == 200, signed_in.text
    client.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
    told = (await client.get(f"/api/web/posts/{moved}")).json()
    assert told["comment_count"] == 2
    [first, _] = (await client.get(f"/api/web/posts/{moved}/files")).json()["items"]
    bytes_of = (await client.get(first["url"])).content
    assert hashlib.sha256(bytes_of).hexdigest() == first["sha256"]
    found = await client.get("/api/web/search", params={"q": "two days"})
    assert [item["post_id"] for item in found.json()["items"]] == [str(moved)]


async def test_who_is_in_an_archive_gets_no_account_and_only_the_named_one_is_admin(
    archive: Path, database: TestDatabase, storage: Storage, owner: asyncpg.Connection
) -> None:
    await take_in(database.owner_url, archive, "lantern", OPERATOR, storage, most_file_bytes=MOST)
    rows = await owner.fetch(
        "select u.email from public.users u join public.organizations o using (organization_id)"
        " where o.slug = 'lantern' and u.identity_id is not null"
    )
    assert [row["email"] for row in rows] == [OPERATOR]


async def test_an_archive_can_be_read_without_dfworx_and_holds_no_secret_and_nothing_of_another_organization(
    archive: Path, lumen: dict[str, Any], owner: asyncpg.Connection
) -> None:
    with ZipFile(archive) as opened:
        text = opened.read("posts/bread.md").decode()
        names = opened.namelist()
        everything = b"".join(opened.read(name) for name in names)
    assert text.startswith("---\ntitle: Bread\n") and text.endswith("---\n\nBetter: two days.")
    assert "category: Ovens" in text and "author: Ann" in text
    assert len([name for name in names if name.startswith("files/")]) == 1, "one content, one file"
    hidden = await owner.fetch("select password_hash, identity_id::text from app_auth.identities")
    assert not any(value.encode() in everything for row in hidden for value in row)
    assert b"stranger" not in everything and b"harbour" not in everything


async def test_the_chat_of_another_organization_stays_out(
    lumen: dict[str, Any], database: TestDatabase, storage: Storage, tmp_path: Path
) -> None:
    snapshot = tmp_path / "snapshot.zip"
    ours, theirs = str(lumen["ann"].organization_id), str(UUID(int=7))
    with ZipFile(snapshot, "w") as made:
        lines = [json.dumps({"organization_id": each, "text": f"of {each}"}) for each in (ours, theirs)]
        made.writestr("messages/documents.jsonl", "\n".join(lines) + "\n")
    file = tmp_path / "lumen.zip"
    counts = await export_organization(
        database.owner_url, "lumen", file, storage, lambda: iter([snapshot.read_bytes()])
    )
    assert counts["messages"] == 1
    with ZipFile(file) as opened:
        assert json.loads(opened.read("chat/messages.jsonl"))["organization_id"] == ours


def rewritten(archive: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    file = archive.with_name("changed.zip")
    with ZipFile(archive) as source, ZipFile(file, "w") as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    return file


def newer(name: str, content: bytes) -> bytes:
    return content.replace(b'"format": 1', b'"format": 2') if name == "organization.json" else content


def other_bytes(name: str, content: bytes) -> bytes:
    return content[::-1] if name.startswith("files/") else content


def no_files(name: str, content: bytes) -> bytes | None:
    return None if name.startswith("files/") else content


def no_rows(name: str, content: bytes) -> bytes:
    return b"nonsense\n" if name == "data/comments.jsonl" else content


def somebody_elses_post(name: str, content: bytes) -> bytes:
    return content.replace(b'"post_id":"', b'"post_id":"0') if name == "data/comments.jsonl" else content


def a_long_title(name: str, content: bytes) -> bytes:
    return (
        content.replace(b'"title":"Bread"', b'"title":"' + b"x" * 400 + b'"')
        if name == "data/posts.jsonl"
        else content
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (newer, "was written by a newer DFWorX"),
        (other_bytes, "is not what it was; nothing was taken in"),
        (no_files, "is damaged (files/"),
        (no_rows, "is damaged (a line of data/comments.jsonl"),
        (somebody_elses_post, "can't be taken in"),
        (a_long_title, "can't be taken in"),
    ],
)
async def test_a_bad_archive_is_refused_and_leaves_nothing(
    archive: Path,
    database: TestDatabase,
    storage: Storage,
    owner: asyncpg.Connection,
    change: Callable[[str, bytes], bytes | None],
    why: str,
) -> None:
    folder = database.settings("dfworx_web").home / "files"
    before = sorted(folder.rglob("*/*"))
    with pytest.raises(Failure) as told:
        await take_in(
            database.owner_url, rewritten(archive, change), "lantern", OPERATOR, storage, most_file_bytes=MOST
        )
    assert why in str(told.value) and "\n" not in str(told.value)
    assert await owner.fetchval("select count(*) from public.organizations where slug = 'lantern'") == 0
    assert sorted(folder.rglob("*/*")) == before


async def test_what_cant_be_done_is_told(
    archive: Path, database: TestDatabase, storage: Storage, tmp_path: Path
) -> None:
    async def refused(file: Path, slug: str = "lantern", email: str = OPERATOR, most: int = MOST) -> str:
        with pytest.raises(Failure) as told:
            await take_in(database.owner_url, file, slug, email, storage, most_file_bytes=most)
        return str(told.value)

    (tmp_path / "no.zip").write_text("hello")
    assert "is no archive of an organization" in await refused(tmp_path / "no.zip")
    assert "can't be read" in await refused(tmp_path / "gone.zip")
    assert "There is an organization lumen already" in await refused(archive, slug="lumen")
    assert "Nobody signs in with" in await refused(archive, email="nobody@lumen.example")
    assert "raise DFWORX_FILE_MEGABYTES" in await refused(archive, most=10)
    assert "can't be taken in" in await refused(archive, slug="Not A Slug")
    copy = Path(shutil.copy(archive, tmp_path / "copy.zip"))
    with pytest.raises(Failure, match="is there already"):
        await export_organization(database.owner_url, "lumen", copy, storage, None)
    with pytest.raises(Failure, match="There is no organization with the slug nowhere"):
        await export_organization(database.owner_url, "nowhere", tmp_path / "n.zip", storage, None)
    assert drafts_in(tmp_path) == []


async def test_an_organization_is_made_for_somebody_who_signs_in_here(
    lumen: dict[str, Any], database: TestDatabase, client_as: ClientAs
) -> None:
    await create_organization(database.owner_url, "lantern", "Lantern", OPERATOR)
    login = {"email": OPERATOR, "password": PASSWORD, "organization": "lantern"}
    told = (await client_as(None).post("/api/auth/login", json=login)).json()
    assert (told["user"]["role"], told["user"]["organization"]["name"]) == ("admin", "Lantern")
    for slug, name, email, why in (
        ("lumen", "Lumen", OPERATOR, "There is an organization lumen already"),
        ("-", "Lumen", OPERATOR, "The slug can't be taken"),
        ("light", "x" * 101, OPERATOR, "The name can't be taken"),
        ("light", "Light", "nobody@lumen.example", "Nobody signs in with"),
    ):
        with pytest.raises(Failure, match=why):
            await create_organization(database.owner_url, slug, name, email)


def drafts_in(folder: Path) -> list[Path]:
    return list(folder.glob(".*"))

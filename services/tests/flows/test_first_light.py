"""The main job on real input: a folder of documents is imported into one organization, listed, read and searched
through every layer, while a second organization sees none of it.

The folder is the one that DFWORX_TEST_DOCUMENTS names (any collection of Markdown with front matter); without it,
one that is written here: it has the same kinds of things in it, in small.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flows.conftest import Stack

WRITTEN = 230


def write_documents(folder: Path) -> None:
    for number in range(1, WRITTEN + 1):
        (folder / f"rfc-{number}.md").write_text(
            f"---\nrfc: {number}\ntitle: Rules of the harbour, part {number}\n"
            f"author: Keeper {number % 7} (@keeper{number % 7}), Someone Else\n"
            f"category: {'Boats' if number % 2 else 'Lights'}\ncreated: 2024-01-{number % 28 + 1:02}\n---\n\n"
            f"## Abstract\n\nSee [the one before](./rfc-{number - 1}.md) and `max_light_{number}`.\n"
        )
    (folder / "rfc-broken.md").write_text("---\ntitle: [unclosed\n---\n\nText\n")


@dataclass(frozen=True)
class Imported:
    """What an import told, and clients of the organization that has it and of one that hasn't."""

    stack: Stack
    folder: Path
    told: dict[str, Any]
    ours: httpx.Client
    theirs: httpx.Client

    def run_again(self) -> dict[str, Any]:
        return run_import(self.stack, self.folder)

    def published(self) -> list[dict[str, Any]]:
        """All of the list, page by page."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.ours.get(
                "/api/web/posts", params={"limit": "100", "status": "published", **cursor}
            ).json()
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}


def run_import(stack: Stack, folder: Path) -> dict[str, Any]:
    done = stack.run("import", "markdown", str(folder), "--organization", "library", "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def imported(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    if given := os.environ.get("DFWORX_TEST_DOCUMENTS"):
        folder = Path(given).resolve()
    else:
        write_documents(folder := tmp_path_factory.mktemp("documents"))
    library, harbour = stack.register("library"), stack.register("harbour")
    with stack.client(library) as ours, stack.client(harbour) as theirs:
        yield Imported(stack, folder, run_import(stack, folder), ours, theirs)


def test_every_file_is_created_or_skipped_with_its_reason(imported: Imported) -> None:
    files = list(imported.folder.rglob("*.md"))
    told = imported.told
    assert told["created"] + len(told["skipped"]) == len(files)
    assert told["updated"] == told["unchanged"] == 0
    assert all(each["file"] and each["why"] for each in told["skipped"] + told["warnings"])


def test_paging_gives_each_published_post_once_with_its_author(imported: Imported) -> None:
    items = imported.published()
    assert len(items) == imported.told["created"]
    assert Counter(item["post_id"] for item in items).most_common(1)[0][1] == 1
    assert all(item["author"]["name"] and item["title"] and item["published_at"] for item in items)


def test_a_number_finds_its_document_first_and_links_lead_to_posts(imported: Imported) -> None:
    slugs = {item["slug"] for item in imported.published()}
    slug = "eip-1559" if "eip-1559" in slugs else "rfc-117"
    for words in (slug, slug.rpartition("-")[2]):
        found = imported.ours.get("/api/web/posts", params={"q": words}).json()["items"]
        assert found[0]["slug"] == slug
    post = imported.ours.get(f"/api/web/posts/by-slug/{slug}").json()
    assert "](/posts/" in post["content"]


def test_another_organization_sees_nothing_of_it(imported: Imported) -> None:
    items = imported.published()
    by_id, by_slug = f"/api/web/posts/{items[0]['post_id']}", f"/api/web/posts/by-slug/{items[0]['slug']}"
    assert imported.ours.get(by_id).status_code == imported.ours.get(by_slug).status_code == 200
    for path in (
        "/api/web/posts",
        "/api/web/posts?status=published&limit=100",
        f"/api/web/posts?author={items[0]['author']['user_id']}",
        f"/api/web/posts?category={items[0]['category']}",
        f"/api/web/posts?q={items[0]['slug']}",
        f"/api/web/search?q={items[0]['slug']}",
        "/api/web/categories",
    ):
        answer = imported.theirs.get(path)
        assert (answer.status_code, answer.json()["items"]) == (200, []), path
    never_was = "00000000-0000-4000-8000-000000000000"
    for path, never in (
        (by_id, f"/api/web/posts/{never_was}"),
        (by_slug, "/api/web/posts/by-slug/never-was"),
        (f"/api/auth/users/{items[0]['author']['user_id']}", f"/api/auth/users/{never_was}"),
    ):
        nothing, expected = imported.theirs.get(path), imported.theirs.get(never)
        assert nothing.status_code == expected.status_code == 404
        assert {**nothing.json(), "request_id": ""} == {**expected.json(), "request_id": ""}
    people = imported.theirs.get("/api/auth/users?limit=100").json()["items"]
    assert [person["name"] for person in people] == ["Ann"]


def test_a_second_import_changes_nothing(imported: Imported) -> None:
    versions = {item["post_id"]: item["version"] for item in imported.published()}
    told = imported.run_again()
    assert (told["created"], told["updated"]) == (0, 0)
    assert told["unchanged"] == imported.told["created"]
    assert {item["post_id"]: item["version"] for item in imported.published()} == versions

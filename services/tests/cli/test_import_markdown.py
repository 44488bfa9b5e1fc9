"""A folder into an organization, on real PostgreSQL and Valkey, and read back through the API."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner

from dfworx.cli.failure import Failure
from dfworx.cli.importing.fields import parse_status_map
from dfworx.cli.importing.run import Stopped, import_folder
from dfworx.cli.importing.writing import Result
from dfworx.cli.main import build_app
from dfworx.shared.datasets import DATASETS
from tests.conftest import ClientAs, MakePerson, TestDatabase

FILES = {
    "aurora.md": "---\ntitle: Aurora\nauthor: Ada Byron (@ada), Bo Li <bo@example.org>\ncategory: Sky\n"
    "created: 2019-04-13\nstatus: Final\n---\n\nSee [the log](./log.md#may) and ![chart](chart.png).\n",
    "log.md": "---\ntitle: Log\nauthor: Bo Li\ntype: Notes\nstatus: Draft\n---\n\nBack to [aurora](aurora.md).\n",
    "plain.md": "# Plain words\n\nNo front matter.",
    "bad.md": "---\ntitle: [unclosed\n---\nText",
    "sub/plain.md": "The same slug.",
}
RunImport = Callable[..., Awaitable[Result]]


class Silent:
    def begin(self, doing: str, total: int) -> None: ...
    def advance(self, by: int = 1) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).write_text(text)
    (tmp_path / "files" / "chart.bin").write_bytes(b"\0\1")
    return tmp_path / "files"


@pytest.fixture
def run_import(database: TestDatabase, redis: Redis, folder: Path) -> RunImport:
    async def run(
        organization: str = "lumen", *, status: str = "", dry_run: bool = False, **more: Any
    ) -> Result:
        return await import_folder(
            folder,
            organization,
            parse_status_map(status),
            owner_url=database.owner_url,
            settings_of=database.settings,
            dry_run=dry_run,
            steps=Silent(),
            **more,
        )

    return run


def counts(result: Result) -> tuple[int, int, int, int]:
    return result.created, result.updated, result.unchanged, len(result.skipped)


async def test_files_become_posts_and_everything_else_is_named(
    run_import: RunImport, make_person: MakePerson, client_as: ClientAs
) -> None:
    admin = await make_person(role="admin")
    result = await run_import()
    assert result.to_json() == {
        "created": 3,
        "updated": 0,
        "unchanged": 0,
        "skipped": [
            {"file": "bad.md", "why": result.skipped[0].why},
            {"file": "chart.bin", "why": "isn't Markdown"},
            {"file": "sub/plain.md", "why": "gives the slug plain, and so does plain.md"},
        ],
        "warnings": [{"file": "aurora.md", "why": "shows chart.png, which isn't in the folder"}],
    }
    assert "isn't valid YAML" in result.skipped[0].why

    client = client_as(admin)
    aurora = (await client.get("/api/web/posts/by-slug/aurora")).json()
    assert aurora["title"] == "Aurora"
    assert aurora["author"]["name"] == "Ada Byron"
    assert aurora["category"] == "sky"
    assert aurora["status"] == "published"
    assert aurora["created_at"].startswith("2019-04-13T00:00:00")
    assert "[the log](/posts/log#may)" in aurora["content"]
    assert aurora["metadata"]["authors"] == ["Ada Byron", "Bo Li"]
    assert aurora["metadata"]["front_matter"]["status"] == "Final"
    assert aurora["metadata"]["import"]["source"] == "aurora.md"
    plain = (await client.get("/api/web/posts/by-slug/plain")).json()
    assert (plain["title"], plain["author"]["name"], plain["category"]) == ("Plain words", admin.name, None)
    people = (await client.get("/api/auth/users")).json()["items"]
    assert {person["name"] for person in people} == {admin.name, "Ada Byron", "Bo Li"}


async def test_a_second_run_changes_nothing_and_a_third_only_what_changed(
    run_import: RunImport,
    make_person: MakePerson,
    client_as: ClientAs,
    folder: Path,
    owner: asyncpg.Connection,
) -> None:
    admin = await make_person(role="admin")
    await run_import()
    before = await owner.fetch("select post_id, version, updated_at from app_web.posts order by post_id")
    audited = await owner.fetchval("select count(*) from public.audit_logs")
    assert counts(await run_import()) == (0, 0, 3, 3)
    assert (
        await owner.fetch("select post_id, version, updated_at from app_web.posts order by post_id") == before
    )
    assert await owner.fetchval("select count(*) from public.audit_logs") == audited

    (folder / "plain.md").write_text("# Plainer words")
    (folder / "new.md").write_text("New")
    assert (await client_as(admin).get("/api/web/posts")).status_code == 200
    assert counts(await run_import()) == (1, 1, 2, 3)
    titles = [item["title"] for item in (await client_as(admin).get("/api/web/posts")).json()["items"]]
    assert "Plainer words" in titles and "Plain words" not in titles
    plain = (await client_as(admin).get("/api/web/posts/by-slug/plain")).json()
    assert plain["version"] == 2


async def test_a_link_follows_the_file_it_leads_to(
    run_import: RunImport, make_person: MakePerson, client_as: ClientAs, folder: Path
) -> None:
    admin = await make_person(role="admin")
    await run_import()
    (folder / "log.md").rename(folder / "journal.md")
    result = await run_import()
    assert counts(result) == (1, 1, 1, 3)
    assert any("log.md, which isn't in the folder" in note.why for note in result.warnings)
    aurora = (await client_as(admin).get("/api/web/posts/by-slug/aurora")).json()
    assert "[the log](./log.md#may)" in aurora["content"]


async def test_a_dry_run_writes_nothing_and_tells_the_same(
    run_import: RunImport, make_person: MakePerson, folder: Path, owner: asyncpg.Connection
) -> None:
    await make_person(role="admin")
    would = await run_import(dry_run=True)
    assert await owner.fetchval("select count(*) from app_web.posts") == 0
    assert await owner.fetchval("select count(*) from app_web.categories") == 0
    assert await owner.fetchval("select count(*) from public.users where origin = 'imported'") == 0
    assert (await run_import()).to_json() == would.to_json()
    (folder / "plain.md").write_text("Changed")
    assert counts(await run_import(dry_run=True)) == (0, 1, 2, 3)


async def test_another_organization_sees_nothing_of_it(
    run_import: RunImport, make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    await make_person(role="admin")
    stranger = client_as(await make_person(organization="other", role="admin"))
    await run_import()
    post_id = await owner.fetchval("select post_id from app_web.posts where slug = 'aurora'")
    assert (await stranger.get("/api/web/posts")).json()["items"] == []
    assert (await stranger.get("/api/web/posts?q=aurora")).json()["items"] == []
    assert (await stranger.get("/api/web/posts/by-slug/aurora")).status_code == 404
    assert (await stranger.get(f"/api/web/posts/{post_id}")).status_code == 404
    assert (await stranger.get("/api/web/categories")).json()["items"] == []
    assert len((await stranger.get("/api/auth/users")).json()["items"]) == 1
    # The same files once more, for them: posts and people of their own.
    assert counts(await run_import("other")) == (3, 0, 0, 3)
    assert await owner.fetchval("select count(*) from app_web.posts") == 6


async def test_drafts_belong_to_the_importing_admin(
    run_import: RunImport, make_person: MakePerson, client_as: ClientAs
) -> None:
    admin, member = await make_person(role="admin"), await make_person()
    result = await run_import(status="draft=draft,Final=archived")
    assert counts(result) == (3, 0, 0, 3)
    log = (await client_as(admin).get("/api/web/posts/by-slug/log")).json()
    assert (log["status"], log["author"]["user_id"]) == ("draft", str(admin.user_id))
    assert log["metadata"]["authors"] == ["Bo Li"]
    assert (await client_as(admin).get("/api/web/posts/by-slug/aurora")).json()["status"] == "archived"
    assert [item["slug"] for item in (await client_as(member).get("/api/web/posts")).json()["items"]] == [
        "plain"
    ]
    # Without the map it is published under its author's name.
    assert counts(await run_import()) == (0, 2, 1, 3)
    log = (await client_as(member).get("/api/web/posts/by-slug/log")).json()
    assert (log["status"], log["author"]["name"]) == ("published", "Bo Li")


async def test_a_post_that_people_wrote_is_never_overwritten(
    run_import: RunImport, make_person: MakePerson, client_as: ClientAs
) -> None:
    await make_person(role="admin")
    member = client_as(await make_person())
    body = {"title": "Ours", "content": "Mine", "slug": "log"}
    assert (await member.post("/api/web/posts", json=body)).status_code == 201
    result = await run_import()
    assert counts(result) == (2, 0, 0, 4)
    reasons = {note.file: note.why for note in result.skipped}
    assert reasons["log.md"] == "gives the slug log, which a post that wasn't imported already has"
    assert any(note.why == "links to log.md, which is skipped" for note in result.warnings)
    assert (await member.get("/api/web/posts/by-slug/log")).json()["content"] == "Mine"


async def test_stopping_leaves_whole_posts_and_the_next_run_goes_on(
    run_import: RunImport, make_person: MakePerson, owner: asyncpg.Connection, folder: Path
) -> None:
    await make_person(role="admin")
    for number in range(40):
        (folder / f"many-{number}.md").write_text(f"---\nauthor: Author {number}\n---\nWords")
    asked = iter([False] * (len(FILES) + 40) + [False] * 10)
    with pytest.raises(Stopped) as stopped:
        await run_import(stopped=lambda: next(asked, True))
    written = await owner.fetchval("select count(*) from app_web.posts")
    assert 0 < written < 43 and written == stopped.value.result.created
    assert counts(await run_import()) == (43 - written, 0, written, 3)


async def test_nothing_is_cached_that_the_registry_does_not_know(
    run_import: RunImport, make_person: MakePerson, client_as: ClientAs, redis: Redis
) -> None:
    admin = client_as(await make_person(role="admin"))
    await run_import()
    for path in ("web/posts", "web/posts/by-slug/plain", "web/categories", "auth/users", "auth/me"):
        assert (await admin.get(f"/api/{path}")).status_code == 200
    keys = [key.decode() if isinstance(key, bytes) else key for key in await redis.keys()]
    names = {key.partition(":")[0].partition("/")[0] for key in keys}
    assert names >= {"generation", "session", "app_web.posts"}
    assert names <= set(DATASETS)


@pytest.mark.parametrize(
    ("organization", "role", "why"),
    [
        ("lumin", "admin", "There is no organization with the slug lumin; there are: lumen."),
        ("lumen", "member", "The organization lumen has no active admin"),
    ],
)
async def test_a_bad_organization_is_refused_in_a_sentence(
    run_import: RunImport, make_person: MakePerson, organization: str, role: str, why: str
) -> None:
    await make_person(role=role)
    with pytest.raises(Failure, match=why):
        await run_import(organization)


@pytest.mark.parametrize(("kind", "why"), [("gone", "no such file or directory"), ("file", "is no folder")])
async def test_a_bad_folder_is_refused_in_a_sentence(
    database: TestDatabase, make_person: MakePerson, tmp_path: Path, kind: str, why: str
) -> None:
    await make_person(role="admin")
    folder = tmp_path / "gone" if kind == "gone" else Path(__file__)
    with pytest.raises(Failure, match=why):
        await import_folder(
            folder, "lumen", {},
            owner_url=database.owner_url, settings_of=database.settings, dry_run=False, steps=Silent(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--status", "Draft"], "is no status mapping"),
        ([], "This install is not running; start it with: ./dfworx up"),
    ],
)
def test_the_command_refuses_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    command = ["import", "markdown", str(tmp_path), "--organization", "lumen", *words]
    result = CliRunner().invoke(build_app("import"), command)
    assert isinstance(result.exception, Failure) and why in str(result.exception)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("folder", "organization", "why"),
    [
        ("", "lumen", "DIR is empty"),
        (".", "", "--organization is empty"),
        (".", " ", "--organization is empty"),
    ],
)
def test_the_command_takes_no_empty_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, organization: str, why: str
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    command = ["import", "markdown", folder, "--organization", organization]
    result = CliRunner().invoke(build_app("import"), command)
    assert isinstance(result.exception, Failure) and why in str(result.exception)

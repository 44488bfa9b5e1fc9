"""A backup that is taken while people write, and an install made of it when everything else is gone: what was there
before is there again, what came after is not, and all of it is what was measured in the backup's own moment."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from dfworx.cli.backups.archive import Archive, open_archive
from dfworx.cli.backups.documents import measure_documents
from dfworx.cli.backups.measures import differences, take_measures
from dfworx.cli.home import CHECKOUT, Home, choose_port
from dfworx.cli.install import assemble_install
from dfworx.cli.parts.processes import find_processes, read_words
from dfworx.cli.parts.realtime import install_data
from dfworx.cli.waiting import wait_until
from tests.flows.backing_up import (
    PASSPHRASE,
    Written,
    backup,
    command,
    message_ids,
    start,
    waiting,
    write_each,
    writing,
)
from tests.flows.conftest import Stack
from tests.flows.test_bridge import ask

AT_LEAST = 8
"""Of each kind are written before the backup begins, and after it has ended."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with TemporaryDirectory(prefix="dfworx-flows-") as folder:
        made = Stack(Home(Path(folder) / "a home"), choose_port())
        try:
            start(made)
            made.token = made.register()
            yield made
        finally:
            made.run("down")
            assert find_processes(made.home.path) == []


@pytest.fixture(scope="module")
def archive(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Written, Written]]:
    """Taken under load: the file, what was acknowledged before it was begun, and what was begun after its end."""
    file = tmp_path_factory.mktemp("backups") / "all.tar.age"
    before, during, after = Written(), Written(), Written()
    client = stack.client()
    assert wait_until(lambda: bool(ask(client, "threads:list")), seconds=20)
    [thread] = ask(client, "threads:list")
    for _ in range(AT_LEAST):
        write_each(client, thread["thread_id"], before)
    with writing(stack, thread["thread_id"], during):
        assert wait_until(lambda: min(during.counts()) >= AT_LEAST, seconds=60)
        counted = during.counts()
        done = backup(stack, file, "--encrypt", "--json")
        assert done.returncode == 0, done.stderr
        assert min(b - a for a, b in zip(counted, during.counts(), strict=True)) > 0, "nothing came meanwhile"
    for _ in range(AT_LEAST):
        write_each(client, thread["thread_id"], after)
    told = json.loads(done.stdout)
    assert (told["file"], told["missing_files"], told["outside"]) == (str(file), 0, [])
    assert told["bytes"] == file.stat().st_size and file.stat().st_mode & 0o077 == 0
    assert not (stack.home.path / "backups" / "taking").exists()
    yield file, before, after


def wipe(stack: Stack) -> None:
    stack.run("down")
    shutil.rmtree(stack.home.path)


def read(file: Path, look: Callable[[Archive], Any]) -> Any:
    with open_archive(file, PASSPHRASE) as opened:
        return look(opened)


def measure(stack: Stack) -> dict[str, Any]:
    """The restored database, before anything of the install runs on it."""
    cluster = assemble_install(stack.home, stack.environment(), choose_free_ports=True).cluster
    assert cluster is not None

    async def ask_database() -> dict[str, Any]:
        connection = await asyncpg.connect(cluster.url())
        try:
            async with connection.transaction():
                return await take_measures(connection)
        finally:
            await connection.close()

    cluster.start()
    try:
        return asyncio.run(ask_database())
    finally:
        cluster.stop("fast")


def file_digests(folder: Path) -> list[str]:
    return sorted(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    )


def test_an_organization_leaves_with_its_chat_and_comes_in_as_another(
    stack: Stack, archive: tuple[Path, Written, Written], tmp_path: Path
) -> None:
    _, before, after = archive
    file = tmp_path / "lighthouse.zip"
    done = stack.run("org", "export", "lighthouse", str(file), "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts["files"] == counts["posts"] == counts["messages"] > len(before.posts) + len(after.posts)
    assert file.stat().st_mode & 0o077 == 0
    done = stack.run(
        *(
            "import",
            "archive",
            str(file),
            "--organization",
            "lantern",
            "--admin",
            "ann@lighthouse.example.com",
        )
    )
    assert done.returncode == 0, done.stderr
    told = {each["slug"]: each for each in json.loads(stack.run("org", "list", "--json").stdout)}
    assert told["lantern"]["posts"] == told["lighthouse"]["posts"] == counts["posts"]
    assert told["lantern"]["file_bytes"] == told["lighthouse"]["file_bytes"]
    login = {
        "email": "ann@lighthouse.example.com",
        "password": "correct horse battery",
        "organization": "lantern",
    }
    answer = httpx.post(f"{stack.origin}/api/auth/login", json=login, timeout=30)
    assert answer.status_code == 200, answer.text
    client = stack.client(answer.json()["access_token"])
    assert len(client.get("/api/web/posts", params={"limit": 20}).json()["items"]) == 20
    # Convex hears of the new organization by itself.
    assert wait_until(lambda: len(ask(client, "members:list") or []) == 1, seconds=30)
    assert sum(each["imported"] for each in ask(client, "threads:counts")) == counts["messages"]
    refused = stack.run(
        *(
            "import",
            "archive",
            str(file),
            "--organization",
            "lantern",
            "--admin",
            "ann@lighthouse.example.com",
        )
    )
    assert refused.returncode == 1 and "There is an organization lantern already" in refused.stderr


def test_a_running_install_and_one_that_is_there_are_not_overwritten(
    stack: Stack, archive: tuple[Path, Written, Written]
) -> None:
    file = archive[0]
    refused = command(stack, "restore", str(file), "--force")
    assert refused.returncode == 1
    assert (
        refused.stderr.strip() == f"The install in {stack.home.path} is running; stop it first: ./dfworx down"
    )
    stack.run("down")
    refused = command(stack, "restore", str(file))
    assert refused.returncode == 1 and "keep that one beside with --force" in refused.stderr
    start(stack)


def test_an_install_made_of_a_backup_is_what_it_was_at_the_moment_of_the_backup(
    stack: Stack, archive: tuple[Path, Written, Written], tmp_path: Path
) -> None:
    file, before, after = archive
    manifest = read(file, lambda opened: opened.manifest)
    wipe(stack)
    done = command(stack, "restore", str(file))
    assert done.returncode == 0, done.stderr

    found = measure(stack)
    # What Convex is to be told again stands in the outbox; every other table is what it was.
    assert differences(manifest, found) == ["shared_services.outbox"]
    assert manifest["tables"]["app_web.posts"]["rows"] >= len(before.posts) + AT_LEAST
    assert manifest["walls"]["policies"]["count"] > 50 and manifest["walls"]["grants"]["count"] > 500
    assert measure_documents(install_data(stack.home)) == manifest["convex"]
    assert manifest["convex"]["tables"]["messages"]["rows"] >= len(before.messages) + AT_LEAST
    parts = read(file, lambda opened: opened.unpack(tmp_path, lambda _: None))
    saved = [part.path for part in parts if part.name.startswith("files/")]
    assert len(saved) >= len(before.files) + AT_LEAST
    assert file_digests(stack.home.path / "files") == sorted(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in saved
    )

    start(stack)
    answer = httpx.post(
        f"{stack.origin}/api/auth/login",
        json={
            "email": "ann@lighthouse.example.com",
            "password": "correct horse battery",
            "organization": "lighthouse",
        },
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    assert stack.client().get("/api/auth/me").status_code == 401, "sessions end with a restore"
    client = stack.client(answer.json()["access_token"])
    for post_id in before.posts:
        assert client.get(f"/api/web/posts/{post_id}").status_code == 200
    for post_id in after.posts:
        assert client.get(f"/api/web/posts/{post_id}").status_code == 404
    for file_id, digest in before.files.items():
        told = client.get(f"/api/web/files/{file_id}")
        assert told.status_code == 200, told.text
        content = client.get(told.json()["url"]).content
        assert hashlib.sha256(content).hexdigest() == digest
    [thread] = ask(client, "threads:list")
    stand = message_ids(client, thread["thread_id"])
    assert set(before.messages) <= stand and not set(after.messages) & stand
    assert wait_until(lambda: waiting(stack) == 0, seconds=60), stack.story()
    fresh = Written()
    write_each(client, thread["thread_id"], fresh)
    assert set(fresh.messages) <= message_ids(client, thread["thread_id"])


def test_what_was_there_is_kept_beside_when_a_backup_takes_its_place(
    stack: Stack, archive: tuple[Path, Written, Written]
) -> None:
    file, before, _ = archive
    secret = (stack.home.path / "secret").read_text()
    stack.run("down")
    done = command(stack, "restore", str(file), "--force")
    assert done.returncode == 0, done.stderr
    [kept] = stack.home.path.glob("before-*")
    assert str(kept) in done.stderr
    assert (kept / "secret").read_text() == secret == (stack.home.path / "secret").read_text()
    assert (kept / "postgres" / "data" / "PG_VERSION").exists()
    assert len(file_digests(kept / "files")) > len(before.files)
    assert not (stack.home.path / "restoring").exists()


def test_a_restore_that_was_killed_leaves_the_install_as_it_was_and_is_run_again(
    stack: Stack, archive: tuple[Path, Written, Written]
) -> None:
    home, words = stack.home.path, ["restore", str(archive[0]), "--force"]
    held = {each.name for each in home.iterdir()}
    secret, documents = (home / "secret").read_text(), file_digests(home / "realtime")
    running = subprocess.Popen(
        [str(CHECKOUT / "dfworx"), *words],
        env={**stack.environment(), "DFWORX_BACKUP_PASSPHRASE": PASSPHRASE},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = home / "restoring" / "postgres" / "data" / "postmaster.pid"
    assert wait_until(lambda: server.exists() or running.poll() is not None, seconds=60)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert {each.name for each in home.iterdir()} == held | {"restoring"}
    assert ((home / "secret").read_text(), file_digests(home / "realtime")) == (secret, documents)
    done = command(stack, *words)
    assert done.returncode == 0, done.stderr
    assert not (home / "restoring").exists()
    left = [each for each in psutil.process_iter() if f"{home}/restoring" in " ".join(read_words(each))]
    assert left == []


def test_a_wrong_passphrase_changes_nothing(stack: Stack, archive: tuple[Path, Written, Written]) -> None:
    held = sorted(each.name for each in stack.home.path.iterdir())
    refused = command(
        stack, "restore", str(archive[0]), "--force", DFWORX_BACKUP_PASSPHRASE="another passphrase"
    )
    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        "The passphrase is not the one of this backup; nothing was changed.",
    )
    assert sorted(each.name for each in stack.home.path.iterdir()) == held


def test_the_secret_of_another_install_is_refused(
    stack: Stack, archive: tuple[Path, Written, Written]
) -> None:
    refused = command(stack, "restore", str(archive[0]), "--force", DFWORX_SECRET="f0e1d2c3" * 8)
    assert refused.returncode == 1
    assert "DFWORX_SECRET is not the one of the backup's install" in refused.stderr


def test_an_install_that_is_down_is_backed_up_too_and_a_half_restored_one_does_not_start(
    stack: Stack, tmp_path: Path
) -> None:
    done = backup(stack, tmp_path / "down.tar")
    assert done.returncode == 0, done.stderr
    assert "It is not encrypted" in done.stderr
    assert find_processes(stack.home.path) == []
    (stack.home.path / "restore-unfinished").touch()
    refused = stack.run("up", "--detach", "--no-apps")
    assert refused.returncode == 1 and "A restore was broken off" in refused.stderr
    (stack.home.path / "restore-unfinished").unlink()


def test_backups_are_taken_by_themselves_proven_and_the_oldest_dropped(stack: Stack, tmp_path: Path) -> None:
    folder = tmp_path / "by themselves"
    told = {
        "DFWORX_BACKUP_EVERY": "1",
        "DFWORX_BACKUP_KEEP": "2",
        "DFWORX_BACKUP_FOLDER": str(folder),
    }
    folder.mkdir()
    old = [folder / f"dfworx-2020010{day}T000000Z.tar" for day in (1, 2, 3)]
    mine = folder / "mine.tar"
    for each in (*old, mine):
        each.write_bytes(b"of long ago")
    start(stack, **told)
    assert wait_until(lambda: "backup" in listed(stack, told)["last"], seconds=60), stack.story()
    state = listed(stack, told)
    assert state["last"]["backup"]["ok"], state
    assert [each["encrypted"] for each in state["backups"]] == [True, False]
    taken = Path(state["backups"][0]["file"])
    assert sorted(folder.iterdir()) == sorted([old[2], mine, taken])
    for service in ("auth", "web", "worker"):
        [process] = stack.processes(f"dfworx.{service}")[:1]
        assert "DFWORX_BACKUP_PASSPHRASE" not in process.environ()

    done = command(stack, "backup", "drill", "--json", **told)
    assert done.returncode == 0, done.stderr
    proven = json.loads(done.stdout)
    assert proven["file"] == str(taken) and proven["policies"] > 50
    assert listed(stack, told)["last"]["drill"]["ok"]
    assert stack.run("status").returncode == 0, "the install runs on"
    assert not (stack.home.path / "drill").exists()

    content = bytearray(taken.read_bytes())
    content[len(content) // 2] ^= 1
    taken.write_bytes(content)
    done = command(stack, "backup", "drill", **told)
    assert done.returncode == 1 and "is damaged" in done.stderr
    drilled = listed(stack, told)["last"]["drill"]
    assert not drilled["ok"] and "is damaged" in drilled["why"]


def listed(stack: Stack, variables: dict[str, str]) -> dict[str, Any]:
    done = command(stack, "backup", "list", "--json", **variables)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("hours", ["-1", "daily", "99999"])
def test_a_plan_that_makes_no_sense_is_told_at_the_start(stack: Stack, hours: str) -> None:
    stack.run("down")
    refused = command(stack, "up", "--detach", "--no-apps", DFWORX_BACKUP_EVERY=hours)
    assert refused.returncode == 1 and "DFWORX_BACKUP_EVERY is" in refused.stderr

"""`./dfworx realtime serve`: one line when it answers, one sentence when it can't, and nothing left when it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from dfworx.cli.waiting import wait_until

HELLO = """
import { queryGeneric as query } from "convex/server";
export const hello = query({ args: {}, handler: async () => process.env.GREETING ?? "hello" });
"""
NOTES = """
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ notes: defineTable({ text: v.TYPE() }) });
"""
WRITE = """
import { mutationGeneric as mutation } from "convex/server";
export const write = mutation({ args: {}, handler: (ctx) => ctx.db.insert("notes", { text: "a" }) });
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "some functions"
    made.mkdir()
    (made / "greetings.ts").write_text(HELLO)
    return made


def command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "dfworx.cli.main", "realtime", "serve", str(folder), *options]


def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DFWORX_HOME": str(tmp_path / "home")}


def refused(tmp_path: Path, folder: Path, *options: str) -> str:
    done = subprocess.run(
        command(folder, *options),
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@contextmanager
def served(
    tmp_path: Path, folder: Path, *options: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command(folder, "--port", "0", *options),
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, (tmp_path / "log").read_text()
        yield process, json.loads(line)
    finally:
        process.kill()
        process.communicate()


def ask(url: str, path: str = "greetings:hello", kind: str = "query") -> object:
    told = httpx.post(f"{url}/api/{kind}", json={"path": path, "args": {}}, timeout=30).json()
    return told.get("value", told.get("errorMessage"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_leaves_nothing_when_it_is_stopped(
    tmp_path: Path, folder: Path, number: signal.Signals
) -> None:
    with served(tmp_path, folder, "--env", "GREETING=good day") as (process, told):
        assert set(told) == {"url", "site_url", "admin_key"}
        assert ask(told["url"]) == "good day"
        assert httpx.get(told["site_url"]).status_code == 404
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert process.stdout and process.stdout.read() == ""
        assert not any(child.is_running() for child in children)
    assert (tmp_path / "log").read_text() == ""


def test_its_children_die_with_it_however_it_dies(tmp_path: Path, folder: Path) -> None:
    with served(tmp_path, folder) as (process, _):
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        assert wait_until(lambda: not any(child.is_running() for child in children), seconds=20)


def test_what_changes_in_the_folder_is_taken_and_what_is_wrong_is_told(tmp_path: Path, folder: Path) -> None:
    log = tmp_path / "log"
    with served(tmp_path, folder) as (_, told):

        def changed() -> bool:
            """Written again and again: the watcher may not be watching yet."""
            (folder / "greetings.ts").write_text(HELLO.replace('hello"', 'good evening"'))
            return ask(told["url"]) == "good evening"

        assert wait_until(changed, seconds=30, interval=0.5)
        (folder / "greetings.ts").write_text("export const hello = (")
        assert wait_until(lambda: "greetings.ts" in log.read_text(), seconds=30)
        assert ask(told["url"]) == "good evening"


def test_each_folder_has_documents_of_its_own_and_finds_them_again(tmp_path: Path, folder: Path) -> None:
    other = tmp_path / "elsewhere" / folder.name
    other.mkdir(parents=True)
    for each in (folder, other):
        (each / "notes.ts").write_text(WRITE)
    keys = []
    for each in (folder, other, folder):
        with served(tmp_path, each) as (_, told):
            keys.append(told["admin_key"])
            ask(told["url"], "notes:write", "mutation")
    assert keys[0] == keys[2] != keys[1]
    assert len(list((tmp_path / "home" / "realtime").glob("some functions-*.sqlite"))) == 2


def test_documents_are_served_by_one_at_a_time(tmp_path: Path, folder: Path) -> None:
    data = str(tmp_path / "data.sqlite")
    with served(tmp_path, folder, "--data", data):
        assert "is being served already" in refused(tmp_path, folder, "--port", "0", "--data", data)


def test_a_folder_that_is_not_there_or_has_no_functions_is_refused(tmp_path: Path, folder: Path) -> None:
    assert "There is no folder" in refused(tmp_path, tmp_path / "nowhere", "--port", "0")
    (folder / "greetings.ts").unlink()
    assert "has no functions" in refused(tmp_path, folder, "--port", "0")


def test_functions_that_cannot_be_read_are_refused_with_the_place(tmp_path: Path, folder: Path) -> None:
    (folder / "greetings.ts").write_text("export const hello = (")
    assert "greetings.ts:1:22" in refused(tmp_path, folder, "--port", "0")


def test_a_taken_port_is_refused(tmp_path: Path, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in refused(tmp_path, folder, "--port", str(port))


def test_a_schema_that_the_documents_do_not_fit_is_refused(tmp_path: Path, folder: Path) -> None:
    (folder / "notes.ts").write_text(WRITE)
    (folder / "schema.ts").write_text(NOTES.replace("TYPE", "string"))
    log = tmp_path / "log"
    with served(tmp_path, folder) as (_, told):
        written = ask(told["url"], "notes:write", "mutation")

        def refused_by_the_running_one() -> bool:
            (folder / "schema.ts").write_text(NOTES.replace("TYPE", "number"))
            return f'stay as they were: Document with ID "{written}" in table "notes"' in log.read_text()

        assert wait_until(refused_by_the_running_one, seconds=30, interval=0.5)
        another = ask(told["url"], "notes:write", "mutation")
        assert isinstance(another, str), "the schema before holds still"
    told_at_the_start = refused(tmp_path, folder, "--port", "0")
    # Either of them may be met first.
    assert any(
        f'Document with ID "{each}" in table "notes" does not match the schema' in told_at_the_start
        for each in (written, another)
    )
    assert "Path: .text" in told_at_the_start and "v.float64()" in told_at_the_start


def test_a_token_provider_that_is_wrong_is_refused(tmp_path: Path, folder: Path) -> None:
    (folder / "auth.config.ts").write_text(
        'export default { providers: [{ type: "customJwt", issuer: "a" }] };'
    )
    assert "auth.config.ts" in refused(tmp_path, folder, "--port", "0")


@pytest.mark.parametrize("data", ["nowhere/data.sqlite", "."])
def test_a_place_where_documents_cannot_be_kept_is_refused(tmp_path: Path, folder: Path, data: str) -> None:
    assert "--data" in refused(tmp_path, folder, "--port", "0", "--data", str(tmp_path / data))


def test_a_file_that_holds_no_documents_is_refused(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "data").write_text("These are no documents. " * 100)
    told = refused(tmp_path, folder, "--port", "0", "--data", str(tmp_path / "data"))
    assert "is not a database" in told and "move the file away" in told


def test_a_variable_without_a_value_is_refused(tmp_path: Path, folder: Path) -> None:
    assert "NAME=VALUE" in refused(tmp_path, folder, "--port", "0", "--env", "GREETING")

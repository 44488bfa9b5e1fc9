"""The commands that speak to a deployment which is served: they find it, do what they say, and say what is wrong. What
Convex's own command line asks is answered too."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from dfworx.cli.deployments.asking import printable
from dfworx.cli.deployments.run import function_path
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import node_executable
from dfworx.cli.realtime import app

NOTES = """
import { internalMutationGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";
export const write = mutationGeneric({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    console.log("writes", text.length);
    return await ctx.db.insert("notes", { text, size: BigInt(text.length) });
  },
});
export const hidden = internalMutationGeneric({
  args: {},
  handler: async () => {
    throw new Error("hidden it stays");
  },
});
export const upload = mutationGeneric({ args: {}, handler: async (ctx) => await ctx.storage.generateUploadUrl() });
const file = { id: v.id("_storage") };
export const address = queryGeneric({ args: file, handler: async (ctx, { id }) => await ctx.storage.getUrl(id) });
export const forget = mutationGeneric({ args: file, handler: async (ctx, { id }) => await ctx.storage.delete(id) });
export const count = queryGeneric({ args: {}, handler: async (ctx) => (await ctx.db.query("notes").collect()).length });
export const colour = queryGeneric({ args: {}, handler: async () => process.env.COLOUR ?? null });
export const who = queryGeneric({ args: {}, handler: async (ctx) => await ctx.auth.getUserIdentity() });
"""


class Done(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Place:
    """A state folder, and a project whose functions are served from it."""

    root: Path
    told: dict[str, Any]

    @property
    def functions(self) -> Path:
        return self.root / "project" / "convex"

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "DFWORX_HOME": str(self.root / "home")}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "dfworx.cli.main", "realtime", *words]

    def run(self, *words: str, stdin: str = "") -> Done:
        """In this process: it has all loaded already."""
        result = CliRunner().invoke(app, words, env=self.environ, input=stdin)
        if isinstance(result.exception, Failure):
            return Done(1, result.stdout, str(result.exception))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Done(result.exit_code, result.stdout, result.stderr)

    def out(self, *words: str, stdin: str = "") -> str:
        done = self.run(*words, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *words: str) -> str:
        done = self.run(*words)
        assert (done.returncode, done.stdout) == (1, ""), done.stdout
        return done.stderr

    def npx(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Convex's own command line, as `npx convex` starts it."""
        return subprocess.run(
            [
                *(str(node_executable(locate_home(os.environ).path)), "node_modules/convex/bin/main.js"),
                *(*words, "--url", self.told["url"], "--admin-key", self.told["admin_key"]),
            ],
            cwd=self.root / "project",
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("deployments"), {})
    made.functions.mkdir(parents=True)
    (made.functions / "notes.ts").write_text(NOTES)
    project = made.root / "project"
    (project / "package.json").write_text('{"name":"project","dependencies":{"convex":"1"}}')
    (project / "node_modules").symlink_to(CHECKOUT / "node_modules")
    with serving(made):
        made.out("run", "notes:write", '{"text":"first"}')
        yield made


class serving:  # noqa: N801 - reads as what it is
    def __init__(self, place: Place, *options: str) -> None:
        self._place = place
        self._command = place.command("serve", str(place.functions), "--port", "0", *options)

    def __enter__(self) -> subprocess.Popen[str]:
        with (self._place.root / "log").open("w") as log:
            self._process = subprocess.Popen(
                self._command, env=self._place.environ, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, (self._place.root / "log").read_text()
        self._place.told.update(json.loads(line))
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


def test_any_function_is_run_and_its_value_printed(place: Place) -> None:
    done = place.run("run", "notes:write", '{"text":"second"}')
    assert isinstance(json.loads(done.stdout), str)
    assert done.stderr == "[LOG] 'writes' 6\n"
    assert json.loads(place.out("run", "convex/notes.ts:count")) >= 2
    acting = '{"subject":"ann","org_id":"lumen"}'
    assert json.loads(place.out("run", "api.notes.who", "--identity", acting))["org_id"] == "lumen"
    assert "hidden it stays" in place.refused("run", "internal.notes.hidden")
    assert "Could not find function for 'notes:nothing'" in place.refused("run", "notes:nothing")
    assert "ArgumentValidationError" in place.refused("run", "notes:write", "{}")


def test_what_is_no_argument_is_refused(place: Place) -> None:
    assert "is no JSON" in place.refused("run", "notes:count", "{x")
    assert "must be an object" in place.refused("run", "notes:count", "[]")
    assert "must be an object" in place.refused("run", "notes:count", "--identity", "5")
    assert "names no function" in place.refused("run", "api.notes")


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("notes", "notes:default"),
        ("notes.js:list", "notes:list"),
        ("api.notes.list", "notes:list"),
        ("internal.deep.notes.list", "deep/notes:list"),
        ("convex/deep/notes.ts:list", "deep/notes:list"),
        ("deep/notes:list", "deep/notes:list"),
    ],
)
def test_a_function_may_be_named_as_convexs_command_line_takes_it(told: str, path: str) -> None:
    assert function_path(told) == path


def test_a_query_is_watched(place: Place) -> None:
    process = subprocess.Popen(
        place.command("run", "notes:count", "--watch"), env=place.environ, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        before = int(process.stdout.readline())
        place.out("run", "notes:write", '{"text":"watched"}')
        assert int(process.stdout.readline()) == before + 1
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) in (0, 130)
    finally:
        process.kill()
        process.communicate()
    assert "defined as Mutation" in watched_error(place)


def watched_error(place: Place) -> str:
    """What is told of something that can't be watched."""
    process = subprocess.Popen(
        place.command("run", "notes:write", "{}", "--watch"),
        env=place.environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        return process.stderr.readline() + process.stderr.readline()
    finally:
        process.kill()
        process.communicate()


def test_tables_and_documents_are_shown(place: Place) -> None:
    assert place.out("data") == "notes\n"
    [newest] = place.out("data", "notes", "--limit", "1", "--format", "jsonl").splitlines()
    assert {"text", "size", "_id", "_creationTime"} == set(json.loads(newest))
    documents = json.loads(place.out("data", "notes", "--order", "asc", "--format", "json"))
    assert documents[0]["text"] == "first" and documents[0]["size"] == {"$integer": "BQAAAAAAAAA="}
    shown = place.out("data", "notes", "--order", "asc")
    assert '"first"' in shown and "5n" in shown and "_creationTime" in shown
    assert "There is no table nowhere; there are: notes." in place.refused("data", "nowhere")


def test_documents_and_logs_do_not_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert printable("plain é\n\x1b[2J\x9b1m\x07") == "plain é\n\\u001b[2J\\u009b1m\\u0007"


def test_variables_are_set_listed_and_unset(place: Place) -> None:
    place.out("env", "set", "COLOUR", "dark blue")
    assert json.loads(place.out("run", "notes:colour")) == "dark blue"
    place.out("env", "set", "LINES=a\nb")
    place.out("env", "set", "PIPED", stdin="hush\n")
    assert place.out("env", "list") == 'COLOUR="dark blue"\nLINES="a\\nb"\nPIPED=hush\n'
    assert place.out("env", "get", "LINES") == "a\nb\n"
    for name in ("COLOUR", "LINES", "PIPED", "COLOUR"):
        place.out("env", "unset", name)
    assert place.out("env", "list") == ""
    assert "is not set" in place.refused("env", "get", "COLOUR")
    assert "is no name" in place.refused("env", "set", "9", "x")
    assert "NAME VALUE or NAME=VALUE" in place.refused("env", "set", "A=b", "c")


def test_logs_are_followed(place: Place) -> None:
    place.run("run", "notes:hidden")
    place.out("run", "notes:count")
    process = subprocess.Popen(
        place.command("logs", "--history", "2", "--success"),
        env=place.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        assert "M(notes:hidden) Uncaught Error: hidden it stays" in next(lines)
        assert any("Q(notes:count) took " in line for line in lines)
        place.out("run", "notes:write", '{"text":"followed"}')
        assert "M(notes:write) [LOG] 'writes' 8" in next(lines)
        assert "M(notes:write) took " in next(lines)
    finally:
        process.kill()
        process.communicate()


def test_convexs_own_command_line_is_answered(place: Place) -> None:
    assert place.npx("run", "notes:count").stdout.strip().isdecimal()
    missing = place.npx("run", "notes:nothing")
    assert missing.returncode == 1 and "• notes:hidden" in missing.stderr
    assert place.npx("env", "set", "COLOUR", "red").returncode == 0
    assert place.npx("env", "get", "COLOUR").stdout == "red\n"
    assert place.npx("env", "list", "--include-values").stdout == "COLOUR=red\n"
    assert place.npx("env", "unset", "COLOUR").returncode == 0
    assert place.npx("data").stdout == "notes\n"
    assert '"first"' in place.npx("data", "notes", "--order", "asc").stdout
    assert "There are no documents" in place.npx("data", "nowhere").stderr
    listed = json.loads(place.npx("function-spec").stdout)
    assert {each["identifier"] for each in listed["functions"]} >= {"notes.js:count", "notes.js:hidden"}


def test_a_deployment_elsewhere_is_named_by_address_and_key(place: Place) -> None:
    url, key = place.told["url"], place.told["admin_key"]
    assert place.out("data", "--url", url, "--admin-key", key) == "notes\n"
    wrong = place.refused("data", "--url", url, "--admin-key", f"{key[:-4]}0000")
    assert "The admin key isn't this deployment's." in wrong
    assert "both --url and --admin-key" in place.refused("data", "--url", url)
    assert "doesn't answer" in place.refused("data", "--url", "http://127.0.0.1:1", "--admin-key", "x")
    assert "no address" in place.refused("data", "--url", "http://a:b:c", "--admin-key", "x")
    assert "no key has" in place.refused("data", "--url", url, "--admin-key", "é")


def test_the_deployment_is_found_while_it_runs_and_not_after(tmp_path: Path, place: Place) -> None:
    other = Place(tmp_path, {})
    other.functions.mkdir(parents=True)
    (other.functions / "notes.ts").write_text(NOTES)
    assert "No deployment runs here. Start one" in other.refused("data")
    second = str(tmp_path / "second.sqlite")
    with serving(other) as process:
        [file] = (tmp_path / "home" / "realtime" / "serving").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        assert other.run("data").returncode == 0
        assert "No deployment of nowhere runs" in other.refused("data", "--folder", "nowhere")
        with serving(other, "--data", second):
            several = other.refused("data")
            assert "Several deployments run" in several and str(other.functions) in several
        process.kill()
        process.wait()
        assert file.exists(), "it had no time to take it away"
        assert "No deployment runs here" in other.refused("data")
    with serving(other) as process:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert not file.exists()


def test_a_copy_is_made_while_it_is_served_and_put_back_when_it_is_not(tmp_path: Path) -> None:
    here = Place(tmp_path, {})
    here.functions.mkdir(parents=True)
    (here.functions / "notes.ts").write_text(NOTES)
    copy = tmp_path / "copy.sqlite"
    folder = str(here.functions)
    with serving(here):
        here.out("run", "notes:write", '{"text":"kept"}')
        here.out("backup", str(copy))
        assert copy.stat().st_mode & 0o777 == 0o600
        assert "is there already" in here.refused("backup", str(copy))
        assert "can't be written" in here.refused("backup", str(tmp_path / "no" / "copy"))
        here.out("run", "notes:write", '{"text":"later"}')
        assert "is being served already" in here.refused("restore", str(copy), "--folder", folder)
        assert json.loads(here.out("run", "notes:count")) == 2
        key = here.told["admin_key"]
    before = here.run("restore", str(copy), "--folder", folder).stderr
    assert "What it was is in" in before
    assert "--folder, or" in here.refused("restore", str(copy))
    (tmp_path / "none").write_text("nothing")
    assert "can't be copied" in here.refused("restore", str(tmp_path / "none"), "--folder", folder)
    with serving(here):
        assert [each["text"] for each in json.loads(here.out("data", "notes", "--format", "json"))] == [
            "kept"
        ]
        assert here.told["admin_key"] == key
    [old] = [
        path
        for path in (tmp_path / "home" / "realtime").glob("*.before-*")
        if path.suffix[-4:] not in ("-wal", "-shm")
    ]
    assert sqlite3.connect(old).execute("select count(*) from documents").fetchone() == (2,)

"""A file of messages into a thread, on real PostgreSQL, Valkey and the deployment of `convex/` in this process."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner

from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.importing import chat_run
from dfworx.cli.importing.chat import LONGEST_LINE, LONGEST_TEXT, read_chat, understand_chat
from dfworx.cli.importing.chat_run import import_messages
from dfworx.cli.importing.run import Stopped
from dfworx.cli.importing.writing import Result
from dfworx.cli.main import build_app
from dfworx.cli.parts.node import node_executable
from dfworx.realtime.runtime.bundle import Bundle, bundle
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.values import decode, load, to_plain
from tests.cli.test_import_markdown import Silent, counts
from tests.conftest import MakePerson, TestDatabase

ADMIN = Caller(admin=True)
AT = "2004-11-15T01:35:00Z"
MILLISECONDS = 1100482500000.0
ENV = {"DFWORX_ORIGIN": "http://localhost:1", "DFWORX_JWKS_URL": "http://localhost:1/jwks"}
LINES: list[dict[str, Any]] = [
    {"id": "1", "at": AT, "author": "ada", "text": "Is it up?"},
    # Later than what comes behind it.
    {"id": "3", "at": "2004-11-15T01:37:00+00:00", "author": "ada", "text": "Thanks", "reply_to": "2"},
    {"id": "2", "at": "2004-11-15T01:36:00", "author": "bo", "text": "It is.", "reply_to": "1"},
    # Before what it answers.
    {"id": "0", "at": "2004-11-15T01:00:00Z", "author": "bo", "text": "Yes!", "reply_to": "3"},
]
RunImport = Callable[..., Awaitable[Result]]


@pytest.fixture(scope="session")
def functions() -> Bundle:
    return bundle(
        CHECKOUT / "convex", node_executable(locate_home(os.environ).path), CHECKOUT / "node_modules"
    )


@pytest.fixture
async def deployment(functions: Bundle, tmp_path: Path) -> AsyncIterator[Deployment]:
    node = node_executable(locate_home(os.environ).path)
    made = await open_deployment(str(tmp_path / "documents"), node, functions, ENV, durable=False)
    yield made
    await made.close()


@pytest.fixture
def call(deployment: Deployment) -> chat_run.Call:
    async def call(path: str, args: dict[str, Any]) -> Any:
        written = await deployment.mutate(path, decode(args), ADMIN)
        if written.result.value is None:
            raise Failure(written.result.message)
        return json.loads(written.result.value)

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "chat.jsonl", LINES)


@pytest.fixture
def run_import(database: TestDatabase, redis: Redis, call: chat_run.Call, file: Path) -> RunImport:
    async def run(organization: str = "lumen", *, thread: str = "support", **more: Any) -> Result:
        given: dict[str, Any] = {"call": call, "steps": Silent(), **more}
        return await import_messages(
            file, organization, thread, owner_url=database.owner_url, settings_of=database.settings, **given
        )

    return run


def write(file: Path, lines: Iterable[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return file


async def rows(deployment: Deployment, table: str) -> list[dict[str, Any]]:
    asked = {"table": table, "order": "asc", "paginationOpts": {"cursor": None, "numItems": 5000}}
    [result] = await deployment.queries.read([("_system/cli/tableData", decode(asked))], ADMIN)
    assert result.value is not None, result.message
    found: list[dict[str, Any]] = to_plain(load(result.value))["page"]
    return found


async def test_lines_become_messages_in_the_order_of_their_times(
    run_import: RunImport, make_person: MakePerson, deployment: Deployment, owner: asyncpg.Connection
) -> None:
    admin = await make_person(role="admin")
    told = (await run_import()).to_json()
    assert told == {"created": 4, "updated": 0, "unchanged": 0, "skipped": [], "warnings": []}
    [thread] = await rows(deployment, "threads")
    assert (thread["kind"], thread["name"]) == ("named", "support")
    assert thread["organization_id"] == str(admin.organization_id)
    messages = {each["source_id"]: each for each in await rows(deployment, "messages")}
    ids = {each["_id"]: source for source, each in messages.items()}
    assert {source: ids.get(each["reply_to"]) for source, each in messages.items()} == {
        "0": "3",
        "1": None,
        "2": "1",
        "3": "2",
    }
    assert [messages[source]["number"] for source in "0123"] == [-1, -2, -3, -4]
    assert [(messages[source]["sent_at"] - MILLISECONDS) / 60_000 for source in "0123"] == [-35, 0, 1, 2]
    people = {
        str(row["user_id"]): row["name"]
        for row in await owner.fetch("select user_id, name from public.users where identity_id is null")
    }
    assert [people[messages[source]["user_id"]] for source in "0123"] == ["bo", "ada", "bo", "ada"]
    [count] = await rows(deployment, "thread_counts")
    assert (count["messages"], count["imported"], count["last_at"]) == (0, 4, MILLISECONDS + 120_000)


async def test_a_second_run_changes_nothing_and_a_third_only_what_changed(
    run_import: RunImport, make_person: MakePerson, deployment: Deployment, file: Path
) -> None:
    await make_person(role="admin")
    await run_import()
    before = await rows(deployment, "messages"), await rows(deployment, "thread_counts")
    assert counts(await run_import()) == (0, 0, 4, 0)
    assert (await rows(deployment, "messages"), await rows(deployment, "thread_counts")) == before
    write(file, [LINES[0] | {"text": "Is it on?"}, *LINES[1:], {**LINES[0], "id": "4"}])
    assert counts(await run_import()) == (1, 1, 3, 0)
    texts = {each["source_id"]: each["text"] for each in await rows(deployment, "messages")}
    assert (texts["1"], texts["2"], texts["4"]) == ("Is it on?", "It is.", "Is it up?")
    [count] = await rows(deployment, "thread_counts")
    assert count["imported"] == 5


async def test_a_run_that_was_stopped_or_failed_goes_on_where_it_was(
    run_import: RunImport,
    make_person: MakePerson,
    deployment: Deployment,
    call: chat_run.Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await make_person(role="admin")
    monkeypatch.setattr(chat_run, "MOST", 1)
    asked = iter([False, True])
    with pytest.raises(Stopped) as stopped:
        await run_import(stopped=lambda: next(asked))
    assert counts(stopped.value.result) == (1, 0, 0, 0)

    calls = iter(range(3))

    async def failing(path: str, args: dict[str, Any]) -> Any:
        if next(calls, None) is None:
            raise Failure("It doesn't answer.")
        return await call(path, args)

    with pytest.raises(Failure, match=r"stopped after 2 of 4 messages: It doesn't answer. Run the same"):
        await run_import(call=failing)
    # The first of those that were there gets the link that it didn't have yet.
    assert counts(await run_import()) == (2, 1, 1, 0)
    messages = {each["source_id"]: each for each in await rows(deployment, "messages")}
    assert [messages[source]["number"] for source in "0123"] == [-1, -2, -3, -4]
    assert messages["0"]["reply_to"] == messages["3"]["_id"]


async def test_another_organization_has_a_thread_and_people_of_its_own(
    run_import: RunImport, make_person: MakePerson, deployment: Deployment, call: chat_run.Call
) -> None:
    admin, other = await make_person(role="admin"), await make_person(organization="other", role="admin")
    await run_import()
    assert counts(await run_import("other")) == (4, 0, 0, 0)
    threads = {each["organization_id"]: each["_id"] for each in await rows(deployment, "threads")}
    assert set(threads) == {str(admin.organization_id), str(other.organization_id)}
    for each in await rows(deployment, "messages"):
        assert each["thread_id"] == threads[each["organization_id"]]
    into = {"organization_id": str(admin.organization_id), "thread_id": threads[str(other.organization_id)]}
    with pytest.raises(Failure, match="There is no such thread"):
        await call("imports:takeMessages", {**into, "messages": []})


async def test_nobody_but_the_keeper_imports(deployment: Deployment) -> None:
    args = {"organization_id": "any", "name": "support"}
    written = await deployment.mutate("imports:openThread", decode(args), Caller({"subject": "somebody"}))
    assert written.result.value is None and await rows(deployment, "threads") == []


def understood(*lines: bytes | dict[str, Any]) -> list[tuple[str, str]]:
    chat = understand_chat(
        "chat.jsonl", [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    )
    return [(each.file, each.why) for each in chat.skipped]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "isn't JSON"),
        (b"[" * 100_000, "isn't JSON"),
        (b"[]", "isn't a JSON object"),
        (b'{"id": "\xff"}', "isn't UTF-8 text"),
        (b" " * (LONGEST_LINE - 1) + b"x", "is longer than 1,048,576 bytes"),
        ({}, "has no author"),
        (LINES[0] | {"author": " \n"}, "has an author without a name"),
        (LINES[0] | {"text": ""}, "has no text"),
        (LINES[0] | {"text": 5}, "has text that isn't a string"),
        (LINES[0] | {"text": "\ud800"}, "has text with characters that can't be stored"),
        (LINES[0] | {"text": "x" * (LONGEST_TEXT + 1)}, "has a text of more than 40,000 characters"),
        (LINES[0] | {"id": ""}, "has id of 0 characters; 1 to 200 are taken"),
        (LINES[0] | {"reply_to": 7}, "has reply_to that isn't a string"),
        (LINES[0] | {"at": "yesterday"}, "has at that isn't a time such as 2004-11-15T01:35:00Z"),
    ],
)
def test_a_bad_line_is_skipped_with_its_reason(line: bytes | dict[str, Any], why: str) -> None:
    assert understood(LINES[2], line) == [("chat.jsonl line 2", why)]


def test_an_id_is_taken_once_and_an_answer_to_nothing_loses_its_link() -> None:
    lines = [LINES[0], LINES[0], LINES[1], {}]
    chat = understand_chat("chat.jsonl", [json.dumps(line).encode() for line in lines])
    assert [each.why for each in chat.skipped] == ["has the id of line 1", "has no author"]
    assert [(each.file, each.why) for each in chat.warnings] == [
        ("chat.jsonl line 3", "answers a message that isn't in the file or was skipped")
    ]
    assert [(each.source_id, each.reply_to) for each in chat.messages] == [("1", None), ("3", None)]


@pytest.mark.parametrize(("place", "why"), [("gone.jsonl", "no such file"), (".", "is a directory")])
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, place: str, why: str) -> None:
    with pytest.raises(Failure, match=f"can't be read: {why}"):
        read_chat(tmp_path / place)


async def test_a_bad_organization_is_refused_in_a_sentence(
    run_import: RunImport, make_person: MakePerson, deployment: Deployment
) -> None:
    await make_person(role="admin")
    with pytest.raises(Failure, match="There is no organization with the slug lumin; there are: lumen"):
        await run_import("lumin")
    assert await rows(deployment, "threads") == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("", "--organization", "lumen", "--thread", "a"), "FILE.jsonl is empty"),
        (("a", "--organization", " ", "--thread", "a"), "--organization is empty"),
        (("a", "--organization", "lumen", "--thread", " "), "--thread is empty"),
        (("a", "--organization", "lumen", "--thread", "a" * 81), "--thread is too long"),
        (("a", "--organization", "lumen", "--thread", "a"), "This install is not running"),
    ],
)
def test_the_command_refuses_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.setenv("DFWORX_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(build_app("import"), ["import", "chat", *words])
    assert isinstance(result.exception, Failure) and why in str(result.exception)
    assert not (tmp_path / "home").exists()

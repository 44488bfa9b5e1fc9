"""A file of messages into a running install, by the command line, and read back by a member's own client."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.flows.conftest import Stack
from tests.realtime.clients.npm_and_pypi import npm, started_clients

COUNT = 1_200
"""More than one batch."""


def write(file: Path) -> Path:
    began = datetime(2004, 11, 15, tzinfo=UTC)
    with file.open("w") as lines:
        for number in range(COUNT):
            line = {"id": f"m-{number}", "at": (began + timedelta(minutes=number)).isoformat()}
            line |= {"author": f"user-{number % 90}", "text": f"Message {number}"}
            if number % 3 == 2:
                line["reply_to"] = f"m-{number - 2}"
            lines.write(json.dumps(line) + "\n")
    return file


def run_import(stack: Stack, file: Path, *, organization: str = "lighthouse") -> tuple[int, int, int]:
    words = (
        *("import", "chat", str(file)),
        *("--organization", organization, "--thread", "Support", "--json"),
    )
    done = stack.run(*words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["skipped"], told["warnings"]) == ([], [])
    return told["created"], told["updated"], told["unchanged"]


def realtime_token(stack: Stack, access_token: str) -> str:
    answer = stack.client(access_token).post("/api/auth/realtime-token")
    token: str = answer.raise_for_status().json()["token"]
    return token


async def test_an_imported_chat_is_counted_back_by_a_member_and_unknown_to_another_organization(
    stack: Stack, tmp_path: Path
) -> None:
    file = write(tmp_path / "chat.jsonl")
    assert run_import(stack, file) == (COUNT, 0, 0)
    assert run_import(stack, file) == (0, 0, COUNT)
    zoe = stack.register("zephyr")
    async with started_clients(npm()) as clients:
        for name, token in (("ann", stack.token), ("zoe", zoe)):
            await clients.do("open", client=name, url=f"{stack.origin}/convex")
            await clients.do("login", client=name, tokens=[realtime_token(stack, token)])
            await clients.watch(name, f"{name}: threads", "threads:list")
        [thread_id] = [
            each["thread_id"] for each in clients.shown["ann: threads"][-1] if each["name"] == "Support"
        ]
        assert [each for each in clients.shown["zoe: threads"][-1] if each["name"] == "Support"] == []
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            watch, page = f"page after {cursor}", {"numItems": 100, "cursor": cursor}
            await clients.watch("ann", watch, "messages:list", thread_id=thread_id, paginationOpts=page)
            told = clients.shown[watch][-1]
            found += told["page"]
            cursor = told["continueCursor"]
            if told["isDone"]:
                break
        page = {"numItems": 100, "cursor": None}
        await clients.watch("zoe", "hers", "messages:list", thread_id=thread_id, paginationOpts=page)
        assert clients.shown["hers"][-1]["error"]["code"] == "not_found"
    assert [each["text"] for each in found] == [f"Message {number}" for number in reversed(range(COUNT))]
    by_id = {each["message_id"]: each for each in found}
    answers = {
        each["text"]: by_id[each["reply_to"]]["text"] for each in found if each["reply_to"] is not None
    }
    assert answers == {
        f"Message {number}": f"Message {number - 2}" for number in range(COUNT) if number % 3 == 2
    }
    assert len({each["user_id"] for each in found}) == 90


def test_an_organization_that_there_is_not_gets_one_sentence(stack: Stack, tmp_path: Path) -> None:
    file = write(tmp_path / "chat.jsonl")
    done = stack.run("import", "chat", str(file), "--organization", "nowhere", "--thread", "Support")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("There is no organization with the slug nowhere")

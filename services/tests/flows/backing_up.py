"""An install to back up: commands to it, and people who write meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from dfworx.cli.home import CHECKOUT
from tests.flows.conftest import Stack
from tests.flows.test_bridge import ask

PASSPHRASE = "a passphrase of the tests"


@dataclass
class Written:
    """What was acknowledged."""

    posts: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """The digest of each file's bytes, by its id."""
    messages: list[str] = field(default_factory=list)

    def counts(self) -> tuple[int, int, int]:
        return len(self.posts), len(self.files), len(self.messages)


def backup(stack: Stack, file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return command(stack, "backup", str(file), *more)


def command(stack: Stack, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(CHECKOUT / "dfworx"), *words],
        env={**stack.environment(), "DFWORX_BACKUP_PASSPHRASE": PASSPHRASE, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def start(stack: Stack, **variables: str) -> None:
    done = command(stack, "up", "--detach", "--no-apps", "--port", str(stack.port), **variables)
    assert done.returncode == 0, done.stderr


@contextmanager
def writing(stack: Stack, thread_id: str, written: Written) -> Iterator[None]:
    """By three people at once, until the block ends."""
    stopped, failed = threading.Event(), []

    def write_on() -> None:
        with stack.client() as client:
            while not stopped.is_set():
                try:
                    write_each(client, thread_id, written)
                except Exception as error:
                    failed.append(error)
                    return

    threads = [threading.Thread(target=write_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    assert failed == []


def write_each(client: httpx.Client, thread_id: str, written: Written) -> None:
    answer = client.post("/api/web/posts", json={"title": "Log", "content": "All is well."})
    assert answer.status_code == 201, answer.text
    post_id = answer.json()["post_id"]
    written.posts.append(post_id)
    content = os.urandom(3000)
    sent = client.post(
        "/api/web/files",
        params={"name": "log.bin", "post_id": post_id},
        content=content,
        headers={"content-type": "application/octet-stream"},
    )
    assert sent.status_code == 201, sent.text
    written.files[sent.json()["file_id"]] = hashlib.sha256(content).hexdigest()
    message = ask(client, "messages:send", "mutation", thread_id=thread_id, text=f"about {post_id}")
    assert message is not None
    written.messages.append(message)


def message_ids(client: httpx.Client, thread_id: str) -> set[str]:
    found: set[str] = set()
    cursor: str | None = None
    while True:
        page = ask(
            client, "messages:list", thread_id=thread_id, paginationOpts={"numItems": 100, "cursor": cursor}
        )
        found |= {each["message_id"] for each in page["page"]}
        if page["isDone"]:
            return found
        cursor = page["continueCursor"]


def waiting(stack: Stack) -> int:
    told = json.loads(stack.run("bridge", "status", "--json").stdout)
    assert told["consumers"]["convex"]["failed"] == 0
    count: int = told["consumers"]["convex"]["waiting"] + told["consumers"]["not handed over"]["waiting"]
    return count

"""PostgreSQL, Valkey, the worker and the Convex deployment are killed at random for two minutes while people chat and
write posts. Whatever was acknowledged is there, once, and afterwards Convex says of people and posts what PostgreSQL
says."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from dfworx.cli.home import Home
from dfworx.cli.parts.processes import find_postmaster
from dfworx.cli.waiting import wait_until
from tests.flows.conftest import Stack, running_stack
from tests.realtime.clients.npm_and_pypi import Clients, npm, started_clients

SECONDS = 120
CHATTING = 4
WRITING = 4
"""In each of two organizations."""


@dataclass
class Organization:
    slug: str
    stack: Stack
    token: str
    thread_id: str = ""
    sent: set[str] = field(default_factory=set)
    """Texts of messages that Convex said it has."""
    posts: set[str] = field(default_factory=set)
    """Ids of posts that the web service said it has."""

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.stack.origin, headers=headers, timeout=30)

    def realtime_token(self) -> str:
        """As soon as there is one: what was killed last may still be on its way back."""
        answers: list[httpx.Response] = []

        def answered() -> bool:
            answers.append(self.stack.client(self.token).post("/api/auth/realtime-token"))
            return answers[-1].status_code == 200

        assert wait_until(answered, seconds=60), answers[-1].text
        token: str = answers[-1].json()["token"]
        return token

    def ask(self, path: str, **args: Any) -> Any:
        """A query of Convex over HTTP."""
        answer = httpx.post(
            f"{self.stack.origin}/convex/api/query",
            json={"path": path, "args": args, "format": "json"},
            headers={"Authorization": f"Bearer {self.realtime_token()}"},
            timeout=30,
        ).json()
        assert answer["status"] == "success", answer
        return answer["value"]

    def messages(self) -> list[str]:
        """All texts in the organization's thread."""
        texts: list[str] = []
        cursor: str | None = None
        while True:
            options = {"numItems": 200, "cursor": cursor}
            page = self.ask("messages:list", thread_id=self.thread_id, paginationOpts=options)
            texts += [message["text"] for message in page["page"]]
            if page["isDone"]:
                return texts
            cursor = page["continueCursor"]


@pytest.fixture
def alone() -> Iterator[Stack]:
    with TemporaryDirectory(prefix="dfworx-live-") as folder:
        yield from running_stack(Home(Path(folder) / "home"))


def kill(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return


def kill_postgres(stack: Stack) -> None:
    postmaster = find_postmaster(stack.home.path / "postgres" / "data")
    if postmaster is not None:
        for process in (postmaster, *postmaster.children(recursive=True)):
            kill(process)


def kill_valkey(stack: Stack) -> None:
    for process in stack.processes("valkey-server"):
        kill(process)


def kill_worker(stack: Stack) -> None:
    for process in stack.processes("-m dfworx.worker"):
        kill(process)


def kill_deployment(stack: Stack) -> None:
    for process in stack.processes("-m dfworx.realtime"):
        kill(process)


VICTIMS = (kill_postgres, kill_valkey, kill_worker, kill_deployment)


@asynccontextmanager
async def chatting(organizations: list[Organization]) -> AsyncIterator[Clients]:
    async with started_clients(npm()) as clients:
        for organization in organizations:
            for number in range(CHATTING):
                name = f"{organization.slug} {number}"
                await clients.do("open", client=name, url=f"{organization.stack.origin}/convex")
                await clients.do("login", client=name, tokens=[organization.realtime_token()])
        yield clients


async def chat(clients: Clients, organization: Organization, number: int, over: asyncio.Event) -> None:
    """One message after another; the client sends again by itself what a kill has cut off."""
    name = f"{organization.slug} {number}"
    count = 0
    while not over.is_set():
        count += 1
        text = f"{name}, {count}"
        async with asyncio.timeout(SECONDS + 120):
            await clients.start(
                "mutate",
                client=name,
                path="messages:send",
                args={"thread_id": organization.thread_id, "text": text},
            )
        organization.sent.add(text)
        await pause(over, 0.1)


async def write(organization: Organization, over: asyncio.Event) -> None:
    """Posts, published, and their titles changed."""
    async with organization.client() as client:
        while not over.is_set():
            try:
                answer = await client.post("/api/web/posts", json={"title": "Log", "content": "All is well."})
                if answer.status_code == 201:
                    post_id = answer.json()["post_id"]
                    organization.posts.add(post_id)
                    await client.post(f"/api/web/posts/{post_id}/publish")
                else:
                    assert answer.status_code in (502, 503), answer.text
            except httpx.TransportError:
                pass
            await pause(over, 0.2)


async def pause(over: asyncio.Event, seconds: float) -> None:
    """Until then, or the end."""
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        pass


def all_is_told(stack: Stack) -> bool:
    """In both directions; an event that was given up would be a copy that differs."""
    told = json.loads(stack.run("bridge", "status", "--json").stdout)
    ways = [*told["consumers"].values(), told["outgoing"] or {"waiting": 1}]
    return not any(each["waiting"] or each.get("failed") for each in ways)


def mirrored(stack: Stack, table: str) -> list[dict[str, Any]]:
    told = stack.run("realtime", "data", table, "--limit", "100000", "--format", "jsonl")
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


async def test_nothing_acknowledged_is_lost_when_all_are_killed_for_two_minutes(alone: Stack) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance, kills = random.Random(seed), Counter[str]()
    both = [
        Organization("lighthouse", alone, alone.token),
        Organization("harbour", alone, alone.register("harbour")),
    ]
    for organization in both:
        assert wait_until(lambda of=organization: of.ask("threads:list") != [], seconds=30)  # type: ignore[misc]
        [thread] = [each for each in organization.ask("threads:list") if each["kind"] == "organization"]
        organization.thread_id = thread["thread_id"]
    over = asyncio.Event()
    async with chatting(both) as clients, asyncio.TaskGroup() as group:
        for organization in both:
            for number in range(CHATTING):
                group.create_task(chat(clients, organization, number, over))
            for _ in range(WRITING):
                group.create_task(write(organization, over))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            await pause(over, chance.uniform(2, 8))
            victim = chance.choice(VICTIMS)
            kills[victim.__name__] += 1
            victim(alone)
        over.set()
    for organization in both:
        texts = Counter(organization.messages())
        assert organization.sent <= set(texts), f"an acknowledged message is lost (seed {seed})"
        assert set(texts.values()) == {1}, f"a message came twice (seed {seed})"
    # A delivery that PostgreSQL's end has broken off seven times waits for two minutes.
    assert wait_until(lambda: all_is_told(alone), seconds=400), alone.run("bridge", "status").stdout
    await assert_mirrors_agree(alone, both)
    sys.stdout.write(f"seed {seed}, {dict(kills)}, {[(len(each.sent), len(each.posts)) for each in both]}\n")


async def assert_mirrors_agree(stack: Stack, organizations: list[Organization]) -> None:
    owner = await asyncpg.connect(stack.run("db", "url", "owner").stdout.strip())
    try:
        posts = await owner.fetch(
            "select organization_id, post_id, user_id, title, slug, status, visibility, version from app_web.posts"
        )
        users = await owner.fetch("select organization_id, user_id, name, role, is_active from public.users")
    finally:
        await owner.close()
    for table, rows in (("posts", posts), ("members", users)):
        names = list(rows[0].keys())
        there = {tuple(str(row[name]) for name in names) for row in rows}
        here = {tuple(str(plain(row[name])) for name in names) for row in mirrored(stack, table)}
        assert here == there, f"the mirror of {table} differs"
    assert {each for organization in organizations for each in organization.posts} <= {
        str(row["post_id"]) for row in posts
    }, "an acknowledged post is lost"


def plain(value: Any) -> Any:
    """Convex's numbers are floats."""
    return int(value) if isinstance(value, float) else value

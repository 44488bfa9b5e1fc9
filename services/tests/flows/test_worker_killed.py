"""Worker and PostgreSQL are killed twenty times under fifty writers. What was acknowledged is there, what was noted is
delivered, in order per entity, and what is delivered twice is known by its id."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import httpx
import psutil
import pytest
from standardwebhooks import Webhook

from dfworx.cli.home import Home, choose_port
from dfworx.cli.parts.processes import find_postmaster, find_processes
from tests.flows.conftest import Stack

KILLS = 20
WRITERS = 50
CHANGES = {3: "publish", 6: "archive", 7: "publish"}
"""By a writer's step with a post: its events must come in this order."""
AHEAD = 500
"""How many writes the writers may be ahead of what was received: the test is about losing, not about speed."""
SECRET = "whsec_YSBzZWNyZXQgb2YgdGhlIHRlc3RzIGFuZCBvZiBubyB3b3J0aA=="


def tell(figures: str) -> None:
    """For whoever reads the output; pytest shows it when the test fails."""
    sys.stdout.write(f"{figures}\n")


@dataclass
class Receiver:
    """Another system: takes each event once, by its id, and is out of order itself now and then."""

    order: list[str] = field(default_factory=list)
    """Ids in the order in which they were first taken."""
    told: dict[str, dict[str, str]] = field(default_factory=dict)
    duplicates: int = 0
    refused: set[str] = field(default_factory=set)
    unsigned: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        name = headers["webhook-id"]
        with self.lock:
            try:
                Webhook(SECRET).verify(body, headers)
            except Exception:
                self.unsigned += 1
            if int(name.removeprefix("evt_")) % 40 == 0 and name not in self.refused:
                self.refused.add(name)
                return 503
            if name in self.told:
                self.duplicates += 1
                return 204
            self.told[name] = json.loads(body)["data"]
            self.order.append(name)
        return 204


@dataclass
class TellingStack(Stack):
    url: str = ""

    def environment(self) -> dict[str, str]:
        told = {"DFWORX_WEBHOOK_URL": self.url, "DFWORX_WEBHOOK_SECRET": SECRET}
        return {**super().environment(), **told}


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the worker was killed while it spoke
            self.send_response(made.take({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """In silence."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """In silence too: a killed worker breaks off."""

    server = Server(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield made, f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def telling(receiver: tuple[Receiver, str]) -> Iterator[TellingStack]:
    with TemporaryDirectory(prefix="dfworx-killed-") as folder:
        made = TellingStack(Home(Path(folder) / "home"), choose_port(), url=receiver[1])
        try:
            done = made.run("up", "--detach", "--port", str(made.port))
            assert done.returncode == 0, done.stderr
            yield made
        finally:
            made.run("down")
            assert find_processes(made.home.path) == []


@dataclass
class Writing:
    """What the writers have been told is saved."""

    receiver: Receiver
    posts: set[str] = field(default_factory=set)
    comments: set[str] = field(default_factory=set)
    progress: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def done(self) -> int:
        return len(self.posts) + len(self.comments)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(120):
            while self.done < count:
                self.progress.clear()
                await self.progress.wait()

    async def pause(self, seconds: float) -> None:
        """Until then, or the end."""
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            pass

    async def write(self, client: httpx.AsyncClient, shared: str) -> None:
        """Posts of one's own with comments, published twice, and comments on a post that all of the organization
        comment on."""
        post: str | None = None
        number = 0
        while not self.over.is_set():
            if len(self.comments) > len(self.receiver.told) + AHEAD:
                await self.pause(0.1)
                continue
            number += 1
            try:
                if post is None or number % 8 == 0:
                    body = {"title": "Log", "content": "All is well."}
                    answer = await client.post("/api/web/posts", json=body)
                elif number % 8 in CHANGES:
                    answer = await client.post(f"/api/web/posts/{post}/{CHANGES[number % 8]}")
                else:
                    on = post if number % 4 else shared
                    answer = await client.post(f"/api/web/posts/{on}/comments", json={"content": f"{number}"})
            except httpx.TransportError:
                await self.pause(0.1)
                continue
            if answer.status_code in (200, 409):  # changed; or what a kill left undone can't be done twice
                continue
            if answer.status_code != 201:
                assert answer.status_code in (502, 503), answer.text
                await self.pause(0.1)
                continue
            told = answer.json()
            if "comment_id" in told:
                self.comments.add(told["comment_id"])
            else:
                post = told["post_id"]
                self.posts.add(told["post_id"])
            self.progress.set()


def kill_worker(stack: Stack) -> None:
    for process in stack.processes("-m dfworx.worker"):
        process.send_signal(signal.SIGKILL)


def kill_postgres(stack: Stack) -> None:
    """All of it at once, so that not even a backend can say good-bye."""
    postmaster = find_postmaster(stack.home.path / "postgres" / "data")
    if postmaster is None:
        return
    for process in (postmaster, *postmaster.children(recursive=True)):
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue


async def run(stack: TellingStack, receiver: Receiver, chance: random.Random) -> Writing:
    writing = Writing(receiver)
    kills: Counter[str] = Counter()
    tokens = [stack.register(slug) for slug in ("lighthouse", "harbour")]
    limits = httpx.Limits(max_connections=WRITERS)
    clients = [
        httpx.AsyncClient(
            base_url=stack.origin, headers={"Authorization": f"Bearer {token}"}, timeout=30, limits=limits
        )
        for token in tokens
    ]
    shared = []
    for client in clients:
        answer = await client.post("/api/web/posts", json={"title": "All of us", "content": "Here."})
        assert answer.status_code == 201, answer.text
        shared.append(answer.json()["post_id"])
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(writing.write(clients[number % 2], shared[number % 2]))
        for _ in range(KILLS):
            await writing.until(writing.done + chance.randint(5, 30))
            victim = chance.choice((kill_worker, kill_postgres))
            kills[victim.__name__] += 1
            victim(stack)
            tell(
                f"{time.monotonic() - began:.1f} s: {victim.__name__}, {writing.done} saved, {len(receiver.told)} told"
            )
        await writing.until(writing.done + WRITERS)
        writing.over.set()
    for client in clients:
        await client.aclose()
    tell(f"{dict(kills)}, {len(writing.posts)} posts, {len(writing.comments)} comments")
    return writing


async def all_delivered(stack: Stack, owner: asyncpg.Connection) -> None:
    undelivered = "select count(*) from shared_services.outbox where delivered_at is null"
    looking = asyncio.Event()
    try:
        # A delivery that PostgreSQL's end has broken off seven times waits for two minutes.
        async with asyncio.timeout(400):
            while await owner.fetchval(undelivered):
                try:
                    await asyncio.wait_for(looking.wait(), 0.2)
                except TimeoutError:
                    continue
    except TimeoutError:
        await tell_what_waits(stack, owner)
        raise


async def tell_what_waits(stack: Stack, owner: asyncpg.Connection) -> None:
    for query in (
        "select now(), count(*), min(outbox_id) from shared_services.outbox where delivered_at is null",
        "select * from jobs.procrastinate_workers",
        "select * from jobs.procrastinate_jobs order by status, attempts desc, id limit 20",
    ):
        for row in await owner.fetch(query):
            tell(str(dict(row)))
    tell(stack.home.log("worker").read_text()[-4000:])


async def test_nothing_is_lost_when_worker_and_postgres_are_killed_twenty_times(
    telling: TellingStack, receiver: tuple[Receiver, str]
) -> None:
    got, _ = receiver
    seed = random.SystemRandom().randrange(1 << 32)
    tell(f"seed {seed}")
    writing = await run(telling, got, random.Random(seed))
    owner = await asyncpg.connect(telling.run("db", "url", "owner").stdout.strip())
    try:
        await all_delivered(telling, owner)
        posts = {str(row[0]) for row in await owner.fetch("select post_id from app_web.posts")}
        comments = {str(row[0]) for row in await owner.fetch("select comment_id from app_web.comments")}
        noted = await owner.fetch(
            """
            select outbox_id, organization_id, topic, entity_id, payload from shared_services.outbox
             where topic !~ '^mirror'
            """
        )
        counts = await owner.fetch(
            """
            select p.comment_count, (select count(*) from app_web.comments c where c.post_id = p.post_id) as there
              from app_web.posts p
            """
        )
    finally:
        await owner.close()
    assert writing.posts <= posts and writing.comments <= comments, "an acknowledged write is lost"
    assert all(row["comment_count"] == row["there"] for row in counts)
    assert {f"evt_{row['outbox_id']}" for row in noted} == set(got.told), (
        "an event is lost, or came from nowhere"
    )
    for row in noted:
        told = got.told[f"evt_{row['outbox_id']}"]
        assert told["organization_id"] == str(row["organization_id"])
        assert told["entity_id"] == str(row["entity_id"])
    of_comments = [
        json.loads(row["payload"])["comment_id"] for row in noted if row["topic"] == "comments.created"
    ]
    assert len(set(of_comments)) == len(of_comments), "a comment was told twice"
    assert writing.comments <= set(of_comments) <= comments, (
        "an event lacks, or tells of what was rolled back"
    )
    assert got.unsigned == 0
    last: dict[str, int] = {}
    for name in got.order:
        number, entity = int(name.removeprefix("evt_")), got.told[name]["entity_id"]
        assert number > last.get(entity, 0), f"{name} came late for its entity (seed {seed})"
        last[entity] = number
    tell(
        f"{len(got.order)} events of {len(last)} entities, {got.duplicates} duplicates, {len(got.refused)} refused"
    )

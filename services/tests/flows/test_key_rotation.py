"""Keys change under a stack in use: readers, writers, people who sign in and refresh go on, each answer is the right
one, and none is a refusal. Afterwards the older keys are worth nothing, and the new ones are what is used."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import asyncpg
import httpx
import jwt

from dfworx.cli.seal_keys import known_kid
from dfworx.cli.waiting import wait_until
from tests.flows.conftest import Stack

PASSWORD = "correct horse battery"
ROTATIONS = 2
MORE = 5
"""Rounds that everybody goes on for after the older keys have ended."""


@dataclass
class Traffic:
    """What everybody does until they are stopped, and whatever was not as it should be."""

    stack: Stack
    slug: str
    wrong: list[str] = field(default_factory=list)
    rounds: dict[str, int] = field(default_factory=dict)
    stopped: Event = field(default_factory=Event)

    def check(self, answer: httpx.Response, expected: int, right: bool = True) -> None:
        if answer.status_code != expected or not right:
            self.wrong.append(
                f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
            )

    def read(self, client: httpx.Client, number: int) -> None:
        items = client.get("/api/web/posts", params={"status": "published"})
        self.check(items, 200, self.slug in items.text)
        me = client.get("/api/auth/me")
        self.check(me, 200, me.json().get("organization", {}).get("slug") == self.slug)

    def write(self, client: httpx.Client, number: int) -> None:
        title = f"{self.slug} {number}"
        made = client.post("/api/web/posts", json={"title": title, "content": "x"})
        self.check(made, 201, made.json().get("title") == title)
        path = f"/api/web/posts/{made.json().get('post_id')}"
        changed = client.patch(
            path, json={"content": title}, headers={"If-Match": made.headers.get("etag", "")}
        )
        self.check(changed, 200)
        self.check(client.post(f"{path}/publish"), 200)
        found = client.get(path)
        self.check(found, 200, found.json().get("content") == title)

    def sign_in(self, client: httpx.Client, number: int) -> None:
        body = {"email": f"ann@{self.slug}.example.com", "password": PASSWORD}
        answer = client.post("/api/auth/login", json=body)
        for _ in range(3):
            self.check(answer, 200)
            headers = {"Authorization": f"Bearer {answer.json().get('access_token')}"}
            # Each token is shown to both services at once.
            self.check(client.get("/api/web/posts", headers=headers), 200)
            self.check(client.get("/api/auth/me", headers=headers), 200)
            given = answer.json().get("refresh_token", "")
            answer = client.post("/api/auth/refresh", json={"refresh_token": given})
        self.check(answer, 200)

    def keep_on(self, name: str, act: Callable[[httpx.Client, int], None]) -> None:
        with self.stack.client() as client:
            for number in itertools.count():
                if self.stopped.is_set():
                    return
                try:
                    act(client, number)
                except (httpx.TransportError, ValueError) as error:
                    self.wrong.append(f"{name}: {error!r}")
                self.rounds[name] = number + 1

    def has_gone_on(self, rounds: int) -> bool:
        """Waits until everybody has done so many rounds more."""
        before = dict(self.rounds)
        return wait_until(
            lambda: all(self.rounds[name] >= done + rounds for name, done in before.items()), seconds=60
        )


@contextmanager
def traffic(stack: Stack, slug: str) -> Iterator[Traffic]:
    going = Traffic(stack, slug)
    acts = {"reader": going.read, "second reader": going.read, "writer": going.write, "second writer": going.write,
            "sign in": going.sign_in}  # fmt: skip
    going.rounds = dict.fromkeys(acts, 0)
    # The first post is there before anybody looks for it.
    with stack.client() as client:
        going.write(client, -1)
    with ThreadPoolExecutor(len(acts)) as pool:
        done = [pool.submit(going.keep_on, name, act) for name, act in acts.items()]
        try:
            yield going
        finally:
            going.stopped.set()
        for each in done:
            each.result()


def ask_owner(stack: Stack, query: str) -> list[asyncpg.Record]:
    async def ask() -> list[asyncpg.Record]:
        owner = await asyncpg.connect(stack.run("db", "url", "owner").stdout.strip())
        try:
            return list(await owner.fetch(query))
        finally:
            await owner.close()

    return asyncio.run(ask())


def published(stack: Stack) -> list[str]:
    keys = httpx.get(f"{stack.origin}/.well-known/jwks.json", timeout=10).json()["keys"]
    return [key["kid"] for key in keys]


def kid_of(token: str) -> str:
    kid: str = jwt.get_unverified_header(token)["kid"]
    return kid


def test_no_request_is_refused_while_keys_change(stack: Stack) -> None:
    first, following = published(stack)
    old = stack.token
    assert kid_of(old) == first
    assert known_kid(stack.home) == 1
    with traffic(stack, "lighthouse") as going:
        assert going.has_gone_on(1), stack.story()
        for number in range(ROTATIONS):
            for command in (("db", "rotate-seal-key"), ("rotate-jwt-key",)):
                done = stack.run(*command)
                assert done.returncode == 0, done.stderr
                assert going.has_gone_on(1), stack.story()
            assert known_kid(stack.home) == number + 2
        # More than a second has passed: what the first key sealed is history, so it may end now.
        ended = ask_owner(
            stack, "update private.seal_keys set not_after = now() where not_after is not null returning kid"
        )
        assert {row["kid"] for row in ended} == {1, 2}
        assert going.has_gone_on(MORE), stack.story()
    assert going.wrong == [], stack.story()
    assert {
        row["kid"] for row in ask_owner(stack, "select kid from private.seal_keys where not_after is null")
    } == {3}

    # Both keys that signed are published beside the two there always are; what they signed holds.
    current, after, *retired = published(stack)
    assert retired == [first, following]
    assert stack.client(old).get("/api/web/posts").status_code == 200
    assert kid_of(stack.register("harbour")) == current
    assert after not in (first, following, current)


def test_a_restart_goes_on_with_the_keys_in_force(stack: Stack) -> None:
    before = published(stack)
    kid = known_kid(stack.home)
    assert stack.run("down").returncode == 0
    # Down, too: the database is started for the while.
    done = stack.run("db", "rotate-seal-key")
    assert done.returncode == 0, done.stderr
    done = stack.run("up", "--detach")
    assert done.returncode == 0, done.stderr
    assert published(stack) == before
    assert kid is not None and known_kid(stack.home) == kid + 1
    assert stack.client().get("/api/web/posts").status_code == 200
    assert stack.write_post()

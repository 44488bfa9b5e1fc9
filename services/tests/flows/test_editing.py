"""The text of a post, from what people type in their editors to the post as REST shows it, and back from an edit that
was made there."""

from __future__ import annotations

import asyncio
import random
import string
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from dfworx.cli.waiting import wait_until
from tests.convex.bundled import bundled
from tests.flows.conftest import Stack
from tests.realtime.clients.npm_and_pypi import CallFailed, Clients, started_clients
from tests.realtime.clients.proxy import FaultProxy, fault_proxy

SAVED_WITHIN = 30
"""Seconds: due within five, on a machine that has other things to do."""
LONGEST_HALF = 600_000
"""Characters: a post has room for one such part and not for two."""
MINUTE = 60
ALPHABETS = {"ann": string.ascii_lowercase, "ben": string.ascii_uppercase, "cid": string.digits}
"""What each types, over and over: so each character in the text tells whose it is."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder: Path = tmp_path_factory.mktemp("program")
    return bundled("editors", folder)


@pytest.fixture
async def editors(program: list[str]) -> AsyncIterator[Clients]:
    async with started_clients(program) as made:
        yield made


class Post:
    def __init__(self, stack: Stack, content: str) -> None:
        self.rest = stack.client()
        self.stack = stack
        made = self.rest.post("/api/web/posts", json={"title": "Plans", "content": content})
        assert made.status_code == 201, made.text
        self.post_id: str = made.json()["post_id"]

    def content(self) -> str:
        text: str = self.rest.get(f"/api/web/posts/{self.post_id}").json()["content"]
        return text

    def change(self, **changes: str) -> None:
        read = self.rest.get(f"/api/web/posts/{self.post_id}")
        headers = {"If-Match": read.headers["etag"]}
        done = self.rest.patch(f"/api/web/posts/{self.post_id}", json=changes, headers=headers)
        assert done.status_code == 200, done.text

    async def open(self, editors: Clients, *names: str, origin: str | None = None) -> None:
        for name in names:
            token = self.rest.post("/api/auth/realtime-token").json()["token"]
            url = f"{origin or self.stack.origin}/convex"
            await editors.do("open", client=name, url=url, token=token, post_id=self.post_id)
        for name in names:
            await editors.until(stands(editors, name, state="open"))

    def has(self, content: str) -> bool:
        return wait_until(lambda: self.content() == content, seconds=SAVED_WITHIN)


def stands(editors: Clients, name: str, **wanted: object) -> Callable[[], bool]:
    return lambda: bool(editors.auth[name]) and wanted.items() <= editors.auth[name][-1].items()


def hears(editors: Clients, name: str, words: str) -> Callable[[], bool]:
    return lambda: words in (editors.auth[name][-1]["problem"] or "")


@asynccontextmanager
async def web_service_failing(stack: Stack) -> AsyncIterator[None]:
    """It answers, but finds no post where posts are."""
    owner = await asyncpg.connect(stack.run("db", "url", "owner").stdout.strip())
    try:
        await owner.execute("alter table app_web.posts rename to posts_elsewhere")
        yield
    finally:
        await owner.execute("alter table app_web.posts_elsewhere rename to posts")
        await owner.close()


async def test_what_two_people_type_is_in_the_post_within_seconds(stack: Stack, editors: Clients) -> None:
    post = Post(stack, "Two.")
    await post.open(editors, "ann", "ben")
    await editors.do("type", client="ann", at=0, text="One. ")
    await editors.sees("ben", "One. Two.")
    await editors.do("type", client="ben", at=9, text=" Three.")
    await editors.sees("ann", "One. Two. Three.")
    assert post.has("One. Two. Three.")


async def test_an_edit_made_outside_meanwhile_survives_and_so_does_what_was_typed(
    stack: Stack, editors: Clients
) -> None:
    post = Post(stack, "One.\nTwo.\nThree.\n")
    await post.open(editors, "ann")
    await editors.do("type", client="ann", at=3, text=" and a half")
    post.change(content="One.\nTwo.\nThree, at least.\n")
    both = "One and a half.\nTwo.\nThree, at least.\n"
    await editors.sees("ann", both)
    assert post.has(both)
    await editors.do("type", client="ann", at=0, text="So: ")
    assert post.has(f"So: {both}")


async def test_who_opens_at_once_has_the_text_once(stack: Stack, editors: Clients) -> None:
    post = Post(stack, "Once.")
    await post.open(editors, "ann", "ben", "cid")
    await editors.do("type", client="cid", at=5, text=" More.")
    for name in ("ann", "ben", "cid"):
        await editors.sees(name, "Once. More.")


async def test_saving_writes_at_once(stack: Stack, editors: Clients) -> None:
    post = Post(stack, "Now")
    await post.open(editors, "ann")
    await editors.do("type", client="ann", at=3, text=" then")
    await editors.until(stands(editors, "ann", is_sent=True))
    await editors.do("save", client="ann")
    assert post.content() == "Now then"


async def test_a_text_that_its_post_doesn_t_take_says_so_until_it_is_shortened(
    stack: Stack, editors: Clients
) -> None:
    post = Post(stack, "Long")
    await post.open(editors, "ann", "ben")
    for _ in range(2):
        await editors.do("type", client="ann", at=4, text="x" * LONGEST_HALF)
    for name in ("ann", "ben"):
        await editors.until(hears(editors, name, "shorten it"))
    await editors.do("erase", client="ben", at=4, count=LONGEST_HALF)
    for name in ("ann", "ben"):
        await editors.until(stands(editors, name, problem=None, is_sent=True))
    assert post.content() == "Long" + "x" * LONGEST_HALF


async def test_while_the_web_service_fails_people_hear_so_and_what_they_type_is_saved_afterwards(
    stack: Stack, editors: Clients
) -> None:
    post = Post(stack, "Before.")
    await post.open(editors, "ann")
    async with web_service_failing(stack):
        await editors.do("type", client="ann", at=7, text=" After.")
        await editors.until(hears(editors, "ann", "kept here"))
    await editors.until(stands(editors, "ann", problem=None, is_sent=True))
    assert post.content() == "Before. After."


async def test_a_post_in_the_trash_is_no_longer_edited(stack: Stack, editors: Clients) -> None:
    post = Post(stack, "Old.")
    await post.open(editors, "ann")
    assert post.rest.delete(f"/api/web/posts/{post.post_id}").is_success
    await editors.until(stands(editors, "ann", state="refused"))
    with pytest.raises(CallFailed):
        await editors.do("save", client="ann")


async def test_another_organizations_text_can_t_be_opened(stack: Stack, editors: Clients) -> None:
    post = Post(stack, "Ours.")
    stranger = stack.client(stack.register("zenith"))
    token = stranger.post("/api/auth/realtime-token").json()["token"]
    url = f"{stack.origin}/convex"
    await editors.do("open", client="eve", url=url, token=token, post_id=post.post_id)
    await editors.until(stands(editors, "eve", state="refused"))
    assert editors.shown["eve"] == []


async def test_what_was_typed_before_the_deployment_was_killed_is_in_the_post(
    stack: Stack, editors: Clients
) -> None:
    post = Post(stack, "Before.")
    await post.open(editors, "ann")
    await editors.do("type", client="ann", at=7, text=" After.")
    await editors.until(stands(editors, "ann", is_sent=True))
    [deployment] = stack.processes("-m dfworx.realtime")
    deployment.kill()
    assert wait_until(lambda: post.content() == "Before. After.", seconds=4 * SAVED_WITHIN)


async def test_three_who_type_for_a_minute_while_all_breaks_lose_no_keystroke(
    stack: Stack, editors: Clients
) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance, over, cuts = random.Random(seed), asyncio.Event(), 0
    post = Post(stack, "\n")
    async with AsyncExitStack() as ways_stack:
        ways = {name: await ways_stack.enter_async_context(fault_proxy()) for name in ALPHABETS}
        for name, way in ways.items():
            way.lead_to(stack.port)
            await post.open(editors, name, origin=way.url)
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            typing = {name: group.create_task(type_on(editors, name, chance, over)) for name in ALPHABETS}
            [deployment] = stack.processes("-m dfworx.realtime")
            was_killed = False
            while (passed := time.monotonic() - began) < MINUTE:
                if passed > MINUTE / 2 and not was_killed:
                    deployment.kill()
                    was_killed = True
                await break_off(ways[chance.choice(list(ways))], stack.port, chance)
                cuts += 1
            over.set()
        typed = {name: task.result() for name, task in typing.items()}
        told = f"seed {seed}, {cuts} cuts, { {name: len(text) for name, text in typed.items()} }"
        await editors.until(lambda: have_the_same(editors, sum(map(len, typed.values()))))
    text = editors.shown["ann"][-1]
    for name, alphabet in ALPHABETS.items():
        assert "".join(each for each in text if each in alphabet) == typed[name], told
    assert post.has(text), told
    sys.stdout.write(f"{told}\n")


async def type_on(editors: Clients, name: str, chance: random.Random, over: asyncio.Event) -> str:
    """All that this editor has typed: mostly where it was, and now and then further on, amid what others type."""
    typed = ""
    while not over.is_set():
        key = ALPHABETS[name][len(typed) % len(ALPHABETS[name])]
        onward = chance.random() if chance.random() < 0.1 else 0
        await editors.do("typeOn", client=name, text=key, onward=onward)
        typed += key
        await pause(over, chance.uniform(0.05, 0.2))
    return typed


async def break_off(way: FaultProxy, port: int, chance: random.Random) -> None:
    """Nobody comes through for a moment."""
    way.lead_to(None)
    way.cut()
    await asyncio.sleep(chance.uniform(0, 2))
    way.lead_to(port)
    await asyncio.sleep(chance.uniform(0, 2))


async def pause(over: asyncio.Event, seconds: float) -> None:
    """Until then, or the end."""
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        pass


def have_the_same(editors: Clients, length: int) -> bool:
    texts = {editors.shown[name][-1] for name in ALPHABETS}
    are_sent = all(stands(editors, name, state="open", is_sent=True)() for name in ALPHABETS)
    return are_sent and len(texts) == 1 and len(texts.pop()) >= length

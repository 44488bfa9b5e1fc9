"""The text of a post, from what people type in their editors to the post as REST shows it, and back from an edit that
was made there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from dfworx.cli.waiting import wait_until
from tests.convex.bundled import bundled
from tests.flows.conftest import Stack
from tests.realtime.clients.npm_and_pypi import CallFailed, Clients, started_clients

SAVED_WITHIN = 30
"""Seconds: due within five, on a machine that has other things to do."""


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

    async def open(self, editors: Clients, *names: str) -> None:
        for name in names:
            token = self.rest.post("/api/auth/realtime-token").json()["token"]
            url = f"{self.stack.origin}/convex"
            await editors.do("open", client=name, url=url, token=token, post_id=self.post_id)
        for name in names:
            await editors.until(stands(editors, name, state="open"))

    def has(self, content: str) -> bool:
        return wait_until(lambda: self.content() == content, seconds=SAVED_WITHIN)


def stands(editors: Clients, name: str, **wanted: object) -> Callable[[], bool]:
    return lambda: bool(editors.auth[name]) and wanted.items() <= editors.auth[name][-1].items()


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

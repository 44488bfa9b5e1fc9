"""Between PostgreSQL and Convex, on a whole install: what happens in one is seen in the other within a moment, whatever
was away meanwhile, and never in another organization."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from dfworx.cli.waiting import wait_until
from tests.flows.conftest import Stack
from tests.flows.test_revocation import Member, join
from tests.realtime.clients.npm_and_pypi import Clients, npm, started_clients

SECONDS = 20


@pytest.fixture
async def clients(stack: Stack) -> AsyncIterator[Clients]:
    async with started_clients(npm()) as made:
        await made.do("open", client="ben", url=f"{stack.origin}/convex")
        yield made


@pytest.fixture(scope="module")
def admin(stack: Stack) -> httpx.Client:
    return stack.client(stack.register("signal"))


@pytest.fixture(scope="module")
def stranger(stack: Stack) -> httpx.Client:
    return stack.client(stack.register("harbour"))


def realtime_token(client: httpx.Client) -> str:
    token: str = client.post("/api/auth/realtime-token").json()["token"]
    return token


def ask(client: httpx.Client, path: str, kind: str = "query", **arguments: Any) -> Any:
    headers = {"Authorization": f"Bearer {realtime_token(client)}"}
    answer = client.post(
        f"/convex/api/{kind}", json={"path": path, "args": arguments, "format": "json"}, headers=headers
    )
    return answer.json().get("value")


def becomes(holds: Callable[[], bool]) -> bool:
    return wait_until(holds, seconds=SECONDS)


def deactivate(admin: httpx.Client, member: Member) -> None:
    answer = admin.patch(f"/api/auth/members/{member.user_id}", json={"is_active": False})
    assert answer.status_code == 200, answer.text


def lag(stack: Stack) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(stack.run("bridge", "status", "--json").stdout)
    return told


def test_who_registers_is_a_member_in_convex_with_a_thread_to_talk_in(
    admin: httpx.Client, stranger: httpx.Client
) -> None:
    me = admin.get("/api/auth/me").json()
    assert becomes(lambda: [each["user_id"] for each in ask(admin, "members:list")] == [me["user_id"]])
    assert becomes(lambda: [each["kind"] for each in ask(admin, "threads:list")] == ["organization"])
    assert me["user_id"] not in [each["user_id"] for each in ask(stranger, "members:list")]


def test_a_post_is_talked_about_once_it_is_published_and_no_longer_when_it_is_gone(
    admin: httpx.Client, stranger: httpx.Client, stack: Stack
) -> None:
    ben = join(stack, admin, "benno").client()
    post = admin.post("/api/web/posts", json={"title": "Plans", "content": "Words"}).json()["post_id"]
    assert becomes(lambda: ask(admin, "threads:forPost", "mutation", post_id=post) is not None)
    assert ask(ben, "threads:forPost", "mutation", post_id=post) is None
    assert admin.post(f"/api/web/posts/{post}/publish", headers={"If-Match": "*"}).status_code == 200
    assert becomes(lambda: ask(ben, "threads:forPost", "mutation", post_id=post) is not None)
    assert ask(stranger, "threads:forPost", "mutation", post_id=post) is None
    assert admin.delete(f"/api/web/posts/{post}").status_code == 204
    assert becomes(lambda: ask(ben, "threads:forPost", "mutation", post_id=post) is None)


def test_whom_a_message_mentions_is_told_by_rest_and_in_convex(
    admin: httpx.Client, stranger: httpx.Client, stack: Stack
) -> None:
    cal = join(stack, admin, "cal").client()
    assert becomes(lambda: len(ask(admin, "threads:list")) == 1)
    [thread] = ask(admin, "threads:list")
    message = ask(admin, "messages:send", "mutation", thread_id=thread["thread_id"], text="@Cal look")
    assert message is not None
    assert becomes(lambda: ask(cal, "notifications:live")["unread"] == 1)
    [item] = cal.get("/api/web/notifications").json()["items"]
    assert (item["kind"], item["message"]["message_id"]) == ("mention", message)
    assert stranger.get("/api/web/notifications").json()["items"] == []
    cal.post("/api/web/notifications/read-all", json={"until": item["created_at"]})
    assert becomes(lambda: ask(cal, "notifications:live")["unread"] == 0)


async def test_who_is_deactivated_is_refused_within_a_second_by_rest_and_by_what_is_open_in_convex(
    stack: Stack, admin: httpx.Client, clients: Clients
) -> None:
    ben = join(stack, admin, "ben")
    with ben.client() as client:
        await clients.do("login", client="ben", tokens=[realtime_token(client)] * 3)
    await clients.watch("ben", "threads", "threads:list")
    assert becomes(lambda: lag(stack)["consumers"]["convex"]["waiting"] == 0)
    began = time.monotonic()
    deactivate(admin, ben)
    await clients.until(lambda: "session_ended" in json.dumps(clients.shown["threads"][-1:]))
    took = time.monotonic() - began
    with ben.client() as client:
        assert client.get("/api/web/posts").status_code == 401
    assert took < 1.0


def test_what_changed_while_convex_was_away_is_there_when_it_is_back(stack: Stack) -> None:
    zoe = stack.client(stack.register("zenith"))
    assert becomes(lambda: len(ask(zoe, "members:list")) == 1)
    [deployment] = stack.processes("-m dfworx.realtime")
    deployment.suspend()
    try:
        for name in ("Zoe Zinn", "Zoe Zimmer"):
            assert zoe.patch("/api/auth/me", json={"name": name}).status_code == 200
        assert becomes(lambda: lag(stack)["consumers"]["convex"]["waiting"] > 0)
        assert lag(stack)["outgoing"] is None
    finally:
        deployment.resume()
    assert wait_until(lambda: ask(zoe, "members:list")[0]["name"] == "Zoe Zimmer", seconds=60)
    assert lag(stack)["consumers"]["convex"]["failed"] == 0


def test_told_again_convex_has_what_it_had_and_has_not_what_is_gone(
    stack: Stack, admin: httpx.Client
) -> None:
    """As after a restored backup: PostgreSQL was changed and nothing was noted."""
    kept, gone = [
        admin.post("/api/web/posts", json={"title": title, "content": "Words"}).json()["post_id"]
        for title in ("Kept", "Gone")
    ]

    def is_known(post_id: str) -> bool:
        return ask(admin, "threads:forPost", "mutation", post_id=post_id) is not None

    assert becomes(lambda: is_known(kept) and is_known(gone))
    asyncio.run(delete_unnoted(json.loads(stack.run("status", "--json").stdout)["database_url"], gone))
    assert is_known(gone)
    done = stack.run("bridge", "replay")
    assert done.returncode == 0, done.stderr
    assert becomes(lambda: not is_known(gone))
    assert is_known(kept)


async def delete_unnoted(database_url: str, post_id: str) -> None:
    owner = await asyncpg.connect(database_url)
    try:
        async with owner.transaction():
            await owner.execute("alter table app_web.posts disable trigger posts_mirror_delete")
            await owner.execute("delete from app_web.posts where post_id = $1", post_id)
            await owner.execute("alter table app_web.posts enable trigger posts_mirror_delete")
    finally:
        await owner.close()


def test_the_internal_door_is_not_at_the_gateway(stack: Stack) -> None:
    assert httpx.put(f"{stack.origin}/api/web/internal/presence", json={"people": []}).status_code == 404

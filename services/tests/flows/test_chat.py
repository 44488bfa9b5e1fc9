"""What people say in a thread becomes a draft of whoever asks, in PostgreSQL, and nothing of it another's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.flows.conftest import Stack


@pytest.fixture(scope="module")
def ann(stack: Stack) -> httpx.Client:
    return stack.client(stack.register("garden"))


@pytest.fixture(scope="module")
def stranger(stack: Stack) -> httpx.Client:
    return stack.client(stack.register("harbour"))


def call(person: httpx.Client, kind: str, path: str, **arguments: Any) -> dict[str, Any]:
    token = person.post("/api/auth/realtime-token").json()["token"]
    answer = person.post(
        f"/convex/api/{kind}",
        json={"path": path, "args": arguments},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    told: dict[str, Any] = answer.json()
    return told


def test_a_thread_becomes_a_draft_that_its_person_alone_has(
    stack: Stack, ann: httpx.Client, stranger: httpx.Client
) -> None:
    thread_id = call(ann, "mutation", "threads:create", name="Beds")["value"]
    for text in ("Peas go first", "Then *beans*"):
        call(ann, "mutation", "messages:send", thread_id=thread_id, text=text)
    asked = {"thread_id": thread_id, "title": "Sowing"}
    draft = call(ann, "action", "drafts:fromThread", **asked)
    assert draft["status"] == "success", f"{draft}\n{stack.story()}"
    post = ann.get(f"/api/web/posts/{draft['value']['post_id']}").json()
    assert (post["title"], post["status"], post["slug"]) == ("Sowing", "draft", draft["value"]["slug"])
    assert post["content"].startswith("**Ann**, ")
    assert "\n\n> Peas go first\n\n" in post["content"] and post["content"].endswith("\n\n> Then *beans*")
    refused = call(stranger, "action", "drafts:fromThread", **asked)
    assert refused["errorData"]["code"] == "not_found"
    assert stranger.get(f"/api/web/posts/{post['post_id']}").status_code == 404

"""What the screens show: the observatory that every development install is seeded with, with more going on in it, and
an organization of this morning where nothing has happened yet."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.flows.conftest import Stack
from tests.flows.web_app.furnishing_chat import furnish_chat

PASSWORD = "dfworx-development"
NEW_PASSWORD = "correct horse battery"
PEOPLE = {
    "ada": "ada@northlight.example",
    "tomas": "tomas@northlight.example",
    "hanne": "hanne@solberg.example",
}
EVERYTHING = Path(__file__).parent / "everything.md"
"""A post with one of each thing that Markdown has."""


@dataclass(frozen=True)
class Furnished:
    """People by name, and addresses that nobody can know before."""

    clients: dict[str, httpx.Client]
    addresses: dict[str, str]


def furnish(stack: Stack) -> Furnished:
    clients = {name: _client(stack, email) for name, email in PEOPLE.items()}
    ada, tomas = clients["ada"], clients["tomas"]
    post_id = _write_everything(ada)
    _discuss(ada, tomas, post_id)
    # Of a post that no screen opens, so that it stays unread.
    unread = tomas.get("/api/web/posts/by-slug/open-night-checklist").json()["post_id"]
    _created(
        tomas.post(
            f"/api/web/posts/{unread}/comments", json={"content": "@Ada Okafor the red lamps are back."}
        )
    )
    _created(ada.delete(f"/api/web/posts/{_new(ada, 'Old rota', 'Until March.')}"))
    moment = {"publish_at": "2027-03-01T09:00:00+01:00"}
    _created(ada.post(f"/api/web/posts/{_new(ada, 'Plan for March', 'Soon.')}/schedule", json=moment))
    _created(ada.post(f"/api/web/posts/{post_id}/pin"))
    invited = {"email": "leo@school.example", "role": "guest"}
    token = _created(ada.post("/api/auth/invitations", json=invited)).json()["token"]
    stack.register("dawn")
    person = tomas.get("/api/auth/me").json()["user_id"]
    threads = furnish_chat(stack, ada, tomas, post_id)
    return Furnished(
        clients, {"invitation": f"/invitations/{token}", "person": f"/people/{person}", **threads}
    )


def _client(stack: Stack, email: str) -> httpx.Client:
    body = {"email": email, "password": PASSWORD, "organization": "northlight"}
    answer = _created(httpx.post(f"{stack.origin}/api/auth/login", json=body, timeout=60))
    return stack.client(answer.json()["access_token"])


def _new(client: httpx.Client, title: str, content: str) -> str:
    post_id: str = _created(client.post("/api/web/posts", json={"title": title, "content": content})).json()[
        "post_id"
    ]
    return post_id


def _write_everything(ada: httpx.Client) -> str:
    """Published, and changed since, so that it has a history."""
    title, _, content = EVERYTHING.read_text().partition("\n\n")
    body = {"title": title.removeprefix("# "), "content": "Soon.", "category": "observing"}
    post_id: str = _created(ada.post("/api/web/posts", json=body)).json()["post_id"]
    picture = BytesIO()
    Image.linear_gradient("L").resize((1200, 420)).save(picture, "PNG")
    named = {"name": "sky.png", "post_id": post_id}
    file_id = _created(ada.post("/api/web/files", params=named, content=picture.getvalue())).json()["file_id"]
    content = content.replace("sky.png", f"/api/web/files/{file_id}")

    def say(text: str) -> None:
        _created(ada.patch(f"/api/web/posts/{post_id}", json={"content": text}, headers={"If-Match": "*"}))

    say(content.replace("three", "two"))
    _created(ada.post(f"/api/web/posts/{post_id}/publish"))
    say(content)
    return post_id


def _discuss(ada: httpx.Client, tomas: httpx.Client, post_id: str) -> None:
    path = f"/api/web/posts/{post_id}/comments"
    asked = {"content": "Is the *third* star of the table variable? See `frames.py`, line 40."}
    question = _created(tomas.post(path, json=asked)).json()["comment_id"]
    _created(ada.post(path, json={"content": "By 0.02 mag. It goes.", "parent_id": question}))
    settled = _created(tomas.post(path, json={"content": "The second figure lacks its date."})).json()[
        "comment_id"
    ]
    _created(tomas.post(f"/api/web/comments/{settled}/resolve"))
    _created(tomas.post(path, json={"content": "@Ada Okafor who measures on Friday?"}))


def _created(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        pytest.fail(f"{answer.request.method} {answer.request.url}: {answer.text}")
    return answer

"""Who may do what with whose posts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import POST, create, publish


async def test_a_draft_is_its_authors_alone(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    post = await create(client_as(ann))
    where = f"/api/web/posts/{post['post_id']}"
    assert (await client_as(ann).get(where)).status_code == 200
    assert (await client_as(admin).get(where)).status_code == 404
    assert (await client_as(ann).get("/api/web/posts/by-slug/how-we-bake")).status_code == 200
    assert (await client_as(admin).get("/api/web/posts/by-slug/how-we-bake")).status_code == 404
    stolen = await client_as(admin).patch(where, json={"title": "Mine"}, headers={"If-Match": "*"})
    assert stolen.status_code == 404


async def test_a_post_for_its_author_alone_is_nobody_elses_when_published(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann), visibility="author")
    assert (await client_as(ann).get(f"/api/web/posts/{post['post_id']}")).status_code == 200
    assert (await client_as(bob).get(f"/api/web/posts/{post['post_id']}")).status_code == 404
    assert [item["slug"] for item in (await client_as(ann).get("/api/web/posts")).json()["items"]] == [
        "how-we-bake"
    ]
    assert (await client_as(bob).get("/api/web/posts")).json()["items"] == []


WRITES = [
    ("patch", "", {"title": "x"}),
    ("delete", "", None),
    ("post", "/publish", None),
    ("post", "/archive", None),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_a_colleague_may_read_but_not_change_a_post(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    answer = await client_as(bob).request(
        method, f"/api/web/posts/{post['post_id']}{path}", json=body, headers={"If-Match": "*"}
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"
    assert (await client_as(bob).get(f"/api/web/posts/{post['post_id']}")).json() == post


@pytest.mark.parametrize("role", ["moderator", "admin"])
async def test_moderators_change_what_others_published(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, role: str
) -> None:
    ann, moderator = await make_person(), await make_person(role=role)
    post = await publish(client_as(ann))
    where = f"/api/web/posts/{post['post_id']}"
    changed = await client_as(moderator).patch(where, json={"title": "Calmer"}, headers={"If-Match": '"2"'})
    assert changed.status_code == 200
    assert changed.json()["author"]["user_id"] == str(ann.user_id)
    assert await owner.fetchval(
        "select user_id from app_web.revisions where post_id = $1 and version = 3", UUID(post["post_id"])
    ) == (moderator.user_id)
    archived = await client_as(moderator).post(f"{where}/archive")
    assert archived.status_code == 200
    assert (await client_as(moderator).get(where)).status_code == 200
    # Taking it out of everybody's sight is its author's right alone.
    hidden = await client_as(moderator).patch(where, json={"visibility": "author"}, headers={"If-Match": "*"})
    assert hidden.status_code == 403


async def test_a_guest_reads_but_cannot_create(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, guest = await make_person(), await make_person(role="guest")
    post = await publish(client_as(ann))
    assert (await client_as(guest).get(f"/api/web/posts/{post['post_id']}")).status_code == 200
    answer = await client_as(guest).post("/api/web/posts", json=POST)
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


READS = [("get", ""), ("get", "/by-slug/how-we-bake"), ("get", "/{post_id}")]
CALLS = [*READS, ("post", ""), *((method, "/{post_id}" + path) for method, path, _ in WRITES)]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_stranger_gets_nothing(client_as: ClientAs, method: str, path: str) -> None:
    client = client_as(None)
    address = "/api/web/posts" + path.format(post_id=uuid4())
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
        answer = await client.request(method, address, json=POST, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_organization_finds_nothing(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann))
    address = "/api/web/posts" + path.format(post_id=post["post_id"])
    body = {"title": "x"} if method == "patch" else POST if path == "" else None
    answer = await client_as(eve).request(method, address, json=body, headers={"If-Match": "*"})
    if path == "" and method == "get":
        assert answer.json() == {"items": [], "next_cursor": None}
    elif path == "":
        assert answer.status_code == 201
        # The same slug is free there: it says nothing about what Ann's organization has.
        assert answer.json()["slug"] == "how-we-bake"
        assert answer.json()["author"]["user_id"] == str(eve.user_id)
    else:
        assert answer.status_code == 404
        assert "bake" not in answer.text
    assert (await client_as(ann).get(f"/api/web/posts/{post['post_id']}")).json() == post


async def test_the_caller_is_never_taken_from_the_body(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    for name, value in (("organization_id", ann.organization_id), ("user_id", ann.user_id)):
        answer = await client_as(eve).post("/api/web/posts", json={**POST, name: str(value)})
        assert answer.status_code == 422
        assert name in answer.json()["detail"]

"""Who may do what with whose comments."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, create, list_comments, publish

CALLS: list[tuple[str, str, Any]] = [
    ("get", "/posts/{post_id}/comments", None),
    ("post", "/posts/{post_id}/comments", {"content": "x"}),
    ("get", "/comments/{comment_id}", None),
    ("patch", "/comments/{comment_id}", {"content": "x"}),
    ("delete", "/comments/{comment_id}", None),
    ("post", "/comments/{comment_id}/resolve", None),
    ("post", "/comments/{comment_id}/unresolve", None),
]
OF_ONE = CALLS[3:]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_a_stranger_gets_nothing(client_as: ClientAs, method: str, path: str, body: Any) -> None:
    address = "/api/web" + path.format(post_id=uuid4(), comment_id=uuid4())
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = await client_as(None).request(method, address, json=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_another_organization_finds_what_never_was(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    answers = []
    for ids in ((post["post_id"], comment["comment_id"]), (uuid4(), uuid4())):
        address = "/api/web" + path.format(post_id=ids[0], comment_id=ids[1])
        answers.append(await client_as(eve).request(method, address, json=body, headers={"If-Match": "*"}))
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert await list_comments(client_as(ann), post) == [comment]


async def test_an_answer_to_another_organizations_comment_is_refused_as_to_none(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    comment = await comment_on(client_as(ann), await publish(client_as(ann)))
    own = await publish(client_as(eve))
    answer = await client_as(eve).post(
        f"/api/web/posts/{own['post_id']}/comments",
        json={"content": "x", "parent_id": comment["comment_id"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parent")


@pytest.mark.parametrize("fields", [{}, {"visibility": "author"}])
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_under_a_post_that_one_cannot_see_nothing_is_found(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any, fields: Any
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    make = publish if fields else create
    post = await make(client_as(ann), **fields)
    comment = await comment_on(client_as(ann), post, "To myself")
    address = "/api/web" + path.format(post_id=post["post_id"], comment_id=comment["comment_id"])
    answer = await client_as(admin).request(method, address, json=body, headers={"If-Match": "*"})
    assert answer.status_code == 404
    assert await list_comments(client_as(ann), post) == [comment]


@pytest.mark.parametrize("role", ["member", "guest"])
@pytest.mark.parametrize(("method", "path", "body"), OF_ONE)
async def test_a_colleague_reads_but_does_not_touch_a_comment(
    make_person: MakePerson, client_as: ClientAs, method: str, path: str, body: Any, role: str
) -> None:
    ann, bob, other = await make_person(), await make_person(), await make_person(role=role)
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post)
    if path.endswith("unresolve"):
        comment = (await client_as(bob).post(f"/api/web/comments/{comment['comment_id']}/resolve")).json()
    address = "/api/web" + path.format(comment_id=comment["comment_id"])
    answer = await client_as(other).request(method, address, json=body, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert await list_comments(client_as(other), post) == [comment]


@pytest.mark.parametrize("role", ["moderator", "admin"])
async def test_moderators_remove_and_resolve_but_put_no_words_into_anybodys_mouth(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, role: str
) -> None:
    ann, moderator = await make_person(), await make_person(role=role)
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    await comment_on(client_as(ann), post, parent_id=comment["comment_id"])
    where = f"/api/web/comments/{comment['comment_id']}"
    client = client_as(moderator)
    edited = await client.patch(where, json={"content": "I was wrong"}, headers={"If-Match": "*"})
    assert (edited.status_code, edited.json()["code"]) == (403, "not_allowed")
    assert (await client.post(f"{where}/resolve")).status_code == 200
    assert (await client.delete(where)).status_code == 204
    removed = (await client.get(where)).json()
    assert (removed["content"], removed["removed"]) == (None, True)
    assert removed["author"]["user_id"] == str(ann.user_id)
    assert (
        await owner.fetchval(
            "select actor_id from public.audit_logs where entity = 'app_web.comments' and changes ? 'removed_at'"
            " and action = 'update'"
        )
        == moderator.user_id
    )


async def test_the_posts_author_says_what_is_settled_and_no_more(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post)
    where = f"/api/web/comments/{comment['comment_id']}"
    client = client_as(ann)
    assert (await client.post(f"{where}/resolve")).status_code == 200
    assert (await client.post(f"{where}/unresolve")).json() == comment
    edited = await client.patch(where, json={"content": "x"}, headers={"If-Match": "*"})
    assert edited.status_code == 403
    assert (await client.delete(where)).status_code == 403
    assert await list_comments(client, post) == [comment]


async def test_a_guest_discusses_what_they_read(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, guest = await make_person(), await make_person(role="guest")
    post = await publish(client_as(ann))
    client = client_as(guest)
    comment = await comment_on(client, post, "What do you do when it rains?")
    where = f"/api/web/comments/{comment['comment_id']}"
    assert (
        await client.patch(where, json={"content": "And snow?"}, headers={"If-Match": "*"})
    ).status_code == 200
    assert (await client.post(f"{where}/resolve")).status_code == 200
    assert (await client.delete(where)).status_code == 204

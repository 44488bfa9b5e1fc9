"""Flags: anybody flags what they see, with what it was then; nobody flags what they don't, or in another's name."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, publish

FLAGS = "/api/web/flags"


async def flag(client: httpx.AsyncClient, kind: str, entity_id: Any, **fields: Any) -> httpx.Response:
    body = {"kind": kind, "id": str(entity_id), "reason": "spam", **fields}
    return await client.post(FLAGS, json=body)


async def rows(owner: asyncpg.Connection) -> list[asyncpg.Record]:
    return await owner.fetch("select * from app_web.flags order by created_at")


async def test_a_post_a_comment_and_a_message_are_flagged_with_what_they_were(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person(role="guest")
    post = await publish(client_as(ann), title="Buy now", content="Cheap watches")
    comment = await comment_on(client_as(ann), post, "Really cheap")
    answer = await flag(client_as(ben), "post", post["post_id"], note="  An advert ")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert {**told, "flag_id": "", "created_at": ""} == {
        **{"flag_id": "", "kind": "post", "id": post["post_id"], "reason": "spam"},
        **{"note": "An advert", "created_at": ""},
    }
    assert (await flag(client_as(ben), "comment", comment["comment_id"], reason="abuse")).status_code == 201
    assert (await flag(client_as(ben), "message", "k57abc", thread_id="j97def")).status_code == 201
    on_post, on_comment, on_message = await rows(owner)
    assert on_post["excerpt"] == "Buy now\nCheap watches" and on_post["author_id"] == ann.user_id
    assert (on_comment["excerpt"], on_comment["post_id"]) == ("Really cheap", UUID(post["post_id"]))
    assert (on_message["excerpt"], on_message["author_id"]) == ("", None)
    assert on_message["thread_id"] == "j97def"


async def test_flagging_again_takes_the_place_of_the_flag_before(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person()
    post = await publish(client_as(ann))
    first = (await flag(client_as(ben), "post", post["post_id"])).json()
    await client_as(ann).patch(
        f"/api/web/posts/{post['post_id']}", json={"title": "Worse"}, headers={"If-Match": "*"}
    )
    again = (await flag(client_as(ben), "post", post["post_id"].upper(), reason="abuse")).json()
    assert again["flag_id"] == first["flag_id"] and again["created_at"] > first["created_at"]
    [row] = await rows(owner)
    assert row["reason"] == "abuse" and row["excerpt"].startswith("Worse\n")


async def test_what_one_does_not_see_is_not_flagged(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(), await make_person()
    draft = await create(client_as(ann))
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    await client_as(ann).delete(f"/api/web/comments/{comment['comment_id']}")
    for kind, which in (
        ("post", draft["post_id"]),
        ("comment", comment["comment_id"]),
        ("comment", post["post_id"]),
        ("post", uuid4()),
    ):
        assert (await flag(client_as(ben), kind, which)).status_code == 404, kind
    assert await rows(owner) == []


BAD: list[dict[str, Any]] = [
    {"kind": "user"},
    {"reason": "dislike"},
    {"reason": None},
    {"id": "nope"},
    {"id": ""},
    {"note": "a" * 1001},
    {"note": "a\u0000"},
    {"thread_id": "t"},
    {"kind": "message"},
    {"kind": "message", "id": "a" * 101, "thread_id": "t"},
    {"by": "me"},
]


@pytest.mark.parametrize("fields", BAD)
async def test_bad_input_is_refused(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, fields: dict[str, Any]
) -> None:
    ann = client_as(await make_person())
    post = await publish(ann)
    body = {"kind": "post", "id": post["post_id"], "reason": "spam", **fields}
    assert (await ann.post(FLAGS, json=body)).status_code == 422
    assert await rows(owner) == []


async def test_a_stranger_flags_nothing(client_as: ClientAs) -> None:
    assert (await flag(client_as(None), "post", uuid4())).status_code == 401


async def test_nobody_of_another_organization_flags_ours(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    assert (await flag(client_as(eve), "post", post["post_id"])).status_code == 404
    assert (await flag(client_as(eve), "comment", comment["comment_id"])).status_code == 404
    assert await rows(owner) == []


async def test_sql_in_the_service_flags_in_no_other_name_and_makes_nothing_up(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, ben, eve = await make_person(), await make_person(), await make_person(organization="umbra")
    post = await publish(client_as(ann), title="Harmless", content="Words")
    await flag(client_as(ann), "post", post["post_id"])
    as_ben = await inject("dfworx_web", ben)
    assert await as_ben.fetch("select * from app_web.flags") == []
    insert = (
        "insert into app_web.flags (organization_id, user_id, kind, entity_id, reason)"
        " values ($1, $2, 'post', $3, 'spam')"
    )
    for organization_id, user_id in (
        (ben.organization_id, ann.user_id),
        (eve.organization_id, eve.user_id),
        (eve.organization_id, ben.user_id),
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
            await as_ben.execute(insert, organization_id, user_id, post["post_id"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_ben.execute(
            "insert into app_web.flags (organization_id, user_id, kind, entity_id, reason, excerpt)"
            " values ($1, $2, 'post', $3, 'spam', 'Something awful')",
            *(ben.organization_id, ben.user_id, post["post_id"]),
        )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_ben.execute("delete from app_web.flags")
    assert len(await rows(owner)) == 1

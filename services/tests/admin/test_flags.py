"""Moderation: the queue of what members flagged, decisions with their reasons, and the history of both."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, publish
from tests.web.test_flags import flag

QUEUE, HISTORY = "/api/admin/flags", "/api/admin/decisions"


async def queue(client: httpx.AsyncClient, **filters: Any) -> list[dict[str, Any]]:
    answer = await client.get(QUEUE, params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def decide(
    client: httpx.AsyncClient, thing: dict[str, Any], decision: str = "kept", reason: str = "It is fine."
) -> httpx.Response:
    path = f"{QUEUE}/{thing['kind']}/{thing['entity_id']}/decisions"
    return await client.post(path, json={"decision": decision, "reason": reason})


class Scene:
    """An admin, an author with a post and a comment, and two who flag."""

    def __init__(self, admin: Person, author: Person, flaggers: list[Person]) -> None:
        self.admin, self.author, self.flaggers = admin, author, flaggers
        self.post: dict[str, Any] = {}
        self.comment: dict[str, Any] = {}


@pytest.fixture
async def scene(make_person: MakePerson, client_as: ClientAs) -> Scene:
    scene = Scene(
        await make_person(role="admin", name="Ann"),
        await make_person(name="Ben"),
        [await make_person(name="Cleo"), await make_person(name="Dora")],
    )
    scene.post = await publish(client_as(scene.author), title="Buy now", content="Cheap watches")
    scene.comment = await comment_on(client_as(scene.author), scene.post, "Really cheap")
    for person, reason in zip(scene.flaggers, ("spam", "abuse"), strict=True):
        answer = await flag(
            client_as(person), "post", scene.post["post_id"], reason=reason, note=f"By {person.name}"
        )
        assert answer.status_code == 201
    await flag(client_as(scene.flaggers[0]), "comment", scene.comment["comment_id"])
    return scene


async def test_what_is_flagged_is_in_the_queue_once_and_the_longest_waiting_first(
    scene: Scene, client_as: ClientAs
) -> None:
    ann = client_as(scene.admin)
    post, comment = await queue(ann)
    assert (post["kind"], post["entity_id"], post["open_count"]) == ("post", scene.post["post_id"], 2)
    assert post["reasons"] == {"spam": 1, "abuse": 1}
    assert (post["author"]["name"], post["excerpt"]) == ("Ben", "Buy now\nCheap watches")
    assert (comment["excerpt"], comment["post_id"]) == ("Really cheap", scene.post["post_id"])
    assert [each["kind"] for each in await queue(ann, kind="comment")] == ["comment"]
    assert await queue(ann, status="decided") == []
    first = (await ann.get(QUEUE, params={"limit": 1})).json()
    second = (await ann.get(QUEUE, params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert first["items"] + second["items"] == [post, comment] and second["next_cursor"] is None


async def test_a_decision_closes_the_flags_and_a_flag_of_later_opens_it_again(
    scene: Scene, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = client_as(scene.admin)
    post, comment = await queue(ann)
    made = await decide(ann, post, reason="  An honest offer.  ")
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["decision"], told["reason"], told["decided_by"]["name"]) == (
        *("kept", "An honest offer."),
        "Ann",
    )
    assert [each["kind"] for each in await queue(ann)] == ["comment"]
    assert [each["open_count"] for each in await queue(ann, status="decided")] == [0]
    again = await decide(ann, post)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_open")
    await flag(client_as(scene.flaggers[1]), "post", scene.post["post_id"], reason="confidential")
    detail = (await ann.get(f"{QUEUE}/post/{scene.post['post_id']}")).json()
    assert [(each["flagged_by"]["name"], each["reason"], each["is_open"]) for each in detail["flags"]] == [
        ("Dora", "confidential", True),
        ("Cleo", "spam", False),
    ]
    assert detail["flags"][1]["note"] == "By Cleo" and detail["decisions"] == [told]
    assert detail["open_count"] == 1
    assert (await decide(ann, comment)).status_code == 201
    assert (await decide(ann, post, reason="Still fine.")).status_code == 201
    history = (await ann.get(HISTORY, params={"limit": 2})).json()
    assert [each["kind"] for each in history["items"]] == ["post", "comment"]
    rest = (await ann.get(HISTORY, params={"limit": 2, "cursor": history["next_cursor"]})).json()
    assert rest["items"] == [told] and rest["next_cursor"] is None
    audited = await owner.fetch("select actor_id from public.audit_logs where entity = 'app_admin.decisions'")
    assert [row[0] for row in audited] == [scene.admin.user_id] * 3


async def test_removed_is_only_said_of_what_nobody_reads_any_more(scene: Scene, client_as: ClientAs) -> None:
    ann = client_as(scene.admin)
    post, comment = await queue(ann)
    for thing in (post, comment):
        early = await decide(ann, thing, "removed", "Spam.")
        assert (early.status_code, early.json()["code"]) == (409, "not_removed")
    assert (await ann.delete(f"/api/web/comments/{scene.comment['comment_id']}")).status_code < 300
    assert (await decide(ann, comment, "removed", "Spam.")).status_code == 201
    assert (await ann.delete(f"/api/web/posts/{scene.post['post_id']}")).status_code < 300
    assert (await decide(ann, post, "removed", "Spam.")).status_code == 201
    assert len((await ann.get(HISTORY, params={"decision": "removed"})).json()["items"]) == 2
    assert (await ann.get(HISTORY, params={"decision": "kept"})).json()["items"] == []
    # What it was is still told.
    assert (await ann.get(f"{QUEUE}/comment/{comment['entity_id']}")).json()["excerpt"] == "Really cheap"


async def test_a_message_is_decided_on_too(scene: Scene, client_as: ClientAs) -> None:
    ann = client_as(scene.admin)
    await flag(client_as(scene.flaggers[0]), "message", "k57abc", thread_id="j97def")
    [message] = await queue(ann, kind="message")
    assert (message["thread_id"], message["author"], message["excerpt"]) == ("j97def", None, "")
    assert (await decide(ann, message, "removed", "Rude.")).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        *(
            {},
            {"decision": "kept"},
            {"decision": "burned", "reason": "a"},
            {"decision": "kept", "reason": ""},
        ),
        *({"decision": "kept", "reason": "   "}, {"decision": "kept", "reason": "a" * 1001}),
        *({"decision": "kept", "reason": "a\u0000"}, {"decision": "kept", "reason": "a", "by": "me"}),
    ],
)
async def test_bad_input_is_refused(scene: Scene, client_as: ClientAs, body: dict[str, Any]) -> None:
    ann = client_as(scene.admin)
    path = f"{QUEUE}/post/{scene.post['post_id']}/decisions"
    assert (await ann.post(path, json=body)).status_code == 422
    good = {"decision": "kept", "reason": "Fine."}
    for where, status in ((f"post/{uuid4()}", 404), ("post/nope", 404), (f"user/{uuid4()}", 422)):
        assert (await ann.post(f"{QUEUE}/{where}/decisions", json=good)).status_code == status, where
        assert (await ann.get(f"{QUEUE}/{where}")).status_code == status, where
    for bad in ("status=closed", "kind=user", "cursor=x", "limit=0"):
        assert (await ann.get(f"{QUEUE}?{bad}")).status_code == 422, bad
    assert (await ann.get(f"{HISTORY}?cursor=x")).status_code == 422


async def test_a_stranger_and_who_is_no_admin_read_and_decide_nothing(
    scene: Scene, make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    for role in ("stranger", "member", "moderator", "guest"):
        person = None if role == "stranger" else await make_person(role=role)
        client, status = client_as(person), 401 if person is None else 403
        for path in (QUEUE, HISTORY, f"{QUEUE}/post/{scene.post['post_id']}"):
            assert (await client.get(path)).status_code == status
        thing = {"kind": "post", "entity_id": scene.post["post_id"]}
        assert (await decide(client, thing)).status_code == status
        if person is not None:
            connection = await inject("dfworx_admin", person)
            assert await connection.fetch("select * from app_web.flags") == []
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "insert into app_admin.decisions (organization_id, kind, entity_id, decision, reason, decided_by)"
                    " values ($1, 'post', 'a', 'kept', 'b', $2)",
                    *(person.organization_id, person.user_id),
                )


async def test_another_organization_sees_and_decides_nothing_of_it(
    scene: Scene, make_person: MakePerson, client_as: ClientAs
) -> None:
    await decide(client_as(scene.admin), {"kind": "comment", "entity_id": scene.comment["comment_id"]})
    eve = client_as(await make_person(organization="umbra", role="admin"))
    assert await queue(eve) == [] and await queue(eve, status="decided") == []
    assert (await eve.get(HISTORY)).json()["items"] == []
    thing = {"kind": "post", "entity_id": scene.post["post_id"]}
    assert (await eve.get(f"{QUEUE}/post/{scene.post['post_id']}")).status_code == 404
    assert (await decide(eve, thing)).status_code == 404
    assert len(await queue(client_as(scene.admin))) == 1

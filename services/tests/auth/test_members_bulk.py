"""The same change for many people at once, each answered as if it were alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import ClientAs, MakePerson, require_refusal

MEMBERS = "/api/auth/members"


async def test_each_is_answered_on_its_own_and_audited(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, ben, eve = await make_person(role="admin"), await make_person(), await make_person()
    zoe, nobody = await make_person(organization="umbra"), uuid4()
    ids = [ben.user_id, zoe.user_id, eve.user_id, nobody, ann.user_id, ben.user_id]
    answer = await client_as(ann).patch(
        MEMBERS, json={"user_ids": [str(each) for each in ids], "is_active": False}
    )
    assert answer.status_code == 200, answer.text
    items = {each["user_id"]: each for each in answer.json()["items"]}
    assert [items[str(each)]["status"] for each in ids[:5]] == [200, 404, 200, 404, 409]
    assert len(answer.json()["items"]) == 5, "who is named twice is changed once"
    assert items[str(ann.user_id)]["code"] == "last_admin"
    # Somebody of another organization is as absent as nobody.
    strangers = [{**items[str(each)], "user_id": ""} for each in (zoe.user_id, nobody)]
    assert strangers[0] == strangers[1]
    for person in (ben, eve):
        assert items[str(person.user_id)]["user"]["is_active"] is False
        await require_refusal(client_as(person), "/api/web/posts", "session_ended")
    assert (await client_as(zoe).get("/api/auth/me")).status_code == 200
    entries = await owner.fetch(
        "select entity_id from public.audit_logs where entity = 'public.users' and actor_id = $1 and action = 'update'",
        ann.user_id,
    )
    assert {row["entity_id"] for row in entries} >= {ben.user_id, eve.user_id}
    made = await client_as(ann).patch(MEMBERS, json={"user_ids": [str(ben.user_id)], "role": "moderator"})
    assert made.json()["items"][0]["user"]["role"] == "moderator"


@pytest.mark.parametrize("role", ["member", "moderator", "guest", "stranger"])
async def test_who_is_no_admin_changes_nobody(
    make_person: MakePerson, client_as: ClientAs, role: str
) -> None:
    person, other = None if role == "stranger" else await make_person(role=role), await make_person()
    answer = await client_as(person).patch(
        MEMBERS, json={"user_ids": [str(other.user_id)], "is_active": False}
    )
    assert answer.status_code == (403 if person else 401)
    assert (await client_as(other).get("/api/auth/me")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"user_ids": [], "role": "guest"},
        {"user_ids": [str(uuid4()) for _ in range(201)], "role": "guest"},
        {"user_ids": ["nobody"], "role": "guest"},
        {"user_ids": [str(uuid4())], "role": "owner"},
        {"user_ids": [str(uuid4())], "is_active": "false"},
        {"user_ids": [str(uuid4())], "role": None},
        {"role": "guest"},
    ],
    ids=["nobody", "too many", "no id", "no role", "no boolean", "null", "none named"],
)
async def test_bad_input_is_refused(
    make_person: MakePerson, client_as: ClientAs, body: dict[str, Any]
) -> None:
    client = client_as(await make_person(role="admin"))
    assert (await client.patch(MEMBERS, json=body)).status_code == 422

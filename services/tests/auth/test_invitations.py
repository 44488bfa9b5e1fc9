"""Inviting people: by admins only, into their own organization, and everything that is kept of it."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import jwt
import orjson
import pytest

from tests.auth.conftest import escaped
from tests.auth.inviting import INVITATIONS, NEW, accept, invite, waiting
from tests.conftest import ClientAs, MakePerson

LOGIN, ME = "/api/auth/login", "/api/auth/me"


async def test_a_new_person_is_invited_and_joins(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(name="Ann", role="admin")
    made = await invite(client_as, ann, "Noor@Nova.example", "moderator")
    assert (made["email"], made["role"]) == ("noor@nova.example", "moderator")
    assert made["link"] == f"http://localhost:3000/invitations/{made['token']}"
    page = (await client_as(ann).get(INVITATIONS)).json()
    [listed] = page["items"]
    assert listed["invited_by"] == {"user_id": str(ann.user_id), "name": "Ann"}
    assert (listed["invitation_id"], page["next_cursor"]) == (made["invitation_id"], None)
    seen = await client_as(None).get(f"{INVITATIONS}/{made['token']}")
    assert seen.json() == {
        "organization": {"name": "Lumen", "slug": "lumen"},
        "email": "noor@nova.example",
        "role": "moderator",
        "invited_by": {"name": "Ann"},
        "expires_at": made["expires_at"],
        "has_account": False,
    }
    # Everybody's list of people was cached; who joins is in it at once.
    assert len((await client_as(ann).get("/api/auth/users")).json()["items"]) == 1
    joined = await accept(client_as, made["token"], NEW)
    assert joined.status_code == 200, joined.text
    body = joined.json()
    assert set(body) == {"access_token", "expires_in", "refresh_token", "user"}
    assert (body["user"]["name"], body["user"]["role"]) == ("Noor", "moderator")
    assert body["user"]["organization"]["slug"] == "lumen"
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["org_id"], claims["org_role"]) == (str(ann.organization_id), "moderator")
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    assert (await client_as(None).get(ME, headers=bearer)).json() == body["user"]
    assert len((await client_as(ann).get("/api/auth/users")).json()["items"]) == 2
    again = await client_as(None).post(LOGIN, json={"email": made["email"], "password": NEW["password"]})
    assert again.status_code == 200
    row = await owner.fetchrow("select * from public.users where user_id = $1", UUID(body["user"]["user_id"]))
    assert row is not None
    assert (row["origin"], row["email"], row["is_active"]) == ("invited", "noor@nova.example", True)
    assert await waiting(client_as, ann) == []


async def test_of_two_invitations_at_once_one_waits(client_as: ClientAs, make_person: MakePerson) -> None:
    ann, ben = await make_person(role="admin"), await make_person(role="admin")
    made = await asyncio.gather(*[invite(client_as, admin) for admin in (ann, ben) * 3])
    assert await waiting(client_as, ann) == ["noor@nova.example"]
    seen = [await client_as(None).get(f"{INVITATIONS}/{each['token']}") for each in made]
    assert sorted(answer.status_code for answer in seen) == [200] + [404] * 5


async def test_who_is_in_the_organization_is_not_invited(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann, ben = await make_person(role="admin"), await make_person()
    body = {"email": ben.email, "role": "guest"}
    there = await client_as(ann).post(INVITATIONS, json=body)
    assert (there.status_code, there.json()["code"]) == (409, "already_member")
    await owner.execute("update public.users set is_active = false where user_id = $1", ben.user_id)
    inactive = await client_as(ann).post(INVITATIONS, json=body)
    assert (inactive.status_code, inactive.json()["code"]) == (409, "member_deactivated")
    assert "Reactivate" in inactive.json()["detail"]
    # Somebody who has joined since by another way.
    await owner.execute("update public.users set is_active = true, email = 'other@lumen.example'"
                        " where user_id = $1", ben.user_id)  # fmt: skip
    assert (await client_as(ann).post(INVITATIONS, json=body)).status_code == 409


@pytest.mark.parametrize("change", ["role = 'member'", "is_active = false"])
async def test_an_invitation_holds_while_its_inviter_may_invite(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, change: str
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(role="admin")
    token = (await invite(client_as, ben))["token"]
    await owner.execute(f"update public.users set {change} where user_id = $1", ben.user_id)  # noqa: S608
    assert (await client_as(None).get(f"{INVITATIONS}/{token}")).status_code == 404
    assert (await accept(client_as, token, NEW)).status_code == 404
    assert await waiting(client_as, ann) == []
    token = (await invite(client_as, ann))["token"]
    assert (await accept(client_as, token, NEW)).status_code == 200


async def test_only_admins_invite(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    made = await invite(client_as, ann)
    for role in ("moderator", "member", "guest"):
        client = client_as(await make_person(role=role))
        refused = [
            await client.get(INVITATIONS),
            await client.post(INVITATIONS, json={"email": "x@nova.example", "role": "admin"}),
            await client.delete(f"{INVITATIONS}/{made['invitation_id']}"),
        ]
        assert {answer.status_code for answer in refused} == {403}
    assert await waiting(client_as, ann) == ["noor@nova.example"]


async def test_a_stranger_neither_sees_nor_makes_invitations(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    made = await invite(client_as, await make_person(role="admin"))
    client = client_as(None)
    for answer in (
        await client.get(INVITATIONS),
        await client.post(INVITATIONS, json={"email": "x@nova.example", "role": "admin"}),
        await client.delete(f"{INVITATIONS}/{made['invitation_id']}"),
    ):
        assert answer.status_code == 401


async def test_an_admin_of_another_organization_reaches_none(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann, cid = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    made = await invite(client_as, ann)
    # The same email is nobody to the other organization.
    theirs = await invite(client_as, cid)
    assert await waiting(client_as, cid) == ["noor@nova.example"]
    foreign = await client_as(cid).delete(f"{INVITATIONS}/{made['invitation_id']}")
    absent = await client_as(cid).delete(f"{INVITATIONS}/{uuid4()}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    lie = {"X-Organization-Id": str(ann.organization_id)}
    listed = await client_as(cid).get(INVITATIONS, headers=lie)
    assert [each["invitation_id"] for each in listed.json()["items"]] == [theirs["invitation_id"]]
    body = {"email": "x@nova.example", "role": "admin", "organization_id": str(ann.organization_id)}
    assert (await client_as(cid).post(INVITATIONS, json=body)).status_code == 422
    joined = await accept(client_as, theirs["token"], NEW)
    assert joined.json()["user"]["organization_id"] == str(cid.organization_id)
    assert await waiting(client_as, ann) == ["noor@nova.example"]


BAD_INVITATIONS: list[dict[str, Any]] = [
    {},
    {"email": "noor@nova.example"},
    {"role": "member"},
    {"email": "not an email", "role": "member"},
    {"email": "nul\0@nova.example", "role": "member"},
    {"email": "\ud800@nova.example", "role": "member"},
    {"email": "noor@nova.example", "role": "owner"},
    {"email": "noor@nova.example", "role": "identity"},
    {"email": "noor@nova.example", "role": "member", "token": "mine"},
]
BAD_ACCEPTANCES: list[dict[str, Any]] = [
    {},
    {"name": "Noor"},
    {"password": "a long enough password"},
    {"name": "Noor", "password": "short"},
    {"name": "Noor", "password": ""},
    {"name": "", "password": "a long enough password"},
    {"name": "nul\0", "password": "a long enough password"},
    {"name": "Noor", "password": "half \ud800 password"},
    {"name": "Noor", "password": "p" * 201},
    {**NEW, "session": "tape"},
    {**NEW, "role": "admin"},
    {**NEW, "email": "other@nova.example"},
]


async def test_bad_input_is_refused(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    for body in BAD_INVITATIONS:
        answer = await client_as(ann).post(INVITATIONS, **escaped(body))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body
    token = (await invite(client_as, ann))["token"]
    for body in BAD_ACCEPTANCES:
        answer = await client_as(None).post(f"{INVITATIONS}/{token}/accept", **escaped(body))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body
        assert answer.json()["errors"][0]["field"] in ("name", "password", "session", "role", "email")
    for query in ("limit=0", "limit=101", "cursor=abc", "cursor=%00"):
        assert (await client_as(ann).get(f"{INVITATIONS}?{query}")).status_code == 422
    assert (await client_as(ann).delete(f"{INVITATIONS}/not-an-id")).status_code == 422
    assert (await accept(client_as, token, NEW)).status_code == 200


async def test_the_list_has_pages(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    emails = [f"person-{number}@nova.example" for number in range(5)]
    for email in emails:
        await invite(client_as, ann, email)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await client_as(ann).get(INVITATIONS, params=params)).json()
        assert len(page["items"]) <= 2
        seen += [each["email"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == emails[::-1]


async def test_what_is_kept_and_told_of_an_invitation(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    made = await invite(client_as, ann)
    hashed = hashlib.sha256(made["token"].encode()).digest()
    assert await owner.fetchval("select token_hash from app_auth.invitations") == hashed
    await invite(client_as, ann, "withdrawn@nova.example")
    [withdrawn, _] = (await client_as(ann).get(INVITATIONS)).json()["items"]
    await client_as(ann).delete(f"{INVITATIONS}/{withdrawn['invitation_id']}")
    joined = (await accept(client_as, made["token"], NEW)).json()["user"]

    notes = await owner.fetch(
        "select * from shared_services.outbox where topic !~ '^mirror' order by outbox_id"
    )
    assert [(row["topic"], row["organization_id"]) for row in notes] == [
        ("invitations.created", ann.organization_id),
        ("invitations.created", ann.organization_id),
        ("members.joined", ann.organization_id),
    ]
    told = {"email": "noor@nova.example", "role": "member", "invited_by": str(ann.user_id)}
    assert (str(notes[0]["entity_id"]), orjson.loads(notes[0]["payload"])) == (made["invitation_id"], told)
    assert orjson.loads(notes[2]["payload"]) == {"user_id": joined["user_id"], "role": "member"}

    log = await owner.fetch(
        "select * from public.audit_logs where entity = 'app_auth.invitations' order by audit_log_id"
    )
    assert [(row["action"], row["actor_id"], row["organization_id"]) for row in log] == [
        ("insert", ann.user_id, ann.organization_id),
        ("insert", ann.user_id, ann.organization_id),
        ("delete", ann.user_id, ann.organization_id),
        ("update", None, ann.organization_id),
    ]
    assert list(orjson.loads(log[3]["changes"])) == ["accepted_at"]
    for row in log:
        assert hashed.hex() not in row["changes"] and made["token"] not in row["changes"]
        assert orjson.loads(row["changes"]).get("token_hash", ["...", "..."]) == ["...", "..."]

"""Joining: once, for one email, and never at the cost of an existing identity."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from limits import parse
from redis.asyncio import Redis

from dfworx.auth.limits import Limits, Rules
from tests.auth.inviting import INVITATIONS, NEW, accept, invite, waiting
from tests.conftest import PASSWORD, ClientAs, MakePerson

LOGIN, ME = "/api/auth/login", "/api/auth/me"


async def test_a_known_person_joins_by_password_or_session(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", name="Cid", email="cid@somewhere.example")
    dot = await make_person(organization="harbour", name="Dot", email="dot@somewhere.example")
    before = await owner.fetch("select * from app_auth.identities order by email")
    first = await invite(client_as, ann, cid.email)
    seen = await client_as(None).get(f"{INVITATIONS}/{first['token']}")
    assert seen.json()["has_account"] is True
    by_password = await accept(client_as, first["token"], {"password": PASSWORD})
    assert by_password.status_code == 200, by_password.text
    # The name comes along, nothing else of the other organization does.
    assert (by_password.json()["user"]["name"], by_password.json()["user"]["avatar_url"]) == ("Cid", None)
    second = await invite(client_as, ann, dot.email, "guest")
    by_session = await accept(client_as, second["token"], person=dot)
    assert by_session.status_code == 200, by_session.text
    assert by_session.json()["user"]["organization_id"] == str(ann.organization_id)
    assert by_session.json()["user"]["role"] == "guest"
    # The session that proved it goes on, in its own organization.
    assert (await client_as(dot).get(ME)).json()["organization_id"] == str(dot.organization_id)
    assert await owner.fetch("select * from app_auth.identities order by email") == before
    answer = await client_as(None).post(LOGIN, json={"email": dot.email, "password": PASSWORD})
    assert answer.json()["code"] == "organization_required"


async def test_a_name_may_be_chosen_for_the_organization(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", name="Cid", email="cid@somewhere.example")
    token = (await invite(client_as, ann, cid.email))["token"]
    joined = await accept(client_as, token, {"name": "Sidney", "password": PASSWORD})
    assert joined.json()["user"]["name"] == "Sidney"
    assert (await client_as(cid).get(ME)).json()["name"] == "Cid"


async def test_a_wrong_password_or_another_persons_session_is_refused(
    client_as: ClientAs, make_person: MakePerson
) -> None:
    ann, ben = await make_person(role="admin"), await make_person(organization="harbour")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    token = (await invite(client_as, ann, cid.email))["token"]
    wrong = await accept(client_as, token, {"password": "a wrong password"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    other = await accept(client_as, token, person=ben)
    assert (other.status_code, other.json()["code"]) == (403, "other_email")
    # Who invited has the token; it doesn't make them the invited person.
    assert (await accept(client_as, token, person=ann)).status_code == 403
    assert (await accept(client_as, token, NEW)).status_code == 401
    nobody = await accept(client_as, token)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    assert (await accept(client_as, token, {"password": PASSWORD})).status_code == 200


async def test_an_ended_session_joins_nothing(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    """Redis still has the session; the row says that the person has signed out everywhere."""
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    token = (await invite(client_as, ann, cid.email))["token"]
    await owner.execute(
        "update public.users set sessions_valid_after = now() where user_id = $1", cid.user_id
    )
    refused = await accept(client_as, token, person=cid)
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    assert await waiting(client_as, ann) == [cid.email]


async def test_a_browser_joins_by_cookie(client_as: ClientAs, make_person: MakePerson, redis: Redis) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    token = (await invite(client_as, ann, cid.email))["token"]
    browser = client_as(None)
    signed_in = {"email": cid.email, "password": PASSWORD, "session": "cookie"}
    assert (await browser.post(LOGIN, json=signed_in)).status_code == 200
    old_session = browser.cookies["dfworx_refresh"].partition(".")[0]
    path = f"{INVITATIONS}/{token}/accept"
    elsewhere = await browser.post(path, headers={"Origin": "https://evil.example"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "cross_site")
    joined = await browser.post(path)
    assert joined.status_code == 200, joined.text
    assert set(joined.json()) == {"expires_in", "user"}
    assert (await browser.get(ME)).json()["organization"]["slug"] == "lumen"
    # Nobody holds the cookies of the session before, so it isn't left open.
    assert not await redis.exists(f"session:{old_session}")
    other = (await invite(client_as, ann))["token"]
    fresh = client_as(None)
    new = await fresh.post(f"{INVITATIONS}/{other}/accept", json={**NEW, "session": "cookie"})
    assert set(new.json()) == {"expires_in", "user"}
    assert (await fresh.get(ME)).json()["name"] == "Noor"


async def test_another_site_cannot_sign_a_browser_in(client_as: ClientAs, make_person: MakePerson) -> None:
    ann = await make_person(role="admin")
    token = (await invite(client_as, ann))["token"]
    answer = await client_as(None).post(
        f"{INVITATIONS}/{token}/accept",
        json={**NEW, "session": "cookie"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


async def test_a_token_that_holds_no_more_is_as_one_that_never_was(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    used = await invite(client_as, ann, "used@nova.example")
    assert (await accept(client_as, used["token"], NEW)).status_code == 200
    expired = await invite(client_as, ann, "expired@nova.example")
    await owner.execute(
        "update app_auth.invitations set expires_at = now() where invitation_id = $1",
        UUID(expired["invitation_id"]),
    )
    withdrawn = await invite(client_as, ann, "withdrawn@nova.example")
    gone = await client_as(ann).delete(f"{INVITATIONS}/{withdrawn['invitation_id']}")
    assert gone.status_code == 204
    replaced = await invite(client_as, ann, "twice@nova.example")
    newest = await invite(client_as, ann, "twice@nova.example", "guest")
    tokens = [each["token"] for each in (used, expired, withdrawn, replaced)]
    answers = []
    for token in [*tokens, "x", "a" * 43, "%F0%9F%A6%8A", "a" * 2000]:
        answers += [
            await client_as(None).get(f"{INVITATIONS}/{token}"),
            await accept(client_as, token, NEW),
            await accept(client_as, token, person=ann),
        ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert await waiting(client_as, ann) == ["twice@nova.example"]
    for each in (used, replaced, withdrawn):
        again = await client_as(ann).delete(f"{INVITATIONS}/{each['invitation_id']}")
        assert again.status_code == 404
    assert (await accept(client_as, newest["token"], NEW)).json()["user"]["role"] == "guest"


async def test_of_two_who_accept_at_once_one_joins(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    for email, body in (("noor@nova.example", NEW), (cid.email, {"password": PASSWORD})):
        token = (await invite(client_as, ann, email))["token"]
        answers = await asyncio.gather(*[accept(client_as, token, body) for _ in range(4)])
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses[0] == 200 and set(statuses[1:]) <= {401, 404, 409}, statuses
        assert (
            await owner.fetchval(
                "select count(*) from public.users where email = $1 and origin = 'invited'", email
            )
            == 1
        )


async def test_who_has_joined_since_is_told_so(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    token = (await invite(client_as, ann, cid.email))["token"]
    await owner.execute(
        """
        insert into public.users (organization_id, identity_id, name, email, origin)
        select $1, identity_id, 'Cid', $2, 'registered' from app_auth.identities where email = $2
        """,
        *(ann.organization_id, cid.email),
    )
    answer = await accept(client_as, token, {"password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_member")


async def test_without_redis_nobody_joins_and_the_invitation_waits(
    client_as: ClientAs, without_redis: ClientAs, make_person: MakePerson, owner: asyncpg.Connection
) -> None:
    ann = await make_person(role="admin")
    # Inviting needs no Redis.
    made = (
        await without_redis(ann).post(INVITATIONS, json={"email": "noor@nova.example", "role": "guest"})
    ).json()
    answer = await accept(without_redis, made["token"], NEW)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (
        await owner.fetchval("select count(*) from app_auth.identities where email = 'noor@nova.example'")
        == 0
    )
    assert (await accept(client_as, made["token"], NEW)).status_code == 200


async def test_tokens_and_passwords_are_tried_only_so_often(
    auth_app: FastAPI, client_as: ClientAs, make_person: MakePerson, redis: Redis
) -> None:
    ann = await make_person(role="admin")
    cid = await make_person(organization="harbour", email="cid@somewhere.example")
    token = (await invite(client_as, ann, cid.email))["token"]
    many, three = parse("100/1 hour"), parse("3/1 hour")
    auth_app.state.limits = Limits(redis, Rules(three, many, many, many, many))
    for _ in range(3):
        assert (await accept(client_as, token, {"password": "a wrong password"})).status_code == 401
    assert (await accept(client_as, token, {"password": PASSWORD})).status_code == 429
    auth_app.state.limits = Limits(redis, Rules(many, many, many, many, parse("2/1 hour")))
    await redis.flushall()
    for _ in range(2):
        assert (await client_as(None).get(f"{INVITATIONS}/x")).status_code == 404
    assert (await client_as(None).get(f"{INVITATIONS}/{token}")).status_code == 429
    assert (await accept(client_as, token, {"password": PASSWORD})).status_code == 429

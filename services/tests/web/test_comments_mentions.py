"""Whom comments mention, kept beside their words."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, create, publish


async def test_a_name_and_a_link_mention_people_of_the_organization(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = await make_person(name="Ann"), await make_person(name="Bob Ölander")
    client = client_as(ann)
    comment = await comment_on(
        client, await publish(client), f"@bob ölander, and @[Ann](mention://user/{ann.user_id})"
    )
    both = [{"user_id": str(each.user_id), "name": each.name} for each in (ann, bob)]
    assert sorted(comment["mentions"], key=lambda each: each["name"]) == both
    where = f"/api/web/comments/{comment['comment_id']}"
    less = await client.patch(where, json={"content": "@Ann"}, headers={"If-Match": "*"})
    assert less.json()["mentions"] == both[:1]
    more = await client.patch(where, json={"content": "@Bob Ölander"}, headers={"If-Match": "*"})
    assert more.json()["mentions"] == both[1:]


async def test_another_organizations_people_and_who_has_left_are_text(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, gone = await make_person(name="Ann"), await make_person(name="Gone")
    eve = await make_person(organization="umbra", name="Eve")
    await owner.execute("update public.users set is_active = false where user_id = $1", gone.user_id)
    client = client_as(ann)
    text = " ".join(f"@{each.name} @[x](mention://user/{each.user_id})" for each in (eve, gone))
    comment = await comment_on(client, await publish(client), text)
    assert (comment["mentions"], comment["content"]) == ([], text)


async def test_two_of_one_name_are_told_apart_by_the_link_alone(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, _ = await make_person(name="Ann"), await make_person(name="Ann")
    client = client_as(ann)
    post = await publish(client)
    assert (await comment_on(client, post, "@Ann"))["mentions"] == []
    linked = await comment_on(client, post, f"@[Ann](mention://user/{ann.user_id})")
    assert [each["user_id"] for each in linked["mentions"]] == [str(ann.user_id)]


async def test_a_mention_shows_the_name_that_the_person_has_now(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(name="Ann")
    client = client_as(ann)
    comment = await comment_on(client, await publish(client), "@Ann")
    await client.patch("/api/auth/me", json={"name": "Anne"})
    read = await client.get(f"/api/web/comments/{comment['comment_id']}")
    assert read.json()["mentions"] == [{"user_id": str(ann.user_id), "name": "Anne"}]


FORGED = "insert into app_web.mentions (organization_id, comment_id, user_id) values ($1, $2, $3)"


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
async def test_nobody_mentions_in_anothers_comment(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, role: str
) -> None:
    ann, other = await make_person(), await make_person(role=role)
    comment = await comment_on(client_as(ann), await publish(client_as(ann)))
    web = await inject("dfworx_web", other)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(FORGED, ann.organization_id, UUID(comment["comment_id"]), other.user_id)


async def test_a_mention_stays_within_the_organization_and_under_the_post(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, admin = await make_person(name="Ann"), await make_person(role="admin")
    eve: Person = await make_person(organization="umbra")
    comment = await comment_on(client_as(ann), await create(client_as(ann)), "@Ann")
    web = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await web.execute(FORGED, ann.organization_id, UUID(comment["comment_id"]), eve.user_id)
    for person in (admin, eve):
        web = await inject("dfworx_web", person)
        assert await web.fetch("select * from app_web.mentions") == []
        assert (await web.execute("delete from app_web.mentions")).endswith(" 0")

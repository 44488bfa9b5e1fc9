"""Slugs stay: an address that was given to people leads to its post as long as the post is there, and to no other."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import POST, create, publish

LIST = "/api/web/posts"


async def rename(client: httpx.AsyncClient, post: dict[str, Any], slug: str) -> httpx.Response:
    return await client.patch(f"{LIST}/{post['post_id']}", json={"slug": slug}, headers={"If-Match": "*"})


async def by_slug(client: httpx.AsyncClient, slug: str) -> tuple[int, str | None]:
    answer = await client.get(f"{LIST}/by-slug/{slug}")
    return answer.status_code, answer.headers.get("location")


async def test_an_old_slug_leads_to_the_new_one_for_who_may_see_the_post(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    eve = client_as(await make_person(organization="umbra", role="admin"))
    post = await publish(ann, slug="bread")
    assert (await by_slug(bob, "bread"))[0] == 200
    for slug in ("brot", "パン"):
        assert (await rename(ann, post, slug)).status_code == 200
    now = f"{LIST}/by-slug/%E3%83%91%E3%83%B3"
    for _ in range(2):
        for old in ("bread", "brot"):
            assert await by_slug(bob, old) == (308, now)
            assert await by_slug(eve, old) == (404, None)
            assert (await by_slug(client_as(None), old))[0] == 401
    followed = await bob.get(f"{LIST}/by-slug/bread", follow_redirects=True)
    assert followed.json()["post_id"] == post["post_id"]
    assert (await rename(ann, post, "bread")).json()["slug"] == "bread"
    assert (await by_slug(bob, "bread"), await by_slug(bob, "brot")) == (
        (200, None),
        (308, f"{LIST}/by-slug/bread"),
    )
    await ann.post(f"{LIST}/{post['post_id']}/archive")
    for slug in ("bread", "brot"):
        assert await by_slug(bob, slug) == (404, None)
    assert (await by_slug(ann, "brot"))[0] == 308


async def test_no_other_post_takes_a_slug_that_one_has_or_had(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    post = await create(ann, title="Bread")
    assert (await rename(ann, post, "rolls")).status_code == 200
    for slug in ("bread", "rolls"):  # of a draft that Bob doesn't see
        refused = await bob.post(LIST, json={**POST, "slug": slug})
        assert (refused.status_code, refused.json()["code"]) == (409, "slug_taken")
    other = await create(bob, title="Bread")
    assert other["slug"] == "bread-2"
    refused = await rename(bob, other, "bread")
    assert (refused.status_code, refused.json()["code"]) == (409, "slug_taken")
    assert await by_slug(bob, "bread") == (404, None)
    eve = client_as(await make_person(organization="umbra"))
    assert (await create(eve, title="Bread"))["slug"] == "bread"


async def test_of_many_who_take_one_slug_at_once_one_gets_it(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    clients = [client_as(await make_person()) for _ in range(3)]
    posts = [await create(client, title=f"Post {n}") for n, client in enumerate(clients)]
    renames = [rename(client, post, "bread") for client, post in zip(clients, posts, strict=True)]
    news = [client.post(LIST, json={**POST, "slug": "bread"}) for client in clients]
    answers = await asyncio.gather(*renames, *news)
    assert sorted(answer.status_code for answer in answers)[1:] == [409] * 5
    assert await owner.fetchval("select count(*) from app_web.post_slugs where slug = 'bread'") == 1


async def test_renaming_to_and_fro_while_others_write_leaves_each_slug_with_one_post(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    post = await publish(ann, title="Bread")
    answers = await asyncio.gather(
        *(rename(ann, post, slug) for slug in ("bread-2", "bread-3", "bread", "bread-4", "bread-2")),
        *(bob.post(LIST, json={**POST, "title": "Bread"}) for _ in range(6)),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert [answer.status_code for answer in answers[5:]] == [201] * 6
    wrong = """
        select p.slug from app_web.posts p
         where not exists (select from app_web.post_slugs s where s.organization_id = p.organization_id
                              and s.slug = p.slug and s.post_id = p.post_id)
    """
    assert await owner.fetch(wrong) == []


async def test_injected_sql_gives_a_post_no_slug_of_another(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    eve = await make_person(organization="umbra", role="admin")
    draft = await create(client_as(ann), slug="bread")
    await rename(client_as(ann), draft, "rolls")
    mine, theirs = await publish(client_as(admin), slug="mine"), await publish(client_as(eve), slug="theirs")
    web = await inject("dfworx_web", admin)
    for slug in ("bread", "rolls"):
        with pytest.raises(asyncpg.UniqueViolationError):
            await web.execute(
                "update app_web.posts set slug = $1 where post_id = $2", slug, UUID(mine["post_id"])
            )
    for forbidden in (
        "insert into app_web.post_slugs (organization_id, slug, post_id) values (app.org_id(), 'x', gen_random_uuid())",
        "update app_web.post_slugs set post_id = post_id",
        "delete from app_web.post_slugs",
        "select app_web.keep_slug()",
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
            await web.execute(forbidden)
    assert await web.fetchval("select array_agg(slug order by slug) from app_web.post_slugs") == ["mine"]
    asked = "select array_agg(slug order by slug) from app_web.list_taken_slugs($1) as slug"
    assert await web.fetchval(asked, ["bread", "rolls", "theirs", "free"]) == ["bread", "rolls"]
    assert (await by_slug(client_as(eve), "theirs"))[0] == 200
    assert theirs["slug"] == "theirs"

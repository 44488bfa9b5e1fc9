"""The example organizations of seed.sql: they can be signed in to, read and searched, and are well formed."""

import asyncio
import re

import asyncpg
import pytest

from dfworx.cli import seed
from dfworx.cli.failure import Failure
from dfworx.web.text import require_slug
from tests.conftest import ClientAs, TestDatabase

PASSWORD = "dfworx-development"


@pytest.fixture
async def seeded(database: TestDatabase) -> TestDatabase:
    # Section by section, as `db seed --schema` may.
    for schema in ("public", "app_auth", "app_web"):
        await asyncio.to_thread(seed.run_sections, database.owner_url, schema)
    return database


async def sign_in(client_as: ClientAs, email: str, **more: str) -> dict[str, str]:
    answer = await client_as(None).post(
        "/api/auth/login", json={"email": email, "password": PASSWORD, **more}
    )
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_the_login_to_try_works_and_sees_a_believable_organization(
    seeded: TestDatabase, client_as: ClientAs
) -> None:
    told = await asyncio.to_thread(seed.logins, seeded.owner_url)
    assert told == [f"ada@northlight.example with the password {PASSWORD}"]
    client = client_as(None)
    client.headers.update(await sign_in(client_as, "ada@northlight.example"))
    posts = (await client.get("/api/web/posts?limit=100")).json()["items"]
    assert {post["status"] for post in posts} == {"published", "draft"}
    assert len({post["author"]["name"] for post in posts}) == 5
    assert all(10 < len(post["excerpt"]) <= 300 for post in posts)
    assert (await client.get("/api/web/posts?status=archived")).json()["items"][0]["slug"] == "the-old-camera"
    assert (await client.get("/api/web/posts?q=オリオン座")).json()["items"][0]["slug"] == "冬の星図の使い方"
    assert len((await client.get("/api/auth/users")).json()["items"]) == 6


async def test_no_login_is_named_that_is_not_there(database: TestDatabase) -> None:
    assert await asyncio.to_thread(seed.logins, database.owner_url) == []


async def test_one_person_belongs_to_both_organizations(seeded: TestDatabase, client_as: ClientAs) -> None:
    body = {"email": "priya@raman.example", "password": PASSWORD}
    assert (await client_as(None).post("/api/auth/login", json=body)).status_code == 409
    bakery = await sign_in(client_as, "priya@raman.example", organization="crumb-and-crust")
    posts = (await client_as(None).get("/api/web/posts?limit=100", headers=bakery)).json()["items"]
    assert "house-rye" in {post["slug"] for post in posts}
    assert "calibration-frames" not in {post["slug"] for post in posts}


async def test_all_of_it_is_well_formed(seeded: TestDatabase, owner: asyncpg.Connection) -> None:
    posts = await owner.fetch("select * from app_web.posts")
    slugs = {(post["organization_id"], post["slug"]) for post in posts}
    for post in posts:
        assert require_slug(post["slug"]) and post["excerpt"]
        for slug in re.findall(r"\]\(/posts/([^)#]+)\)", post["content"]):
            assert (post["organization_id"], slug) in slugs, f"{post['slug']} links to {slug}"
    for table in ("public.organizations", "public.users", "app_web.posts", "app_web.comments"):
        assert await owner.fetchval(f"select max(created_at) < now() from {table}")  # noqa: S608 - names from here
    assert await owner.fetchval("select count(*) from public.users where identity_id is null") == 0
    assert await owner.fetchval("select count(*) from app_web.comments") == await owner.fetchval(
        "select sum(comment_count) from app_web.posts"
    )


async def test_it_is_refused_a_second_time(seeded: TestDatabase) -> None:
    with pytest.raises(Failure, match="already has rows"):
        await asyncio.to_thread(seed.run_sections, seeded.owner_url)

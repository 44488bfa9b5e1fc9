"""Whom a post's earlier words are shown: never those from before it was theirs to read, by API or by injected SQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import create, publish
from tests.web.test_revisions import edit, pass_time, revisions_of, versions

Seen = Callable[[Person, dict[str, Any]], Awaitable[list[int]]]


@pytest.fixture
def seen(client_as: ClientAs, inject: Inject) -> Seen:
    """Which versions the person gets: by list, each by its number, and by SQL injected into the service."""

    async def seen(person: Person, post: dict[str, Any]) -> list[int]:
        client = client_as(person)
        listed = await versions(client, post)
        single = []
        for version in range(12, 0, -1):
            statuses = {
                (await client.get(f"{revisions_of(post)}/{version}{path}")).status_code
                for path in ("", "/diff")
            }
            against = await client.get(f"{revisions_of(post)}/{listed[0]}/diff", params={"against": version})
            statuses.add(against.status_code)
            assert len(statuses) == 1
            if statuses == {200}:
                single.append(version)
        web = await inject("dfworx_web", person)
        rows = await web.fetch("select version from app_web.revisions order by version desc")
        assert listed == single == [row["version"] for row in rows]
        return listed

    return seen


async def test_readers_do_not_see_the_drafts_from_before_it_was_published(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, seen: Seen
) -> None:
    ann, bob = await make_person(), await make_person()
    moderator = await make_person(role="admin")
    post = await create(client_as(ann), content="A secret")
    await pass_time(owner)
    await edit(client_as(ann), post, "Without it")
    await client_as(ann).post(f"/api/web/posts/{post['post_id']}/publish")
    assert await seen(ann, post) == [2, 1]
    for person in (bob, moderator):
        assert await seen(person, post) == [2]
    await edit(client_as(moderator), post, "Better said")
    for person in (bob, moderator):
        assert await seen(person, post) == [4, 2]
        # What they don't see can't be compared with: the oldest that they do is all new.
        assert (await client_as(person).get(f"{revisions_of(post)}/2/diff")).json()["against"] is None
        restore = f"{revisions_of(post)}/1/restore"
        expected = 404 if person is moderator else 403
        answer = await client_as(person).post(restore, headers={"If-Match": "*"})
        assert answer.status_code == expected
    # In the archive and in the trash as before, for who finds it there.
    for action in ("archive", "publish"):
        await client_as(ann).post(f"/api/web/posts/{post['post_id']}/{action}")
        assert await seen(moderator, post) == [4, 2]
    assert await seen(bob, post) == [4, 2]


async def test_what_was_taken_back_stays_taken_back(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, seen: Seen
) -> None:
    ann, bob = await make_person(), await make_person(role="moderator")
    author = client_as(ann)
    post = await publish(author, content="Said too much")
    assert await seen(bob, post) == [1]
    await edit(author, post, "Said too much", visibility="author")
    assert (await client_as(bob).get(revisions_of(post))).status_code == 404
    await pass_time(owner)
    await edit(author, post, "Thinking")
    await pass_time(owner)
    await edit(author, post, "Enough")
    await edit(author, post, "Enough", visibility="organization")
    assert await seen(bob, post) == [5]
    assert await seen(ann, post) == [5, 4, 1]


async def test_who_is_named_sees_the_words_from_then_on(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, seen: Seen
) -> None:
    ann, bob, carol = [await make_person() for _ in range(3)]
    author = client_as(ann)
    first = {"visibility": "people", "readers": [str(bob.user_id)]}
    post = await publish(author, content="For Bob", **first)
    await edit(author, post, "For Bob still")
    assert await seen(bob, post) == [3, 1]
    assert (await client_as(carol).get(revisions_of(post))).status_code == 404
    both = {"readers": [str(bob.user_id), str(carol.user_id)], "visibility": "people"}
    await edit(author, post, "For both", **both)
    assert (await seen(bob, post))[-1] == 1
    assert 1 not in await seen(carol, post)
    current = (await seen(carol, post))[0]
    assert (await client_as(carol).get(f"{revisions_of(post)}/{current}")).json()["content"] == "For both"
    assert await seen(carol, post) == [current]

    # Bob is named no more, then again: from then on.
    await edit(author, post, "For Carol", readers=[str(carol.user_id)], visibility="people")
    assert (await client_as(bob).get(revisions_of(post))).status_code == 404
    await pass_time(owner)
    now = await edit(author, post, "For both again", **both)
    assert await seen(bob, post) == [now["version"]]

    # Everybody may read it now, but not what was said to a few.
    await edit(author, post, "For both again", visibility="organization")
    dan = await make_person(role="moderator")
    assert await seen(dan, post) == [now["version"]]
    after = await edit(author, post, "For all")
    assert await seen(dan, post) == [after["version"], now["version"]]
    # And from everybody to a few: what everybody was shown isn't shown to who is named only now.
    await edit(author, post, "For Bob, last", visibility="people", readers=[str(bob.user_id)])
    assert len(await seen(bob, post)) == 1


FORBIDDEN = [
    "update app_web.revisions set shown_to = 'organization'",
    "update app_web.revisions set author_id = app.user_id()",
    "update app_web.revisions set replaced_at = null",
    "update app_web.revisions set content = 'forged'",
    "delete from app_web.revisions",
    "insert into app_web.revisions (organization_id, post_id, version, user_id, title, content, author_id)"
    " select organization_id, post_id, 99, user_id, 'forged', 'forged', user_id from app_web.posts",
    "select app_web.keep_revision()",
]


@pytest.mark.parametrize("statement", FORBIDDEN, ids=lambda statement: statement[:60])
@pytest.mark.parametrize("role", ["member", "admin"])
async def test_nobody_writes_a_revision_but_by_saving(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, statement: str, role: str
) -> None:
    ann = await make_person(role=role)
    await publish(client_as(ann))
    web = await inject("dfworx_web", ann)
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
        await web.execute(statement)


async def test_who_takes_a_post_over_does_not_get_its_drafts(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    """A moderator may change what is published, and injected SQL even whose it is."""
    ann, admin = await make_person(), await make_person(role="admin")
    post = await create(client_as(ann), content="A secret")
    await pass_time(owner)
    await edit(client_as(ann), post, "Without it")
    await client_as(ann).post(f"/api/web/posts/{post['post_id']}/publish")
    await client_as(admin).get("/api/web/profiles/me")
    web = await inject("dfworx_web", admin)
    await web.execute("update app_web.posts set user_id = app.user_id()")
    assert [row["version"] for row in await web.fetch("select version from app_web.revisions")] == [2]


async def test_settling_reaches_only_what_the_caller_saved(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, bob, eve = await make_person(), await make_person(), await make_person(organization="umbra")
    post = await create(client_as(ann))
    for person in (bob, eve):
        web = await inject("dfworx_web", person)
        await web.execute("select app_web.settle_revision($1)", post["post_id"])
    assert await owner.fetchval("select is_settled from app_web.revisions") is False

"""What a search must not show or hint at: hidden posts and what is under them, removed comments, another organization.
For whoever may not see it, a search is as if it weren't there: no item, no count, no correction towards its words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import comment_on, create, publish
from tests.web.finding import found, search

NOTHING: dict[str, Any] = {
    "items": [],
    "next_cursor": None,
    "counts": {"post": 0, "comment": 0, "person": 0},
    "corrected": None,
}
STATUSES = ("draft", "published", "archived", "trashed")


async def hide(owner: asyncpg.Connection, post: dict[str, Any], **fields: Any) -> None:
    for name, value in fields.items():
        await owner.execute(
            f"update app_web.posts set {name} = $1 where post_id = $2",  # noqa: S608 - names of this file
            *(value, UUID(post["post_id"])),
        )


async def share(owner: asyncpg.Connection, post: dict[str, Any], author: Person, *readers: Person) -> None:
    await hide(owner, post, visibility="people")
    for reader in readers:
        await owner.execute(
            "insert into app_web.post_readers (organization_id, post_id, user_id, shared_by) values ($1, $2, $3, $4)",
            *(author.organization_id, UUID(post["post_id"]), reader.user_id, author.user_id),
        )


async def trash(owner: asyncpg.Connection, post: dict[str, Any], came_from: str) -> None:
    await owner.execute(
        "update app_web.posts set status = 'trashed', trashed_at = now(), trashed_from = $1 where post_id = $2",
        *(came_from, UUID(post["post_id"])),
    )


async def test_a_post_for_two_named_people_is_not_there_for_a_third(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob, cleo = await make_person(), await make_person(), await make_person()
    third, admin = await make_person(), await make_person(role="admin")
    post = await publish(client_as(ann), title="Zeppelin plans", content="A balloonist and 飛行船.")
    await comment_on(client_as(ann), post, "gondola")
    await share(owner, post, ann, bob, cleo)
    for reader in (ann, bob, cleo):
        page = await search(client_as(reader), "zeppelin")
        assert [item["slug"] for item in page["items"]] == ["zeppelin-plans"]
        assert (await search(client_as(reader), "zepelin"))["corrected"] == "zeppelin"
        assert await found(client_as(reader), "gondola") == ["comment [gondola]"]
    for stranger in (third, admin):
        client = client_as(stranger)
        for typed in (
            "zeppelin",
            "zepelin",
            "zepp",
            "balloonist",
            "baloonist",
            "飛行船",
            "gondola",
            "gondloa",
        ):
            for more in (
                {},
                {"kind": "post"},
                {"kind": "comment"},
                {"author": ann.user_id},
                {"status": "published"},
            ):
                assert await search(client, typed, **more) == NOTHING, (typed, more)
            listed = await client.get("/api/web/posts", params={"q": typed})
            assert listed.json()["items"] == []
    # As if it weren't there: of two near words the one that everybody sees is meant, however often the other stands.
    await publish(client_as(admin), title="Zeppelim")
    assert (await search(client_as(third), "zeppeliq"))["corrected"] == "zeppelim"
    await owner.execute("delete from app_web.post_readers where user_id = $1", bob.user_id)
    assert await search(client_as(bob), "balloonist") == NOTHING


async def test_drafts_private_archived_and_trashed_posts_keep_their_words_to_themselves(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob, moderator = await make_person(), await make_person(), await make_person(role="moderator")
    words = ("draftword", "ownword", "archivedword", "trashedword")
    for word in words:
        post = await (create if word == "draftword" else publish)(client_as(ann), title=word)
        await comment_on(client_as(ann), post, f"on {word}")
        if word == "ownword":
            await hide(owner, post, visibility="author")
        if word == "archivedword":
            await client_as(ann).post(f"/api/web/posts/{post['post_id']}/archive")
        if word == "trashedword":
            await trash(owner, post, "published")
    for word in words:
        typed = word.replace("word", "wrod")
        for person in (bob, moderator):
            assert await search(client_as(person), word) == NOTHING
            assert await search(client_as(person), typed) == NOTHING
        mine = word in ("draftword", "ownword")
        assert (await search(client_as(ann), word))["counts"]["post"] == (1 if mine else 0)
        assert (await search(client_as(ann), typed))["corrected"] == (word if mine else None)
    assert await found(client_as(moderator), "archivedword", status="archived") == [
        *("post archivedword", "comment on [archivedword]"),
    ]
    assert await found(client_as(bob), "archivedword", status="archived") == []


async def test_a_removed_comment_is_never_found(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann = client_as(await make_person())
    post = await publish(ann)
    root = await comment_on(ann, post, "regrettable")
    await comment_on(ann, post, "an answer", parent_id=root["comment_id"])
    assert await found(ann, "regrettable") == ["comment [regrettable]"]
    await ann.delete(f"/api/web/comments/{root['comment_id']}")
    assert await search(ann, "regrettable") == NOTHING
    assert await search(ann, "regretable") == NOTHING
    assert await owner.fetchval("select search from app_web.comments where removed_at is not null") is None


async def test_a_changed_comment_is_found_by_its_new_words(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person())
    comment = await comment_on(ann, await publish(ann), "earlier")
    await ann.patch(
        f"/api/web/comments/{comment['comment_id']}",
        json={"content": "afterwards"},
        headers={"If-Match": "*"},
    )
    assert (await found(ann, "earlier"), await found(ann, "afterwards")) == ([], ["comment [afterwards]"])


async def test_another_organization_finds_nothing_of_any_kind(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(name="Ulysses Okonkwo")
    eve = await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann), title="Marzipan", content="almonds")
    await comment_on(client_as(ann), post, "nougat")
    for typed in (
        "marzipan",
        "marzpian",
        "almonds",
        "nougat",
        "nuogat",
        "ulysses",
        "okonkwo",
        "ulyses",
        "marz",
    ):
        for more in ({}, {"kind": "person"}, {"author": ann.user_id}):
            assert await search(client_as(eve), typed, **more) == NOTHING, typed


async def test_a_stranger_searches_nothing(client_as: ClientAs) -> None:
    for kind in ("post", "comment", "person"):
        answer = await client_as(None).get("/api/web/search", params={"q": "bread", "kind": kind})
        assert answer.status_code == 401


async def fill_with_every_kind(
    owner: asyncpg.Connection, client_as: ClientAs, author: Person, reader: Person
) -> None:
    """A post of each status and visibility, with a comment, all of the same words."""
    for visibility in ("organization", "people", "author"):
        for status in ("draft", "published", "archived", "draft trashed", "published trashed"):
            client = client_as(author)
            post = await (create if status.startswith("draft") else publish)(client, title="Common word")
            await comment_on(client, post, "common word")
            if visibility == "people":
                await share(owner, post, author, reader)
            await hide(owner, post, visibility=visibility)
            if status == "archived":
                await hide(owner, post, status="archived")
            if status.endswith("trashed"):
                await trash(owner, post, status.split()[0])


SEEN = "select post_id from app_web.posts where search @@ 'common'"
SEEN_COMMENTS = """
select comment_id from app_web.comments c where search @@ 'common' and removed_at is null
   and exists (select from app_web.posts p where p.organization_id = c.organization_id and p.post_id = c.post_id
                  and p.status = $1)
"""
FOUND = """
select post_id from app_web.find_posts('common', 'common', $1, null, null, '-infinity', 'infinity', 1000)
"""
FOUND_COMMENTS = """
select comment_id from app_web.find_comments('common', $1, null, null, '-infinity', 'infinity', 1000)
"""


@pytest.mark.parametrize("crowd", [0, 40], ids=["rare", "common"])
async def test_what_the_definer_functions_find_is_what_the_policies_show(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection, inject: Inject, crowd: int
) -> None:
    """They ask the index past the policies: SQL inside the service must learn no more from them. Once with few posts,
    once with so many that they are walked instead."""
    author, reader = await make_person(), await make_person()
    others = [await make_person(role=role) for role in ("guest", "member", "moderator", "admin")]
    eve = await make_person(organization="umbra", role="admin")
    await fill_with_every_kind(owner, client_as, author, reader)
    await fill_with_every_kind(owner, client_as, eve, eve)
    for number in range(crowd):
        await publish(client_as(author), title=f"Common word {number}")
    counts = set()
    for person in (author, reader, *others, eve):
        web = await inject("dfworx_web", person)
        seen = 0
        for status in STATUSES:
            shown = {row[0] for row in await web.fetch(f"{SEEN} and status = $1", status)}
            assert {row[0] for row in await web.fetch(FOUND, status)} == shown, (person.role, status)
            comments = {row[0] for row in await web.fetch(SEEN_COMMENTS, status)}
            assert {row[0] for row in await web.fetch(FOUND_COMMENTS, status)} == comments, (
                person.role,
                status,
            )
            assert len(comments) == len({*shown}) - (
                crowd if status == "published" and person is not eve else 0
            )
            seen += len(shown)
        by_default = {row[0] for row in await web.fetch(FOUND, None)}
        usual = {row[0] for row in await web.fetch(f"{SEEN} and status in ('draft', 'published')")}
        assert by_default == usual
        words = await web.fetch(
            "select * from app_web.find_words('{common,word,comon}', 'comm', '{post,comment}')"
        )
        assert {row["word"] for row in words} == {"common", "word"}
        counts.add(seen - (crowd if person is not eve else 0))
    assert counts == {15, 2, 1, 3}  # the author, who is named, members, moderators; each organization its own


async def test_without_a_seal_or_with_a_made_up_one_nothing_is_found(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person()
    await comment_on(client_as(ann), await publish(client_as(ann), title="Common word"), "common word")
    web = await inject("dfworx_web", ann)
    asked = [
        *(FOUND.replace("$1", "null"), FOUND_COMMENTS.replace("$1", "null")),
        "select * from app_web.find_people('person', 'person', 1000)",
        "select * from app_web.find_words('{common}', null, '{post,comment,person}')",
    ]
    assert [len(await web.fetch(statement)) for statement in asked] == [1, 1, 1, 1]
    seal = await web.fetchval("select current_setting('dfx.ctx')")
    for wrong in ("", seal[:-1] + ("0" if seal[-1] != "0" else "1"), seal.replace("member", "admin")):
        await web.execute("select set_config('dfx.ctx', $1, false)", wrong)
        for statement in asked:
            assert await web.fetch(statement) == []


@pytest.mark.parametrize("login", ["dfworx_auth", "dfworx_admin", "dfworx_worker"])
async def test_no_other_service_may_ask_the_index(
    make_person: MakePerson, inject: Inject, login: str
) -> None:
    other = await inject(login, await make_person(role="admin"))
    for statement in (FOUND.replace("$1", "null"), "select * from app_web.find_words('{a}', null, '{post}')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await other.fetch(statement)

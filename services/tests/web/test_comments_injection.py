"""What SQL injected into the web service could do to comments with the caller's own true seal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, list_comments, publish

INSERT = (
    "insert into app_web.comments (organization_id, post_id, user_id, content) values ($1, $2, $3, 'forged')"
)


async def test_no_comment_in_anothers_name_or_under_what_is_not_seen(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person(role="admin")
    eve = await make_person(organization="umbra")
    seen, draft = await publish(client_as(ann)), await create(client_as(ann))
    hidden = await publish(client_as(ann), visibility="author")
    theirs = await publish(client_as(eve))
    archived = await publish(client_as(bob))
    await client_as(bob).post(f"/api/web/posts/{archived['post_id']}/archive")
    web = await inject("dfworx_web", bob)
    forgeries: list[tuple[Any, dict[str, Any], Any]] = [
        (bob.organization_id, seen, ann.user_id),
        (bob.organization_id, draft, bob.user_id),
        (bob.organization_id, hidden, bob.user_id),
        (bob.organization_id, archived, bob.user_id),
        (bob.organization_id, theirs, bob.user_id),
        (eve.organization_id, theirs, bob.user_id),
        (eve.organization_id, theirs, eve.user_id),
    ]
    for organization_id, post, user_id in forgeries:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(INSERT, organization_id, UUID(post["post_id"]), user_id)
    assert await list_comments(client_as(ann), draft) == []
    assert await list_comments(client_as(eve), theirs) == []
    await web.execute(INSERT, bob.organization_id, UUID(seen["post_id"]), bob.user_id)
    assert [each["content"] for each in await list_comments(client_as(ann), seen)] == ["forged"]


FORBIDDEN = [
    "update app_web.posts set comment_count = 99",
    "insert into app_web.posts (comment_count) values (99)",
    "update app_web.comments set version = 99",
    "update app_web.comments set user_id = app.user_id()",
    "update app_web.comments set post_id = post_id",
    "update app_web.comments set parent_id = comment_id",
    "update app_web.comments set created_at = now()",
    "update app_web.comments set updated_at = now()",
    "update app_web.comments set organization_id = organization_id",
    "insert into app_web.comments (removed_at) values (now())",
    "insert into app_web.comments (created_at) values (now())",
    "select app_web.count_comment()",
    "select app_web.clear_answered()",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_neither_the_count_nor_a_comments_place_can_be_written(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, statement: str
) -> None:
    ann = await make_person(role="admin")
    await comment_on(client_as(ann), await publish(client_as(ann)))
    web = await inject("dfworx_web", ann)
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
        await web.execute(statement)


@pytest.mark.parametrize("role", ["member", "moderator", "admin"])
async def test_words_are_their_authors(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, role: str
) -> None:
    """Also for the post's author, who may change such a row to settle a thread, and for moderators."""
    ann, bob = await make_person(role=role), await make_person()
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post)
    web = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute("update app_web.comments set content = 'forged'")
    if role == "member":
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute("update app_web.comments set content = null, removed_at = now()")
        assert (await web.execute("delete from app_web.comments")).endswith(" 0")
    assert await list_comments(client_as(bob), post) == [comment]


async def test_what_is_removed_is_not_brought_back_and_no_answer_goes_with_what_it_answers(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person()
    post = await publish(client_as(ann))
    root = await comment_on(client_as(ann), post)
    answer = await comment_on(client_as(bob), post, parent_id=root["comment_id"])
    web = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await web.execute("delete from app_web.comments where parent_id is null")
    await client_as(ann).delete(f"/api/web/comments/{root['comment_id']}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute("update app_web.comments set content = 'back', removed_at = null")
    with pytest.raises(asyncpg.CheckViolationError):
        await (await inject("dfworx_web", bob)).execute(
            "update app_web.comments set resolved_at = now() where parent_id is not null"
        )
    assert (await list_comments(client_as(bob), post))[1] == answer


async def test_what_reads_no_column_reaches_no_comment_that_is_not_seen(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, admin = await make_person(), await make_person(role="admin")
    eve = await make_person(organization="umbra", role="admin")
    post = await create(client_as(ann))
    comment = await comment_on(client_as(ann), post)
    for person in (admin, eve):
        web = await inject("dfworx_web", person)
        for statement in (
            "update app_web.comments set resolved_at = now()",
            "update app_web.comments set content = null, removed_at = now()",
            "delete from app_web.comments",
            "delete from app_web.mentions",
        ):
            assert (await web.execute(statement)).endswith(" 0")
    assert await list_comments(client_as(ann), post) == [comment]

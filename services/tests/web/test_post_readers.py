"""Posts for named people, in the database alone: whatever SQL a service runs, who isn't named sees nothing."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson, Person
from tests.web.conftest import create

SHARE = """
insert into app_web.post_readers (organization_id, post_id, user_id, shared_by) values ($1, $2, $3, $4)
"""


async def share(inject: Inject, author: Person, post: dict[str, str], *readers: Person) -> asyncpg.Connection:
    """Publishes the post to the readers alone, as the author."""
    connection = await inject("dfworx_web", author)
    post_id = UUID(post["post_id"])
    await connection.execute(
        "update app_web.posts set status = 'published', visibility = 'people' where post_id = $1", post_id
    )
    for reader in readers:
        await connection.execute(
            SHARE,
            *(author.organization_id, post_id, reader.user_id, author.user_id),
        )
    return connection


async def seen(inject: Inject, person: Person) -> int:
    connection = await inject("dfworx_web", person)
    return int(await connection.fetchval("select count(*) from app_web.posts"))


async def test_a_shared_post_is_seen_by_its_author_and_the_named_alone(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person(role="member")
    ben, cleo = [await make_person(organization=ann.organization) for _ in range(2)]
    admin = await make_person(organization=ann.organization, role="admin")
    connection = await share(inject, ann, await create(client_as(ann)), ben)
    assert [await seen(inject, each) for each in (ann, ben, cleo, admin)] == [1, 1, 0, 0]
    assert await connection.fetchval("select count(*) from app_web.post_readers") == 1
    assert await (await inject("dfworx_web", cleo)).fetchval("select count(*) from app_web.post_readers") == 0


async def test_a_draft_for_named_people_is_its_authors_alone(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person()
    ben = await make_person(organization=ann.organization)
    connection = await share(inject, ann, await create(client_as(ann)), ben)
    await connection.execute("update app_web.posts set status = 'draft'")
    assert [await seen(inject, each) for each in (ann, ben)] == [1, 0]


async def test_nobody_shares_another_persons_post(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person()
    ben = await make_person(organization=ann.organization, role="admin")
    post = await create(client_as(ann))
    connection = await inject("dfworx_web", ben)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(SHARE, ben.organization_id, UUID(post["post_id"]), ben.user_id, ben.user_id)


async def test_nobody_shares_in_another_persons_name(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person()
    ben = await make_person(organization=ann.organization, role="admin")
    post = await create(client_as(ann))
    connection = await inject("dfworx_web", ben)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(SHARE, ben.organization_id, UUID(post["post_id"]), ben.user_id, ann.user_id)


async def test_a_post_is_never_shared_with_another_organization(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, stranger = await make_person(), await make_person(organization="other")
    post = await create(client_as(ann))
    connection = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await connection.execute(
            SHARE, ann.organization_id, UUID(post["post_id"]), stranger.user_id, ann.user_id
        )
    other = await inject("dfworx_web", ann)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await other.execute(
            SHARE, stranger.organization_id, UUID(post["post_id"]), stranger.user_id, ann.user_id
        )


async def test_moderators_never_see_a_trashed_draft(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann = await make_person()
    ben = await make_person(organization=ann.organization, role="admin")
    await create(client_as(ann))
    connection = await inject("dfworx_web", ann)
    await connection.execute("update app_web.posts set status = 'trashed'")
    assert await seen(inject, ben) == 0
    await connection.execute("update app_web.posts set status = 'draft'")
    await connection.execute("update app_web.posts set status = 'published'")
    await connection.execute("update app_web.posts set status = 'trashed'")
    assert await seen(inject, ben) == 1

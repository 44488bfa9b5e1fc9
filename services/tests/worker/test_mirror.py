"""What Convex keeps a copy of is noted in the outbox whatever changes it, as the row then is, and for nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from dfworx.shared.db import Database
from dfworx.worker.replay import note_all
from tests.conftest import Inject, MakePerson, Person
from tests.worker.conftest import MakeOrganization

ACTIVE = "select user_id from public.users where organization_id = $1"


async def noted(owner: asyncpg.Connection, organization_id: UUID, topic: str) -> list[dict[str, Any]]:
    """What was noted of the organization since this was last asked, oldest first."""
    rows = await owner.fetch(
        """
        with gone as (delete from shared_services.outbox
                       where organization_id = $1 and topic = $2 returning outbox_id, payload)
        select payload from gone order by outbox_id
        """,
        *(organization_id, topic),
    )
    return [orjson.loads(row["payload"]) for row in rows]


async def add_post(owner: asyncpg.Connection, author: Person, slug: str = "plans") -> UUID:
    await owner.execute(
        "insert into app_web.profiles (organization_id, user_id) values ($1, $2) on conflict do nothing",
        *(author.organization_id, author.user_id),
    )
    post_id: UUID = await owner.fetchval(
        """
        insert into app_web.posts (organization_id, user_id, title, slug, content)
        values ($1, $2, 'Plans', $3, 'Words') returning post_id
        """,
        *(author.organization_id, author.user_id, slug),
    )
    return post_id


async def test_a_person_is_noted_without_an_address_and_again_when_something_of_it_changes(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann = await make_person(name="Ann Ash", role="moderator")
    [first] = await noted(owner, ann.organization_id, "mirror.user")
    her = {
        "id": str(ann.user_id),
        "name": "Ann Ash",
        "avatar_url": None,
        "role": "moderator",
        "is_active": True,
    }
    assert first == {"rows": [her], "gone": []}
    await owner.execute(
        "update public.users set email = 'other@lumen.example' where user_id = $1", ann.user_id
    )
    assert await noted(owner, ann.organization_id, "mirror.user") == []
    await owner.execute("update public.users set is_active = false where user_id = $1", ann.user_id)
    [then] = await noted(owner, ann.organization_id, "mirror.user")
    assert then["rows"] == [{**her, "is_active": False}]


async def test_an_organization_is_noted_when_it_is_made_and_when_it_is_renamed(
    owner: asyncpg.Connection,
) -> None:
    made = await owner.fetchval(
        "insert into public.organizations (name, slug) values ('Lumen', 'lumen') returning organization_id"
    )
    await owner.execute("update public.organizations set updated_at = now() where organization_id = $1", made)
    await owner.execute(
        "update public.organizations set name = 'Lumen Works' where organization_id = $1", made
    )
    told = [each["rows"][0]["name"] for each in await noted(owner, made, "mirror.organization")]
    assert told == ["Lumen", "Lumen Works"]


async def test_of_a_post_is_noted_who_may_read_and_change_it_and_not_what_it_says(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann, ben = await make_person(), await make_person()
    post_id = await add_post(owner, ann)
    [first] = await noted(owner, ann.organization_id, "mirror.post")
    its: dict[str, Any] = {
        **{
            "id": str(post_id),
            "user_id": str(ann.user_id),
            "title": "Plans",
            "slug": "plans",
            "status": "draft",
        },
        **{"trashed_from": None, "visibility": "organization", "version": 1, "readers": []},
    }
    assert first == {"rows": [its], "gone": []}
    await owner.execute("update app_web.posts set comment_count = 3 where post_id = $1", post_id)
    assert await noted(owner, ann.organization_id, "mirror.post") == []
    await owner.execute(
        "update app_web.posts set visibility = 'people', version = version + 1 where post_id = $1", post_id
    )
    await owner.execute(
        "insert into app_web.post_readers (organization_id, post_id, user_id, shared_by) values ($1, $2, $3, $4)",
        *(ann.organization_id, post_id, ben.user_id, ann.user_id),
    )
    told = [each["rows"][0] for each in await noted(owner, ann.organization_id, "mirror.post")]
    assert [(each["version"], each["readers"]) for each in told] == [(2, []), (2, [str(ben.user_id)])]
    await owner.execute("delete from app_web.post_readers where post_id = $1", post_id)
    [then] = await noted(owner, ann.organization_id, "mirror.post")
    assert then["rows"][0]["readers"] == []
    await owner.execute("delete from app_web.posts where post_id = $1", post_id)
    assert await noted(owner, ann.organization_id, "mirror.post") == [{"rows": [], "gone": [str(post_id)]}]


async def test_a_post_that_is_deleted_for_good_is_gone_though_its_row_waits(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann = await make_person()
    post_id = await add_post(owner, ann)
    await owner.execute("update app_web.posts set status = 'trashed' where post_id = $1", post_id)
    await noted(owner, ann.organization_id, "mirror.post")
    await owner.execute("select app_web.hide_deleted($1, $2)", ann.organization_id, post_id)
    assert (await noted(owner, ann.organization_id, "mirror.post"))[-1] == {
        "rows": [],
        "gone": [str(post_id)],
    }


async def test_a_notification_is_noted_read_and_gone(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann, ben = await make_person(), await make_person()
    notification_id = await owner.fetchval(
        """
        insert into public.notifications (organization_id, user_id, actor_id, kind, entity, entity_id, thread_id,
                                          message_id)
        values ($1, $2, $3, 'mention', 'convex.messages', gen_random_uuid(), 'thread', 'message')
        returning notification_id
        """,
        *(ann.organization_id, ann.user_id, ben.user_id),
    )
    await owner.execute("update public.notifications set read_at = now()")
    await owner.execute("update public.notifications set mail_due_at = now()")
    await owner.execute("delete from public.notifications")
    *rows, gone = await noted(owner, ann.organization_id, "mirror.notification")
    assert [each["rows"][0]["is_read"] for each in rows] == [False, True]
    assert rows[0]["rows"][0]["message_id"] == "message"
    assert gone == {"rows": [], "gone": [str(notification_id)]}


async def test_a_statement_of_thousands_is_noted_a_hundred_at_a_time(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann = await make_person()
    await add_post(owner, ann)
    await noted(owner, ann.organization_id, "mirror.post")
    await owner.execute(
        """
        insert into app_web.posts (organization_id, user_id, title, slug, content)
        select $1, $2, 'Plans', 'plans-' || i, 'Words' from generate_series(1, 2050) as i
        """,
        *(ann.organization_id, ann.user_id),
    )
    told = await noted(owner, ann.organization_id, "mirror.post")
    assert [len(each["rows"]) for each in told] == [100] * 20 + [50]
    assert len({row["id"] for each in told for row in each["rows"]}) == 2050


async def test_an_organization_that_is_deleted_leaves_nothing_to_tell(
    owner: asyncpg.Connection, make_person: MakePerson
) -> None:
    ann = await make_person()
    await add_post(owner, ann)
    await owner.execute("delete from app_web.posts where organization_id = $1", ann.organization_id)
    await owner.execute("delete from public.organizations where organization_id = $1", ann.organization_id)
    assert await owner.fetchval("select count(*) from shared_services.outbox") == 0


@pytest.mark.parametrize("login", ["dfworx_web", "dfworx_auth", "dfworx_admin", "dfworx_worker"])
async def test_no_service_notes_for_the_mirror_by_itself_be_it_of_its_own_organization_or_of_another(
    inject: Inject, make_person: MakePerson, login: str
) -> None:
    ann, eve = await make_person(role="admin"), await make_person(organization="harbour")
    injected = await inject(login, ann)
    for organization_id in (ann.organization_id, eve.organization_id):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await injected.execute(
                """
                insert into shared_services.outbox (organization_id, topic, entity_id, payload)
                values ($1, 'mirror.user', $2, '{}')
                """,
                *(organization_id, eve.user_id),
            )
        for call in (
            "app.note_mirror('mirror.user', array[$1::uuid], array[$2::uuid], array['{}'::jsonb])",
            "app_web.note_posts(array[$1::uuid], array[$2::uuid])",
            "app_web.mirrored_post($1, $2)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await injected.fetch(f"select {call}", organization_id, uuid4())


async def test_all_is_noted_again_with_how_far_each_part_goes(
    owner: asyncpg.Connection,
    worker_database: Database,
    make_person: MakePerson,
    make_organization: MakeOrganization,
) -> None:
    ann = await make_person()
    empty = await make_organization("hollow")
    for number in range(101):
        await add_post(owner, ann, f"plans-{number}")
    await owner.execute("delete from shared_services.outbox")

    async def ask(query: str, *arguments: Any) -> Any:
        async with worker_database.unsealed() as writer:
            return await writer.fetch(query, *arguments)

    assert await note_all(ask) == 2
    first, second = await noted(owner, ann.organization_id, "mirror.post")
    ids = sorted(str(row["post_id"]) for row in await owner.fetch("select post_id from app_web.posts"))
    assert {row["id"] for row in first["rows"]} == set(ids[:100])
    assert (first["span"]["after"], first["span"]["until"]) == (None, ids[99])
    assert (second["span"]["after"], second["span"]["until"]) == (ids[99], None)
    assert [row["id"] for row in second["rows"]] == ids[100:]
    assert len(await noted(owner, ann.organization_id, "mirror.user")) == 1
    [nothing] = await noted(owner, empty, "mirror.post")
    assert (nothing["rows"], nothing["span"]["until"]) == ([], None)


async def test_what_is_being_committed_while_all_is_noted_again_is_waited_for(
    owner: asyncpg.Connection, worker_database: Database, make_person: MakePerson
) -> None:
    """Or the mirror would lose it: its number is lower than that of a part which doesn't have it."""
    ann = await make_person()
    asked: list[str] = []
    other = owner.transaction()
    await other.start()
    await add_post(owner, ann)

    async def ask(query: str, *arguments: Any) -> Any:
        asked.append(query)
        if len(asked) == 3:
            assert "mirror_again" not in "".join(asked)
            await other.commit()
        async with worker_database.unsealed() as writer:
            return await writer.fetch(query, *arguments)

    await note_all(ask, pause=0)
    told = await noted(owner, ann.organization_id, "mirror.post")
    assert [len(each["rows"]) for each in told] == [1, 1]
    assert told[1]["span"]["before"] > 0

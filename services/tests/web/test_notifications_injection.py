"""What SQL injected into the web service could do to notifications with the caller's own true seal: tell nobody of what
didn't happen, and see and mark nobody else's."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, create, list_notifications, publish

OF_COMMENT = "select app_web.notify_of_comment($1, $2)"
OF_SHARE = "select app_web.notify_of_share($1, $2)"

FORBIDDEN = [
    "insert into public.notifications (organization_id, user_id, actor_id, kind, entity, entity_id, data)"
    " select app.org_id(), app.user_id(), app.user_id(), 'mention', 'app_web.posts', gen_random_uuid(), '{}'",
    "insert into shared_services.notifications (organization_id, user_id, kind, entity, entity_id)"
    " select app.org_id(), app.user_id(), 'mention', 'app_web.posts', gen_random_uuid()",
    "insert into shared_services.outbox (organization_id, topic, entity_id)"
    " select app.org_id(), 'notifications.created', app.user_id()",
    "delete from public.notifications",
    "update public.notifications set user_id = app.user_id()",
    "update public.notifications set actor_id = app.user_id()",
    "update public.notifications set kind = 'share'",
    "update public.notifications set post_id = post_id",
    "update public.notifications set created_at = now()",
    "update public.notifications set organization_id = organization_id",
    "select app_web.tell_people(app.org_id(), null, gen_random_uuid(), null, array[app.user_id()], '{mention}')",
    "select app_web.tell_readers(app.org_id(), gen_random_uuid(), app.user_id(), array[app.user_id()])",
    "select app_web.list_readers_of(app.org_id(), gen_random_uuid(), array[app.user_id()])",
    "select app_web.tell_published()",
    "select * from app_web.sweep_notifications(1)",
    "update app_web.mutes set user_id = app.user_id()",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_nothing_is_written_but_by_the_functions(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, statement: str
) -> None:
    ann, bob = await make_person(), await make_person(role="admin")
    await comment_on(client_as(ann), await publish(client_as(bob)))
    web = await inject("dfworx_web", bob)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(statement)


async def test_nobody_is_told_of_what_did_not_happen(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, bob, cleo = [await make_person() for _ in range(3)]
    eve = await make_person(organization="umbra")
    post, draft = await publish(client_as(ann)), await create(client_as(ann))
    anns = await comment_on(client_as(ann), post)
    bobs = await comment_on(client_as(bob), post)
    hidden = await comment_on(client_as(ann), draft)
    theirs = await publish(client_as(eve))
    eves = await comment_on(client_as(eve), theirs)
    everybody = [ann.user_id, bob.user_id, cleo.user_id, eve.user_id]
    before = await owner.fetch("select * from public.notifications")
    assert len(before) == 1, "of Bob's comment"
    web = await inject("dfworx_web", bob)
    for comment in (anns, bobs, hidden, eves):
        # Not his comment, or one that names nobody; told of it as new only in the transaction that wrote it.
        assert await web.fetch(OF_COMMENT, UUID(comment["comment_id"]), everybody) == []
    for each in (post, draft, theirs):
        assert await web.fetch(OF_SHARE, UUID(each["post_id"]), everybody) == []
    mine = await publish(client_as(bob))
    assert await web.fetch(OF_SHARE, UUID(mine["post_id"]), everybody) == [], "it is for nobody by name"
    assert await owner.fetch("select * from public.notifications") == before


async def test_a_mention_by_force_tells_once_and_nobody_who_cannot_see_it(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, owner: asyncpg.Connection
) -> None:
    ann, bob = await make_person(), await make_person()
    eve = await make_person(organization="umbra")
    web = await inject("dfworx_web", ann)
    mention = "insert into app_web.mentions (organization_id, comment_id, user_id) values ($1, $2, $3)"
    draft, post = await create(client_as(ann)), await publish(client_as(ann))
    for at, expected in ((draft, []), (post, [bob.user_id])):
        comment = await comment_on(client_as(ann), at)
        comment_id = UUID(comment["comment_id"])
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await web.execute(mention, ann.organization_id, comment_id, eve.user_id)
        await web.execute(mention, ann.organization_id, comment_id, bob.user_id)
        told = await web.fetch(OF_COMMENT, comment_id, [bob.user_id, bob.user_id, eve.user_id])
        assert [row[0] for row in told] == expected
        for _ in range(3):
            await web.execute("delete from app_web.mentions where comment_id = $1", comment_id)
            await web.execute(mention, ann.organization_id, comment_id, bob.user_id)
            assert await web.fetch(OF_COMMENT, comment_id, [bob.user_id]) == []
    assert await owner.fetchval("select count(*) from public.notifications") == 1
    assert await owner.fetchval("select count(*) from shared_services.outbox where topic like 'notif%'") == 1


async def test_a_comment_on_what_is_no_longer_seen_tells_nobody(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob, cleo = [await make_person() for _ in range(3)]
    post = await publish(client_as(ann))
    comment = await comment_on(client_as(bob), post)
    web = await inject("dfworx_web", bob)
    await web.execute(
        "insert into app_web.mentions (organization_id, comment_id, user_id) values ($1, $2, $3)",
        *(bob.organization_id, UUID(comment["comment_id"]), cleo.user_id),
    )
    await client_as(ann).post(f"/api/web/posts/{post['post_id']}/archive")
    assert await web.fetch(OF_COMMENT, UUID(comment["comment_id"]), [cleo.user_id, ann.user_id]) == []


READING = [
    "select * from public.notifications",
    "select * from shared_services.notifications",
    "select * from app_web.notification_items",
    "select * from app_web.mutes",
]


async def test_an_admins_sql_reads_and_marks_nobody_elses(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    ann, bob = await make_person(), await make_person()
    admin, eve = await make_person(role="admin"), await make_person(organization="umbra", role="admin")
    post = await publish(client_as(ann))
    await comment_on(client_as(bob), post)
    await client_as(ann).put(f"/api/web/posts/{post['post_id']}/mute")
    [item] = await list_notifications(client_as(ann))
    for person in (admin, eve):
        web = await inject("dfworx_web", person)
        for statement in READING:
            assert await web.fetch(statement) == []
        for statement in ("update public.notifications set read_at = now()", "delete from app_web.mutes"):
            assert (await web.execute(statement)).endswith(" 0")
        for mute in (ann.user_id, person.user_id if person is eve else bob.user_id):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await web.execute(
                    "insert into app_web.mutes (organization_id, user_id, post_id) values ($1, $2, $3)",
                    *(ann.organization_id, mute, UUID(post["post_id"])),
                )
    assert await list_notifications(client_as(ann)) == [item]


async def test_a_seal_of_another_person_or_none_lists_nothing(
    make_person: MakePerson, client_as: ClientAs, inject: Inject
) -> None:
    """The lists take the seal: a forged one chooses an index and sees nothing."""
    ann, bob = await make_person(), await make_person()
    await comment_on(client_as(bob), await publish(client_as(ann)))
    web = await inject("dfworx_web", bob)
    forged = f"dfx1|1|9999999999|{ann.organization_id}|{ann.user_id}|admin|{'0' * 64}"
    assert await web.fetchval("select app_web.list_notifications($1, false, null, null, 9)", forged) == "[]"
    assert await web.fetchval("select app_web.count_unread($1, 9)", forged) == 0


@pytest.mark.parametrize("login", ["dfworx_auth", "dfworx_admin", "dfworx_worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "select * from public.notifications",
        "select * from app_web.mutes",
        "select app_web.notify_of_share(gen_random_uuid(), '{}')",
        "select app_web.notify_of_comment(gen_random_uuid(), '{}')",
        "select app_web.list_notifications('', false, null, null, 9)",
    ],
)
async def test_no_other_service_comes_near(
    make_person: MakePerson, inject: Inject, login: str, statement: str
) -> None:
    connection = await inject(login, await make_person(role="admin"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)

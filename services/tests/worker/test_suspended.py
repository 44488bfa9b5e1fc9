"""Of a suspended organization nothing is published and nobody is mailed; resumed, what waited goes on. Others are none
the wiser."""

from __future__ import annotations

import asyncpg

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from dfworx.worker.digests import mail_digests
from dfworx.worker.mail import Mailer
from dfworx.worker.notification_mails import mail_notifications
from dfworx.worker.publishing import publish_due_posts
from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, publish
from tests.worker.test_digests import make_due
from tests.worker.test_notification_mails import DUE, ORIGIN
from tests.worker.test_publishing import let_time_pass, scheduled

SUSPEND = (
    "update public.organizations set suspended_at = case when $2 then now() end where organization_id = $1"
)


async def test_posts_wait_until_it_is_resumed(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    cache: Cache,
) -> None:
    ann, eve = await make_person(), await make_person(organization="umbra")
    for person in (ann, eve):
        await scheduled(client_as(person), title="In an hour")
    await let_time_pass(owner)
    await owner.execute(SUSPEND, ann.organization_id, True)
    assert await publish_due_posts(worker_database, cache) == 1
    published = "select user_id from app_web.posts where status = 'published'"
    assert await owner.fetchval(published) == eve.user_id
    await owner.execute(SUSPEND, ann.organization_id, False)
    assert await publish_due_posts(worker_database, cache) == 1


async def test_mails_of_notifications_wait_until_it_is_resumed(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    for organization in ("lumen", "umbra"):
        ann = await make_person(organization=organization)
        await make_person(organization=organization, name="Bob")
        await comment_on(client_as(ann), await publish(client_as(ann)), "@Bob, look")
    await owner.execute(DUE)
    # The one of the last in the loop.
    await owner.execute(SUSPEND, ann.organization_id, True)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 1
    await owner.execute(SUSPEND, ann.organization_id, False)
    assert await mail_notifications(worker_database, Mailer(settings), ORIGIN) == 1


async def test_digests_wait_until_it_is_resumed(
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    worker_database: Database,
    settings: Settings,
) -> None:
    ann, bob = await make_person(), await make_person()
    await publish(client_as(ann), title="News")
    await make_due(owner, bob)
    await owner.execute(SUSPEND, bob.organization_id, True)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 0
    await owner.execute(SUSPEND, bob.organization_id, False)
    assert await mail_digests(worker_database, Mailer(settings), ORIGIN) == 1

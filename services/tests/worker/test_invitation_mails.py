"""An invitation's mail: written of what PostgreSQL has, for what still holds, with a link that nobody else was told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from dfworx.worker.delivery import Delivery
from dfworx.worker.letters import mail_consumer
from dfworx.worker.mail import Mailer
from dfworx.worker.relay import hand_over
from tests.auth.inviting import INVITATIONS, NEW, accept, invite
from tests.conftest import ClientAs, MakePerson
from tests.worker.conftest import Note

Deliver = Callable[[], Awaitable[list[EmailMessage]]]
FIRST_TRY: Any = SimpleNamespace(job=SimpleNamespace(attempts=0))


@pytest.fixture
async def deliver(
    settings: Settings, worker_database: Database, owner: asyncpg.Connection, tmp_path: Path
) -> AsyncIterator[Deliver]:
    """Hands over and delivers all that waits; gives the mails that have gone so far, in their order."""
    consumer = mail_consumer(worker_database, Mailer(settings), settings.origin)

    async def deliver() -> list[EmailMessage]:
        await hand_over(worker_database, [consumer])
        waiting = (
            "select outbox_id from shared_services.deliveries where delivered_at is null order by outbox_id"
        )
        for row in await owner.fetch(waiting):
            await Delivery(worker_database, [consumer]).deliver(FIRST_TRY, row["outbox_id"], "mail")
        files = (tmp_path / "mail").glob("*.eml")
        by_event = sorted(files, key=lambda file: int(file.stem.removeprefix("invitation-")))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in by_event]

    yield deliver


def words(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def token_in(mail: EmailMessage) -> str:
    found = re.search(r"^http://localhost:3000/invitations/([A-Za-z0-9_-]{43})$", words(mail), re.MULTILINE)
    assert found, words(mail)
    return found[1]


async def test_the_mail_tells_who_invites_and_its_own_link_opens(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, deliver: Deliver
) -> None:
    ann = await make_person(name='Ann <script>alert("x")</script>', role="admin")
    await owner.execute("update public.organizations set name = 'Lumen & <b>Sons</b>'")
    made = await invite(client_as, ann, role="moderator")
    told = str(await owner.fetch("select o::text from shared_services.outbox o"))
    [mail] = await deliver()
    assert (mail["To"], mail["Subject"]) == (made["email"], "You are invited to Lumen & <b>Sons</b>")
    assert "Lumen & <b>Sons</b>" in words(mail) and "as moderator" in words(mail)
    html = words(mail, "html")
    assert "<script>" not in html and "<b>" not in html and "Lumen &amp; &lt;b&gt;Sons" in html
    # Two links, either of which opens it; neither stands anywhere in the database.
    assert token_in(mail) != made["token"]
    for token in (token_in(mail), made["token"]):
        assert (await client_as(None).get(f"{INVITATIONS}/{token}")).json()["email"] == made["email"]
        assert token not in told and made["link"] not in told
    assert (await accept(client_as, token_in(mail), NEW)).status_code == 200
    for token in (token_in(mail), made["token"]):
        assert (await client_as(None).get(f"{INVITATIONS}/{token}")).status_code == 404
    log = str(
        await owner.fetch("select changes::text from public.audit_logs where entity = 'app_auth.invitations'")
    )
    for token in (token_in(mail), made["token"]):
        assert sha256(token.encode()).hexdigest() not in log


async def test_after_a_crash_the_same_mail_goes_again(
    client_as: ClientAs,
    make_person: MakePerson,
    owner: asyncpg.Connection,
    worker_database: Database,
    deliver: Deliver,
) -> None:
    await invite(client_as, await make_person(role="admin"))
    [mail] = await deliver()
    await owner.execute("update shared_services.deliveries set delivered_at = null")
    [again] = await deliver()
    assert (again["Message-ID"], token_in(again)) == (mail["Message-ID"], token_in(mail))
    async with worker_database.unsealed() as worker:
        event = await owner.fetchval("select outbox_id from shared_services.outbox")
        stolen = "select * from app_auth.issue_invitation($1, $2)"
        assert await worker.fetch(stolen, event, bytes(32)) == [], "what was mailed gets no other link"


async def test_only_what_holds_is_mailed(
    client_as: ClientAs, make_person: MakePerson, owner: asyncpg.Connection, deliver: Deliver
) -> None:
    ann, zoe = await make_person(role="admin"), await make_person(role="admin")
    withdrawn = await invite(client_as, ann, "withdrawn@nova.example")
    await client_as(ann).delete(f"{INVITATIONS}/{withdrawn['invitation_id']}")
    accepted = await invite(client_as, ann, "accepted@nova.example")
    await accept(client_as, accepted["token"], NEW)
    expired = await invite(client_as, ann, "expired@nova.example")
    await owner.execute(
        "update app_auth.invitations set expires_at = now() where invitation_id = $1",
        UUID(expired["invitation_id"]),
    )
    await invite(client_as, zoe, "from-an-admin-who-is-none@nova.example")
    await owner.execute("update public.users set role = 'member' where user_id = $1", zoe.user_id)
    replaced = await invite(client_as, ann, "twice@nova.example", "admin")
    newest = await invite(client_as, ann, "twice@nova.example", "guest")
    [mail] = await deliver()
    assert mail["To"] == "twice@nova.example" and "as guest" in words(mail)
    assert (await client_as(None).get(f"{INVITATIONS}/{replaced['token']}")).status_code == 404
    seen = (await client_as(None).get(f"{INVITATIONS}/{token_in(mail)}")).json()
    assert (seen["role"], seen["expires_at"]) == ("guest", newest["expires_at"])
    # Nothing failed, so no admin is told of anything.
    assert await owner.fetchval("select count(*) from app_admin.system_logs") == 0


async def test_to_invite_again_ends_the_link_that_was_mailed(
    client_as: ClientAs, make_person: MakePerson, deliver: Deliver
) -> None:
    ann = await make_person(role="admin")
    await invite(client_as, ann)
    await deliver()
    await invite(client_as, ann)
    before, after = [token_in(mail) for mail in await deliver()]
    assert (await client_as(None).get(f"{INVITATIONS}/{before}")).status_code == 404
    assert (await client_as(None).get(f"{INVITATIONS}/{after}")).status_code == 200


async def test_an_event_chooses_neither_recipient_nor_words_nor_another_organizations_invitation(
    client_as: ClientAs, make_person: MakePerson, note: Note, owner: asyncpg.Connection, deliver: Deliver
) -> None:
    """Also one that is older than the rule about who may write them, with its link."""
    ann, eve = await make_person(role="admin"), await make_person(organization="harbour", role="admin")
    made = await invite(client_as, ann)
    await owner.execute("delete from shared_services.outbox")
    forged = {
        "email": "victim@nova.example",
        "organization": "A bank",
        "inviter": "Its director",
        "role": "admin",
    }
    forged["link"] = "http://localhost:3000/invitations/x"
    invitation = UUID(made["invitation_id"])
    await note(eve.organization_id, "invitations.created", invitation, **forged)
    await note(eve.organization_id, "invitations.created", uuid4(), **forged)
    assert await deliver() == []
    await note(ann.organization_id, "posts.published", invitation, **forged)
    await note(ann.organization_id, "invitations.created", invitation, **forged)
    [mail] = await deliver()
    assert mail["To"] == made["email"] and token_in(mail)
    assert ann.name in words(mail) and "A bank" not in words(mail)
    assert "link" not in str(
        await owner.fetch("select payload from shared_services.outbox where topic ~ '^inv'")
    )

"""The mails of invitations and of forgotten passwords. An event says no more than that there is something to mail: to
whom, and in whose words, is asked of the database in that moment, and links are made here."""

from __future__ import annotations

import logging
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from dfworx.shared.db import Database
from dfworx.worker.events import Consumer, Event, Undeliverable
from dfworx.worker.mail import Mail, Mailer, NoMailNow, NotThisMail, render

MOST_RESETS = 50
"""A run. Those that were never tried come first, so what isn't taken waits behind what may be."""

logger = logging.getLogger("dfworx.worker")


def mail_consumer(database: Database, mailer: Mailer, origin: str) -> Consumer:
    async def deliver(event: Event) -> None:
        mail = await write_invitation(database, event, origin)
        if mail is not None:
            await mailer.send(mail)

    return Consumer("mail", lambda topic: topic == "invitations.created", deliver)


async def write_invitation(database: Database, event: Event, origin: str) -> Mail | None:
    """None for an invitation that holds no more. PostgreSQL keeps the hash of the link's token alone; the token is
    made of what only the worker has, so that the mail is the same one when it goes twice."""
    key = database.derive_key(b"invitation|" + event.entity_id.bytes)
    token = urlsafe_b64encode(key).decode().rstrip("=")
    async with database.unsealed() as writer:
        row = await writer.fetchrow(
            "select * from app_auth.issue_invitation($1, $2)",
            *(event.event_id, sha256(token.encode()).digest()),
        )
    if row is None:
        return None
    text, html = render(
        "invitation",
        link=f"{origin}/invitations/{token}",
        role=row["role"],
        organization=row["organization_name"],
        inviter=row["inviter_name"],
    )
    subject = f"You are invited to {row['organization_name']}"
    return Mail(f"invitation-{event.event_id}", row["email"], subject, text, html)


async def mail_resets(database: Database, mailer: Mailer, origin: str) -> int:
    """Mails a link to everybody who has forgotten their password. A token is made here, for one mail, and PostgreSQL
    keeps its hash alone; a mail that doesn't go is written anew a while later, with another token."""
    sent = 0
    for _ in range(MOST_RESETS):
        token = secrets.token_urlsafe(32)
        async with database.unsealed() as writer:
            row = await writer.fetchrow(
                "select * from app_auth.issue_reset($1)", sha256(token.encode()).digest()
            )
        if row is None:
            break
        if row["email"] is None:
            continue
        # After the number sign: browsers send it to no server, so it is in nobody's log.
        text, html = render("password_reset", link=f"{origin}/reset-password#{token}")
        mail = Mail(
            f"password-reset-{row['password_reset_id']}", row["email"], "Choose a new password", text, html
        )
        try:
            await mailer.send(mail)
            sent += 1
        except Undeliverable:
            pass
        except NotThisMail as error:
            logger.warning("A password reset wasn't taken by the mail server: %s", error)
            continue
        except NoMailNow as error:
            logger.warning("Password resets can't be sent now: %s", error)
            break
        async with database.unsealed() as writer:
            await writer.execute("select app_auth.reset_mailed($1)", row["password_reset_id"])
    return sent

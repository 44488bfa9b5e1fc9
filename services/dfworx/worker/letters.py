"""The mails that we write: which event makes which, and to whom. Reads nothing but the event, so an event of one
organization can't bring words of another."""

from __future__ import annotations

import logging
import secrets
from hashlib import sha256

from dfworx.shared.db import Database
from dfworx.worker.events import Consumer, Event, Undeliverable
from dfworx.worker.mail import Mail, Mailer, NoMailNow, NotThisMail, render

MOST_RESETS = 50
"""A run. Those that were never tried come first, so what isn't taken waits behind what may be."""

logger = logging.getLogger("dfworx.worker")


def mail_consumer(mailer: Mailer, origin: str) -> Consumer:
    async def deliver(event: Event) -> None:
        await mailer.send(write_invitation(event, origin))

    return Consumer("mail", lambda topic: topic == "invitations.created", deliver)


def write_invitation(event: Event, origin: str) -> Mail:
    """Raises Undeliverable when the link is gone: it was mailed, or the event is old. And when it leads elsewhere:
    whoever wrote that event means somebody ill."""
    told = event.payload
    if not told.get("link") or not told.get("email"):
        raise Undeliverable("its link is gone")
    if not str(told["link"]).startswith(f"{origin}/invitations/"):
        raise Undeliverable("its link leads elsewhere")
    names = {"organization": told.get("organization"), "inviter": told.get("inviter")}
    text, html = render("invitation", link=told["link"], role=told.get("role", "member"), **names)
    subject = f"You are invited to {names['organization'] or 'an organization on DFWorX'}"
    return Mail(f"invitation-{event.event_id}", told["email"], subject, text, html)


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

"""Mails of notifications that stayed unread for two minutes, to those who want one for such a thing. What is due, and
what its reader may still see of it, is asked in the moment of mailing (migration 015); nothing waits in a queue with
words in it. A mail's key is the notification's, so whatever is sent twice is the same mail."""

from __future__ import annotations

import logging

import asyncpg
from aiosmtplib import SMTPException

from dfworx.shared.db import Database
from dfworx.worker.events import Undeliverable
from dfworx.worker.mail import Mail, Mailer, render

AT_ONCE = 50
MOST_ROUNDS = 10
SUBJECTS = {
    "mention": "{actor} mentioned you in {title}",
    "reply": "{actor} answered you in {title}",
    "comment": "{actor} commented on {title}",
    "share": "{actor} shared {title} with you",
    "published": "{title} is published",
}

logger = logging.getLogger("dfworx.worker")


async def mail_notifications(database: Database, mailer: Mailer, origin: str) -> int:
    """How many went. Ends at the first that the mail server doesn't take now: it and the others come again."""
    sent = 0
    for _ in range(MOST_ROUNDS):
        async with database.unsealed() as writer:
            rows = await writer.fetch("select * from app_web.take_notification_mails($1)", AT_ONCE)
        for row in rows:
            try:
                await mailer.send(write_notification(row, origin))
                sent += 1
            except Undeliverable:
                pass
            except (OSError, SMTPException) as error:
                logger.warning("Mails of notifications can't be sent now: %s", type(error).__name__)
                return sent
            async with database.unsealed() as writer:
                await writer.execute("select app_web.mailed_notification($1)", row["notification_id"])
        if not rows:
            break
    return sent


def write_notification(row: asyncpg.Record, origin: str) -> Mail:
    actor = row["actor_name"] or "Somebody"
    subject = SUBJECTS[row["kind"]].format(actor=actor, title=row["post_title"])
    link = f"{origin}/posts/{row['post_slug']}" + (
        f"#comment-{row['comment_id']}" if row["comment_id"] else ""
    )
    text, html = render(
        "notification",
        subject=subject,
        excerpt=row["excerpt"],
        link=link,
        organization=row["organization_name"],
        preferences=f"{origin}/settings/notifications",
    )
    return Mail(f"notification-{row['notification_id']}", row["email"], subject, text, html)

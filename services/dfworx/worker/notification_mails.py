"""Mails of notifications that stayed unread for two minutes, to those who want one for such a thing. What is due, and
what its reader may still see of it, is asked in the moment of mailing (migration 022); nothing waits in a queue with
words in it. A mail's key is the notification's, so whatever is sent twice is the same mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import asyncpg

from dfworx.shared.db import Database
from dfworx.worker.batches import in_batches
from dfworx.worker.events import Undeliverable
from dfworx.worker.mail import Mail, Mailer, NoMailNow, NotThisMail, render

AT_ONCE = 50
SUBJECTS = {
    "mention": "{actor} mentioned you in {title}",
    "reply": "{actor} answered you in {title}",
    "comment": "{actor} commented on {title}",
    "share": "{actor} shared {title} with you",
    "published": "{title} is published",
}

logger = logging.getLogger("dfworx.worker")


async def mail_notifications(database: Database, mailer: Mailer, origin: str) -> int:
    """How many went. What isn't taken comes again; so do all when there is no mail server."""

    async def take(at_once: int) -> Sequence[Any]:
        async with database.unsealed() as writer:
            return await writer.fetch("select * from app_web.take_notification_mails($1)", at_once)

    sent = 0
    async for rows in in_batches(take, AT_ONCE, name="notification mails"):
        for row in rows:
            if row["email"] is None:
                continue
            try:
                await mailer.send(write_notification(row, origin))
                sent += 1
            except Undeliverable:
                pass
            except NotThisMail:
                continue
            except NoMailNow as error:
                logger.warning("Mails of notifications can't be sent now: %s", error)
                return sent
            async with database.unsealed() as writer:
                await writer.execute("select app_web.mailed_notification($1)", row["notification_id"])
    return sent


def write_notification(row: asyncpg.Record, origin: str) -> Mail:
    actor = row["actor_name"] or "Somebody"
    subject = SUBJECTS.get(row["kind"], "{title}").format(actor=actor, title=row["post_title"])
    preferences = f"{origin}/settings/notifications"
    link = f"{origin}/posts/{row['post_slug']}" + (
        f"#comment-{row['comment_id']}" if row["comment_id"] else ""
    )
    text, html = render(
        "notification",
        subject=subject,
        excerpt=row["excerpt"],
        link=link,
        organization=row["organization_name"],
        preferences=preferences,
    )
    return Mail(f"notification-{row['notification_id']}", row["email"], subject, text, html, preferences)

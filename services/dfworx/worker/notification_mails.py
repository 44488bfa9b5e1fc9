"""Mails of notifications that stayed unread for two minutes, to those who want one for such a thing. What is due, and
what its reader may still see of it, is asked in the moment of mailing (migration 022); nothing waits in a queue with
words in it. A mail's key is the notification's, so whatever is sent twice is the same mail."""

from __future__ import annotations

import asyncpg

from dfworx.shared.db import Database
from dfworx.worker.mail import Mail, Mailer, render
from dfworx.worker.mailings import Mailing, send_all

AT_ONCE = 50
SUBJECTS = {
    "mention": "{actor} mentioned you in {title}",
    "reply": "{actor} answered you in {title}",
    "comment": "{actor} commented on {title}",
    "share": "{actor} shared {title} with you",
    "published": "{title} is published",
}


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


NOTIFICATION_MAILS = Mailing(
    name="mails of notifications",
    take="select * from app_web.take_notification_mails($1)",
    at_once=AT_ONCE,
    needs="email",
    write=write_notification,
    mailed="select app_web.mailed_notification($1)",
    key="notification_id",
)


async def mail_notifications(database: Database, mailer: Mailer, origin: str) -> int:
    """How many went."""
    return await send_all(NOTIFICATION_MAILS, database, mailer, origin)

"""Digests: in the morning of a day or of a Monday, what somebody hasn't seen. Whose morning it is, and what they may
read at that moment, is asked when it is mailed (migration 022); nobody is mailed when there is nothing to tell. A
mail's key is its reader's and the day's, so whatever is sent twice is the same mail."""

from __future__ import annotations

from typing import Any

import asyncpg

from dfworx.shared.db import Database
from dfworx.worker.mail import Mail, Mailer, render
from dfworx.worker.mailings import Mailing, send_all
from dfworx.worker.notification_mails import SUBJECTS

AT_ONCE = 20
"""Few, so that they are gone long before the half an hour is over after which they are given again."""
MOST_UNREAD = 100
"""How many unread notifications PostgreSQL looks at: so many stand for "as many or more"."""


def write_digest(row: asyncpg.Record, origin: str) -> Mail:
    told = row["digest"]
    organization = _one_line(row["organization_name"])
    subject = f"What is new in {organization}"
    preferences = f"{origin}/settings/notifications"
    text, html = render(
        "digest",
        organization=organization,
        unread=_count_unread(told["unread"]),
        newest=[
            {
                "words": _one_line(
                    SUBJECTS.get(each["kind"], "{title}").format(
                        actor=each["actor"] or "Somebody", title=each["title"]
                    )
                ),
                "link": f"{origin}/posts/{each['slug']}"
                + (f"#comment-{each['comment_id']}" if each["comment_id"] else ""),
            }
            for each in told["newest"]
        ],
        posts=[
            {
                "title": _one_line(each["title"]),
                "author": _one_line(each["author"]),
                "comments": _count_comments(each["comments"]),
                "link": f"{origin}/posts/{each['slug']}",
            }
            for each in told["posts"]
        ],
        preferences=preferences,
    )
    return Mail(f"digest-{row['user_id']}-{row['day']}", row["email"], subject, text, html, preferences)


def _one_line(words: Any) -> str:
    """Titles and names are people's own: in a text without tags, a line of theirs must not look like one of ours."""
    return " ".join(str(words).split())


def _count_unread(count: int) -> str:
    if count >= MOST_UNREAD:
        return "You have 99+ unread notifications"
    return {0: "", 1: "You have 1 unread notification"}.get(count, f"You have {count} unread notifications")


def _count_comments(count: int) -> str:
    return {0: "new", 1: "1 new comment"}.get(count, f"{count} new comments")


DIGESTS = Mailing(
    name="digests",
    take="select * from app_web.take_digests($1)",
    at_once=AT_ONCE,
    needs="digest",
    write=write_digest,
    mailed="select app_web.mailed_digest($1)",
    key="user_id",
)


async def mail_digests(database: Database, mailer: Mailer, origin: str) -> int:
    """How many went."""
    return await send_all(DIGESTS, database, mailer, origin)

"""Drafts that publish themselves. Which are due, that each is published once, and whom a trigger tells of it is the
database's to say (migrations 013 and 015); what is here forgets the lists and unread counts of those who see
something new."""

from __future__ import annotations

from dfworx.shared.cache import Cache
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database

POSTS = DATASETS["app_web.posts"]
NOTIFICATIONS = DATASETS["public.notifications"]
AT_ONCE = 100


async def publish_due_posts(database: Database, cache: Cache) -> int:
    """How many were published. What came due while no worker ran is published now."""
    published = 0
    while True:
        async with database.unsealed() as writer:
            rows = await writer.fetch("select * from app_web.publish_due_posts($1)", AT_ONCE)
            for row in rows:
                organization_id = row["organization_id"]
                people = {row["user_id"], *(row["readers"] if row["published"] else ())}
                for person in people:
                    writer.after_commit(cache.bump, organization_id, POSTS, person=person)
                    writer.after_commit(cache.bump, organization_id, NOTIFICATIONS, person=person)
                if row["published"] and row["visibility"] == "organization":
                    writer.after_commit(cache.bump, organization_id, POSTS)
        published += sum(1 for row in rows if row["published"])
        if len(rows) < AT_ONCE:
            return published

"""Drafts that publish themselves. Which are due, that each is published once, and whom a trigger tells of it is the
database's to say (migrations 013, 015 and 027); what is here forgets the lists and unread counts of those who see
something new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database
from dfworx.worker.batches import in_batches

POSTS = DATASETS["app_web.posts"]
NOTIFICATIONS = DATASETS["public.notifications"]
AT_ONCE = 10
"""Each may be a megabyte, of which a revision and a search entry are made: a batch must end in time."""


async def publish_due_posts(database: Database, cache: Cache) -> int:
    """How many were published. What came due while no worker ran is published now."""

    async def take(at_once: int) -> Sequence[Any]:
        old: set[tuple[UUID, UUID | None]] = set()
        async with database.unsealed() as writer:
            rows = await writer.fetch("select * from app_web.publish_due_posts($1)", at_once)
            for row in rows:
                people = [row["user_id"], *row["readers"]]
                old.update((row["organization_id"], person) for person in people)
                if row["published"] and row["visibility"] == "organization":
                    old.add((row["organization_id"], None))
            for organization_id, person in old:
                writer.after_commit(cache.bump, organization_id, POSTS, person=person)
                if person is not None:
                    writer.after_commit(cache.bump, organization_id, NOTIFICATIONS, person=person)
        return rows

    batches = [rows async for rows in in_batches(take, AT_ONCE, name="scheduled posts")]
    return sum(row["published"] for rows in batches for row in rows)

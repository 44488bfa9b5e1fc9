"""Telling people, in the transaction of the cause: slices that cause something call it here, since they never import
each other. Functions of migrations 015, 025 and 027 look up what happened, who may see it and who wants to hear of it;
neither a slice nor SQL injected into one can tell more. The unread count of whoever was told is forgotten after the
commit."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Writer

NOTIFICATIONS = DATASETS["public.notifications"]


async def notify_of_comment(
    writer: Writer, cache: Cache, caller: Caller, comment_id: UUID, newly_mentioned: Sequence[UUID]
) -> None:
    """Of the caller's own comment, just written or changed: whom it has come to mention and, when it is new, whom it
    answers and whose post it is under."""
    rows = await writer.fetch(
        "select app_web.notify_of_comment($1, $2) as user_id", comment_id, list(newly_mentioned)
    )
    _forget_counts(writer, cache, caller, [row["user_id"] for row in rows])


async def notify_of_share(
    writer: Writer, cache: Cache, caller: Caller, post_id: UUID, people: Sequence[UUID]
) -> None:
    """Of the caller's own published post, after its readers are written: those who are new among them or, when it is
    published for the first time, all."""
    rows = await writer.fetch("select app_web.notify_of_share($1, $2) as user_id", post_id, list(people))
    _forget_counts(writer, cache, caller, [row["user_id"] for row in rows])


async def notify_of_message(
    writer: Writer,
    cache: Cache,
    caller: Caller,
    *,
    message_id: str,
    thread_id: str,
    post_id: UUID | None,
    mentioned: Sequence[UUID],
    answered: UUID | None,
) -> None:
    """Of a message in Convex that the caller has sent: whom it mentions, and whom it answers."""
    rows = await writer.fetch(
        "select app_web.notify_of_message($1, $2, $3, $4, $5) as user_id",
        *(message_id, thread_id, post_id, list(mentioned), answered),
    )
    _forget_counts(writer, cache, caller, [row["user_id"] for row in rows])


async def notify_of_editing(
    writer: Writer, cache: Cache, caller: Caller, post_id: UUID, people: Sequence[UUID]
) -> None:
    """Of a post on which the caller decides, after its editors are written: those who are new among them."""
    rows = await writer.fetch("select app_web.notify_of_editing($1, $2) as user_id", post_id, list(people))
    _forget_counts(writer, cache, caller, [row["user_id"] for row in rows])


def _forget_counts(writer: Writer, cache: Cache, caller: Caller, people: list[UUID]) -> None:
    for person in people:
        writer.after_commit(cache.bump, caller.organization_id, NOTIFICATIONS, person=person)

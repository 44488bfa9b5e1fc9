"""Ends in Redis the sessions that PostgreSQL has ended, in case the process that committed it was gone before Redis
heard of it; mostly there is nothing left to do. An event reaches the sessions of its own organization alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError

from dfworx.shared.cache import Cache
from dfworx.shared.datasets import DATASETS
from dfworx.shared.errors import Unavailable
from dfworx.shared.sessions import SessionEnder, session_at
from dfworx.worker.events import Consumer, Event, Undeliverable

TOPICS = frozenset({"sessions.revoked", "members.changed"})


def sessions_consumer(ender: SessionEnder, cache: Cache) -> Consumer:
    async def deliver(event: Event) -> None:
        """Raises Unavailable, by which it is tried again for as long as Redis is away."""
        act = end_sessions if event.topic == "sessions.revoked" else outdate_tokens
        try:
            await act(ender, event.organization_id, event.payload)
            if event.topic == "members.changed":
                await cache.bump(event.organization_id, DATASETS["public.users"])
        except RedisError as error:
            raise Unavailable from error
        except (KeyError, TypeError, ValueError) as error:
            raise Undeliverable("it doesn't say whose sessions") from error

    return Consumer("sessions", TOPICS.__contains__, deliver, TOPICS.__contains__)


async def end_sessions(ender: SessionEnder, organization_id: UUID, told: dict[str, Any]) -> None:
    user_id = UUID(str(told["user_id"]))
    if told["session_id"] is None:
        until = session_at(datetime.fromisoformat(told["valid_after"]))
        await ender.end_all(user_id, until, organization_id)
    else:
        await ender.end(user_id, UUID(str(told["session_id"])), organization_id)


async def outdate_tokens(ender: SessionEnder, organization_id: UUID, told: dict[str, Any]) -> None:
    """A token that has the new role already is left alone: its person has refreshed since. Of who was deactivated all
    are old, also those of a login that had read the row before."""
    if "change_id" not in told:
        return  # of a time without a worker: no token lives so long
    role = told["role"] if told["is_active"] else ""
    user_id, change_id = UUID(str(told["user_id"])), UUID(str(told["change_id"]))
    await ender.outdate(user_id, change_id, organization_id, but_of=str(role))

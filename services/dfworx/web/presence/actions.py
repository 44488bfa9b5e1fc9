"""Who of an organization is online, as one sorted set in Redis, by when each was last seen. Convex has presence; this
is its last word, for who doesn't watch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError

from dfworx.shared.cache import Cache
from dfworx.shared.datasets import DATASETS
from dfworx.shared.errors import Unavailable
from dfworx.web.presence.schemas import OnlinePerson, PersonOnline

ONLINE = DATASETS["online"]
MOST = 1000


async def replace_online(cache: Cache, organization_id: UUID, people: Iterable[PersonOnline]) -> None:
    """Raises Unavailable."""
    key = ONLINE.key(organization_id)
    scores = {str(person.user_id): person.seen_at.timestamp() for person in people}
    try:
        async with cache.redis.pipeline(transaction=True) as pipeline:
            pipeline.delete(key)
            if scores:
                pipeline.zadd(key, scores)
                pipeline.expire(key, ONLINE.seconds)
            await pipeline.execute()
    except RedisError as error:
        raise Unavailable from error


async def list_online(cache: Cache, organization_id: UUID) -> list[OnlinePerson]:
    """The last seen first, at most a thousand. Raises Unavailable."""
    try:
        found: Any = await cache.redis.zrevrange(ONLINE.key(organization_id), 0, MOST - 1, withscores=True)
    except RedisError as error:
        raise Unavailable from error
    return [
        OnlinePerson(user_id=UUID(user_id.decode()), seen_at=datetime.fromtimestamp(seen_at, UTC))
        for user_id, seen_at in found
    ]

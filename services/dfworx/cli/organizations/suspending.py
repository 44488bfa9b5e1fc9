"""Suspending an organization: from the commit on nobody signs in to it, and every session of its people ends, in Redis
at once and in Convex by the outbox. Nothing of it is changed otherwise, so that resuming it is one row."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from redis.exceptions import RedisError

from dfworx.auth.revocations import TOPIC
from dfworx.auth.session_store import new_session_id
from dfworx.cli.failure import Failure
from dfworx.cli.migrations import connect
from dfworx.shared.cache import Cache, connect_redis
from dfworx.shared.sessions import SessionEnder, session_began


@asynccontextmanager
async def owning(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    owner = await connect(owner_url)
    try:
        yield owner
    finally:
        await owner.close()


async def require_organization(owner: asyncpg.Connection, slug: str) -> UUID:
    """Its id; nobody else changes its row until the transaction ends. Raises Failure."""
    organization_id: UUID | None = await owner.fetchval(
        "select organization_id from public.organizations where slug = $1 for no key update", slug
    )
    if organization_id is None:
        raise Failure(f"There is no organization with the slug {slug}; see ./dfworx org list")
    return organization_id


async def suspend_organization(owner_url: str, redis_url: str, slug: str) -> bool:
    """Whether Redis has heard of it; otherwise the worker tells it. Done again, it ends again what began meanwhile.
    Raises Failure."""
    async with owning(owner_url) as owner:
        async with owner.transaction():
            organization_id = await require_organization(owner, slug)
            await owner.execute(
                "update public.organizations set suspended_at = coalesce(suspended_at, now()), updated_at = now()"
                " where organization_id = $1",
                organization_id,
            )
            user_ids = await _end_in_sql(owner, organization_id)
    return await end_in_redis(redis_url, organization_id, user_ids)


async def resume_organization(owner_url: str, slug: str) -> None:
    """Its people may sign in again. Raises Failure."""
    async with owning(owner_url) as owner, owner.transaction():
        await owner.execute(
            "update public.organizations set suspended_at = null, updated_at = now() where organization_id = $1",
            await require_organization(owner, slug),
        )


async def end_in_redis(redis_url: str, organization_id: UUID, user_ids: list[UUID]) -> bool:
    """All sessions that began until now: a login that read the row before the commit may have begun after it."""
    redis = connect_redis(redis_url)
    try:
        ender = SessionEnder(redis, Cache(redis))
        until = new_session_id()
        for user_id in user_ids:
            await ender.end_all(user_id, until, organization_id)
    except RedisError:
        return False
    finally:
        await redis.aclose()
    return True


async def _end_in_sql(owner: asyncpg.Connection, organization_id: UUID) -> list[UUID]:
    """Of whom sessions were ended."""
    moment = session_began(new_session_id())
    rows = await owner.fetch(
        """
        update public.users set sessions_valid_after = greatest(sessions_valid_after, $2)
         where organization_id = $1 and identity_id is not null returning user_id
        """,
        *(organization_id, moment),
    )
    user_ids = [row["user_id"] for row in rows]
    await owner.execute(
        """
        insert into shared_services.outbox (organization_id, topic, entity_id, payload)
        select $1, $2, (told.payload ->> 'user_id')::uuid, told.payload
          from jsonb_array_elements($3::jsonb) as told(payload)
        """,
        *(organization_id, TOPIC),
        json.dumps(
            [
                {"session_id": None, "user_id": str(user_id), "valid_after": moment.isoformat()}
                for user_id in user_ids
            ]
        ),
    )
    return user_ids

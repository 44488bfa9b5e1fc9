"""Deleting an organization, as far as deleting goes: rows in every schema, who signs in nowhere else, files, keys in
Redis, documents in Convex. It is suspended first and Convex has heard of the ended sessions, so nobody writes
meanwhile. Its audit log stays: it is append only, and says who was deleted. Backups that were taken stay too."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
from redis.exceptions import RedisError

from dfworx.auth.revocations import TOPIC
from dfworx.cli.failure import Failure
from dfworx.cli.organizations.suspending import owning, require_organization, suspend_organization
from dfworx.shared.cache import connect_redis
from dfworx.shared.storage import Storage, StorageAway

HEARD_SECONDS = 60
_ASKED_EVERY = 0.1
_AT_ONCE = 500
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Erase = Callable[[UUID], None]
"""Everything of the organization in Convex."""


async def delete_organization(
    owner_url: str, redis_url: str, slug: str, storage: Storage, erase: Erase | None
) -> list[str]:
    """What could not be deleted and why, in sentences; none when all is gone. Raises Failure, and then the organization
    is suspended, or as it was."""
    await suspend_organization(owner_url, redis_url, slug)
    async with owning(owner_url) as owner:
        if erase is not None:
            await _wait_until_heard(owner, slug)
        async with owner.transaction():
            organization_id = await require_organization(owner, slug)
            if erase is not None:
                await asyncio.to_thread(erase, organization_id)
            user_ids = await _ids(
                owner, "select user_id from public.users where organization_id = $1", organization_id
            )
            keys = await _ids(
                owner,
                "select storage_key from shared_services.blobs where organization_id = $1"
                " union select storage_key from shared_services.files where organization_id = $1",
                organization_id,
            )
            identity_ids = await _ids(
                owner,
                "select identity_id from public.users where organization_id = $1 and identity_id is not null",
                organization_id,
            )
            await owner.execute(
                "delete from public.organizations where organization_id = $1", organization_id
            )
            await owner.execute(
                "delete from app_auth.identities i where i.identity_id = any ($1::uuid[])"
                " and not exists (select from public.users u where u.identity_id = i.identity_id)",
                identity_ids,
            )
    left = await _delete_files(storage, keys)
    return left + await _delete_keys(redis_url, organization_id, user_ids)


async def _ids(owner: asyncpg.Connection, query: str, organization_id: UUID) -> list[Any]:
    return [row[0] for row in await owner.fetch(query, organization_id)]


async def _wait_until_heard(owner: asyncpg.Connection, slug: str) -> None:
    """That Convex refuses the organization's people: their tokens are good for minutes. Raises Failure."""
    until = time.monotonic() + HEARD_SECONDS
    while await owner.fetchval(
        """
        select exists (
          select from shared_services.outbox o join public.organizations using (organization_id)
           where slug = $1 and o.topic = $2
             and (o.handed_at is null
                  or exists (select from shared_services.deliveries d
                              where d.organization_id = o.organization_id and d.outbox_id = o.outbox_id
                                and d.consumer = 'convex' and d.delivered_at is null and d.failed_at is null)))
        """,
        *(slug, TOPIC),
    ):
        if time.monotonic() > until:
            raise Failure(
                f"{slug} is suspended, but Convex hasn't heard of it (./dfworx bridge status), so nothing was deleted; "
                "run it again once it has."
            )
        await asyncio.sleep(_ASKED_EVERY)


async def _delete_files(storage: Storage, keys: list[str]) -> list[str]:
    try:
        for start in range(0, len(keys), _AT_ONCE):
            await storage.delete(keys[start : start + _AT_ONCE])
    except StorageAway as error:
        return [f"Files are left in the storage ({error}); the worker's sweep takes them within days."]
    return []


async def _delete_keys(redis_url: str, organization_id: UUID, user_ids: list[UUID]) -> list[str]:
    """All that name the organization or a person of it."""
    gone = {str(each).encode() for each in (organization_id, *user_ids)}
    redis = connect_redis(redis_url)
    try:
        async for key in redis.scan_iter(count=_AT_ONCE):
            if not gone.isdisjoint(_ID.findall(key)):
                await redis.delete(key)
    except RedisError:
        return ["Redis doesn't answer; keys without a personal word in them are left until they expire."]
    finally:
        await redis.aclose()
    return []

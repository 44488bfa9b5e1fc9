"""What happens when the cached page expires while two hundred members read it: how often the database is asked for it.
The product as it is, counted by the database itself (its statistics of functions), while Redis expires the page in the
middle of their reading."""

from __future__ import annotations

from contextlib import ExitStack

import asyncpg
from redis.asyncio import Redis

from dfworx.cli.benches.figures import Figure, Goal, count
from dfworx.cli.benches.load import Client
from dfworx.cli.benches.posts_api import ORGANIZATION, WEB, sign_in
from dfworx.cli.benches.servers import Served, serve
from dfworx.cli.failure import Failure
from dfworx.cli.install import Install
from dfworx.shared.cache import connect_redis

NAME = "queries_per_expiry_200_readers"
GOAL = Goal("=", 1)
READERS = 200
ROUNDS = 3
READING_SECONDS = 2.5
"""Longer than any process keeps bytes of its own in front of Redis."""
EXPIRES_MS = 200
LOGIN = "dfworx_web"
FUNCTION = "list_published_posts"


async def measure_expiry(install: Install, auth: Served) -> list[Figure]:
    assert install.cluster is not None
    requests = await sign_in(install, auth, READERS)
    superuser = await asyncpg.connect(install.cluster.url())
    redis = connect_redis(install.redis_url)
    rounds = []
    try:
        # Only a superuser may turn it on; `migrate` resets what a login is given, should this be killed.
        await superuser.execute(f"alter role {LOGIN} set track_functions = 'pl'")
        with ExitStack() as stack:
            served = stack.enter_context(serve(install, WEB))
            client = await Client.connect(served.port, requests)
            stack.callback(client.close)
            await client.ask_once()
            for _ in range(ROUNDS):
                before = await count_calls(superuser)
                await expire_pages(superuser, redis)
                await client.measure(READING_SECONDS)
                rounds.append(await count_calls(superuser) - before)
    finally:
        await superuser.execute(f"alter role {LOGIN} reset track_functions")
        await superuser.close()
        await redis.aclose()
    return [count(NAME, GOAL, "queries", rounds)]


async def expire_pages(owner: asyncpg.Connection, redis: Redis) -> int:
    """Let everything cached of the organization expire in a moment; returns how much that is."""
    organization = await owner.fetchval(
        "select organization_id from public.organizations where slug = $1", ORGANIZATION
    )
    expiring = 0
    async for key in redis.scan_iter(match=f"*{organization}*"):
        if await redis.pttl(key) > 0:
            await redis.pexpire(key, EXPIRES_MS)
            expiring += 1
    if not expiring:
        raise Failure("Nothing of the organization is cached, so nothing can expire.")
    return expiring


async def count_calls(superuser: asyncpg.Connection) -> int:
    """How often the service has called the list so far. Its sessions are ended first: what a session has counted is
    sure to be known when it is over. The service opens new ones when it needs them."""
    await superuser.fetch(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = $1", LOGIN
    )
    calls: int | None = await superuser.fetchval(
        "select calls from pg_stat_user_functions where schemaname = 'app_web' and funcname = $1", FUNCTION
    )
    return calls or 0

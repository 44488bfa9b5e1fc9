"""Views from Redis to PostgreSQL, each counted once. What waits becomes a batch with an id, which stays in Redis until
PostgreSQL has it; the transaction that counts a batch remembers its id, so one that is taken again, since a worker
was killed before it could throw it away, counts nothing."""

from __future__ import annotations

from uuid import UUID, uuid4

from dfworx.shared.cache import Cache
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database

AT_ONCE = 2000
MOST_BATCHES = 500
"""So many a run at most; what is left waits for the next."""

_VIEWS = DATASETS["views"].name
_KEYS = [_VIEWS, f"{_VIEWS}:batch", f"{_VIEWS}:batch_id"]

# KEYS: what waits, the batch, its id. ARGV: an id for a new batch, and how many go in. Gives the id and the looks of
# the batch that there was, or else of a new one.
_TAKE = """
local id = redis.call('GET', KEYS[3])
if not id then
  local looks = redis.call('SPOP', KEYS[1], ARGV[2])
  if #looks == 0 then return {} end
  id = ARGV[1]
  redis.call('SET', KEYS[3], id)
  redis.call('DEL', KEYS[2])
  for _, look in ipairs(looks) do redis.call('SADD', KEYS[2], look) end
end
return {id, redis.call('SMEMBERS', KEYS[2])}
"""

# ARGV: the id of a batch that is counted. Another's is left alone: a second worker may have begun it meanwhile.
_THROW_AWAY = """
if redis.call('GET', KEYS[3]) == ARGV[1] then return redis.call('DEL', KEYS[2], KEYS[3]) end
return 0
"""


async def store_views(database: Database, cache: Cache) -> int:
    """Gives how many views were counted. Raises RedisError and Unavailable: then all that waits goes on waiting."""
    take, throw_away = cache.redis.register_script(_TAKE), cache.redis.register_script(_THROW_AWAY)
    counted = 0
    for _ in range(MOST_BATCHES):
        taken = await take(keys=_KEYS, args=[str(uuid4()), AT_ONCE])
        if not taken:
            break
        batch, looks = UUID(taken[0].decode()), [look for each in taken[1] if (look := _parsed(each))]
        async with database.unsealed() as writer:
            counted += await writer.fetchval(
                "select app_web.add_views($1, $2, $3)",
                *(batch, [post_id for post_id, _ in looks], [user_id for _, user_id in looks]),
            )
        await throw_away(keys=_KEYS, args=[str(batch)])
    return counted


def _parsed(look: bytes) -> tuple[UUID, UUID] | None:
    """None for what isn't ours: one such look must not hold up all that come after it."""
    try:
        post_id, user_id = look.decode().split(":")
        return UUID(post_id), UUID(user_id)
    except ValueError:
        return None

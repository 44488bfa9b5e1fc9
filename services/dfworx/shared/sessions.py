"""Ending sessions in Redis, for the auth service and, after it, for the worker, which does so again for a process that
was gone before it could. So each of these may be done twice, and a second time changes nothing for whoever has
signed in or refreshed since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from redis.asyncio import Redis

from dfworx.shared.cache import Cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# All three give the organization of the sessions that they changed, if there were any. With an organization given they
# change no session of another one.

# KEYS: session, sessions. ARGV: organization or '', session id, user id. Only the person's own.
_END = """
local held = redis.call('HMGET', KEYS[1], 'user_id', 'organization_id')
if held[1] and (held[1] ~= ARGV[3] or ARGV[1] ~= '' and held[2] ~= ARGV[1]) then return false end
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return held[2]
"""

# KEYS: sessions. ARGV: organization or '', the first 13 characters of an id made now. Ids are UUIDs of version 7,
# which sort by time.
_END_ALL = """
local organization = false
for _, session_id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local session = 'session:' .. session_id
  local its = redis.call('HGET', session, 'organization_id')
  if string.sub(session_id, 1, 13) <= ARGV[2] and (not its or ARGV[1] == '' or its == ARGV[1]) then
    organization = its or organization
    redis.call('DEL', session)
    redis.call('ZREM', KEYS[1], session_id)
  end
end
return organization
"""

# KEYS: sessions. ARGV: organization or '', the mark, the role whose tokens are good. Who has the mark has heard of it.
_OUTDATE = """
local organization = false
for _, session_id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local session = 'session:' .. session_id
  local its = redis.call('HGET', session, 'organization_id')
  local role = redis.call('HGET', session, 'role')
  if its and (ARGV[1] == '' or its == ARGV[1]) and role ~= ARGV[2] and role ~= ARGV[3] then
    organization = its
    redis.call('HSET', session, 'role', ARGV[2])
  end
end
return organization
"""


def session_key(session_id: UUID) -> str:
    """Dataset `session`: there as long as the session holds."""
    return f"session:{session_id}"


def sessions_key(user_id: UUID) -> str:
    """Dataset `sessions`: ids of a person's sessions, scored by when they expire."""
    return f"sessions:{user_id}"


class KeptSession(NamedTuple):
    session_id: UUID
    user_agent: str
    address: str
    began_at: datetime
    last_used_at: datetime


async def list_kept_sessions(redis: Redis, user_id: UUID) -> list[KeptSession]:
    """The person's sessions that hold, in no order. Raises RedisError."""
    family: list[Any] = await redis.zrange(sessions_key(user_id), 0, -1)
    session_ids = [UUID(each.decode()) for each in family]
    async with redis.pipeline(transaction=False) as pipeline:
        for session_id in session_ids:
            pipeline.hmget(session_key(session_id), ["user_agent", "address", "began_at", "last_used_at"])
        answers: list[list[bytes | None]] = await pipeline.execute()
    kept = []
    for session_id, values in zip(session_ids, answers, strict=True):
        texts = [value.decode() for value in values if value is not None]
        if len(texts) == len(values):
            user_agent, address, began_at, last_used_at = texts
            kept.append(
                KeptSession(session_id, user_agent, address, _moment(began_at), _moment(last_used_at))
            )
    return kept


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def session_began(session_id: UUID) -> datetime:
    """Session ids are UUIDs of version 7 (RFC 9562, section 5.7): the first 48 bits are when, in milliseconds."""
    return datetime.fromtimestamp((session_id.int >> 80) / 1000, UTC)


def session_at(moment: datetime) -> UUID:
    """The id from which `session_began` reads the moment; nobody's. Raises ValueError for one before 1970."""
    return UUID(int=(moment - _EPOCH) // timedelta(milliseconds=1) << 80)


class SessionEnder:
    """All of these raise RedisError. Without `organization_id`, of whichever the person's sessions are."""

    def __init__(self, redis: Redis, cache: Cache) -> None:
        self._cache = cache
        self._end = redis.register_script(_END)
        self._end_all = redis.register_script(_END_ALL)
        self._outdate = redis.register_script(_OUTDATE)

    async def end(self, user_id: UUID, session_id: UUID, organization_id: UUID | None = None) -> None:
        """One session, if it is the person's."""
        keys = [session_key(session_id), sessions_key(user_id)]
        await self._tell(
            await self._end(keys=keys, args=[_text(organization_id), str(session_id), str(user_id)])
        )

    async def end_all(self, user_id: UUID, until: UUID, organization_id: UUID | None = None) -> None:
        """All sessions of the person that began until the session id `until` was made."""
        args = [_text(organization_id), str(until)[:13]]
        await self._tell(await self._end_all(keys=[sessions_key(user_id)], args=args))

    async def outdate(
        self, user_id: UUID, change_id: UUID, organization_id: UUID | None = None, *, but_of: str = ""
    ) -> None:
        """All access tokens that the person's sessions have given before this change; those of the role `but_of`
        stay good."""
        args = [_text(organization_id), f"changed:{change_id}", but_of]
        await self._tell(await self._outdate(keys=[sessions_key(user_id)], args=args))

    async def _tell(self, organization: Any) -> None:
        if organization:
            await self._cache.announce(UUID(organization.decode()))


def _text(organization_id: UUID | None) -> str:
    return str(organization_id) if organization_id else ""

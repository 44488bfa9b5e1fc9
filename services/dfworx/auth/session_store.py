"""Sessions in Redis. A session is a hash that lives 30 days after its last refresh, and a family of refresh tokens
of which only the newest is right: the hash keeps that one's digest, never a token. Ending a session must hold
even when Redis is away at that moment, so what Redis still has to forget is remembered and tried again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.shared.caller import session_key
from dfworx.shared.context import Caller, Role
from dfworx.shared.datasets import DATASETS
from dfworx.shared.errors import Unauthenticated, Unavailable

LIFETIME_SECONDS = DATASETS["session"].seconds
_RETRY_SECONDS = 0.5

# KEYS: session, sessions. ARGV: digest shown, new digest, lifetime, session id, now, user agent, address.
_ROTATE = """
local known = redis.call('HGET', KEYS[1], 'refresh_digest')
if not known then return 'gone' end
if known ~= ARGV[2] then -- else it is this very call, sent again because its answer was lost
  if known ~= ARGV[1] then return 'reused' end
  redis.call('HSET', KEYS[1], 'refresh_digest', ARGV[2], 'last_used_at', ARGV[5], 'user_agent', ARGV[6],
             'address', ARGV[7])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[5] + ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 'rotated'
"""

# KEYS: sessions. ARGV: the first 13 characters of an id made now. Ids are UUIDs of version 7, which sort by time.
_END_ALL = """
for _, session_id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(session_id, 1, 13) <= ARGV[1] then
    redis.call('DEL', 'session:' .. session_id)
    redis.call('ZREM', KEYS[1], session_id)
  end
end
"""


@dataclass(frozen=True, slots=True)
class Session:
    session_id: UUID
    user_id: UUID
    organization_id: UUID

    def caller(self, role: Role = "guest") -> Caller:
        """Who the session acts for; `guest`, which may do least, until the person's row has told the role."""
        return Caller(self.user_id, self.organization_id, role, self.session_id)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a session is used from, as told by the request: shown to its owner, never relied on."""

    address: str
    user_agent: str


class InvalidRefreshToken(Unauthenticated):
    code = "invalid_refresh_token"
    detail = "This refresh token isn't valid, or its session has ended. Sign in again."


class RefreshTokenReused(Unauthenticated):
    """A token of the family that isn't the newest: its owner or a thief has the other one, so the family ends."""

    code = "refresh_token_reused"
    detail = "This refresh token was used before, so its session was ended. Sign in again."

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session


@dataclass(frozen=True, slots=True)
class _Removal:
    user_id: UUID
    session_id: UUID | None
    """None: all that began until `until`."""
    until: str = ""


class SessionStore:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._rotate = redis.register_script(_ROTATE)
        self._end_all = redis.register_script(_END_ALL)
        # What Redis has not taken yet. Lost with the process; the outbox row written before it is not.
        self._owed: set[_Removal] = set()
        self._settling: asyncio.Task[None] | None = None

    async def begin(self, session: Session, device: Device) -> str:
        """The refresh token. Raises Unavailable, as `find` and `rotate` do."""
        token, digest = _new_token(session.session_id)
        now = time.time()
        values: dict[Any, str | float] = {
            "user_id": str(session.user_id),
            "organization_id": str(session.organization_id),
            "refresh_digest": digest,
            "began_at": now,
            "last_used_at": now,
            "user_agent": device.user_agent,
            "address": device.address,
        }
        key, family = session_key(session.session_id), sessions_key(session.user_id)
        with _answering():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(key, mapping=values)
                pipeline.expire(key, LIFETIME_SECONDS)
                pipeline.zremrangebyscore(family, "-inf", now)
                pipeline.zadd(family, {str(session.session_id): now + LIFETIME_SECONDS})
                pipeline.expire(family, LIFETIME_SECONDS)
                await pipeline.execute()
        return token

    async def find(self, refresh_token: str) -> Session:
        """The session whose newest token this is. Raises InvalidRefreshToken, or RefreshTokenReused after having
        ended the session."""
        session_id, digest = _parse_token(refresh_token)
        with _answering():
            values: list[Any] = await self._redis.hmget(
                session_key(session_id), ["refresh_digest", "user_id", "organization_id"]
            )
        if None in values:
            raise InvalidRefreshToken
        session = Session(session_id, UUID(values[1].decode()), UUID(values[2].decode()))
        if not hmac.compare_digest(values[0], digest.encode()):
            await self.end(session)
            raise RefreshTokenReused(session)
        return session

    async def rotate(self, session: Session, refresh_token: str, device: Device) -> str:
        """The next refresh token; of several calls with the same one, one wins. Raises as `find` does."""
        token, digest = _new_token(session.session_id)
        with _answering():
            answer = await self._rotate(
                keys=[session_key(session.session_id), sessions_key(session.user_id)],
                args=[
                    *(_parse_token(refresh_token)[1], digest, LIFETIME_SECONDS, str(session.session_id)),
                    *(time.time(), device.user_agent, device.address),
                ],
            )
        if answer == b"gone":
            raise InvalidRefreshToken
        if answer == b"reused":
            await self.end(session)
            raise RefreshTokenReused(session)
        return token

    async def end(self, session: Session) -> None:
        """Holds now, or as soon as Redis is back."""
        await self._remove(_Removal(session.user_id, session.session_id))

    async def end_all(self, user_id: UUID, until: UUID) -> None:
        """All sessions of the person that began until the session id `until` was made; holds as `end` does."""
        await self._remove(_Removal(user_id, None, str(until)[:13]))

    async def _remove(self, removal: _Removal) -> None:
        self._owed.add(removal)
        await self._settle()
        if self._owed and (self._settling is None or self._settling.done()):
            self._settling = asyncio.create_task(self._settle_later())

    async def _settle_later(self) -> None:
        while self._owed:
            await asyncio.sleep(_RETRY_SECONDS)
            await self._settle()

    async def _settle(self) -> None:
        for removal in list(self._owed):
            family = sessions_key(removal.user_id)
            try:
                if removal.session_id is None:
                    await self._end_all(keys=[family], args=[removal.until])
                else:
                    await self._redis.delete(session_key(removal.session_id))
                    await self._redis.zrem(family, str(removal.session_id))
            except RedisError:
                return
            self._owed.discard(removal)


def sessions_key(user_id: UUID) -> str:
    """Dataset `sessions`: ids of a person's sessions, scored by when they expire."""
    return f"sessions:{user_id}"


def new_session_id() -> UUID:
    """RFC 9562, section 5.7: when it was made, in milliseconds, and 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1)


def _new_token(session_id: UUID) -> tuple[str, str]:
    secret = secrets.token_urlsafe(32)
    return f"{session_id}.{secret}", _digest(secret)


def _parse_token(refresh_token: str) -> tuple[UUID, str]:
    session_id, _, secret = refresh_token.partition(".")
    try:
        return UUID(session_id), _digest(secret)
    except ValueError:  # UnicodeEncodeError is one
        raise InvalidRefreshToken from None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Unavailable(
            "Signing in isn't possible at the moment. Try again shortly; nothing was changed."
        ) from error


def get_session_store(request: Request) -> SessionStore:
    store: SessionStore = request.app.state.sessions
    return store


def get_device(request: Request) -> Device:
    """The address is the gateway's word (uvicorn's proxy headers), not the client's."""
    address = request.client.host if request.client else ""
    return Device(address, request.headers.get("user-agent", "")[:300])


SessionStoreDep = Annotated[SessionStore, Depends(get_session_store)]
DeviceDep = Annotated[Device, Depends(get_device)]

"""Sessions in Redis. A session is a hash that lives 30 days after its last refresh, and a family of refresh tokens
of which only the newest is right: the hash keeps that one's digest, never a token. It also keeps the role that its
newest access token carries, so that an older token with another role is told to refresh. Ending a session and
making its role old must hold even when Redis is away at that moment, so what Redis still has to do is remembered
and tried again."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.auth.refresh_tokens import InvalidRefreshToken, is_among, new_token, parse_token
from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller, Role
from dfworx.shared.datasets import DATASETS
from dfworx.shared.errors import Unauthenticated, Unavailable
from dfworx.shared.pages import Place
from dfworx.shared.sessions import SessionEnder, list_kept_sessions, session_key, sessions_key

LIFETIME_SECONDS = DATASETS["session"].seconds
_RETRY_SECONDS = 0.5

# A role that somebody read from PostgreSQL is written only while the field is as it was before that reading: a change
# of the role puts a mark there that no other change repeats. So a token with the role of a moment ago, made while an
# admin changes it, is old from its first use.

# KEYS: session. ARGV: what the field held before the role was read, the role.
_TELL_ROLE = """
if redis.call('HGET', KEYS[1], 'role') == ARGV[1] then redis.call('HSET', KEYS[1], 'role', ARGV[2]) end
"""

# KEYS: session, sessions. ARGV: digest shown, new digest, lifetime, session id, now, user agent, address, what the
# role's field held before the role was read, the role.
_ROTATE = """
local known = redis.call('HGET', KEYS[1], 'refresh_digest')
if not known then return 'gone' end
if known ~= ARGV[2] then -- else it is this very call, sent again because its answer was lost
  if known ~= ARGV[1] then return 'reused' end
  -- The hundred before it, so that one of them is told from one that never was.
  local used = string.sub(ARGV[1], 1, 16) .. (redis.call('HGET', KEYS[1], 'used_digests') or '')
  redis.call('HSET', KEYS[1], 'refresh_digest', ARGV[2], 'last_used_at', ARGV[5], 'user_agent', ARGV[6],
             'address', ARGV[7], 'used_digests', string.sub(used, 1, 1600))
  if (redis.call('HGET', KEYS[1], 'role') or '') == ARGV[8] then
    redis.call('HSET', KEYS[1], 'role', ARGV[9])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[5] + ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 'rotated'
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


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's sessions, as its owner may see it."""

    session_id: UUID
    device: Device
    began_at: datetime
    last_used_at: datetime
    """When it began or was last refreshed, which a client in use does at least every ten minutes."""

    @property
    def place(self) -> Place:
        return Place(self.last_used_at, self.session_id)


class RefreshTokenReused(Unauthenticated):
    """A token of the family that isn't the newest: its owner or a thief has the other one, so the family ends."""

    code = "refresh_token_reused"
    detail = "This refresh token was used before, so its session was ended. Sign in again."

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session


@dataclass(frozen=True, slots=True)
class _End:
    """One session of the person, if it is theirs."""

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class _EndAll:
    """All sessions of the person that began until that id was made."""

    user_id: UUID
    until: UUID


@dataclass(frozen=True, slots=True)
class _Outdate:
    """All access tokens that the person's sessions have given before this change."""

    user_id: UUID
    change_id: UUID


_Change = _End | _EndAll | _Outdate
_ROLE_UNTOLD = "untold"
"""In place of a role until the person's row has told it."""


class SessionStore:
    def __init__(self, redis: Redis, cache: Cache) -> None:
        self._redis = redis
        self._ender = SessionEnder(redis, cache)
        self._tell_role = redis.register_script(_TELL_ROLE)
        self._rotate = redis.register_script(_ROTATE)
        # What Redis has not taken yet. Lost with the process; the outbox row written before it is not, and the
        # worker acts on that.
        self._owed: set[_Change] = set()
        self._settling: asyncio.Task[None] | None = None

    async def begin(self, session: Session, device: Device, role: Role | None) -> str:
        """The refresh token. `role` is for a person whom this transaction makes, whose role nobody can have changed;
        else None, and `tell_role` after it was read. Raises Unavailable, as all do that don't say otherwise."""
        token, digest = new_token(session.session_id)
        now = time.time()
        values: dict[Any, str | float] = {
            "user_id": str(session.user_id),
            "organization_id": str(session.organization_id),
            "role": role or _ROLE_UNTOLD,
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

    async def tell_role(self, session: Session, role: Role) -> None:
        """The role of a session that has just begun, read since; without effect when it was changed in between."""
        with _answering():
            await self._tell_role(keys=[session_key(session.session_id)], args=[_ROLE_UNTOLD, role])

    async def list_open(self, user_id: UUID, *, after: Place | None, limit: int) -> list[OpenSession]:
        """Those of the person in this organization, the newest use first. A place is of the last use."""
        with _answering("Your sessions can't be listed at the moment. Try again shortly."):
            kept = await list_kept_sessions(self._redis, user_id)
        found = [
            OpenSession(
                each.session_id, Device(each.address, each.user_agent), each.began_at, each.last_used_at
            )
            for each in kept
        ]
        found = [each for each in found if after is None or each.place < after]
        return sorted(found, key=lambda each: each.place, reverse=True)[:limit]

    async def owns(self, user_id: UUID, session_id: UUID) -> bool:
        """Whether there is such a session and it is the person's."""
        with _answering():
            owner: Any = await self._redis.hget(session_key(session_id), "user_id")
        return bool(owner == str(user_id).encode())

    async def find(self, refresh_token: str) -> tuple[Session, str]:
        """The session whose newest token this is, and what its role's field holds. Raises InvalidRefreshToken, or
        RefreshTokenReused after having ended the session."""
        session_id, digest = parse_token(refresh_token)
        with _answering():
            values: list[Any] = await self._redis.hmget(
                session_key(session_id),
                ["refresh_digest", "user_id", "organization_id", "role", "used_digests"],
            )
        if None in values[:3]:
            raise InvalidRefreshToken
        session = Session(session_id, UUID(values[1].decode()), UUID(values[2].decode()))
        if not hmac.compare_digest(values[0], digest.encode()):
            if not is_among(digest, values[4]):
                raise InvalidRefreshToken  # made up: who knows a session's id can't end it
            await self.end(session)
            raise RefreshTokenReused(session)
        return session, (values[3] or b"").decode()

    async def rotate(
        self, session: Session, refresh_token: str, device: Device, *, role_seen: str, role: Role
    ) -> str:
        """The next refresh token; of several calls with the same one, one wins. `role_seen` is what `find` said, and
        `role` was read after it. Raises as `find` does."""
        token, digest = new_token(session.session_id)
        with _answering():
            answer = await self._rotate(
                keys=[session_key(session.session_id), sessions_key(session.user_id)],
                args=[
                    *(parse_token(refresh_token)[1], digest, LIFETIME_SECONDS, str(session.session_id)),
                    *(time.time(), device.user_agent, device.address, role_seen, role),
                ],
            )
        if answer == b"gone":
            raise InvalidRefreshToken
        if answer == b"reused":
            await self.end(session)
            raise RefreshTokenReused(session)
        return token

    async def end(self, session: Session) -> None:
        """Holds now, or as soon as Redis is back. A session that isn't the person's goes on."""
        await self._change(_End(session.user_id, session.session_id))

    async def end_all(self, user_id: UUID, until: UUID) -> None:
        """All sessions of the person that began until the session id `until` was made; holds as `end` does."""
        await self._change(_EndAll(user_id, until))

    async def outdate_tokens(self, user_id: UUID, change_id: UUID) -> None:
        """After the person's role has changed: their access tokens have to be refreshed, which tells the role anew.
        Holds as `end` does."""
        await self._change(_Outdate(user_id, change_id))

    async def _change(self, change: _Change) -> None:
        self._owed.add(change)
        await self._settle()
        if self._owed and (self._settling is None or self._settling.done()):
            self._settling = asyncio.create_task(self._settle_later())

    async def _settle_later(self) -> None:
        while self._owed:
            await asyncio.sleep(_RETRY_SECONDS)
            await self._settle()

    async def _settle(self) -> None:
        for change in list(self._owed):
            try:
                match change:
                    case _End(user_id, session_id):
                        await self._ender.end(user_id, session_id)
                    case _EndAll(user_id, until):
                        await self._ender.end_all(user_id, until)
                    case _Outdate(user_id, change_id):
                        await self._ender.outdate(user_id, change_id)
            except RedisError:
                return
            self._owed.discard(change)


def new_session_id(after: UUID | None = None) -> UUID:
    """RFC 9562, section 5.7: when it was made, in milliseconds, and 74 random bits. With `after` it has begun at least
    a millisecond later than that one, so that it outlives an end of all sessions until then."""
    milliseconds = max(time.time_ns() // 1_000_000, (after.int >> 80) + 1 if after else 0)
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1)


@contextmanager
def _answering(
    otherwise: str = "Signing in isn't possible at the moment. Try again shortly; nothing was changed.",
) -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Unavailable(otherwise) from error


def get_session_store(request: Request) -> SessionStore:
    store: SessionStore = request.app.state.sessions
    return store


def get_device(request: Request) -> Device:
    """The address is the gateway's word (uvicorn's proxy headers), not the client's."""
    address = request.client.host if request.client else ""
    return Device(address, request.headers.get("user-agent", "")[:300])


SessionStoreDep = Annotated[SessionStore, Depends(get_session_store)]
DeviceDep = Annotated[Device, Depends(get_device)]

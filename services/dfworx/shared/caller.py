"""Who is asking, as a dependency: a verified token whose session still holds. Sessions live in Redis, so
signing out holds at once; with Redis away the person's row decides (deactivated, or signed out
everywhere), and a single sign-out may lag until the token expires."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotAllowed, Unauthenticated
from dfworx.shared.tokens import TokenVerifier

ACCESS_COOKIE = "dfworx_access"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_bearer = HTTPBearer(auto_error=False, description="The access_token of /api/auth/login")


class SessionEnded(Unauthenticated):
    code = "session_ended"
    detail = "This session has ended. Sign in again."


def session_key(session_id: UUID) -> str:
    """Dataset `session`: there as long as the session holds."""
    return f"session:{session_id}"


def session_began(session_id: UUID) -> datetime:
    """Session ids are UUIDs of version 7 (RFC 9562, section 5.7): the first 48 bits are when, in milliseconds."""
    return datetime.fromtimestamp((session_id.int >> 80) / 1000, UTC)


def require_same_origin(request: Request) -> None:
    """Cookies travel with requests that other sites cause; those must not write. Raises NotAllowed."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    same = site == "same-origin" if site else origin in (None, request.app.state.settings.origin)
    if not same:
        raise NotAllowed("This request came from another site.", code="cross_site")


async def require_caller(request: Request, _: Annotated[Any, Depends(_bearer)] = None) -> Caller:
    """The caller; raises Unauthenticated. The Authorization header goes before the cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if token:
        if scheme.lower() != "bearer":
            raise Unauthenticated("Send the token as: Authorization: Bearer TOKEN")
    else:
        token = request.cookies.get(ACCESS_COOKIE, "")
        if not token:
            raise Unauthenticated
        require_same_origin(request)
    tokens: TokenVerifier = request.app.state.tokens
    caller = await tokens.verify(token.strip())
    await _require_session(request.app.state.redis, request.app.state.database, caller)
    return caller


CurrentCaller = Annotated[Caller, Depends(require_caller)]


async def _require_session(redis: Redis, database: Database, caller: Caller) -> None:
    try:
        holds = bool(await redis.exists(session_key(caller.session_id)))
    except RedisError:
        async with database.read(caller) as reader:
            holds = bool(
                await reader.fetchval(
                    "select is_active and sessions_valid_after < $2 from public.users where user_id = $1",
                    caller.user_id,
                    session_began(caller.session_id),
                )
            )
    if not holds:
        raise SessionEnded

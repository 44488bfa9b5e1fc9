"""Who is asking, as a dependency: a verified token whose session still holds, in the role that the person still
has. Sessions live in Redis, so signing out holds at once; with Redis away the person's row decides (deactivated,
another role, or signed out everywhere), and a single sign-out may lag until the token expires."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from redis.exceptions import RedisError

from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import Database
from dfworx.shared.errors import NotAllowed, Unauthenticated, Unavailable
from dfworx.shared.sessions import session_began, session_key
from dfworx.shared.tokens import TokenVerifier

ACCESS_COOKIE = "dfworx_access"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SESSION = DATASETS["session"]
_bearer = HTTPBearer(auto_error=False, description="The access_token of /api/auth/login")


class SessionEnded(Unauthenticated):
    code = "session_ended"
    detail = "This session has ended. Sign in again."


class OrganizationSuspended(Unauthenticated):
    code = "organization_suspended"
    detail = "This organization is suspended. Ask whoever runs this install."


class TokenOutdated(Unauthenticated):
    code = "token_outdated"
    detail = "What you may do has changed since this token was made. Refresh it."


def require_same_origin(request: Request) -> None:
    """Cookies travel with requests that other sites cause; those must not write. Raises NotAllowed."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    same = site == "same-origin" if site else origin in (None, request.app.state.settings.origin)
    if not same:
        raise NotAllowed("This request came from another site.", code="cross_site")


async def require_caller(request: Request, _: Annotated[Any, Depends(_bearer)] = None) -> Caller:
    """The caller; raises Unauthenticated. The Authorization header goes before the cookie."""
    caller = await verify_token(request)
    await require_session(request, caller)
    await request.app.state.admit(request, caller)
    return caller


CurrentCaller = Annotated[Caller, Depends(require_caller)]


async def verify_token(request: Request) -> Caller:
    """Whom the request's token names, whether or not the session still holds."""
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
    return await tokens.verify(token.strip())


def is_known_to_hold(request: Request, caller: Caller) -> bool:
    """Whether this process has just seen the session, so that nobody need be asked."""
    cache: Cache = request.app.state.cache
    return (
        cache.recall(caller.organization_id, _SESSION, session_key(caller.session_id)) == caller.role.encode()
    )


async def require_session(request: Request, caller: Caller) -> None:
    """Raises SessionEnded, OrganizationSuspended, or TokenOutdated: a token outlives by minutes what its person was
    when it was signed."""
    cache: Cache = request.app.state.cache
    database: Database = request.app.state.database
    try:
        told = await cache.get_field(
            *(caller.organization_id, _SESSION, session_key(caller.session_id), "role"),
            expected=caller.role.encode(),
        )
        role = told and told.decode()
    except RedisError:
        async with database.read(caller) as reader:
            role = await reader.fetchval(
                """
                select role from public.users
                 where organization_id = $1 and user_id = $2 and is_active and sessions_valid_after < $3
                """,
                *(caller.organization_id, caller.user_id, session_began(caller.session_id)),
            )
    if role is None:
        if await _is_suspended(database, caller):
            raise OrganizationSuspended
        raise SessionEnded
    if role != caller.role:
        raise TokenOutdated


async def _is_suspended(database: Database, caller: Caller) -> bool:
    """Asked only when a session has ended: suspending an organization ends all of its sessions."""
    try:
        async with database.read(caller) as reader:
            return bool(
                await reader.fetchval(
                    "select suspended_at is not null from public.organizations where organization_id = $1",
                    caller.organization_id,
                )
            )
    except Unavailable:
        return False

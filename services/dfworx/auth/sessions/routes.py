"""Paths of sessions after they began, and of what verifies their tokens."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from dfworx.auth import revocations
from dfworx.auth.keys import ACCESS_SECONDS, KeysDep
from dfworx.auth.limits import LimitsDep
from dfworx.auth.refresh_tokens import InvalidRefreshToken
from dfworx.auth.session_store import DeviceDep, SessionStoreDep
from dfworx.auth.sessions import actions
from dfworx.auth.sessions.schemas import Discovery, PublicKeys, RealtimeToken, Refresh, UserSession
from dfworx.auth.sign_in import (
    REALTIME_AUDIENCE,
    REFRESH_COOKIE,
    SignedIn,
    SignedInByCookie,
    answer_sign_in,
    clear_cookies,
    sign_token,
)
from dfworx.shared.caller import CurrentCaller, require_same_origin
from dfworx.shared.pages import Cursor, Limit, Page, decode_place, encode_place
from dfworx.shared.serve import TAKES_NO_KEY, Db, problems
from dfworx.shared.tokens import ALGORITHM

router = APIRouter(tags=["sessions"])
well_known = APIRouter(prefix="/.well-known", tags=["sessions"])


@router.post("/refresh", openapi_extra=TAKES_NO_KEY, responses=problems(403))
async def refresh_session(
    request: Request,
    response: Response,
    database: Db,
    store: SessionStoreDep,
    limits: LimitsDep,
    device: DeviceDep,
    body: Refresh | None = None,
) -> SignedIn | SignedInByCookie:
    """New tokens for the newest refresh token, in the body or in the cookie, answered as it came. An older one ends
    the session: 401 `refresh_token_reused`."""
    given = body.refresh_token if body else None
    by_cookie = given is None
    if given is not None:
        refresh_token = given.get_secret_value()
    else:
        refresh_token = request.cookies.get(REFRESH_COOKIE, "")
        if not refresh_token:
            raise InvalidRefreshToken("Send the refresh_token that you got at login.")
        require_same_origin(request)
    await limits.count_refresh(device.address)
    sign_in = await actions.refresh_session(database, store, device, refresh_token)
    return answer_sign_in(request, response, sign_in, by_cookie=by_cookie)


@router.post("/realtime-token", openapi_extra=TAKES_NO_KEY, responses=problems(403))
async def create_realtime_token(
    request: Request, response: Response, caller: CurrentCaller, keys: KeysDep
) -> RealtimeToken:
    """A token for chat and presence, of the same person; keep it in memory. The refresh token stays as it is."""
    response.headers["Cache-Control"] = "no-store"
    origin = request.app.state.settings.origin
    return RealtimeToken(token=sign_token(keys, origin, caller, REALTIME_AUDIENCE), expires_in=ACCESS_SECONDS)


@router.get("/sessions")
async def list_sessions(
    response: Response,
    caller: CurrentCaller,
    store: SessionStoreDep,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[UserSession]:
    """Where the caller is signed in to this organization, the newest use first."""
    response.headers["Cache-Control"] = "no-store"
    found = await store.list_open(caller.user_id, after=decode_place(cursor), limit=limit + 1)
    page = found[:limit]
    items = [
        UserSession(
            session_id=each.session_id,
            user_agent=each.device.user_agent,
            address=each.device.address,
            began_at=each.began_at,
            last_used_at=each.last_used_at,
            is_current=each.session_id == caller.session_id,
        )
        for each in page
    ]
    next_cursor = None
    if len(found) > limit:
        next_cursor = encode_place(page[-1].last_used_at.isoformat(), str(page[-1].session_id))
    return Page(items=items, next_cursor=next_cursor)


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(403, 404))
async def end_one_session(
    session_id: UUID,
    request: Request,
    response: Response,
    caller: CurrentCaller,
    database: Db,
    store: SessionStoreDep,
) -> None:
    """Ends one of the caller's sessions, which may be this one."""
    await actions.end_own_session(database, store, caller, session_id)
    if session_id == caller.session_id:
        clear_cookies(request, response)


@router.post("/logout", status_code=204, responses=problems(403))
async def end_session(
    request: Request, response: Response, caller: CurrentCaller, database: Db, store: SessionStoreDep
) -> None:
    """Ends the session that the access token belongs to."""
    await revocations.end_session(database, store, caller, caller.session_id)
    clear_cookies(request, response)


@router.post("/logout-all", status_code=204, responses=problems(403))
async def end_all_sessions(
    request: Request, response: Response, caller: CurrentCaller, database: Db, store: SessionStoreDep
) -> None:
    """Ends all sessions of the caller in this organization."""
    await actions.end_all_sessions(database, store, caller)
    clear_cookies(request, response)


@well_known.get("/jwks.json")
async def get_jwks(response: Response, keys: KeysDep) -> PublicKeys:
    """The keys that access tokens are verified with; no token needed."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return PublicKeys.model_validate(keys.jwks())


@well_known.get("/openid-configuration")
async def get_discovery(request: Request, response: Response) -> Discovery:
    """Where programs that verify our tokens find the keys; no token needed."""
    response.headers["Cache-Control"] = "public, max-age=300"
    origin = request.app.state.settings.origin
    return Discovery(
        issuer=origin,
        jwks_uri=f"{origin}/.well-known/jwks.json",
        id_token_signing_alg_values_supported=[ALGORITHM],
    )

"""Paths of sessions after they began, and of the keys that verify their tokens."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.auth.keys import KeysDep
from dfworx.auth.limits import LimitsDep
from dfworx.auth.session_store import DeviceDep, InvalidRefreshToken, SessionStoreDep
from dfworx.auth.sessions import actions
from dfworx.auth.sessions.schemas import PublicKeys, Refresh
from dfworx.auth.sign_in import (
    REFRESH_COOKIE,
    SignedIn,
    SignedInByCookie,
    answer_sign_in,
    clear_cookies,
)
from dfworx.shared.caller import CurrentCaller, require_same_origin
from dfworx.shared.serve import Db, problems

router = APIRouter(tags=["sessions"])
well_known = APIRouter(prefix="/.well-known", tags=["sessions"])


@router.post("/refresh", responses=problems(403))
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


@router.post("/logout", status_code=204, responses=problems(403))
async def end_session(
    request: Request, response: Response, caller: CurrentCaller, database: Db, store: SessionStoreDep
) -> None:
    """Ends the session that the access token belongs to."""
    await actions.end_session(database, store, caller)
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

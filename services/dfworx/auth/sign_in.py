"""What a sign-in gives, wherever it happens: a session, an access token of ten minutes and a refresh token, in the
body or, for browsers, in cookies that scripts can't read. The token's claims are the contract of section 4 of the
design: nothing else goes in, and nothing that changes at a refresh besides `iat` and `exp`."""

from __future__ import annotations

import time
from dataclasses import dataclass

from fastapi import Request, Response
from pydantic import BaseModel

from dfworx.auth.keys import SigningKeys
from dfworx.auth.me import Me, find_me
from dfworx.auth.session_store import LIFETIME_SECONDS, Device, Session, SessionStore
from dfworx.shared.caller import ACCESS_COOKIE, SessionEnded
from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from dfworx.shared.tokens import AUDIENCE

ACCESS_SECONDS = 600
REFRESH_COOKIE = "dfworx_refresh"
_ACCESS_PATH = "/api"
_REFRESH_PATH = "/api/auth"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that has just begun or been refreshed, and whose it is."""

    me: Me
    session: Session
    refresh_token: str


class SignedIn(BaseModel):
    access_token: str
    expires_in: int
    """Seconds that the access token is good for."""
    refresh_token: str
    user: Me


class SignedInByCookie(BaseModel):
    expires_in: int
    user: Me


async def begin_session(database: Database, store: SessionStore, session: Session, device: Device) -> SignIn:
    """For somebody who has just proven who they are. Raises SessionEnded when they may not be here any more."""
    # In Redis first, then the person's row: a deactivation or sign-out everywhere that comes between is seen
    # here, and one that comes later finds the session and ends it.
    refresh_token = await store.begin(session, device)
    try:
        async with database.read(session.caller()) as reader:
            me = await find_me(reader, session.caller())
        if me is None:
            raise SessionEnded
    except BaseException:
        await store.end(session)
        raise
    return SignIn(me, session, refresh_token)


def answer_sign_in(
    request: Request, response: Response, sign_in: SignIn, *, by_cookie: bool
) -> SignedIn | SignedInByCookie:
    settings: Settings = request.app.state.settings
    keys: SigningKeys = request.app.state.keys
    access_token = sign_access_token(keys, settings.origin, sign_in)
    response.headers["Cache-Control"] = "no-store"
    if not by_cookie:
        return SignedIn(
            access_token=access_token,
            expires_in=ACCESS_SECONDS,
            refresh_token=sign_in.refresh_token,
            user=sign_in.me,
        )
    for name, token, seconds, path in (
        (ACCESS_COOKIE, access_token, ACCESS_SECONDS, _ACCESS_PATH),
        (REFRESH_COOKIE, sign_in.refresh_token, LIFETIME_SECONDS, _REFRESH_PATH),
    ):
        response.set_cookie(
            name, token, max_age=seconds, path=path, httponly=True, samesite="lax", secure=_is_https(settings)
        )
    return SignedInByCookie(expires_in=ACCESS_SECONDS, user=sign_in.me)


def clear_cookies(request: Request, response: Response) -> None:
    """Those that came with the request."""
    for name, path in ((ACCESS_COOKIE, _ACCESS_PATH), (REFRESH_COOKIE, _REFRESH_PATH)):
        if name in request.cookies:
            secure = _is_https(request.app.state.settings)
            response.delete_cookie(name, path=path, httponly=True, samesite="lax", secure=secure)


def sign_access_token(keys: SigningKeys, issuer: str, sign_in: SignIn) -> str:
    now = int(time.time())
    return keys.sign(
        {
            "iss": issuer,
            "aud": AUDIENCE,
            "sub": str(sign_in.me.user_id),
            "org_id": str(sign_in.me.organization_id),
            "role": "authenticated",
            "org_role": sign_in.me.role,
            "sid": str(sign_in.session.session_id),
            "iat": now,
            "exp": now + ACCESS_SECONDS,
        }
    )


def _is_https(settings: Settings) -> bool:
    return settings.origin.startswith("https:")

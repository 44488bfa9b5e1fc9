"""What a sign-in gives, wherever it happens: a session, an access token of ten minutes and a refresh token, in the
body or, for browsers, in cookies that scripts can't read. The token's claims are the contract of section 4 of the
design: nothing else goes in, and nothing that changes at a refresh besides `iat` and `exp`. A token for realtime says
the same to another audience, so neither is taken where the other belongs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from fastapi import Request, Response
from pydantic import BaseModel

from dfworx.auth.fields import SessionBy
from dfworx.auth.keys import ACCESS_SECONDS, SigningKeys
from dfworx.auth.me import Me, find_me
from dfworx.auth.session_store import LIFETIME_SECONDS, Device, Session, SessionStore
from dfworx.shared.caller import ACCESS_COOKIE, SessionEnded, require_same_origin
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Unauthenticated
from dfworx.shared.settings import Settings
from dfworx.shared.tokens import AUDIENCE

REALTIME_AUDIENCE = "realtime"
REFRESH_COOKIE = "dfworx_refresh"
_ACCESS_PATH = "/"
"""Pages too: the web app's server reads for its reader what the page shows."""
_REFRESH_PATH = "/api/auth"


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"
    detail = "The email, the password or the organization is wrong. Check them and try again."


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that has just begun or been refreshed, and whose it is."""

    me: Me
    session: Session
    refresh_token: str

    @property
    def caller(self) -> Caller:
        return self.session.caller(self.me.role)


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
    refresh_token = await store.begin(session, device, None)
    try:
        async with database.read(session.caller()) as reader:
            me = await find_me(reader, session.caller())
        if me is None:
            raise SessionEnded
        await store.tell_role(session, me.role)
    except BaseException:
        await store.end(session)
        raise
    return SignIn(me, session, refresh_token)


def answer_sign_in(
    request: Request, response: Response, sign_in: SignIn, *, by_cookie: bool
) -> SignedIn | SignedInByCookie:
    settings: Settings = request.app.state.settings
    keys: SigningKeys = request.app.state.keys
    access_token = sign_token(keys, settings.origin, sign_in.caller, AUDIENCE)
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


def came_by_cookie(request: Request) -> bool:
    """Of a caller's request: whether it was a cookie that said who they are. The Authorization header goes before."""
    return not request.headers.get("authorization", "").partition(" ")[2]


def wants_cookie(request: Request, session: SessionBy) -> bool:
    """Whether to answer a caller by cookie: who asks for it, and who came by one, since scripts may not read the new
    tokens either. Raises NotAllowed when another site asks."""
    if session == "cookie":
        require_same_origin(request)
    return session == "cookie" or came_by_cookie(request)


def clear_cookies(request: Request, response: Response) -> None:
    """Those that came with the request."""
    for name, path in ((ACCESS_COOKIE, _ACCESS_PATH), (REFRESH_COOKIE, _REFRESH_PATH)):
        if name in request.cookies:
            secure = _is_https(request.app.state.settings)
            response.delete_cookie(name, path=path, httponly=True, samesite="lax", secure=secure)


def sign_token(keys: SigningKeys, issuer: str, caller: Caller, audience: str) -> str:
    """Good for ACCESS_SECONDS."""
    now = int(time.time())
    return keys.sign(
        {
            "iss": issuer,
            "aud": audience,
            "sub": str(caller.user_id),
            "org_id": str(caller.organization_id),
            "role": "authenticated",
            "org_role": caller.role,
            "sid": str(caller.session_id),
            "iat": now,
            "exp": now + ACCESS_SECONDS,
        }
    )


def _is_https(settings: Settings) -> bool:
    return settings.origin.startswith("https:")

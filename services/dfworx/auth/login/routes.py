"""The path of signing in."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.auth.limits import LimitsDep
from dfworx.auth.login.actions import log_in
from dfworx.auth.login.schemas import Credentials, LoginConflict
from dfworx.auth.passwords import PasswordsDep
from dfworx.auth.session_store import DeviceDep, SessionStoreDep
from dfworx.auth.sign_in import SignedIn, SignedInByCookie, answer_sign_in
from dfworx.shared.caller import require_same_origin
from dfworx.shared.errors import PROBLEM_JSON
from dfworx.shared.serve import TAKES_NO_KEY, Db, problems

router = APIRouter(tags=["login"])


@router.post(
    "/login",
    openapi_extra=TAKES_NO_KEY,
    responses={**problems(403), 409: {"model": LoginConflict, "content": {PROBLEM_JSON: {}}}},
)
async def begin_session(
    credentials: Credentials,
    request: Request,
    response: Response,
    database: Db,
    passwords: PasswordsDep,
    store: SessionStoreDep,
    limits: LimitsDep,
    device: DeviceDep,
) -> SignedIn | SignedInByCookie:
    """401 `invalid_credentials`, whatever was wrong. Who belongs to several organizations and names none gets 409
    `organization_required` with the list."""
    if credentials.session:
        # Another site must not sign a browser in to an account of its own choice.
        require_same_origin(request)
    await limits.count_password(device.address, credentials.email)
    sign_in = await log_in(database, passwords, store, device, credentials)
    return answer_sign_in(request, response, sign_in, by_cookie=credentials.session == "cookie")

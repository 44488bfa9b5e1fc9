"""The path of changing one's own password."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.auth.limits import LimitsDep
from dfworx.auth.password import actions
from dfworx.auth.password.schemas import PasswordChange
from dfworx.auth.passwords import PasswordsDep
from dfworx.auth.session_store import DeviceDep, SessionStoreDep
from dfworx.auth.sign_in import SignedIn, SignedInByCookie, answer_sign_in, wants_cookie
from dfworx.shared.caller import CurrentCaller
from dfworx.shared.serve import TAKES_NO_KEY, Db, problems

router = APIRouter(tags=["password"])


@router.post("/password", openapi_extra=TAKES_NO_KEY, responses=problems(403))
async def change_password(
    change: PasswordChange,
    request: Request,
    response: Response,
    caller: CurrentCaller,
    database: Db,
    passwords: PasswordsDep,
    store: SessionStoreDep,
    limits: LimitsDep,
    device: DeviceDep,
) -> SignedIn | SignedInByCookie:
    """Ends all sessions of the person in all their organizations, this one too, and begins a new one here. 401
    `invalid_credentials` when the current password is wrong."""
    by_cookie = wants_cookie(request, change.session)
    sign_in = await actions.change_password(database, passwords, store, limits, device, caller, change)
    return answer_sign_in(request, response, sign_in, by_cookie=by_cookie)

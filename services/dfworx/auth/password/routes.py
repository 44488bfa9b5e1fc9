"""The paths of changing one's own password, and of setting another when it is forgotten."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.auth.limits import LimitsDep
from dfworx.auth.password import actions
from dfworx.auth.password.schemas import PasswordChange, PasswordForgotten, PasswordReset
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


@router.post("/password/forgot", status_code=202, response_class=Response)
async def request_password_reset(
    forgotten: PasswordForgotten, database: Db, limits: LimitsDep, device: DeviceDep
) -> None:
    """Mails a link that sets another password, if the email has an account: the answer is the same either way."""
    await limits.count_forgotten(device.address, forgotten.email)
    await actions.request_reset(database, forgotten.email)


@router.post("/password/reset", status_code=204, responses=problems(404))
async def reset_password(
    reset: PasswordReset,
    database: Db,
    passwords: PasswordsDep,
    store: SessionStoreDep,
    limits: LimitsDep,
    device: DeviceDep,
) -> None:
    """With the token of the mail, once and within an hour. Signs the person out everywhere, and nobody in."""
    await limits.count_reset(device.address)
    await actions.reset_password(database, passwords, store, reset.token, reset.password.get_secret_value())

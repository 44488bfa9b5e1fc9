"""Paths of invitations: for the organization's admins, and, by the token alone, for whoever was invited."""

from __future__ import annotations

import contextlib
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dfworx.auth import revocations
from dfworx.auth.invitations import actions, queries
from dfworx.auth.invitations.schemas import (
    Acceptance,
    Invitation,
    InvitationCreate,
    NewInvitation,
    ReceivedInvitation,
)
from dfworx.auth.limits import LimitsDep
from dfworx.auth.passwords import PasswordsDep
from dfworx.auth.session_store import DeviceDep, SessionStoreDep
from dfworx.auth.sign_in import (
    SignedIn,
    SignedInByCookie,
    answer_sign_in,
    came_by_cookie,
    wants_cookie,
)
from dfworx.shared.caller import CurrentCaller, require_caller, require_same_origin
from dfworx.shared.errors import Unavailable
from dfworx.shared.pages import Cursor, Limit, Page, decode_place, encode_place
from dfworx.shared.serve import TAKES_NO_KEY, CacheDep, Db, Reading, problems

router = APIRouter(tags=["invitations"])


@router.get("/invitations", responses=problems(403))
async def list_invitations(
    response: Response, caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[Invitation]:
    """For admins: the organization's invitations that wait for an answer, the newest first."""
    response.headers["Cache-Control"] = "no-store"
    found = await queries.list_invitations(reader, after=decode_place(cursor), limit=limit + 1)
    page = found[:limit]
    next_cursor = None
    if len(found) > limit:
        next_cursor = encode_place(page[-1].created_at.isoformat(), str(page[-1].invitation_id))
    return Page(items=page, next_cursor=next_cursor)


@router.post("/invitations", status_code=201, responses=problems(403, 409))
async def create_invitation(
    wanted: InvitationCreate,
    request: Request,
    response: Response,
    caller: CurrentCaller,
    database: Db,
    limits: LimitsDep,
) -> NewInvitation:
    """For admins. In place of one that waits for the same email. 409 `already_member`,
    `member_deactivated`, `joining_closed` or `domain_not_allowed`."""
    response.headers["Cache-Control"] = "no-store"
    if caller.role == "admin":
        await limits.count_inviting(caller.organization_id, caller.user_id)
    return await actions.create_invitation(database, caller, request.app.state.settings.origin, wanted)


@router.delete("/invitations/{invitation_id}", status_code=204, responses=problems(403, 404))
async def withdraw_invitation(invitation_id: UUID, caller: CurrentCaller, database: Db) -> None:
    """For admins. Its link is worth nothing from now on."""
    await actions.withdraw_invitation(database, caller, invitation_id)


@router.get("/invitations/{token}", responses=problems(404))
async def get_invitation(
    token: str, response: Response, database: Db, limits: LimitsDep, device: DeviceDep
) -> ReceivedInvitation:
    """What one is invited to; the token is all it takes."""
    response.headers["Cache-Control"] = "no-store"
    await limits.count_invitation(device.address)
    return await actions.get_invitation(database, token)


@router.post("/invitations/{token}/accept", openapi_extra=TAKES_NO_KEY, responses=problems(403, 404, 409))
async def accept_invitation(
    token: str,
    request: Request,
    response: Response,
    database: Db,
    passwords: PasswordsDep,
    store: SessionStoreDep,
    cache: CacheDep,
    limits: LimitsDep,
    device: DeviceDep,
    body: Acceptance | None = None,
) -> SignedIn | SignedInByCookie:
    """Joins the organization and signs in to it. A new person sends name and password; a known one the password of
    the email, or nothing while signed in as the same person. Who came by cookie gets cookies. 409 `already_member`."""
    given = body or Acceptance()
    password = given.password.get_secret_value() if given.password else None
    await limits.count_invitation(device.address)
    invitation = await actions.get_invitation(database, token)
    entrance = actions.Entrance(database, passwords, store, cache, device)
    if invitation.has_account and password is None:
        caller = await require_caller(request)
        by_cookie = wants_cookie(request, given.session)
        sign_in = await actions.accept_signed_in(entrance, token, invitation, caller, given.name)
        if came_by_cookie(request):
            # Its cookies are about to be overwritten, so nobody could go on with it. The person has joined all the
            # same when this can't be noted.
            with contextlib.suppress(Unavailable):
                await revocations.end_session(database, store, caller, caller.session_id)
        return answer_sign_in(request, response, sign_in, by_cookie=by_cookie)
    if given.session:
        require_same_origin(request)
    if invitation.has_account and password is not None:
        await limits.count_password(device.address, invitation.email)
        sign_in = await actions.accept_by_password(entrance, token, invitation, password, given.name)
    else:
        sign_in = await actions.accept_as_new_person(entrance, token, invitation, password, given.name)
    return answer_sign_in(request, response, sign_in, by_cookie=given.session == "cookie")

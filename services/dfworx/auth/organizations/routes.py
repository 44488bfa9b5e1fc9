"""Paths of organizations: registering one, the caller's own, and going on to another of them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dfworx.auth.limits import LimitsDep
from dfworx.auth.organizations import actions, queries
from dfworx.auth.organizations.queries import NamePlace
from dfworx.auth.organizations.schemas import (
    Membership,
    Organization,
    OrganizationUpdate,
    Registration,
    Switch,
)
from dfworx.auth.passwords import PasswordsDep
from dfworx.auth.session_store import DeviceDep, SessionStoreDep
from dfworx.auth.sign_in import SignedIn, SignedInByCookie, answer_sign_in, came_by_cookie, wants_cookie
from dfworx.shared.caller import CurrentCaller, require_same_origin
from dfworx.shared.errors import NotFound
from dfworx.shared.pages import Cursor, InvalidCursor, Limit, Page, decode_cursor, encode_cursor
from dfworx.shared.serve import TAKES_NO_KEY, CacheDep, Db, Reading, problems

router = APIRouter(tags=["organizations"])


@router.post("/register", openapi_extra=TAKES_NO_KEY, status_code=201, responses=problems(403, 409))
async def register_organization(
    registration: Registration,
    request: Request,
    response: Response,
    database: Db,
    passwords: PasswordsDep,
    store: SessionStoreDep,
    limits: LimitsDep,
    device: DeviceDep,
) -> SignedIn | SignedInByCookie:
    """A new organization with its first admin, who is signed in. 409 `email_taken` or `slug_taken`."""
    if registration.session:
        require_same_origin(request)
    await limits.count_registration(device.address)
    # A known email is let in by its password here too, so it is the same guessing as at login.
    await limits.count_password(device.address, registration.user.email)
    sign_in = await actions.register_organization(database, passwords, store, device, registration)
    return answer_sign_in(request, response, sign_in, by_cookie=registration.session == "cookie")


@router.get("/organization")
async def get_organization(caller: CurrentCaller, reader: Reading) -> Organization:
    """The organization that the token is for."""
    organization = await queries.find_organization(reader, caller.organization_id)
    if organization is None:
        raise NotFound
    return organization


@router.patch("/organization", responses=problems(403, 409))
async def update_organization(
    changes: OrganizationUpdate, caller: CurrentCaller, database: Db, cache: CacheDep
) -> Organization:
    """For admins. 409 `slug_taken`."""
    return await actions.update_organization(database, cache, caller, changes)


@router.get("/organizations")
async def list_organizations(
    caller: CurrentCaller, reader: Reading, limit: Limit = 20, cursor: Cursor = None
) -> Page[Membership]:
    """The organizations that the caller's identity belongs to, by name; those left out where they were deactivated."""
    found = await queries.list_own_organizations(
        reader, caller.organization_id, after=_decode_place(cursor), limit=limit + 1
    )
    page = found[:limit]
    next_cursor = encode_cursor(page[-1].name, page[-1].slug) if len(found) > limit else None
    return Page(items=page, next_cursor=next_cursor)


@router.post("/switch", openapi_extra=TAKES_NO_KEY, responses=problems(403, 404))
async def switch_organization(
    switch: Switch,
    request: Request,
    response: Response,
    caller: CurrentCaller,
    database: Db,
    store: SessionStoreDep,
    limits: LimitsDep,
    device: DeviceDep,
) -> SignedIn | SignedInByCookie:
    """Signed in to another of one's organizations, without the password. Who came by cookie is answered by cookie, and
    the session that it held ends; one by bearer token goes on beside the new one."""
    by_cookie = wants_cookie(request, switch.session)
    await limits.count_refresh(device.address)
    sign_in = await actions.switch_organization(
        database, store, device, caller, switch.organization.strip(), end_current=came_by_cookie(request)
    )
    return answer_sign_in(request, response, sign_in, by_cookie=by_cookie)


def _decode_place(cursor: str | None) -> NamePlace | None:
    if cursor is None:
        return None
    match decode_cursor(cursor):
        case [str(name), str(slug)]:
            return NamePlace(name, slug)
    raise InvalidCursor

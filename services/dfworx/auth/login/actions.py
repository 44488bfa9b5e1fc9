"""Signing in with email and password. Whoever fails learns nothing and waits the same: an unknown person, a wrong
password, an organization that isn't theirs and a deactivated person take the same queries and one hash."""

from __future__ import annotations

import contextlib

from dfworx.auth.identities import find_identity
from dfworx.auth.login.queries import Membership, list_memberships, update_password_hash
from dfworx.auth.login.schemas import Credentials
from dfworx.auth.passwords import Passwords
from dfworx.auth.session_store import Device, Session, SessionStore, new_session_id
from dfworx.auth.sign_in import SignIn, begin_session
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict, Unauthenticated, Unavailable


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"
    detail = "The email, the password or the organization is wrong. Check them and try again."


class OrganizationRequired(Conflict):
    code = "organization_required"
    detail = "You belong to several organizations. Log in again with the slug of one as organization."

    def __init__(self, memberships: list[Membership]) -> None:
        super().__init__(
            organizations=[
                {"name": each.organization_name, "slug": each.organization_slug} for each in memberships
            ]
        )


async def log_in(
    database: Database, passwords: Passwords, store: SessionStore, device: Device, credentials: Credentials
) -> SignIn:
    """Raises InvalidCredentials, or OrganizationRequired once the password was right."""
    email, password = credentials.email, credentials.password.get_secret_value()
    async with database.unsealed() as reader:
        identity = await find_identity(reader, email)
        memberships = await list_memberships(reader, email)
    known_hash = identity.password_hash if identity else None
    if not await passwords.verify(known_hash, password):
        raise InvalidCredentials
    membership = _choose(memberships, credentials.organization)
    session = Session(new_session_id(), membership.user_id, membership.organization_id)
    try:
        sign_in = await begin_session(database, store, session, device)
    except SessionEnded:
        raise InvalidCredentials from None
    if known_hash and passwords.is_outdated(known_hash):
        await _strengthen(database, sign_in.session.caller(), passwords, email, known_hash, password)
    return sign_in


def _choose(memberships: list[Membership], slug: str | None) -> Membership:
    open_to_them = [each for each in memberships if each.is_active]
    if slug is not None:
        open_to_them = [each for each in open_to_them if each.organization_slug == slug.strip()]
    match open_to_them:
        case []:
            raise InvalidCredentials
        case [membership]:
            return membership
    raise OrganizationRequired(open_to_them)


async def _strengthen(
    database: Database, caller: Caller, passwords: Passwords, email: str, known_hash: str, password: str
) -> None:
    """Hashes again with today's work, now that the password is at hand; next time will do if this fails."""
    with contextlib.suppress(Unavailable):
        stronger = await passwords.hash(password)
        async with database.write(caller) as writer:
            await update_password_hash(writer, email, known_hash, stronger)

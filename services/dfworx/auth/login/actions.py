"""Signing in with email and password. Whoever fails learns nothing and waits the same: an unknown person, a wrong
password, an organization that isn't theirs and a deactivated person take the same queries and one hash. Who isn't
proven to be anybody asks them as an identity that nobody has."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from uuid import uuid4

from dfworx.auth.identities import Identity, find_identity
from dfworx.auth.login.queries import Membership, list_memberships, update_password_hash
from dfworx.auth.login.schemas import Credentials
from dfworx.auth.passwords import Passwords
from dfworx.auth.session_store import Device, Session, SessionStore, new_session_id
from dfworx.auth.sign_in import InvalidCredentials, SignIn, begin_session
from dfworx.shared.caller import SessionEnded
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict, Unavailable


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
    right = await passwords.verify(email, identity.password_hash if identity else None, password)
    proven = identity if right else None
    async with database.identified(proven.identity_id if proven else uuid4()) as holding:
        set_at = proven.password_set_at if proven else datetime.now(UTC)
        memberships = await list_memberships(holding, set_at)
        # While the password can't be changed: a change that comes later ends this session by its id.
        session_id = new_session_id()
    if proven is None:
        raise InvalidCredentials
    membership = _choose(memberships, credentials.organization)
    session = Session(session_id, membership.user_id, membership.organization_id)
    try:
        sign_in = await begin_session(database, store, session, device)
    except SessionEnded:
        raise InvalidCredentials from None
    if passwords.is_outdated(proven.password_hash):
        await _strengthen(database, passwords, proven, password)
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


async def _strengthen(database: Database, passwords: Passwords, proven: Identity, password: str) -> None:
    """Hashes again with today's work and seals with today's key, now that the password is at hand; next time will do
    if this fails."""
    with contextlib.suppress(Unavailable):
        stronger = await passwords.hash(proven.email, password)
        async with database.identified(proven.identity_id) as writer:
            await update_password_hash(writer, proven.password_hash, stronger)

"""Registering an organization, and changing one. An existing identity is never touched: who registers with a known
email shows its password and gets one more organization, or is refused."""

from __future__ import annotations

from dfworx.auth.identities import find_identity
from dfworx.auth.me import Me, MyOrganization
from dfworx.auth.organizations import queries
from dfworx.auth.organizations.schemas import Organization, OrganizationUpdate, Registration
from dfworx.auth.passwords import Passwords
from dfworx.auth.session_store import Device, Session, SessionStore, new_session_id
from dfworx.auth.sign_in import SignIn
from dfworx.shared.cache import Cache
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import ConstraintBroken, Database
from dfworx.shared.errors import Conflict, NotAllowed


class EmailTaken(Conflict):
    code = "email_taken"
    detail = "This email already has an account. Use its password to add an organization, or another email."


class SlugTaken(Conflict):
    code = "slug_taken"
    detail = "Another organization has this slug. Choose a different one."


async def register_organization(
    database: Database, passwords: Passwords, store: SessionStore, device: Device, registration: Registration
) -> SignIn:
    """The first admin's sign-in. The session begins inside the transaction: with Redis away nothing is made."""
    organization, user = registration.organization, registration.user
    async with database.unsealed() as reader:
        identity = await find_identity(reader, user.email)
    password = user.password.get_secret_value()
    new_hash = None
    if identity is None:
        new_hash = await passwords.hash(password)
    elif not await passwords.verify(identity.password_hash, password):
        raise EmailTaken
    session: Session | None = None
    try:
        async with database.unsealed() as writer:
            organization_id, user_id = await queries.insert_organization(
                writer,
                name=organization.name,
                slug=organization.slug,
                person=user.name,
                email=user.email,
                password_hash=new_hash,
                identity_id=identity.identity_id if identity else None,
            )
            session = Session(new_session_id(), user_id, organization_id)
            refresh_token = await store.begin(session, device)
    except BaseException as error:
        if session is not None:
            await store.end(session)
        if isinstance(error, ConstraintBroken):
            raise (SlugTaken if error.constraint == "organizations_slug_key" else EmailTaken) from error
        raise
    me = Me(
        user_id=user_id,
        organization_id=organization_id,
        name=user.name,
        email=user.email,
        avatar_url=None,
        role="admin",
        organization=MyOrganization(
            organization_id=organization_id, name=organization.name, slug=organization.slug
        ),
    )
    return SignIn(me, session, refresh_token)


async def update_organization(
    database: Database, cache: Cache, caller: Caller, changes: OrganizationUpdate
) -> Organization:
    """Raises NotAllowed, or SlugTaken."""
    try:
        async with database.write(caller) as writer:
            organization = await queries.update_organization(
                writer, caller.organization_id, changes.name, changes.slug
            )
    except ConstraintBroken as error:
        raise SlugTaken from error
    if organization is None:
        raise NotAllowed("Only admins change the organization.")
    await cache.bump(caller.organization_id, DATASETS["public.organizations"])
    return organization

"""Registering an organization, changing one, and going on to another. An existing identity is never touched: who
registers with a known email shows its password and gets one more organization, or is refused."""

from __future__ import annotations

from dfworx.auth.identities import find_identity
from dfworx.auth.me import Me, MyOrganization, find_me
from dfworx.auth.organizations import queries
from dfworx.auth.organizations.schemas import Organization, OrganizationUpdate, Registration
from dfworx.auth.passwords import Passwords
from dfworx.auth.revocations import end_session
from dfworx.auth.session_store import Device, Session, SessionStore, new_session_id
from dfworx.auth.sign_in import SignIn, begin_session
from dfworx.shared.cache import Cache
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import ConstraintBroken, Database
from dfworx.shared.errors import Conflict, NotAllowed, NotFound


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
        new_hash = await passwords.hash(user.email, password)
    elif not await passwords.verify(identity.email, identity.password_hash, password):
        raise EmailTaken
    session: Session | None = None
    try:
        async with database.identified(identity.identity_id) if identity else database.unsealed() as writer:
            made = await queries.insert_organization(
                writer,
                name=organization.name,
                slug=organization.slug,
                person=user.name,
                email=user.email,
                new_hash=new_hash,
                password_set_at=identity.password_set_at if identity else None,
            )
            if made is None:
                raise EmailTaken
            organization_id, user_id = made
            session = Session(new_session_id(), user_id, organization_id)
            refresh_token = await store.begin(session, device, "admin")
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


async def switch_organization(
    database: Database, store: SessionStore, device: Device, caller: Caller, slug: str, *, end_current: bool
) -> SignIn:
    """A session in another organization of the caller's identity, which this session proves. Raises NotFound for one
    that isn't theirs or where they were deactivated. With `end_current` the caller's session ends once the new one
    has begun."""
    async with database.write(caller) as writer:
        membership = await queries.find_own_membership(writer, slug)
        # Asked of PostgreSQL and after the lock: a session that a new password has ended begins no other.
        if await find_me(writer, caller) is None:
            raise SessionEnded
        if membership is None:
            raise NotFound
        organization_id, user_id = membership
        session = Session(new_session_id(), user_id, organization_id)
    try:
        sign_in = await begin_session(database, store, session, device)
    except SessionEnded:
        raise NotFound from None
    if end_current:
        try:
            await end_session(database, store, caller, caller.session_id)
        except BaseException:
            await store.end(session)
            raise
    return sign_in


async def update_organization(
    database: Database, cache: Cache, caller: Caller, changes: OrganizationUpdate
) -> Organization:
    """Raises NotAllowed, or SlugTaken."""
    try:
        async with database.write(caller) as writer:
            organization = await queries.update_organization(
                writer, caller.organization_id, changes.name, changes.slug
            )
            if organization is None:
                raise NotAllowed("Only admins change the organization.")
            writer.after_commit(cache.bump, caller.organization_id, DATASETS["public.organizations"])
            return organization
    except ConstraintBroken as error:
        raise SlugTaken from error

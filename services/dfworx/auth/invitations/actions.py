"""Inviting somebody, and joining an organization. A token is 32 random bytes, of which only the SHA-256 is kept. An
existing identity is never touched: it joins by its password or by a session of its own, and everybody else makes a
new one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from dfworx.auth.identities import find_identity, find_shortest_password
from dfworx.auth.invitations import queries
from dfworx.auth.invitations.queries import Membership
from dfworx.auth.invitations.schemas import (
    InvitationCreate,
    NewInvitation,
    ReceivedInvitation,
)
from dfworx.auth.me import find_me
from dfworx.auth.passwords import Passwords
from dfworx.auth.session_store import Device, Session, SessionStore, new_session_id
from dfworx.auth.sign_in import InvalidCredentials, SignIn
from dfworx.shared.cache import Cache
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.datasets import DATASETS
from dfworx.shared.db import ConstraintBroken, Database, Writer
from dfworx.shared.errors import Conflict, Invalid, NotAllowed, NotFound


class InvitationNotFound(NotFound):
    detail = "This invitation isn't there, or is no more: it was accepted or withdrawn, or it has expired."


class AlreadyMember(Conflict):
    code = "already_member"
    detail = "This person is in the organization already."


class MemberDeactivated(Conflict):
    code = "member_deactivated"
    detail = "This person was deactivated in the organization. Reactivate them in place of an invitation."


class JoiningClosed(Conflict):
    code = "joining_closed"
    detail = "Nobody can join this organization now: its admins have closed it."


class DomainNotAllowed(Conflict):
    code = "domain_not_allowed"
    detail = "Email addresses of this domain can't join this organization: its admins have said which may."


class AccountExists(Conflict):
    code = "email_taken"
    detail = "This email has an account by now. Accept with its password."


class OtherEmail(NotAllowed):
    code = "other_email"
    detail = "This invitation is for another email. Sign in with that one, or send its password."


_REFUSED: dict[str, type[Conflict]] = {
    "identities_email_key": AccountExists,
    "invitations_deactivated": MemberDeactivated,
    "joining_closed": JoiningClosed,
    "joining_domain": DomainNotAllowed,
}
"""By the constraint that the database named; any other is that the person is in the organization."""


async def create_invitation(
    database: Database, caller: Caller, origin: str, wanted: InvitationCreate
) -> NewInvitation:
    """With a link for the admin; the worker mails another one. Raises NotAllowed, AlreadyMember, MemberDeactivated,
    JoiningClosed, or DomainNotAllowed."""
    token = secrets.token_urlsafe(32)
    try:
        async with database.write(caller) as writer:
            row = await queries.insert_invitation(writer, wanted.email, wanted.role, hash_token(token))
    except ConstraintBroken as error:
        raise _REFUSED.get(error.constraint, AlreadyMember) from error
    return NewInvitation(
        invitation_id=row.invitation_id,
        email=wanted.email,
        role=wanted.role,
        created_at=row.created_at,
        expires_at=row.expires_at,
        token=token,
        link=f"{origin}/invitations/{token}",
    )


async def withdraw_invitation(database: Database, caller: Caller, invitation_id: UUID) -> None:
    async with database.write(caller) as writer:
        if not await queries.delete_invitation(writer, invitation_id):
            raise InvitationNotFound


async def get_invitation(database: Database, token: str) -> ReceivedInvitation:
    async with database.unsealed() as reader:
        invitation = await queries.find_invitation(reader, hash_token(token))
    if invitation is None:
        raise InvitationNotFound
    return invitation


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


# Accepting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entrance:
    """What accepting needs of the service."""

    database: Database
    passwords: Passwords
    store: SessionStore
    cache: Cache
    device: Device


async def accept_signed_in(
    entrance: Entrance, token: str, invitation: ReceivedInvitation, caller: Caller, name: str | None
) -> SignIn:
    """By somebody who is signed in, to whichever organization. Raises OtherEmail, SessionEnded, and what `_join`
    does."""

    async def join(writer: Writer) -> Membership | None:
        membership = await queries.accept_invitation(
            writer, hash_token(token), name=name, new_hash=None, password_set_at=None
        )
        # Asked of PostgreSQL and after the lock: a session that a new password has ended opens no other.
        if await find_me(writer, caller) is None:
            raise SessionEnded
        return membership

    try:
        return await _join(entrance, invitation, entrance.database.write(caller), join)
    except NotAllowed as error:
        raise OtherEmail from error


async def accept_by_password(
    entrance: Entrance, token: str, invitation: ReceivedInvitation, password: str, name: str | None
) -> SignIn:
    """By a known person with their password. Raises InvalidCredentials, and what `_join` does."""
    database, passwords = entrance.database, entrance.passwords
    async with database.unsealed() as reader:
        identity = await find_identity(reader, invitation.email)
    known_hash = identity.password_hash if identity else None
    if not await passwords.verify(invitation.email, known_hash, password) or identity is None:
        raise _wrong_password()
    password_set_at = identity.password_set_at

    async def join(writer: Writer) -> Membership | None:
        return await queries.accept_invitation(
            writer, hash_token(token), name=name, new_hash=None, password_set_at=password_set_at
        )

    try:
        return await _join(entrance, invitation, database.identified(identity.identity_id), join)
    except NotAllowed as error:
        raise _wrong_password() from error


async def accept_as_new_person(
    entrance: Entrance, token: str, invitation: ReceivedInvitation, password: str | None, name: str | None
) -> SignIn:
    """Raises Invalid for what must be chosen better, and what `_join` does."""
    if name is None:
        raise _refused("name", "Write your name; this email has no account yet.")
    async with entrance.database.unsealed() as reader:
        shortest = await find_shortest_password(reader, hash_token(token))
    if password is None or len(password) < shortest:
        raise _refused("password", f"Choose a password of at least {shortest} characters.")
    new_hash = await entrance.passwords.hash(invitation.email, password)

    async def join(writer: Writer) -> Membership | None:
        return await queries.accept_invitation(
            writer, hash_token(token), name=name, new_hash=new_hash, password_set_at=None
        )

    return await _join(entrance, invitation, entrance.database.unsealed(), join)


async def _join(
    entrance: Entrance,
    invitation: ReceivedInvitation,
    transaction: AbstractAsyncContextManager[Writer],
    join: Callable[[Writer], Awaitable[Membership | None]],
) -> SignIn:
    """Raises InvitationNotFound, AlreadyMember, AccountExists, JoiningClosed, or DomainNotAllowed. The session begins
    inside the transaction: with Redis away nobody joins, and the invitation can still be accepted."""
    store = entrance.store
    session: Session | None = None
    try:
        async with transaction as writer:
            membership = await join(writer)
            if membership is None:
                raise InvitationNotFound
            session = Session(new_session_id(), membership.user_id, membership.organization_id)
            writer.after_commit(entrance.cache.bump, session.organization_id, DATASETS["public.users"])
            refresh_token = await store.begin(session, entrance.device, invitation.role)
        async with entrance.database.read(session.caller()) as reader:
            me = await find_me(reader, session.caller())
        if me is None:
            raise SessionEnded
    except BaseException as error:
        if session is not None:
            await store.end(session)
        if isinstance(error, ConstraintBroken):
            raise _REFUSED.get(error.constraint, AlreadyMember) from error
        raise
    return SignIn(me, session, refresh_token)


def _wrong_password() -> InvalidCredentials:
    return InvalidCredentials("The password is wrong. Check it and try again.")


def _refused(field: str, sentence: str) -> Invalid:
    """As the validation of a body refuses: which field it is depends on whether the email has an account."""
    told = f"Some of what was sent can't be used. {field}: {sentence}"
    return Invalid(told, errors=[{"field": field, "detail": sentence}])

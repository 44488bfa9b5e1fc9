"""Changing one's own password. It is one for all organizations of the identity, so all sessions in all of them end,
by which whoever knew the old password is out; then this device gets a new one. What PostgreSQL must know is
committed before Redis forgets: should Redis be away by then, the change holds, the ends are owed, and the person
signs in again.

Who has forgotten it gets a mail with a token, which the worker makes: this service never has one that its owner
hasn't brought. A reset proves the identity as its password would, and signs nobody in."""

from __future__ import annotations

from uuid import UUID

from dfworx.auth.identities import find_own_identity, find_shortest_password
from dfworx.auth.limits import Limits
from dfworx.auth.password import queries
from dfworx.auth.password.schemas import PasswordChange
from dfworx.auth.passwords import Passwords
from dfworx.auth.session_store import Device, Session, SessionStore, new_session_id
from dfworx.auth.sign_in import InvalidCredentials, SignIn, begin_session
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Invalid, NotFound, Unavailable
from dfworx.shared.sessions import session_began


class PasswordTooShort(Invalid):
    code = "password_too_short"


class ResetNotFound(NotFound):
    code = "password_reset_not_found"
    detail = "This link can't be used: it was used before, or an hour has passed. Ask for another one."


async def request_reset(database: Database, email: str) -> None:
    async with database.unsealed() as writer:
        await queries.insert_reset(writer, email)


async def reset_password(
    database: Database, passwords: Passwords, store: SessionStore, token: str, password: str
) -> None:
    """Ends all sessions of the identity in all its organizations. Raises ResetNotFound, or PasswordTooShort."""
    async with database.unsealed() as reader:
        identity = await queries.find_reset(reader, token)
    if identity is None:
        raise ResetNotFound
    async with database.identified(identity.identity_id) as reader:
        _require_length(password, await find_shortest_password(reader))
    new_hash = await passwords.hash(identity.email, password)
    async with database.identified(identity.identity_id) as writer:
        if not await queries.reset_password(writer, token, new_hash):
            raise ResetNotFound
        # After the lock that reset_password takes, as in change_password.
        until = new_session_id()
        user_ids = await queries.end_sessions(writer, session_began(until))
        writer.after_commit(_end_everywhere, store, user_ids, until)


async def change_password(
    database: Database,
    passwords: Passwords,
    store: SessionStore,
    limits: Limits,
    device: Device,
    caller: Caller,
    change: PasswordChange,
) -> SignIn:
    """Raises InvalidCredentials, TooMany, PasswordTooShort, or Unavailable, whose words say whether the password was
    changed."""
    async with database.read(caller) as reader:
        identity = await find_own_identity(reader)
        shortest = await find_shortest_password(reader)
    if identity is None:
        raise SessionEnded
    # Guessing it here is guessing it at login, and so counted as that. Without Redis this is as far as it goes.
    await limits.count_password(device.address, identity.email)
    current = change.current_password.get_secret_value()
    if not await passwords.verify(identity.email, identity.password_hash, current):
        raise _wrong()
    _require_length(change.new_password.get_secret_value(), shortest)
    new_hash = await passwords.hash(identity.email, change.new_password.get_secret_value())
    async with database.identified(identity.identity_id) as writer:
        if not await queries.update_password(writer, identity.password_set_at, new_hash):
            raise _wrong()
        # After the lock that update_password takes: sessions begun by the old password have ids made before it.
        until = new_session_id()
        user_ids = await queries.end_sessions(writer, session_began(until))
        writer.after_commit(_end_everywhere, store, user_ids, until)
    session = Session(new_session_id(after=until), caller.user_id, caller.organization_id)
    try:
        return await begin_session(database, store, session, device)
    except Unavailable as error:
        raise Unavailable(
            "Your password was changed and you were signed out everywhere. Sign in with the new one in a moment."
        ) from error


async def _end_everywhere(store: SessionStore, user_ids: list[UUID], until: UUID) -> None:
    for user_id in user_ids:
        await store.end_all(user_id, until)


def _require_length(password: str, shortest: int) -> None:
    """By the strictest of the identity's organizations: the password is one for all. Raises PasswordTooShort."""
    if len(password) < shortest:
        raise PasswordTooShort(
            f"Choose a password of at least {shortest} characters: an organization of yours asks for that."
        )


def _wrong() -> InvalidCredentials:
    return InvalidCredentials("The current password is wrong. Check it and try again.")

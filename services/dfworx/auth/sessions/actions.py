"""Refreshing, listing and ending one's own sessions."""

from __future__ import annotations

import logging
from uuid import UUID

from dfworx.auth.me import find_me
from dfworx.auth.revocations import end_session, note_end, note_end_of_all
from dfworx.auth.session_store import Device, RefreshTokenReused, SessionStore, new_session_id
from dfworx.auth.sessions.queries import update_sessions_valid_after
from dfworx.auth.sign_in import SignIn
from dfworx.shared.caller import SessionEnded
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound, Unavailable
from dfworx.shared.sessions import session_began

logger = logging.getLogger("dfworx.auth")


async def refresh_session(
    database: Database, store: SessionStore, device: Device, refresh_token: str
) -> SignIn:
    """The session with its next token and the person as they are now. Raises InvalidRefreshToken,
    RefreshTokenReused, SessionEnded, or Unavailable before anything has changed."""
    try:
        session, role_seen = await store.find(refresh_token)
        # The person before the rotation: with the database away the token that the client has stays good.
        async with database.read(session.caller()) as reader:
            me = await find_me(reader, session.caller())
        if me is None:
            await store.end(session)
            raise SessionEnded
        rotated = await store.rotate(session, refresh_token, device, role_seen=role_seen, role=me.role)
        return SignIn(me, session, rotated)
    except RefreshTokenReused as reused:
        logger.warning("A refresh token was used twice; session %s was ended.", reused.session.session_id)
        try:
            async with database.write(reused.session.caller()) as writer:
                await note_end(writer, reused.session)
        except Unavailable:
            # Redis has forgotten the session already, which is what every request asks.
            logger.warning("Ending session %s could not be noted.", reused.session.session_id)
        raise


async def end_own_session(database: Database, store: SessionStore, caller: Caller, session_id: UUID) -> None:
    """Raises NotFound for a session that isn't the caller's. With Redis away nobody can tell: the end is noted and
    owed all the same, and comes to nothing unless the session is theirs."""
    try:
        is_theirs = await store.owns(caller.user_id, session_id)
    except Unavailable:
        is_theirs = True
    if not is_theirs:
        raise NotFound
    await end_session(database, store, caller, session_id)


async def end_all_sessions(database: Database, store: SessionStore, caller: Caller) -> None:
    """All sessions of the person in this organization that have begun by now, this one included."""
    until = new_session_id()
    moment = session_began(until)
    async with database.write(caller) as writer:
        await update_sessions_valid_after(writer, caller.organization_id, caller.user_id, moment)
        await note_end_of_all(writer, caller.organization_id, caller.user_id, moment)
    await store.end_all(caller.user_id, until)

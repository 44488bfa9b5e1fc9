"""Refreshing and ending sessions. Each end is noted in the outbox, so that those who can't see Redis hear of it;
what PostgreSQL must know is committed before Redis forgets, so nothing that was answered comes undone."""

from __future__ import annotations

import logging

from dfworx.auth.me import find_me
from dfworx.auth.session_store import (
    Device,
    RefreshTokenReused,
    Session,
    SessionStore,
    new_session_id,
)
from dfworx.auth.sessions.queries import update_sessions_valid_after
from dfworx.auth.sign_in import SignIn
from dfworx.shared.caller import SessionEnded, session_began
from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Writer
from dfworx.shared.errors import Unavailable
from dfworx.shared.outbox import note

logger = logging.getLogger("dfworx.auth")


async def refresh_session(
    database: Database, store: SessionStore, device: Device, refresh_token: str
) -> SignIn:
    """The session with its next token and the person as they are now. Raises InvalidRefreshToken,
    RefreshTokenReused, SessionEnded, or Unavailable before anything has changed."""
    try:
        session = await store.find(refresh_token)
        # The person before the rotation: with the database away the token that the client has stays good.
        async with database.read(session.caller()) as reader:
            me = await find_me(reader, session.caller())
        if me is None:
            await store.end(session)
            raise SessionEnded
        return SignIn(me, session, await store.rotate(session, refresh_token, device))
    except RefreshTokenReused as reused:
        logger.warning("A refresh token was used twice; session %s was ended.", reused.session.session_id)
        try:
            async with database.write(reused.session.caller()) as writer:
                await _note_revoked(writer, reused.session)
        except Unavailable:
            # Redis has forgotten the session already, which is what every request asks.
            logger.warning("Ending session %s could not be noted.", reused.session.session_id)
        raise


async def end_session(database: Database, store: SessionStore, caller: Caller) -> None:
    session = Session(caller.session_id, caller.user_id, caller.organization_id)
    async with database.write(caller) as writer:
        await _note_revoked(writer, session)
    await store.end(session)


async def end_all_sessions(database: Database, store: SessionStore, caller: Caller) -> None:
    """All sessions of the person in this organization that have begun by now, this one included."""
    until = new_session_id()
    moment = session_began(until)
    async with database.write(caller) as writer:
        await update_sessions_valid_after(writer, caller.organization_id, caller.user_id, moment)
        await note(
            writer,
            caller.organization_id,
            "sessions.revoked",
            caller.user_id,
            {"session_id": None, "user_id": str(caller.user_id), "valid_after": moment.isoformat()},
        )
    await store.end_all(caller.user_id, until)


async def _note_revoked(writer: Writer, session: Session) -> None:
    await note(
        writer,
        session.organization_id,
        "sessions.revoked",
        session.session_id,
        {"session_id": str(session.session_id), "user_id": str(session.user_id)},
    )

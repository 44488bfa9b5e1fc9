"""Ending sessions, for every slice that does. What PostgreSQL must know is committed before Redis forgets, so nothing
that was answered comes undone, and each end is noted in the outbox, so that those who can't see Redis hear of it.
A note names the session and the person: whoever acts on it ends that session only if it is that person's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.auth.session_store import Session, SessionStore
from dfworx.shared.context import Caller
from dfworx.shared.db import Database, Writer
from dfworx.shared.outbox import note

TOPIC = "sessions.revoked"


async def end_session(database: Database, store: SessionStore, caller: Caller, session_id: UUID) -> None:
    """One session of the caller's."""
    session = Session(session_id, caller.user_id, caller.organization_id)
    async with database.write(caller) as writer:
        await note_end(writer, session)
    await store.end(session)


async def note_end(writer: Writer, session: Session) -> None:
    payload = {"session_id": str(session.session_id), "user_id": str(session.user_id)}
    await note(writer, session.organization_id, TOPIC, session.session_id, payload)


async def note_end_of_all(writer: Writer, organization_id: UUID, user_id: UUID, moment: datetime) -> None:
    """All sessions of the person that began at `moment` or before."""
    payload = {"session_id": None, "user_id": str(user_id), "valid_after": moment.isoformat()}
    await note(writer, organization_id, TOPIC, user_id, payload)

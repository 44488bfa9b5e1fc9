"""Deciding on what was flagged. What is to be removed is removed where it lives, by the web service or Convex, which
let admins do so; a decision says that it was done, and is refused while it isn't."""

from __future__ import annotations

from dfworx.admin.flags import queries
from dfworx.admin.flags.schemas import Decision, DecisionCreate, Kind
from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import Conflict, NotFound


class NothingOpen(Conflict):
    code = "nothing_open"
    detail = "Somebody has just decided on this, and nobody has flagged it since."


class NotRemoved(Conflict):
    code = "not_removed"
    detail = "It can still be read. Archive or delete it first, then say that it was removed."


async def create_decision(
    database: Database, caller: Caller, kind: Kind, entity_id: str, wanted: DecisionCreate
) -> Decision:
    """Raises NotFound for what nobody has flagged, NothingOpen, or NotRemoved."""
    async with database.write(caller) as writer:
        thing = await queries.find_thing(writer, caller.organization_id, kind, entity_id)
        if thing is None:
            raise NotFound
        if not thing.open_count:
            raise NothingOpen
        if wanted.decision == "removed" and not await queries.is_removed(writer, kind, entity_id):
            raise NotRemoved
        await queries.insert_decision(
            writer,
            caller.organization_id,
            kind,
            entity_id,
            wanted.decision,
            wanted.reason.strip(),
            caller.user_id,
        )
        return (await queries.list_decisions(writer, caller.organization_id, about=(kind, entity_id)))[0]

"""Flags in SQL. What is flagged is looked up by the trigger of migration 030, under the caller's own policies."""

from __future__ import annotations

from dfworx.shared.context import Caller
from dfworx.shared.db import Writer
from dfworx.web.flags.schemas import Flag, FlagCreate


async def insert_flag(writer: Writer, caller: Caller, flag: FlagCreate) -> Flag:
    """In place of the caller's flag of before on the same thing. Raises ConstraintBroken `flags_seen` for what they
    don't see."""
    row = await writer.fetchrow(
        """
        insert into app_web.flags as f (organization_id, user_id, kind, entity_id, thread_id, reason, note)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (organization_id, user_id, kind, entity_id)
        do update set reason = excluded.reason, note = excluded.note, created_at = now()
        returning f.flag_id, f.kind, f.entity_id as id, f.reason, f.note, f.created_at
        """,
        *(caller.organization_id, caller.user_id, flag.kind, flag.entity_id, flag.thread_id),
        *(flag.reason, flag.note.strip()),
    )
    assert row is not None
    return Flag(**row)

"""Flagging something that the caller sees."""

from __future__ import annotations

from dfworx.shared.context import Caller
from dfworx.shared.db import ConstraintBroken, Database
from dfworx.shared.errors import NotFound
from dfworx.web.flags import queries
from dfworx.web.flags.schemas import Flag, FlagCreate


async def create_flag(database: Database, caller: Caller, flag: FlagCreate) -> Flag:
    """Raises NotFound for what isn't there or isn't shared with them."""
    try:
        async with database.write(caller) as writer:
            return await queries.insert_flag(writer, caller, flag)
    except ConstraintBroken as error:
        raise NotFound from error

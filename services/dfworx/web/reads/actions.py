"""Reading: each action is one transaction under the caller's policies, and tidies up after them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from dfworx.shared.errors import NotFound
from dfworx.web.reads import queries


async def read_post(database: Database, caller: Caller, post_id: UUID) -> None:
    async with database.write(caller) as writer:
        if not await queries.upsert_read(writer, caller, post_id):
            raise NotFound
        await queries.delete_needless_reads(writer, caller)


async def read_all(database: Database, caller: Caller, until: datetime) -> None:
    async with database.write(caller) as writer:
        await queries.upsert_mark(writer, caller, until)
        await queries.delete_needless_reads(writer, caller)

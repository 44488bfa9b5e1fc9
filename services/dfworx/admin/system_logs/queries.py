"""System logs in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from dfworx.admin.system_logs.schemas import Level, LogGroup, SystemLog
from dfworx.shared.db import Reader

_COLUMNS = "system_log_id, created_at, service, level, message, context, fingerprint"


@dataclass(frozen=True, slots=True)
class Filter:
    level: Level | None = None
    service: str | None = None
    words: str | None = None
    fingerprint: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """What was written at that moment is none of it any more."""

    @property
    def arguments(self) -> tuple[Any, ...]:
        return self.level, self.service, self.words, self.fingerprint, self.since, self.until


_CHOSEN = """
    organization_id = $1
    and ($2::text is null or level = $2) and ($3::text is null or service = $3)
    and ($4::text is null or strpos(lower(message), lower($4)) > 0)
    and ($5::text is null or fingerprint = $5)
    and ($6::timestamptz is null or created_at >= $6) and ($7::timestamptz is null or created_at < $7)
"""


async def list_system_logs(
    reader: Reader, organization_id: UUID, chosen: Filter, *, before: int | None, limit: int
) -> list[SystemLog]:
    """The newest first."""
    rows = await reader.fetch(
        f"""
        select {_COLUMNS} from app_admin.system_logs
         where {_CHOSEN} and ($8::bigint is null or system_log_id < $8)
         order by system_log_id desc limit $9
        """,  # noqa: S608 - columns and conditions are named above
        *(organization_id, *chosen.arguments, before, limit),
    )
    return [_log(row) for row in rows]


async def list_later(
    reader: Reader, organization_id: UUID, chosen: Filter, *, after: int, limit: int
) -> list[SystemLog]:
    """The oldest first. What was written within the last half second comes the next time: by then no row of a lower
    number can appear any more, and so none is passed over."""
    rows = await reader.fetch(
        f"""
        select {_COLUMNS} from app_admin.system_logs
         where {_CHOSEN} and system_log_id > $8 and created_at < now() - interval '500 milliseconds'
         order by system_log_id limit $9
        """,  # noqa: S608 - columns and conditions are named above
        *(organization_id, *chosen.arguments, after, limit),
    )
    return [_log(row) for row in rows]


async def find_last(reader: Reader, organization_id: UUID) -> int:
    """After which what comes is new; 0 when there is none."""
    last: int | None = await reader.fetchval(
        """
        select max(system_log_id) from app_admin.system_logs
         where organization_id = $1 and created_at < now() - interval '500 milliseconds'
        """,
        organization_id,
    )
    return last or 0


async def list_groups(
    reader: Reader, organization_id: UUID, chosen: Filter, *, skip: int, limit: int
) -> list[LogGroup]:
    """What was told last comes first."""
    rows = await reader.fetch(
        f"""
        select fingerprint, min(service) as service, min(level) as level, count(*) as count,
               (array_agg(message order by system_log_id desc))[1] as message,
               min(created_at) as first_at, max(created_at) as last_at
          from app_admin.system_logs
         where {_CHOSEN}
         group by fingerprint
         order by max(system_log_id) desc offset $8 limit $9
        """,  # noqa: S608 - conditions are named above
        *(organization_id, *chosen.arguments, skip, limit),
    )
    return [LogGroup(**row) for row in rows]


def _log(row: asyncpg.Record) -> SystemLog:
    return SystemLog(**row)

"""The audit log in SQL, the newest first. The page is cut before people are joined to it: two policies under one join
make a bad plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from dfworx.admin.audit_logs.schemas import Action, AuditLog, AuditLogDetail, Change
from dfworx.admin.people import person_of
from dfworx.shared.db import Reader

_HIDDEN = ["...", "..."]
"""What the trigger writes in place of values that are too long or secret."""


@dataclass(frozen=True, slots=True)
class Filter:
    actor: UUID | None = None
    action: Action | None = None
    entity: str | None = None
    entity_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    """What happened at that moment is none of it any more."""


async def list_audit_logs(
    reader: Reader, organization_id: UUID, chosen: Filter, *, before: int | None, limit: int
) -> list[AuditLog]:
    return [_entry(row) for row in await _list(reader, organization_id, chosen, before, limit)]


async def list_audit_rows(
    reader: Reader, organization_id: UUID, chosen: Filter, *, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """As an export has them, with all that changed."""
    return [
        {
            "audit_log_id": row["audit_log_id"],
            "created_at": row["created_at"].isoformat(),
            "actor_id": row["actor_id"] and str(row["actor_id"]),
            "actor_name": row["name"],
            "service": row["service"],
            "action": row["action"],
            "entity": row["entity"],
            "entity_id": row["entity_id"] and str(row["entity_id"]),
            "changes": row["changes"],
        }
        for row in await _list(reader, organization_id, chosen, before, limit)
    ]


async def find_audit_log(reader: Reader, organization_id: UUID, audit_log_id: int) -> AuditLogDetail | None:
    row = await reader.fetchrow(
        """
        select a.*, l.position, l.hash,
               (select u.name from public.users u
                 where u.organization_id = a.organization_id and u.user_id = a.actor_id) as name,
               (select u.avatar_url from public.users u
                 where u.organization_id = a.organization_id and u.user_id = a.actor_id) as avatar_url
          from public.audit_logs a
          left join public.audit_links l
            on l.organization_id = a.organization_id and l.audit_log_id = a.audit_log_id
         where a.organization_id = $1 and a.audit_log_id = $2
        """,
        *(organization_id, audit_log_id),
    )
    if row is None:
        return None
    changes = [
        Change(field=field, before=None, after=None, is_told=False)
        if pair == _HIDDEN
        else Change(field=field, before=pair[0], after=pair[1], is_told=True)
        for field, pair in sorted(row["changes"].items())
    ]
    position, link = row["position"] or 0, row["hash"] or b""
    return AuditLogDetail(**_entry(row).model_dump(), changes=changes, position=position, hash=link.hex())


async def _list(
    reader: Reader, organization_id: UUID, chosen: Filter, before: int | None, limit: int
) -> Sequence[asyncpg.Record]:
    return await reader.fetch(
        """
        select page.*, u.name, u.avatar_url
          from (select a.* from public.audit_logs a
                 where a.organization_id = $1
                   and ($2::bigint is null or a.audit_log_id < $2)
                   and ($3::uuid is null or a.actor_id = $3)
                   and ($4::text is null or a.action = $4)
                   and ($5::text is null or a.entity = $5)
                   and ($6::uuid is null or a.entity_id = $6)
                   and ($7::timestamptz is null or a.created_at >= $7)
                   and ($8::timestamptz is null or a.created_at < $8)
                 order by a.audit_log_id desc limit $9) as page
          left join public.users u on u.organization_id = page.organization_id and u.user_id = page.actor_id
         order by page.audit_log_id desc
        """,
        *(organization_id, before, chosen.actor, chosen.action, chosen.entity, chosen.entity_id),
        *(chosen.since, chosen.until, limit),
    )


def _entry(row: asyncpg.Record) -> AuditLog:
    return AuditLog(
        audit_log_id=row["audit_log_id"],
        created_at=row["created_at"],
        actor_id=row["actor_id"],
        actor=person_of(row["actor_id"], row["name"], row["avatar_url"]),
        service=row["service"],
        action=row["action"],
        entity=row["entity"],
        entity_id=row["entity_id"],
        fields=sorted(row["changes"]),
    )

"""Flags and decisions in SQL. A flag is open while no decision on its thing is later."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg

from dfworx.admin.flags.schemas import (
    Decision,
    DecisionKind,
    Flag,
    FlaggedThing,
    Kind,
    Status,
)
from dfworx.admin.people import person_of
from dfworx.shared.db import Reader, Writer
from dfworx.shared.pages import Place

_THINGS = """
    select page.*, u.name, u.avatar_url
      from (
        select f.kind, f.entity_id,
               (array_agg(f.post_id order by f.created_at desc))[1] as post_id,
               (array_agg(f.thread_id order by f.created_at desc))[1] as thread_id,
               (array_agg(f.author_id order by f.created_at desc))[1] as author_id,
               (array_agg(f.excerpt order by f.created_at desc))[1] as excerpt,
               count(*) filter (where f.created_at > coalesce(decided.at, '-infinity')) as open_count,
               array_agg(f.reason) as reasons, min(f.created_at) as first_at, max(f.created_at) as last_at
          from app_web.flags f
          left join lateral (
            select max(d.created_at) as at from app_admin.decisions d
             where d.organization_id = f.organization_id and d.kind = f.kind and d.entity_id = f.entity_id
          ) as decided on true
         where f.organization_id = $1 and ($2::text is null or f.kind = $2) and ($3::text is null or f.entity_id = $3)
         group by f.kind, f.entity_id
        having $4::text is null
            or ($4 = 'open') = (count(*) filter (where f.created_at > coalesce(decided.at, '-infinity')) > 0)
         order by min(f.created_at), f.kind, f.entity_id offset $5 limit $6) as page
      left join public.users u on u.organization_id = $1 and u.user_id = page.author_id
     order by page.first_at, page.kind, page.entity_id
"""


async def list_things(
    reader: Reader, organization_id: UUID, *, kind: Kind | None, status: Status, skip: int, limit: int
) -> list[FlaggedThing]:
    """What has waited longest comes first."""
    rows = await reader.fetch(_THINGS, organization_id, kind, None, status, skip, limit)
    return [_thing(row) for row in rows]


async def find_thing(
    reader: Reader, organization_id: UUID, kind: Kind, entity_id: str
) -> FlaggedThing | None:
    rows = await reader.fetch(_THINGS, organization_id, kind, entity_id, None, 0, 1)
    return _thing(rows[0]) if rows else None


async def list_flags(reader: Reader, organization_id: UUID, kind: Kind, entity_id: str) -> list[Flag]:
    rows = await reader.fetch(
        """
        select f.*, u.name, u.avatar_url,
               not exists (select from app_admin.decisions d
                            where d.organization_id = f.organization_id and d.kind = f.kind
                              and d.entity_id = f.entity_id and d.created_at >= f.created_at) as is_open
          from (select * from app_web.flags
                 where organization_id = $1 and kind = $2 and entity_id = $3
                 order by created_at desc limit 100) as f
          left join public.users u on u.organization_id = f.organization_id and u.user_id = f.user_id
         order by f.created_at desc
        """,
        *(organization_id, kind, entity_id),
    )
    return [
        Flag(
            flag_id=row["flag_id"],
            flagged_by=person_of(row["user_id"], row["name"], row["avatar_url"]),
            reason=row["reason"],
            note=row["note"],
            excerpt=row["excerpt"],
            created_at=row["created_at"],
            is_open=row["is_open"],
        )
        for row in rows
    ]


async def list_decisions(
    reader: Reader,
    organization_id: UUID,
    *,
    about: tuple[Kind, str] | None = None,
    decision: DecisionKind | None = None,
    after: Place | None = None,
    limit: int = 100,
) -> list[Decision]:
    """The newest first."""
    rows = await reader.fetch(
        """
        select page.*, u.name, u.avatar_url
          from (select * from app_admin.decisions d
                 where d.organization_id = $1
                   and ($2::text is null or d.kind = $2) and ($3::text is null or d.entity_id = $3)
                   and ($4::text is null or d.decision = $4)
                   and ($5::timestamptz is null or (d.created_at, d.decision_id) < ($5, $6))
                 order by d.created_at desc, d.decision_id desc limit $7) as page
          left join public.users u on u.organization_id = page.organization_id and u.user_id = page.decided_by
         order by page.created_at desc, page.decision_id desc
        """,
        *(organization_id, *(about or (None, None)), decision, *(after or (None, None)), limit),
    )
    return [_decision(row) for row in rows]


async def insert_decision(
    writer: Writer,
    organization_id: UUID,
    kind: Kind,
    entity_id: str,
    decision: DecisionKind,
    reason: str,
    by: UUID,
) -> UUID:
    decision_id: UUID = await writer.fetchval(
        """
        insert into app_admin.decisions (organization_id, kind, entity_id, decision, reason, decided_by)
        values ($1, $2, $3, $4, $5, $6) returning decision_id
        """,
        *(organization_id, kind, entity_id, decision, reason, by),
    )
    return decision_id


async def is_removed(reader: Reader, kind: Kind, entity_id: str) -> bool:
    """Whether members see it no more; always true of a message, of which Convex knows."""
    removed: bool = await reader.fetchval("select app_web.is_removed($1, $2)", kind, entity_id)
    return removed


def _thing(row: asyncpg.Record) -> FlaggedThing:
    values: dict[str, Any] = {name: row[name] for name in FlaggedThing.model_fields if name in row}
    values["author"] = person_of(row["author_id"], row["name"], row["avatar_url"])
    values["reasons"] = dict(Counter(row["reasons"]))
    return FlaggedThing(**values)


def _decision(row: asyncpg.Record) -> Decision:
    values: dict[str, Any] = {name: row[name] for name in Decision.model_fields}
    values["decided_by"] = person_of(row["decided_by"], row["name"], row["avatar_url"])
    return Decision(**values)

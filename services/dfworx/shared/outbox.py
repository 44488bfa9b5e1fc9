"""What has happened, written in the transaction that made it happen, for whoever must hear of it outside
PostgreSQL. The only way from here to Convex and to mail: a side effect leaves on commit, never before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dfworx.shared.db import Writer


async def note(
    writer: Writer, organization_id: UUID, topic: str, entity_id: UUID, payload: dict[str, Any]
) -> None:
    """`topic` is `things.happened`, such as `sessions.revoked`; delivery is in order per `entity_id`."""
    await writer.execute(
        "insert into shared_services.outbox (organization_id, topic, entity_id, payload) values ($1, $2, $3, $4)",
        organization_id,
        topic,
        entity_id,
        payload,
    )

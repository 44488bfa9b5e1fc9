"""What the database knows of its own health."""

from __future__ import annotations

from dataclasses import dataclass

from dfworx.shared.db import Reader


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Of the organization's own events."""

    waiting: int
    oldest_seconds: float
    failed: int


async def find_outbox_state(reader: Reader) -> OutboxState:
    row = await reader.fetchrow("select waiting, oldest_seconds, failed from app_admin.outbox_health()")
    assert row is not None
    return OutboxState(**row)


async def find_last_migration(reader: Reader) -> str | None:
    """None where another tool applies them."""
    version: str | None = await reader.fetchval("select app_admin.last_migration()")
    return version

"""What a consumer of the outbox is, and the list of them. An event is handed to each consumer that wants its topic, at
least once, in order per entity; a consumer returns when it has delivered, and raises when it has not. Adding one is a
file with a `deliver` and a line in `consumers`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

MIRROR = "mirror."
"""Topics that begin so keep Convex's copies: they are nobody else's business, and tell of drafts too."""


@dataclass(frozen=True, slots=True)
class Event:
    event_id: int
    """The same at each delivery: whoever has done this one already may ignore it."""
    organization_id: UUID
    """From the row, never from the payload."""
    topic: str
    entity_id: UUID
    payload: dict[str, Any]
    created_at: datetime


class Undeliverable(Exception):
    """It will not go by trying again."""


@dataclass(frozen=True, slots=True)
class Consumer:
    name: str
    wants: Callable[[str], bool]
    """Whether events of a topic are for it."""
    deliver: Callable[[Event], Awaitable[None]]
    is_urgent: Callable[[str], bool] = lambda _topic: False
    """Whether it goes before what else waits for the consumer, also of the same entity."""

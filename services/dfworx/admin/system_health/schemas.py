"""What travels about health."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

Status = Literal["up", "degraded", "down", "unknown"]


class Part(BaseModel):
    name: str
    status: Status
    detail: str
    """A sentence for people; empty when there is nothing to say."""
    ms: float | None = None
    """How long the part took to answer."""
    figures: dict[str, float | str] = {}


class SystemHealth(BaseModel):
    status: Status
    """Of the worst part that is known."""
    checked_at: datetime
    parts: list[Part]

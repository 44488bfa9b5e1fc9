"""What travels about system logs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

Level = Literal["debug", "info", "warning", "error"]


class SystemLog(BaseModel):
    system_log_id: int
    created_at: datetime
    service: str
    level: Level
    message: str
    context: dict[str, Any]
    fingerprint: str
    """The same for messages that differ in numbers and ids alone."""


class LogGroup(BaseModel):
    """Messages of one fingerprint."""

    fingerprint: str
    service: str
    level: Level
    message: str
    """The newest of them."""
    count: int
    first_at: datetime
    last_at: datetime


class Tail(BaseModel):
    items: list[SystemLog]
    """The oldest first."""
    cursor: str
    """To be given as `after` when asking again, some second later."""

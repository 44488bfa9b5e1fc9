"""What travels about the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from dfworx.admin.people import Person

Action = Literal["insert", "update", "delete"]


class AuditLog(BaseModel):
    audit_log_id: int
    created_at: datetime
    actor_id: UUID | None
    """None when the system acted."""
    actor: Person | None
    """None also for who is in the organization no more."""
    service: str
    """The database login that wrote."""
    action: Action
    entity: str
    """The dataset, such as app_web.posts."""
    entity_id: UUID | None
    fields: list[str]
    """What changed."""


class Change(BaseModel):
    field: str
    before: Any
    after: Any
    is_told: bool
    """Of long texts and secrets it is only written down that they changed."""


class AuditLogDetail(AuditLog):
    changes: list[Change]
    position: int
    """In the organization's chain, from 1."""
    hash: str
    """Of this entry and the chain before it, as `./dfworx audit verify` computes it again."""

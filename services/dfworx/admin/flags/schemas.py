"""What travels about flags and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dfworx.admin.people import Person
from dfworx.admin.texts import Text
from dfworx.shared.serve import Body

Kind = Literal["post", "comment", "message"]
Reason = Literal["spam", "abuse", "off_topic", "confidential", "other"]
DecisionKind = Literal["kept", "removed"]
Status = Literal["open", "decided"]


class FlaggedThing(BaseModel):
    """A post, comment or message with all its flags as one."""

    kind: Kind
    entity_id: str
    post_id: UUID | None
    """The post, or the one commented on."""
    thread_id: str | None
    author: Person | None
    """None of a message, whose author Convex knows."""
    excerpt: str
    """As it was when it was flagged last; empty for a message."""
    open_count: int
    """Flags that nobody has decided on."""
    reasons: dict[Reason, int]
    first_at: datetime
    last_at: datetime


class Flag(BaseModel):
    flag_id: UUID
    flagged_by: Person | None
    reason: Reason
    note: str
    excerpt: str
    created_at: datetime
    is_open: bool


class Decision(BaseModel):
    decision_id: UUID
    kind: Kind
    entity_id: str
    decision: DecisionKind
    reason: str
    decided_by: Person | None
    created_at: datetime


class FlaggedThingDetail(FlaggedThing):
    flags: list[Flag]
    """The newest first, a hundred at most."""
    decisions: list[Decision]
    """The newest first, a hundred at most."""


class DecisionCreate(Body):
    decision: DecisionKind
    reason: Annotated[Text, Field(min_length=1, max_length=1000, pattern=r"\S")]

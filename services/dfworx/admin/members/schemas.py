"""What travels about members."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from dfworx.shared.context import Role

Origin = Literal["registered", "invited", "imported"]


class Member(BaseModel):
    user_id: UUID
    name: str
    email: str | None
    """None for who was imported and has no account."""
    avatar_url: str | None
    role: Role
    origin: Origin
    is_active: bool
    created_at: datetime


class MemberSession(BaseModel):
    session_id: UUID
    user_agent: str
    """As the client tells it when it signs in and refreshes."""
    address: str
    began_at: datetime
    last_used_at: datetime

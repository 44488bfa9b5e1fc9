"""What travels about the people of an organization."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, StrictBool, field_validator

from dfworx.auth.fields import AvatarUrl, Name, refuse_null
from dfworx.shared.context import Role
from dfworx.shared.serve import Body


class User(BaseModel):
    user_id: UUID
    name: str
    email: str | None
    """None for people who were imported and have no account."""
    avatar_url: str | None
    role: Role
    is_active: bool
    created_at: datetime


class MeUpdate(Body):
    """Only what is given changes; null takes the avatar away."""

    name: Name | None = None
    avatar_url: AvatarUrl | None = None

    not_null = field_validator("name", mode="before")(refuse_null)


class MemberUpdate(Body):
    """Only what is given changes."""

    role: Role | None = None
    # Nobody is shut out by a word that only looks like false.
    is_active: StrictBool | None = None

    not_null = field_validator("role", "is_active", mode="before")(refuse_null)

"""What travels about the people of an organization."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, field_validator

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


class MembersUpdate(MemberUpdate):
    """The same for each of them."""

    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class MemberOutcome(BaseModel):
    """What a PATCH of this member alone would have been answered."""

    user_id: UUID
    status: int
    user: User | None = None
    code: str | None = None
    """Why not, as in a problem; None when it was done."""
    detail: str | None = None


class MembersUpdated(BaseModel):
    items: list[MemberOutcome]

"""What travels about the people of an organization."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from dfworx.auth.fields import AvatarUrl, Name
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

    @model_validator(mode="after")
    def with_a_name(self) -> MeUpdate:
        if "name" in self.model_fields_set and self.name is None:
            raise PydanticCustomError("name", "Write a name, or leave it out to keep it.")
        return self


class MemberUpdate(Body):
    """Only what is given changes."""

    role: Role | None = None
    # Nobody is shut out by a word that only looks like false.
    is_active: StrictBool | None = None

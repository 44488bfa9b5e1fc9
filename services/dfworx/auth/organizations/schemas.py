"""What travels when organizations are registered, read and changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from dfworx.auth.fields import Email, Name, NewPassword, SessionBy, Slug


class OrganizationCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    slug: Slug


class FirstAdmin(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    email: Email
    password: NewPassword


class Registration(BaseModel):
    model_config = ConfigDict(extra="forbid")

    organization: OrganizationCreate
    user: FirstAdmin
    session: SessionBy = None


class Organization(BaseModel):
    organization_id: UUID
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime


class OrganizationUpdate(BaseModel):
    """Only what is given changes."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    slug: Slug | None = None

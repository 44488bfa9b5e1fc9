"""What travels when organizations are registered, read and changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from dfworx.auth.fields import Email, Name, NewPassword, SessionBy, Slug, Text, refuse_null
from dfworx.shared.context import Role
from dfworx.shared.serve import Body


class OrganizationCreate(Body):
    name: Name
    slug: Slug


class FirstAdmin(Body):
    name: Name
    email: Email
    password: NewPassword


class Registration(Body):
    organization: OrganizationCreate
    user: FirstAdmin
    session: SessionBy = None


class Branding(BaseModel):
    """As the organization's admins have set it; empty where they have not."""

    accent_color: str
    logo_url: str
    welcome_text: str


class Organization(BaseModel):
    organization_id: UUID
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    branding: Branding


class OrganizationUpdate(Body):
    """Only what is given changes."""

    name: Name | None = None
    slug: Slug | None = None

    not_null = field_validator("name", "slug", mode="before")(refuse_null)


class Membership(BaseModel):
    """One of a person's organizations, and who they are in it."""

    organization_id: UUID
    name: str
    slug: str
    role: Role
    user_id: UUID
    is_current: bool
    """Whether it is the one that the token is for."""


class Switch(Body):
    organization: Annotated[Text, Field(max_length=100, description="Its slug")]
    session: SessionBy = None

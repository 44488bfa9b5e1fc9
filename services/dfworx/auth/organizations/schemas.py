"""What travels when organizations are registered, read and changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dfworx.auth.fields import Email, Name, NewPassword, SessionBy, Slug
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


class Organization(BaseModel):
    organization_id: UUID
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime


class OrganizationUpdate(Body):
    """Only what is given changes."""

    name: Name | None = None
    slug: Slug | None = None

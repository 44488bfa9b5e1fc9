"""What travels when somebody signs in."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from dfworx.auth.fields import Email, Password, SessionBy, Text
from dfworx.shared.serve import Body, Problem


class Credentials(Body):
    email: Email
    password: Password
    organization: Annotated[
        Text | None, Field(max_length=100, description="Its slug, for people of several organizations")
    ] = None
    session: SessionBy = None


class OrganizationChoice(BaseModel):
    name: str
    slug: str


class LoginConflict(Problem):
    """Code `organization_required`: the password was right; log in again with one of these."""

    organizations: list[OrganizationChoice]

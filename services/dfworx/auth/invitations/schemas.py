"""What travels when people are invited and accept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from dfworx.auth.fields import Email, Name, Password, SessionBy
from dfworx.shared.context import Role
from dfworx.shared.serve import Body


class InvitationCreate(Body):
    email: Email
    role: Role


class NewInvitation(BaseModel):
    invitation_id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
    token: str
    """Shown this once: only its hash is kept."""
    link: str
    """The page that asks the invited person to accept."""


class Inviter(BaseModel):
    user_id: UUID
    name: str


class Invitation(BaseModel):
    """One that waits for an answer, as admins see it."""

    invitation_id: UUID
    email: str
    role: Role
    invited_by: Inviter
    created_at: datetime
    expires_at: datetime


class InvitingOrganization(BaseModel):
    name: str
    slug: str


class InviterName(BaseModel):
    name: str


class ReceivedInvitation(BaseModel):
    """One that waits for an answer, as whoever holds its token sees it."""

    organization: InvitingOrganization
    email: str
    role: Role
    invited_by: InviterName
    expires_at: datetime
    has_account: bool
    """Whether accepting takes the password of this email, or a name and a new password."""


class Acceptance(Body):
    name: Annotated[
        Name | None, Field(description="For a new person; else the name in this organization, if another one")
    ] = None
    password: Annotated[
        Password | None,
        Field(description="A new person's; or that of the email's account, unless they are signed in"),
    ] = None
    session: SessionBy = None

"""Invitations in SQL: definer functions alone reach them, and take the organization from the seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dfworx.auth.invitations.schemas import (
    Invitation,
    Inviter,
    InviterName,
    InvitingOrganization,
    ReceivedInvitation,
)
from dfworx.shared.context import Role
from dfworx.shared.db import Reader, Writer
from dfworx.shared.pages import Place


@dataclass(frozen=True, slots=True)
class InvitationRow:
    invitation_id: UUID
    created_at: datetime
    expires_at: datetime


class Membership(NamedTuple):
    organization_id: UUID
    user_id: UUID


async def insert_invitation(writer: Writer, email: str, role: Role, token_hash: bytes) -> InvitationRow:
    """In place of one that waits for the same email, and noted for the worker, which mails it. Raises NotAllowed for
    who is no admin, and ConstraintBroken `invitations_member` or `invitations_deactivated` for who is in the
    organization."""
    row = await writer.fetchrow(
        "select invitation_id, created_at, expires_at from app_auth.create_invitation($1, $2, $3)",
        *(email, role, token_hash),
    )
    assert row is not None
    return InvitationRow(**row)


async def list_invitations(reader: Reader, *, after: Place | None, limit: int) -> list[Invitation]:
    """Those that wait for an answer, the newest first. Raises NotAllowed for who is no admin."""
    rows = await reader.fetch(
        """
        select invitation_id, email, role, inviter_id, inviter_name, created_at, expires_at
          from app_auth.list_invitations($1, $2, $3)
        """,
        *(after and after.at, after and after.id, limit),
    )
    return [
        Invitation(
            invitation_id=row["invitation_id"],
            email=row["email"],
            role=row["role"],
            invited_by=Inviter(user_id=row["inviter_id"], name=row["inviter_name"]),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )
        for row in rows
    ]


async def delete_invitation(writer: Writer, invitation_id: UUID) -> bool:
    """Whether there was one. Raises NotAllowed for who is no admin."""
    return bool(await writer.fetchval("select app_auth.withdraw_invitation($1)", invitation_id))


async def find_invitation(reader: Reader, token_hash: bytes) -> ReceivedInvitation | None:
    row = await reader.fetchrow(
        """
        select organization_name, organization_slug, email, role, inviter_name, expires_at, has_account
          from app_auth.find_invitation($1)
        """,
        token_hash,
    )
    if row is None:
        return None
    return ReceivedInvitation(
        organization=InvitingOrganization(name=row["organization_name"], slug=row["organization_slug"]),
        email=row["email"],
        role=row["role"],
        invited_by=InviterName(name=row["inviter_name"]),
        expires_at=row["expires_at"],
        has_account=row["has_account"],
    )


async def accept_invitation(
    writer: Writer,
    token_hash: bytes,
    *,
    name: str | None,
    new_hash: str | None,
    password_set_at: datetime | None,
) -> Membership | None:
    """In an unsealed transaction for a new person with `new_hash`; in one of a proven identity whose password was set
    at `password_set_at`; or in a caller's own. None when there is nothing to accept any more. Raises NotAllowed when
    the identity isn't the invited one or has another password by now, and ConstraintBroken: `identities_email_key`
    when a new person's email has an account, else when the person is in the organization."""
    row = await writer.fetchrow(
        "select organization_id, user_id from app_auth.accept_invitation($1, $2, $3, $4)",
        *(token_hash, name, new_hash, password_set_at),
    )
    return Membership(**row) if row else None

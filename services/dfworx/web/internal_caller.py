"""Who is acting behind the internal door: Convex's functions sign a token of one minute that names a person of an
organization. What that person is now is asked of PostgreSQL, and they are let do as much and no more; one that names
the organization alone is good for what no person does, and reads nothing. No other token is taken there, and these
nowhere else: the keys, the algorithm and the audience differ."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, Request

from dfworx.shared.context import Caller, Role
from dfworx.shared.db import Database
from dfworx.shared.errors import NotAllowed, Unauthenticated
from dfworx.shared.settings import Settings

ALGORITHM = "HS256"
AUDIENCE = "internal"
LONGEST_SECONDS = 60
LEEWAY_SECONDS = 10
"""The clock of a deployment outside may differ by this much."""
_NOBODY = UUID(int=0)


class NotOfConvex(Unauthenticated):
    code = "invalid_token"
    detail = "Only Convex's functions are let in here, with a token of their own."


class NoLongerAMember(NotAllowed):
    code = "no_longer_a_member"
    detail = "This person is no longer a member of the organization."


def read_token(token: str, key: bytes) -> tuple[UUID, UUID | None]:
    """The organization, and the person unless it speaks itself. Raises NotOfConvex."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY_SECONDS,
            options={"require": ["aud", "iat", "exp"], "strict_aud": True},
        )
        if not 0 < claims["exp"] - claims["iat"] <= LONGEST_SECONDS:
            raise NotOfConvex
        return UUID(claims["org_id"]), UUID(claims["sub"]) if "sub" in claims else None
    except (jwt.InvalidTokenError, KeyError, ValueError, AttributeError, TypeError):
        raise NotOfConvex from None


async def require_internal_caller(request: Request) -> Caller:
    """The person in the role they have now. Raises NotOfConvex, or NoLongerAMember."""
    database: Database = request.app.state.database
    organization_id, user_id = _read_bearer(request)
    if user_id is None:
        raise NotOfConvex
    # As a guest, who may read the people of the organization and nothing that others may not.
    async with database.read(Caller(user_id, organization_id, "guest", _NOBODY)) as reader:
        role: Role | None = await reader.fetchval(
            "select role from public.users where organization_id = $1 and user_id = $2 and is_active",
            *(organization_id, user_id),
        )
    if role is None:
        raise NoLongerAMember
    caller = Caller(user_id, organization_id, role, _NOBODY)
    await request.app.state.admit(request, caller)
    return caller


async def require_internal_organization(request: Request) -> UUID:
    """Whichever person is named, or none: for what no person does. Raises NotOfConvex."""
    organization_id, _ = _read_bearer(request)
    return organization_id


def _read_bearer(request: Request) -> tuple[UUID, UUID | None]:
    settings: Settings = request.app.state.settings
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if settings.internal_key is None or scheme.lower() != "bearer":
        raise NotOfConvex
    return read_token(token.strip(), bytes.fromhex(settings.internal_key.get_secret_value()))


InternalCaller = Annotated[Caller, Depends(require_internal_caller)]
InternalOrganization = Annotated[UUID, Depends(require_internal_organization)]

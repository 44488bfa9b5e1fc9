"""Who is acting behind the internal door: Convex's functions sign a token of one minute that names a person of an
organization. What that person is now is asked of PostgreSQL, and they are let do as much and no more. No other token is
taken there, and this one nowhere else: the keys, the algorithm and the audience differ."""

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


def read_token(token: str, key: bytes) -> tuple[UUID, UUID]:
    """The organization and the person. Raises NotOfConvex."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY_SECONDS,
            options={"require": ["aud", "sub", "iat", "exp"], "strict_aud": True},
        )
        if not 0 < claims["exp"] - claims["iat"] <= LONGEST_SECONDS:
            raise NotOfConvex
        return UUID(claims["org_id"]), UUID(claims["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError, AttributeError, TypeError):
        raise NotOfConvex from None


async def require_internal_caller(request: Request) -> Caller:
    """The person in the role they have now. Raises NotOfConvex, or NoLongerAMember."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if settings.internal_key is None or scheme.lower() != "bearer":
        raise NotOfConvex
    organization_id, user_id = read_token(
        token.strip(), bytes.fromhex(settings.internal_key.get_secret_value())
    )
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


InternalCaller = Annotated[Caller, Depends(require_internal_caller)]

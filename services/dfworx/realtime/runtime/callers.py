"""Who calls a function: somebody whose token holds, nobody, or the one who keeps the deployment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dfworx.realtime.values import InvalidValue

DEEPEST_CLAIM = 16


@dataclass(frozen=True, slots=True)
class Caller:
    identity: dict[str, Any] | None = None
    """What `ctx.auth.getUserIdentity()` gives."""
    expires: float | None = None
    """Until when the token that says so is taken, in seconds since 1970."""
    admin: bool = False
    """Whether functions that aren't public may be called."""
    job: str | None = None
    """The scheduled function that runs, by its id."""


NOBODY = Caller()


class TokenRefused(Exception):
    """Whoever it is, it isn't proven. The code is what Convex calls it; the message is for whoever wrote the client."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def make_identity(
    issuer: str, subject: str, claims: Mapping[str, Any], identifier: str | None = None
) -> dict[str, Any]:
    """What functions are told of somebody: what makes them who they are can't be said by a claim of that name."""
    return {
        **claims,
        "tokenIdentifier": identifier or f"{issuer}|{subject}",
        "issuer": issuer,
        "subject": subject,
    }


def require_plain(told: Any, depth: int = 0) -> None:
    """JSON may hold numbers that can't be written again, and be as deep as it likes. Raises InvalidValue."""
    if depth > DEEPEST_CLAIM:
        raise InvalidValue(f"Claims are nested more than {DEEPEST_CLAIM} deep.")
    match told:
        case float() if not math.isfinite(told):
            raise InvalidValue("A claim is a number too large for a Float64.")
        case list():
            for each in told:
                require_plain(each, depth + 1)
        case dict():
            for inner in told.values():
                require_plain(inner, depth + 1)

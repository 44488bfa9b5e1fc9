"""Who calls a function: somebody whose token holds, nobody, or the one who keeps the deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    identity: dict[str, Any] | None = None
    """What `ctx.auth.getUserIdentity()` gives."""
    expires: float | None = None
    """When the token that says so ends, in seconds since 1970."""
    admin: bool = False
    """Whether functions that aren't public may be called."""


NOBODY = Caller()

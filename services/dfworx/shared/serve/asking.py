"""The request that is being answered, for whoever has no hold of it: log lines, refusals and limits tell of the one in
whose context they run. Only the middleware of `requests` begins one."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from dfworx.shared.context import Caller


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a limit is left."""

    limit: int
    remaining: int
    seconds: int
    """Until it is whole again."""


@dataclass(slots=True)
class Asked:
    request_id: str
    caller: Caller | None = None
    """Once the token is verified."""
    standing: Standing | None = None
    """The tightest limit that was counted."""
    code: str | None = None
    """Of the refusal."""
    failure: BaseException | None = None
    """What a 5xx came from."""

    def stands(self, standing: Standing) -> None:
        if self.standing is None or standing.remaining < self.standing.remaining:
            self.standing = standing


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)

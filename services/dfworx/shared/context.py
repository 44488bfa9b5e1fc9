"""The sealed context: what makes the database believe who is asking. A service seals organization, person and
role with its own HMAC key for at most 30 seconds; `app.ctx()` (migration 001) verifies the seal against a key
table that no service can read. SQL injected anywhere in a service can present a seal but not make one."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from dfworx.shared.settings import Settings, WatchedFile, parse_seal_key

Role = Literal["admin", "moderator", "member", "guest"]
ROLES: tuple[Role, ...] = get_args(Role)
LIFETIME_SECONDS = 30
NO_ORGANIZATION = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, from a verified token only: never from a path, a body or a header."""

    user_id: UUID
    organization_id: UUID
    role: Role
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Sealer:
    """One service's key. `kid` is the key's number, counted up at each rotation."""

    kid: int
    key: bytes

    def seal(self, caller: Caller, *, now: float | None = None) -> str:
        """The token for `dfx.ctx`, to be sent as a bound parameter and never as a literal or into a log."""
        return self._seal(caller.organization_id, caller.user_id, caller.role, now)

    def seal_identity(self, identity_id: UUID, *, now: float | None = None) -> str:
        """For an identity whose password was just verified, before it acts in any organization: the nil
        organization, which no row has."""
        return self._seal(NO_ORGANIZATION, identity_id, "identity", now)

    def derive_key(self, purpose: bytes) -> bytes:
        """No seal begins like what is signed here, so neither can be taken for the other."""
        return hmac.digest(self.key, b"key|" + purpose, "sha256")

    def _seal(self, organization_id: UUID, user_id: UUID, role: str, now: float | None) -> str:
        expires = int(now if now is not None else time.time()) + LIFETIME_SECONDS
        text = f"dfx1|{self.kid}|{expires}|{organization_id}|{user_id}|{role}"
        return f"{text}|{hmac.digest(self.key, text.encode(), 'sha256').hex()}"


def current_sealer(settings: Settings) -> Callable[[], Sealer]:
    """Gives the sealer of the moment: the file of the key may change while the service runs."""
    if settings.seal_key_file is not None:
        return WatchedFile(settings.seal_key_file, lambda text: Sealer(*parse_seal_key(text))).value
    sealer = Sealer(*settings.read_seal_key())
    return lambda: sealer

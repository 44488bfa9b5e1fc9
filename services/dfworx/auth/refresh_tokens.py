"""What a refresh token is: the id of its session, and a secret of which only the digest is kept anywhere."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from dfworx.shared.errors import Unauthenticated


class InvalidRefreshToken(Unauthenticated):
    code = "invalid_refresh_token"
    detail = "This refresh token isn't valid, or its session has ended. Sign in again."


def new_token(session_id: UUID) -> tuple[str, str]:
    """A token of the session, and its digest."""
    secret = secrets.token_urlsafe(32)
    return f"{session_id}.{secret}", _digest(secret)


def parse_token(refresh_token: str) -> tuple[UUID, str]:
    """The session it names, and its digest. Raises InvalidRefreshToken."""
    session_id, _, secret = refresh_token.partition(".")
    try:
        return UUID(session_id), _digest(secret)
    except ValueError:  # UnicodeEncodeError is one
        raise InvalidRefreshToken from None


def is_among(digest: str, used_digests: bytes | None) -> bool:
    """Whether it is one of those used before, of which the first 16 characters are kept."""
    used = (used_digests or b"").decode()
    return digest[:16] in (used[at : at + 16] for at in range(0, len(used), 16))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

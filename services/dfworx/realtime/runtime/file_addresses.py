"""Addresses of files: to send one to, for an hour and only if it was given out here, and to read one from, which
nobody guesses."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

UPLOAD_SECONDS = 3600
_EXPIRES, _NONCE = 8, 12


class UploadRefused(Exception):
    """The token of an upload address is none of ours, or too old; the message says what to do."""


@dataclass(frozen=True, slots=True)
class FileAddresses:
    url: str
    """Where clients reach the deployment."""
    secret: bytes

    def upload(self, now: float) -> str:
        body = int(now + UPLOAD_SECONDS).to_bytes(_EXPIRES, "big") + secrets.token_bytes(_NONCE)
        token = urlsafe_b64encode(body + self._sign(body)).decode().rstrip("=")
        return f"{self.url}/api/storage/upload?token={token}"

    def require_upload(self, token: str, now: float) -> None:
        """Raises UploadRefused."""
        try:
            told = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            told = b""
        body, signature = told[: _EXPIRES + _NONCE], told[_EXPIRES + _NONCE :]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise UploadRefused("This upload address wasn't given out here. Ask generateUploadUrl() for one.")
        if now >= int.from_bytes(body[:_EXPIRES], "big"):
            raise UploadRefused(
                "This upload address was good for an hour. Ask generateUploadUrl() for another."
            )

    def file(self, address: UUID) -> str:
        return f"{self.url}/api/storage/{address}"

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self.secret, body, "sha256")

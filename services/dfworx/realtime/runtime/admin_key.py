"""The key of whoever keeps the deployment: `name|secret`. It may call any function, as somebody too.

Only the secret counts; what stands before the last `|` says whose deployment it is, to people.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from dfworx.realtime.runtime.callers import Caller, TokenRefused, make_identity, require_plain
from dfworx.realtime.values import InvalidValue, read_json

SCHEME = "Convex"
"""Of the Authorization header: `Convex <key>[:<base64 of an identity's JSON>]`."""


class BadAdminKey(Exception):
    """A key that whoever keeps the deployment chose can't be one; the message says what it must be."""


@dataclass(frozen=True, slots=True)
class AdminKey:
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        secret = _secret(self.text)
        if not secret or ":" in secret or not self.text.isascii():
            raise BadAdminKey("An admin key is name|secret, where the secret is ASCII without a colon.")

    @classmethod
    def make(cls, name: str) -> AdminKey:
        return cls(f"{name}|{secrets.token_hex(32)}")

    def identify(self, given: str, acting_as: dict[str, Any] | None = None) -> Caller:
        """Raises TokenRefused."""
        if not hmac.compare_digest(_secret(given).encode(errors="replace"), _secret(self.text).encode()):
            raise TokenRefused("BadAdminKey", "The admin key isn't this deployment's.")
        return Caller(None if acting_as is None else _acted(acting_as), admin=True)

    def identify_header(self, credentials: str) -> Caller:
        """What stands behind the scheme. Raises TokenRefused."""
        secret, _, acting_as = _secret(credentials.strip()).partition(":")
        caller = self.identify(secret)
        return caller if not acting_as else Caller(_acted(_read_identity(acting_as)), admin=True)


def _secret(key: str) -> str:
    return key.rpartition("|")[2]


def _read_identity(encoded: str) -> Any:
    try:
        return read_json(b64decode(encoded, validate=True))
    except ValueError:  # InvalidValue and UnicodeDecodeError are such
        raise TokenRefused(
            "InvalidAuthHeader", "Behind the admin key's colon stands no base64 of an identity's JSON."
        ) from None


def _acted(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise TokenRefused("InvalidAuthHeader", "An identity to act as is an object.")
    issuer, subject, identifier = (told.get(name) for name in ("issuer", "subject", "tokenIdentifier"))
    if not isinstance(issuer, str) or not isinstance(subject, str):
        raise TokenRefused("InvalidAuthHeader", "An identity to act as has an issuer and a subject.")
    if identifier is not None and not isinstance(identifier, str):
        raise TokenRefused("InvalidAuthHeader", "The tokenIdentifier of an identity to act as is a string.")
    try:
        require_plain(told)
    except InvalidValue as error:
        raise TokenRefused("InvalidAuthHeader", str(error)) from None
    return make_identity(issuer, subject, told, identifier)

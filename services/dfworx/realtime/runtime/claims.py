"""What a token says of its person, as functions are told it: under Convex's names for OpenID Connect's, otherwise under
the token's own. What the token says of itself is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

_OF_THE_TOKEN = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "fva"}
_OF_THE_SIGN_IN = {"nonce", "azp", "auth_time", "acr", "amr", "at_hash", "c_hash"}
_NAMES = {
    "given_name": "givenName",
    "family_name": "familyName",
    "preferred_username": "preferredUsername",
    "profile": "profileUrl",
    "picture": "pictureUrl",
    "website": "websiteUrl",
    "email_verified": "emailVerified",
    "birthdate": "birthday",
    "zoneinfo": "timezone",
    "locale": "language",
    "phone_number": "phoneNumber",
    "phone_number_verified": "phoneNumberVerified",
    "updated_at": "updatedAt",
}
_TAKEN = set(_NAMES.values())


def read_custom(claims: dict[str, Any]) -> dict[str, Any]:
    """An object's fields stand under dotted names of their own."""
    kept = {name: value for name, value in claims.items() if name not in _OF_THE_TOKEN}
    return dict(_flatten(kept, ""))


def _flatten(claims: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, value in claims.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{above}{name}.")
        else:
            yield above + name, value


def read_oidc(claims: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in claims.items():
        # One of Convex's names in the token itself would be taken for what the standard's says.
        if name in _OF_THE_TOKEN or name in _OF_THE_SIGN_IN or name in _TAKEN:
            continue
        if (read := _read(name, value)) is not None:
            told[_NAMES.get(name, name)] = read
    return told


def _read(name: str, value: Any) -> Any:
    match name, value:
        case (("email_verified" | "phone_number_verified"), _):
            # Some write it as a text, of which "false" would count as true.
            return {"true": True, "false": False}.get(str(value).lower())
        case "address", dict():
            return value.get("formatted")
        case "updated_at", float():
            try:
                return datetime.fromtimestamp(value, UTC).isoformat()
            except (ValueError, OverflowError, OSError):
                return None
    return value

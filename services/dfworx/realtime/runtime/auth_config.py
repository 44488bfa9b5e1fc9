"""Whose tokens count: what `auth.config.ts` exports, read and checked before anybody is let in by it.

A name that is spelled otherwise is a mistake here, not something to overlook: a provider without its applicationID
takes tokens that were meant for others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dfworx.realtime.runtime import claims
from dfworx.realtime.runtime.jwks import BadKeys, FetchedKeys, Keys, WrittenKeys

CUSTOM_ALGORITHMS = ("RS256", "ES256")
OIDC_ALGORITHMS = ("RS256", "EdDSA")
_CUSTOM = {"type", "issuer", "jwks", "algorithm", "applicationID"}
_OIDC = {"type", "domain", "applicationID"}


class BadAuthConfig(Exception):
    """The message says which provider is wrong, and how."""


@dataclass(frozen=True, slots=True)
class Provider:
    issuer: str
    """With its scheme, without a slash at its end."""
    audience: str | None
    """None: a token for anybody will do."""
    algorithms: tuple[str, ...]
    keys: Keys
    read_claims: Callable[[dict[str, Any]], dict[str, Any]]


def read_providers(text: str | None) -> list[Provider]:
    """`text` is the JSON of the default export; without one there are none. Raises BadAuthConfig."""
    if text is None:
        return []
    told = json.loads(text)
    listed = told.get("providers") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise BadAuthConfig("auth.config.ts must export { providers: [...] } as its default.")
    return [_read_provider(_Fields(number, each)) for number, each in enumerate(listed, 1)]


class _Fields:
    """One provider; each question gives what is asked for, or raises BadAuthConfig."""

    def __init__(self, number: int, told: Any) -> None:
        self.number = number
        if not isinstance(told, dict):
            raise self.bad("it must be an object.")
        self.told: dict[str, Any] = told

    def bad(self, why: str) -> BadAuthConfig:
        return BadAuthConfig(f"Provider {self.number} of auth.config.ts: {why}")

    def text(self, name: str) -> str:
        value = self.told.get(name)
        if value is None:
            raise self.bad(f"{name} is missing. If it comes from the environment, set the variable.")
        if not isinstance(value, str) or not value:
            raise self.bad(f"{name} must be a text that isn't empty.")
        return value

    def url(self, name: str) -> str:
        """Without a scheme it is https."""
        value = with_scheme(self.text(name))
        try:
            parts = urlsplit(value)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            fine = False
        if not fine:
            raise self.bad(f"{name} {value!r} is no http or https URL.")
        return value

    def allow(self, names: set[str], kind: str) -> None:
        for name in self.told.keys() - names:
            if name.replace("_", "").lower() == "applicationid":
                raise self.bad(f"{name} is spelled applicationID.")
            raise self.bad(f"{name} isn't known in a provider of type {kind}.")


def with_scheme(issuer: str) -> str:
    return issuer if "://" in issuer else f"https://{issuer}"


def _read_provider(told: _Fields) -> Provider:
    match told.told.get("type", "oidc"):
        case "customJwt":
            return _read_custom(told)
        case "oidc":
            return _read_oidc(told)
    raise told.bad('type must be "customJwt", or "oidc", which is the default.')


def _read_custom(told: _Fields) -> Provider:
    if "domain" in told.told:
        raise told.bad("domain isn't used with customJwt: name the issuer and the jwks.")
    told.allow(_CUSTOM, "customJwt")
    algorithm = told.text("algorithm")
    if algorithm not in CUSTOM_ALGORITHMS:
        raise told.bad(f"algorithm must be {' or '.join(CUSTOM_ALGORITHMS)}, not {algorithm!r}.")
    algorithms = (algorithm,)
    keys: Keys
    if told.text("jwks").lower().startswith("data:"):
        try:
            keys = WrittenKeys(told.text("jwks"), algorithms)
        except BadKeys as error:
            raise told.bad(f"jwks can't be used. {error}") from None
    else:
        keys = FetchedKeys(algorithms, url=told.url("jwks"))
    audience = told.text("applicationID") if "applicationID" in told.told else None
    return Provider(told.url("issuer").rstrip("/"), audience, algorithms, keys, claims.read_custom)


def _read_oidc(told: _Fields) -> Provider:
    if told.told.keys() & {"issuer", "jwks", "algorithm"}:
        raise told.bad('a provider with issuer, jwks and algorithm needs type: "customJwt".')
    told.allow(_OIDC, "oidc")
    issuer = told.url("domain").rstrip("/")
    keys = FetchedKeys(OIDC_ALGORITHMS, issuer=issuer)
    return Provider(issuer, told.text("applicationID"), OIDC_ALGORITHMS, keys, claims.read_oidc)

"""Who somebody is, by the token that they bring: a JWT of one of the providers that `auth.config.ts` names.

Which provider, which key and which algorithm come from the configuration; of the token only the issuer and the key's
name choose among them. Nothing else in it counts before its signature is found to be right.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import jwt

from dfworx.realtime.runtime.auth_config import Provider, read_providers, with_scheme
from dfworx.realtime.runtime.callers import Caller, TokenRefused, make_identity, require_plain
from dfworx.realtime.values import InvalidValue, read_json

LEEWAY_SECONDS = 5
"""Two clocks may differ by this much."""
MOST_CHARACTERS = 65_536
_JWS = jwt.PyJWS()


class Providers:
    def __init__(self, providers: Sequence[Provider], clock: Callable[[], float] = time.time) -> None:
        self._providers = providers
        self._clock = clock

    @classmethod
    def read(cls, text: str | None) -> Providers:
        """The JSON of what `auth.config.ts` exports; without one nobody's token counts. Raises BadAuthConfig."""
        return cls(read_providers(text))

    async def identify(self, token: str) -> Caller:
        """Raises TokenRefused, as Unreachable when it isn't the token's fault."""
        if len(token) > MOST_CHARACTERS:
            raise _refuse(f"A token has at most {MOST_CHARACTERS} characters.")
        header, claims = _look(token)
        provider = self._find_provider(claims)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in provider.algorithms:
            raise _refuse(f"The token must be signed with {' or '.join(provider.algorithms)}.")
        if not isinstance(kid, str):
            raise _refuse("The token's header names no key (kid).")
        key = await provider.keys.find(kid, algorithm)
        if key is None:
            raise _refuse(f"{provider.issuer} has no key {kid[:80]!r} for {algorithm}.")
        try:
            # The same bytes that were looked at, as PyJWT takes them apart in one way only.
            _JWS.decode(
                token, key, [algorithm], {"verify_signature": True, "enforce_minimum_key_length": True}
            )
        except jwt.PyJWTError:
            raise _refuse("The token's signature isn't right.") from None
        until = self._require_time(claims)
        return Caller(make_identity(claims["iss"], claims["sub"], provider.read_claims(claims)), until)

    def _find_provider(self, claims: dict[str, Any]) -> Provider:
        issuer = with_scheme(claims["iss"]).rstrip("/")
        audiences = claims.get("aud")
        of_issuer = [each for each in self._providers if each.issuer == issuer]
        for each in of_issuer:
            if each.audience is None or each.audience in (
                audiences if isinstance(audiences, list) else [audiences]
            ):
                return each
        raise TokenRefused(
            "NoAuthProvider",
            f"No auth provider of auth.config.ts has the token's issuer {claims['iss'][:200]!r}."
            if not of_issuer
            else f"The token is for {str(audiences)[:200]}, which is no applicationID of its issuer in auth.config.ts.",
        )

    def _require_time(self, claims: dict[str, Any]) -> float:
        """Until when it is taken."""
        now = self._clock()
        expires, begins = claims.get("exp"), claims.get("nbf", 0.0)
        if not isinstance(expires, float) or not isinstance(begins, float):
            raise _refuse("The token's exp, and nbf if it has one, must be numbers.")
        until = expires + LEEWAY_SECONDS
        if until <= now:
            raise TokenRefused("TokenExpired", "The token has expired. Fetch a new one.")
        if begins > now + LEEWAY_SECONDS:
            raise _refuse("The token isn't valid yet (nbf).")
        return until


def _look(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of whatever it is."""
    try:
        apart = _JWS.decode_complete(token, options={"verify_signature": False})
        claims = read_json(apart["payload"])
        require_plain(claims)
    except (jwt.PyJWTError, InvalidValue, UnicodeError):
        raise _refuse("This is no JWT with plain claims.") from None
    if not isinstance(claims, dict):
        raise _refuse("A token's claims are an object.")
    for name in ("iss", "sub"):
        if not isinstance(claims.get(name), str) or not claims[name]:
            raise _refuse(f"The token has no {name}.")
    return apart["header"], claims


def _refuse(message: str) -> TokenRefused:
    return TokenRefused("InvalidAuthHeader", message)

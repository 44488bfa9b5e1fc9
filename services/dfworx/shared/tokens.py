"""Verifying access tokens, in every service. Keys come from the auth service's JWKS and are fetched again
when a token names an unknown one (at most once in five seconds), so a rotation needs no restart. A
verified token is remembered until it expires: the hot path pays for one dictionary look-up."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID

import httpx
import jwt

from dfworx.shared.context import ROLES, Caller
from dfworx.shared.errors import Unauthenticated, Unavailable

ALGORITHM = "ES256"
AUDIENCE = "dfworx"
LEEWAY_SECONDS = 30
"""Clocks of two machines may differ by this much."""
_REMEMBERED = 10_000
_FETCH_PAUSE_SECONDS = 5.0


class InvalidToken(Unauthenticated):
    code = "invalid_token"
    detail = "This token isn't valid or has expired. Refresh it or sign in again."


class TokenVerifier:
    def __init__(self, issuer: str, jwks_url: str) -> None:
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._keys: dict[str, Any] = {}
        self._fetched_at = -_FETCH_PAUSE_SECONDS
        self._fetching = asyncio.Lock()
        self._verified: dict[str, tuple[float, Caller]] = {}

    def trust(self, jwks: dict[str, Any]) -> None:
        """Take these keys, in place of those known. Remembered tokens of a key that is gone are forgotten."""
        keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(jwks).keys if key.key_id}
        if not self._keys.keys() <= keys.keys():
            self._verified.clear()
        self._keys = keys

    async def verify(self, token: str) -> Caller:
        """Who holds the token; raises InvalidToken, or Unavailable when the keys can't be had."""
        remembered = self._verified.get(token)
        if remembered is not None:
            if remembered[0] > time.time():
                return remembered[1]
            del self._verified[token]
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError:
            raise InvalidToken from None
        if key_id not in self._keys:
            await self._fetch(key_id)
        key = self._keys.get(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise InvalidToken
        expires, caller = self._read(token, key)
        if len(self._verified) >= _REMEMBERED:
            # The oldest half: dictionaries keep the order of insertion.
            for old in list(self._verified)[: _REMEMBERED // 2]:
                del self._verified[old]
        self._verified[token] = (expires, caller)
        return caller

    def _read(self, token: str, key: Any) -> tuple[float, Caller]:
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "sub", "exp", "iat"], "strict_aud": True},
            )
            caller = Caller(
                user_id=UUID(claims["sub"]),
                organization_id=UUID(claims["org_id"]),
                role=claims["org_role"],
                session_id=UUID(claims["sid"]),
            )
        except (jwt.InvalidTokenError, KeyError, ValueError, AttributeError, TypeError):
            raise InvalidToken from None
        if caller.role not in ROLES:
            raise InvalidToken
        return claims["exp"] + LEEWAY_SECONDS, caller

    async def _fetch(self, key_id: object) -> None:
        async with self._fetching:
            if key_id in self._keys or time.monotonic() - self._fetched_at < _FETCH_PAUSE_SECONDS:
                return
            try:
                async with httpx.AsyncClient(timeout=2) as client:
                    answer = await client.get(self._jwks_url)
                    answer.raise_for_status()
                    self.trust(answer.json())
            except (httpx.HTTPError, ValueError, jwt.PyJWKSetError) as error:
                if not self._keys:
                    raise Unavailable("The auth service doesn't answer. Try again in a moment.") from error
            # A failed one counts too: forged key ids must not make every request wait for an absent service.
            self._fetched_at = time.monotonic()

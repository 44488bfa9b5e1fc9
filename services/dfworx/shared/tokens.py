"""Verifying access tokens, in every service. Keys come from the auth service's JWKS and are fetched again
when a token names an unknown one (at most once in five seconds), so a rotation needs no restart, and every five
minutes while nobody waits, so a key that is gone is forgotten. A verified token is remembered until it expires:
the hot path pays for one dictionary look-up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import jwt

from dfworx.shared.context import ROLES, Caller
from dfworx.shared.errors import Unauthenticated, Unavailable
from dfworx.shared.settings import REREAD_SECONDS

ALGORITHM = "ES256"
AUDIENCE = "dfworx"
LEEWAY_SECONDS = 30
"""Clocks of two machines may differ by this much."""
FETCH_PAUSE_SECONDS = 5.0
"""Forged key ids must not make a service ask for the keys at every request."""
REFETCH_SECONDS = 300.0
"""A key that is no longer published is used at most this long, where tokens are verified at all."""
_REMEMBERED = 10_000


class InvalidToken(Unauthenticated):
    code = "invalid_token"
    detail = "This token isn't valid or has expired. Refresh it or sign in again."


class TokenVerifier:
    def __init__(self, issuer: str, jwks_url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._clock = clock
        self._published: Callable[[], dict[str, Any]] | None = None
        self._keys: dict[str, Any] = {}
        # When to ask again for what is published; without any keys the first token asks.
        self._stale_at = float("inf")
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._refresh: asyncio.Task[None] | None = None
        self._verified: dict[str, tuple[float, Caller]] = {}

    def follow(self, published: Callable[[], dict[str, Any]]) -> None:
        """For the service whose keys they are: it takes them from here and makes no request to itself."""
        self._published = published
        self.trust(published())

    def trust(self, jwks: dict[str, Any]) -> None:
        """Take these keys, in place of those known. Remembered tokens of a key that is gone are forgotten."""
        keys = {key.key_id: key.key for key in jwt.PyJWKSet.from_dict(jwks).keys if key.key_id}
        if not self._keys.keys() <= keys.keys():
            self._verified.clear()
        self._keys = keys
        self._stale_at = self._clock() + (REREAD_SECONDS if self._published else REFETCH_SECONDS)

    async def verify(self, token: str) -> Caller:
        """Who holds the token; raises InvalidToken, or Unavailable when the keys can't be had."""
        if self._clock() >= self._stale_at:
            self._freshen()
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

    def _freshen(self) -> None:
        """Never makes the request wait that finds the keys old."""
        if self._published:
            self.trust(self._published())
            return
        self._stale_at = self._clock() + FETCH_PAUSE_SECONDS
        self._refresh = asyncio.create_task(self._fetch(None))

    async def _fetch(self, key_id: object) -> None:
        async with self._fetching:
            now = self._clock()
            if key_id in self._keys or now - self._fetched_at < FETCH_PAUSE_SECONDS or self._published:
                return
            # A failed one counts too: forged key ids must not make every request wait for an absent service.
            self._fetched_at = now
            try:
                async with httpx.AsyncClient(timeout=2) as client:
                    answer = await client.get(self._jwks_url)
                    answer.raise_for_status()
                    self.trust(answer.json())
            except (httpx.HTTPError, ValueError, TypeError, AttributeError, jwt.PyJWTError) as error:
                if not self._keys:
                    self._fetched_at = float("-inf")
                    raise Unavailable("The auth service doesn't answer. Try again in a moment.") from error

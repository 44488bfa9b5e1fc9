"""Public keys that tokens are verified with (RFC 7517): written into the configuration, or fetched from whoever signs.

Fetched ones are asked for again after a while, and when a token names a key that isn't known, but never more often than
tokens with made-up names could want it. While nobody answers, the keys that are known go on for an hour.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

import httpx
import jwt

from dfworx.realtime.runtime.callers import TokenRefused
from dfworx.realtime.values import InvalidValue, read_json

FRESH_SECONDS = 300.0
KEPT_SECONDS = 3600.0
PAUSE_SECONDS = 5.0
"""Between two fetches."""
FIRST_PAUSE_SECONDS = 0.5
"""Between two fetches as long as there are no keys at all: no token could hold anyhow."""
FETCH_SECONDS = 5.0
MOST_BYTES = 1 << 20
DISCOVERY = "/.well-known/openid-configuration"
_JSON = {"application/json", "application/jwk-set+json"}
_KINDS = {"ES256": ("EC", "P-256"), "RS256": ("RSA", None), "EdDSA": ("OKP", "Ed25519")}
_PUBLIC = ("kty", "crv", "x", "y", "n", "e", "kid")

Known = dict[tuple[str, str], jwt.PyJWK]
"""By the key's name and the algorithm that it is used with."""


class BadKeys(Exception):
    """What was found is no set of keys that could be used; the message says what is wrong with it."""


class Unreachable(TokenRefused):
    """It isn't the token's fault: the keys that it could be held against can't be had now. Later may be better."""

    def __init__(self, message: str) -> None:
        super().__init__("AuthProviderUnreachable", message)


class Keys(Protocol):
    async def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """Raises Unreachable."""


def read_keys(text: str | bytes, algorithms: Sequence[str]) -> Known:
    """Those that fit one of the algorithms, and nothing of their private halves. Raises BadKeys."""
    try:
        told = read_json(text)
    except InvalidValue as error:
        raise BadKeys(str(error)) from None
    listed = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise BadKeys('A set of keys is `{"keys": [...]}`.')
    known: Known = {}
    for each in listed:
        for algorithm in algorithms:
            if (key := _read_key(each, algorithm)) is not None and key.key_id:
                known.setdefault((key.key_id, algorithm), key)
    if not known:
        raise BadKeys(f"None of the keys has a `kid` and verifies {' or '.join(algorithms)}.")
    return known


def _read_key(told: Any, algorithm: str) -> jwt.PyJWK | None:
    if not isinstance(told, dict) or not isinstance(told.get("kid"), str):
        return None
    if told.get("use", "sig") != "sig" or told.get("alg", algorithm) != algorithm:
        return None
    if (told.get("kty"), told.get("crv")) != _KINDS[algorithm]:
        return None
    try:
        return jwt.PyJWK({name: told[name] for name in _PUBLIC if name in told}, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError):
        return None


class WrittenKeys:
    """Of a `data:` URI: base64 or percent-encoded, whatever its type. Raises BadKeys."""

    def __init__(self, uri: str, algorithms: Sequence[str]) -> None:
        head, _, data = uri.partition(",")
        text = unquote_to_bytes(data)
        if head.lower().endswith(";base64"):
            try:
                text = b64decode(text + b"=" * (-len(text) % 4), validate=True)
            except ValueError:
                raise BadKeys("The data: URI isn't base64.") from None
        self._known = read_keys(text, algorithms)

    async def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        return self._known.get((kid, algorithm))


class FetchedKeys:
    """From a URL, or from the one that the issuer's discovery document names."""

    def __init__(
        self,
        algorithms: Sequence[str],
        *,
        url: str | None = None,
        issuer: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._algorithms = algorithms
        self._url = url
        self._issuer = issuer
        self._clock = clock
        self._client: httpx.AsyncClient | None = None
        self._known: Known = {}
        self._known_since = float("-inf")
        self._began = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self._problem = "They weren't asked for yet."

    async def find(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        age = self._clock() - self._known_since
        if age >= KEPT_SECONDS:
            self._known = {}
        name = kid, algorithm
        if name not in self._known and (fetching := self._fetch_once()):
            # Whoever stops waiting doesn't stop it for the others.
            await asyncio.wait([fetching])
        elif age >= FRESH_SECONDS:
            self._fetch_once()
        if not self._known:
            raise Unreachable(f"The keys of {self._issuer or self._url} can't be had. {self._problem}")
        return self._known.get(name)

    def _fetch_once(self) -> asyncio.Task[None] | None:
        """The fetch that is under way, or a new one. None: it is too early for another one."""
        if self._fetching is None:
            pause = PAUSE_SECONDS if self._known else FIRST_PAUSE_SECONDS
            if self._clock() - self._began < pause:
                return None
            self._began = self._clock()
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._known = read_keys(await self._get(await self._locate()), self._algorithms)
            self._known_since = self._clock()
        except TimeoutError:
            self._problem = f"They didn't come within {FETCH_SECONDS:g} seconds."
        except (BadKeys, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            self._problem = str(error) or repr(error)
        finally:
            self._fetching = None

    async def _locate(self) -> str:
        if self._url is not None:
            return self._url
        assert self._issuer is not None
        try:
            told = read_json(await self._get(self._issuer + DISCOVERY))
        except InvalidValue as error:
            raise BadKeys(f"{self._issuer}{DISCOVERY}: {error}") from None
        url, issuer = (told.get("jwks_uri"), told.get("issuer")) if isinstance(told, dict) else (None, None)
        if not isinstance(issuer, str) or issuer.rstrip("/") != self._issuer:
            raise BadKeys(f"{self._issuer}{DISCOVERY} speaks of another issuer.")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise BadKeys(f"{self._issuer}{DISCOVERY} names no jwks_uri.")
        return url

    async def _get(self, url: str) -> bytes:
        if self._client is None:
            # Kept for its certificates, which take a while to load; not its connections, which nobody would close.
            self._client = httpx.AsyncClient(
                timeout=FETCH_SECONDS, limits=httpx.Limits(max_keepalive_connections=0)
            )
        # Not compressed: a few bytes could be very many then.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        async with self._client.stream("GET", url, headers=headers) as answer:
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            if answer.status_code != httpx.codes.OK or kind not in _JSON:
                raise BadKeys(f"{url} answers {answer.status_code} with {kind or 'no type'}, not JSON.")
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > MOST_BYTES:
                    raise BadKeys(f"{url} answers with more than {MOST_BYTES} bytes.")
        return bytes(body)

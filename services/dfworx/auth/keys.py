"""The keys that sign access tokens: two at a time, the current and the next, so that every verifier has known a
key before the first token signed with it. They live in one private file and nowhere else; the public halves are
what the JWKS shows, with those of keys that no longer sign as long as a token of theirs may still be used. The file
is watched: `./dfworx rotate-jwt-key` replaces it, and the running service goes on with what it says."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from fastapi import Depends, Request
from jwt.algorithms import ECAlgorithm

from dfworx.shared.settings import REREAD_SECONDS, WatchedFile
from dfworx.shared.tokens import ALGORITHM, FETCH_PAUSE_SECONDS, LEEWAY_SECONDS

ACCESS_SECONDS = 600
"""How long a token is good for that is signed here."""
RETIRED_SECONDS = ACCESS_SECONDS + LEEWAY_SECONDS + 30
"""How long a key that no longer signs is published: its last token, a verifier's leeway, and a while for the service
to take the file."""
PUBLISHED_SECONDS = FETCH_PAUSE_SECONDS + 2 * REREAD_SECONDS
"""How long a key is published before it signs. A verifier that meets an unknown key asks for the keys unless it has
just asked; so whoever may not ask at the first token has the key from the time before."""
KEPT = 2
_PUBLIC = ("kty", "crv", "x", "y", "kid", "alg", "use")


class UnusableKeys(Exception):
    """The file is there, but its keys can't be used; the text says which file and what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private: EllipticCurvePrivateKey
    jwk: Mapping[str, str]

    @classmethod
    def generate(cls) -> Self:
        return cls._of(generate_private_key(SECP256R1()))

    @classmethod
    def read(cls, jwk: object) -> Self:
        """From a private JWK; raises jwt.InvalidKeyError for anything else."""
        if not isinstance(jwk, dict):
            raise jwt.InvalidKeyError("not a JWK")
        key = ECAlgorithm.from_jwk(jwk)
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise jwt.InvalidKeyError("not a private key on P-256")
        return cls._of(key)

    @classmethod
    def _of(cls, private: EllipticCurvePrivateKey) -> Self:
        jwk = cast(dict[str, str], ECAlgorithm.to_jwk(private, as_dict=True))
        # RFC 7638: the required members alone, sorted, without white space.
        members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        digest = hashlib.sha256(members.encode()).digest()
        kid = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return cls(kid, private, {**jwk, "kid": kid, "alg": ALGORITHM, "use": "sig"})


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """Verifies what it has signed, and signs no more: its private half is gone."""

    jwk: Mapping[str, str]
    until: float
    """When its last token has expired, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What the file holds. The first key signs, the second is the next."""

    keys: Sequence[SigningKey]
    retired: Sequence[RetiredKey] = ()
    next_since: float = 0.0
    """Since when the next key is published."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, which doesn't repeat what the text holds."""
        try:
            held = json.loads(text)
            retired = [
                RetiredKey({name: str(each["jwk"][name]) for name in _PUBLIC}, float(each["until"]))
                for each in held.get("retired", ())
            ]
            keys = [SigningKey.read(jwk) for jwk in held["keys"]]
            next_since = float(held.get("next_since", 0))
        except (ValueError, KeyError, TypeError, AttributeError, jwt.InvalidKeyError):
            raise ValueError("not a file of signing keys") from None
        if not keys:
            raise ValueError("a file without signing keys")
        return cls(keys, retired, next_since)

    def dump(self) -> str:
        held = {
            "keys": [dict(key.jwk) for key in self.keys],
            "retired": [{"jwk": dict(key.jwk), "until": key.until} for key in self.retired],
            "next_since": self.next_since,
        }
        return json.dumps(held, indent=1) + "\n"

    def completed(self, now: float) -> Self:
        """With as many keys as there should be."""
        missing = KEPT - len(self.keys)
        if missing <= 0:
            return self
        return type(self)([*self.keys, *(SigningKey.generate() for _ in range(missing))], self.retired, now)

    def rotated(self, now: float) -> Self:
        """The next key signs, a new one is next, and the one that signed is published until its tokens expire."""
        last, *keys = self.keys
        retired = [key for key in self.retired if key.until > now]
        retired.append(RetiredKey(_public(last.jwk), now + RETIRED_SECONDS))
        return type(self)(keys, retired).completed(now)

    def published(self, now: float) -> list[Mapping[str, str]]:
        retired = [key.jwk for key in self.retired if key.until > now]
        return [*(_public(key.jwk) for key in self.keys), *retired]


class SigningKeys:
    """The keys as they are at the moment."""

    def __init__(self, now_held: Callable[[], KeyFile]) -> None:
        self._now_held = now_held

    @classmethod
    def generate(cls) -> Self:
        """Keys that live as long as this object."""
        held = KeyFile([]).completed(time.time())
        return cls(lambda: held)

    @classmethod
    def load(cls, path: Path, *, clock: Callable[[], float] = time.monotonic) -> Self:
        """The keys of the file, followed as it changes. Those that are missing are made and written first, and
        whoever else starts at the same moment waits and reads them. Raises UnusableKeys."""
        with _alone(path):
            held = _read(path) or KeyFile([])
            whole = held.completed(time.time())
            if whole is not held:
                _write(path, whole)
            return cls(WatchedFile(path, KeyFile.parse, clock=clock).value)

    @property
    def keys(self) -> Sequence[SigningKey]:
        return self._now_held().keys

    def sign(self, claims: Mapping[str, Any]) -> str:
        current = self._now_held().keys[0]
        return jwt.encode(dict(claims), current.private, ALGORITHM, headers={"kid": current.kid})

    def jwks(self) -> dict[str, Any]:
        """RFC 7517, the public halves alone."""
        return {"keys": [dict(key) for key in self._now_held().published(time.time())]}


def seconds_until_rotation(path: Path, now: float) -> float:
    """How long `rotate` should still be put off: until then a verifier may not know the next key. Completes a file
    that has none. Raises UnusableKeys."""
    with _alone(path):
        held = _require(path)
        whole = held.completed(now)
        if whole is not held:
            _write(path, whole)
    # A clock that was put back must not put it off for longer.
    return min(PUBLISHED_SECONDS, max(0.0, whole.next_since + PUBLISHED_SECONDS - now))


def rotate(path: Path, now: float) -> KeyFile:
    """The next key signs from now on; returns what the file holds. Raises UnusableKeys."""
    with _alone(path):
        held = _require(path).rotated(now)
        _write(path, held)
    return held


def _public(jwk: Mapping[str, str]) -> Mapping[str, str]:
    return {name: jwk[name] for name in _PUBLIC}


def _require(path: Path) -> KeyFile:
    held = _read(path)
    if held is None:
        raise UnusableKeys(
            f"There are no signing keys at {path}; they are made when the auth service first starts."
        )
    return held


def _read(path: Path) -> KeyFile | None:
    """None when there is no file."""
    try:
        return KeyFile.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise UnusableKeys(
            f"The file {path} no longer holds this service's signing keys; restore it from a backup, "
            "or remove it to make new ones (everyone's access token is then refreshed once)."
        ) from None


def _write(path: Path, held: KeyFile) -> None:
    draft = path.with_name(f"{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(held.dump())
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds a lock beside the file, which itself is replaced and so can't carry one. Raises UnusableKeys for what the
    system refuses meanwhile."""
    try:
        descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnusableKeys(
            f"The signing keys {path} can't be read or written ({error.strerror}); "
            "set DFWORX_JWT_KEYS to a file that this service may write."
        ) from error


def get_keys(request: Request) -> SigningKeys:
    keys: SigningKeys = request.app.state.keys
    return keys


KeysDep = Annotated[SigningKeys, Depends(get_keys)]

"""The keys that sign access tokens: two at a time, the current and the next, so that every verifier has known a
key before the first token signed with it. They live in one private file and nowhere else; the public halves are
what the JWKS shows. To rotate, take the first key out of the file and start the service again: the next becomes
the current one, and a new next is made."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
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

from dfworx.shared.tokens import ALGORITHM

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
class SigningKeys:
    """The first signs; all are published."""

    keys: Sequence[SigningKey]

    @classmethod
    def generate(cls) -> Self:
        """Keys that live as long as this object."""
        return cls([SigningKey.generate() for _ in range(KEPT)])

    @classmethod
    def load(cls, path: Path) -> Self:
        """The keys of the file. Those that are missing are made and written first, and whoever else starts at the
        same moment waits and reads them. Raises UnusableKeys."""
        try:
            with _alone(path):
                keys = _read(path)
                if len(keys) < KEPT:
                    keys += [SigningKey.generate() for _ in range(KEPT - len(keys))]
                    _write(path, keys)
        except OSError as error:
            raise UnusableKeys(
                f"The signing keys {path} can't be read or written ({error.strerror}); "
                "set DFWORX_JWT_KEYS to a file that this service may write."
            ) from error
        return cls(keys)

    def sign(self, claims: Mapping[str, Any]) -> str:
        current = self.keys[0]
        return jwt.encode(dict(claims), current.private, ALGORITHM, headers={"kid": current.kid})

    def jwks(self) -> dict[str, Any]:
        """RFC 7517, the public halves alone."""
        return {"keys": [{name: key.jwk[name] for name in _PUBLIC} for key in self.keys]}


def _read(path: Path) -> list[SigningKey]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    try:
        return [SigningKey.read(jwk) for jwk in json.loads(text)["keys"]]
    except (ValueError, KeyError, TypeError, jwt.InvalidKeyError) as error:
        raise UnusableKeys(
            f"The file {path} no longer holds this service's signing keys; restore it from a backup, "
            "or remove it to make new ones (everyone's access token is then refreshed once)."
        ) from error


def _write(path: Path, keys: Sequence[SigningKey]) -> None:
    draft = path.with_name(f"{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump({"keys": [dict(key.jwk) for key in keys]}, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds a lock beside the file, which itself is replaced and so can't carry one."""
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def get_keys(request: Request) -> SigningKeys:
    keys: SigningKeys = request.app.state.keys
    return keys


KeysDep = Annotated[SigningKeys, Depends(get_keys)]

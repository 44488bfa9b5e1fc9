"""Somebody who signs tokens, with keys of every kind, and a small server that shows their public halves."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

APP = "app"
_ALGORITHMS: dict[str, Any] = {
    "ES256": jwt.algorithms.ECAlgorithm,
    "ES384": jwt.algorithms.ECAlgorithm,
    "RS256": jwt.algorithms.RSAAlgorithm,
    "EdDSA": jwt.algorithms.OKPAlgorithm,
}


@dataclass(frozen=True)
class Key:
    kid: str
    algorithm: str
    private: Any

    @classmethod
    def make(cls, kid: str, algorithm: str, bits: int = 2048) -> Key:
        match algorithm:
            case "ES256":
                return cls(kid, algorithm, ec.generate_private_key(ec.SECP256R1()))
            case "ES384":
                return cls(kid, algorithm, ec.generate_private_key(ec.SECP384R1()))
            case "EdDSA":
                return cls(kid, algorithm, ed25519.Ed25519PrivateKey.generate())
        return cls(kid, algorithm, rsa.generate_private_key(65537, bits))

    @property
    def jwk(self) -> dict[str, Any]:
        jwk: dict[str, Any] = _ALGORITHMS[self.algorithm].to_jwk(self.private.public_key(), as_dict=True)
        return {"kid": self.kid, "alg": self.algorithm, "use": "sig"} | {
            name: value for name, value in jwk.items() if name != "key_ops"
        }

    def sign(self, claims: dict[str, Any] | bytes, **header: Any) -> str:
        payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        return jwt.PyJWS().encode(payload, self.private, self.algorithm, {"kid": self.kid, **header})


ES = Key.make("es", "ES256")
RS = Key.make("rs", "RS256")
ED = Key.make("ed", "EdDSA")


def claims_of(issuer: str, /, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": issuer, "sub": "ann", "aud": APP, "iat": now, "exp": now + 600}
    return {name: value for name, value in (claims | changes).items() if value is not None}


@dataclass
class Served:
    """What a server shows, which may change, and what it was asked."""

    url: str = ""
    keys: list[Key] = field(default_factory=lambda: [ES, RS, ED])
    pages: dict[str, bytes] = field(default_factory=dict)
    """In place of what it would show."""
    status: int = 200
    kind: str = "application/json"
    asked: list[str] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def page(self, path: str) -> bytes:
        if path in self.pages:
            return self.pages[path]
        if path == "/.well-known/openid-configuration":
            return json.dumps({"issuer": self.url + "/", "jwks_uri": f"{self.url}/jwks.json"}).encode()
        return json.dumps({"keys": [key.jwk for key in self.keys]}).encode()


@asynccontextmanager
async def serve_issuer() -> AsyncIterator[Served]:
    served = Served()
    served.may_answer.set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        path = asked.split(b" ")[1].decode()
        served.asked.append(path)
        served.was_asked.set()
        await served.may_answer.wait()
        body = served.page(path)
        writer.write(
            f"HTTP/1.1 {served.status} x\r\ncontent-type: {served.kind}\r\ncontent-length: {len(body)}\r\n"
            "connection: close\r\n\r\n".encode()
            + body
        )
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield served

"""Tokens of a provider that has no address: its keys stand in the configuration itself."""

from __future__ import annotations

import base64
import json
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER = "https://tokens.example"


class Provider:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def keys(self) -> str:
        """As a data: URI."""
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        text = json.dumps({"keys": [{**public, "kid": "1", "alg": "ES256", "use": "sig"}]})
        return f"data:application/json;base64,{base64.b64encode(text.encode()).decode()}"

    def token(self, subject: str, seconds: int = 3600, audience: str = "realtime") -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": audience, "sub": subject, "iat": now, "exp": now + seconds}
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": "1"})

"""People of the functions in `convex/`, as deployments under measurement know them: with tokens of a key that is made
for the occasion."""

from __future__ import annotations

import base64
import json
import time
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER = "https://bench.example"
TOKEN_SECONDS = 86_400


class Signer:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def variables(self) -> dict[str, str]:
        """For a deployment that takes its tokens."""
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        told = json.dumps({"keys": [{**public, "kid": "1", "alg": "ES256", "use": "sig"}]})
        keys = f"data:application/json;base64,{base64.b64encode(told.encode()).decode()}"
        return {"DFWORX_ORIGIN": ISSUER, "DFWORX_JWKS_URL": keys}

    def token(self, organization_id: str, role: str) -> str:
        """Of somebody new, as the auth service's."""
        now = int(time.time())
        claims = {
            **{"iss": ISSUER, "aud": "realtime", "sub": str(uuid4()), "iat": now, "exp": now + TOKEN_SECONDS},
            **{"org_id": organization_id, "org_role": role, "sid": str(uuid4())},
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": "1"})

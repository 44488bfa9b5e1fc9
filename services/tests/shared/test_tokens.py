"""Access tokens: forged, unsigned, expired and misdirected ones are refused; keys may rotate."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dfworx.shared.errors import Unavailable
from dfworx.shared.tokens import AUDIENCE, InvalidToken, TokenVerifier

ISSUER = "http://localhost:3000"


class Key:
    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def jwk(self) -> dict[str, Any]:
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key()))
        return {**jwk, "kid": self.key_id, "alg": "ES256", "use": "sig"}


FIRST, SECOND = Key("first"), Key("second")


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        **{"iss": ISSUER, "aud": AUDIENCE, "sub": str(uuid4()), "org_id": str(uuid4()), "org_role": "member"},
        **{"role": "authenticated", "sid": str(uuid4()), "iat": now, "exp": now + 600},
        **changes,
    }


def token(key: Key = FIRST, **changes: Any) -> str:
    held = {name: value for name, value in claims(**changes).items() if value is not None}
    return jwt.encode(held, key.private, algorithm="ES256", headers={"kid": key.key_id})


@pytest.fixture
def verifier() -> TokenVerifier:
    # Port 1 answers nobody: keys not handed over can't be had.
    verifier = TokenVerifier(ISSUER, "http://127.0.0.1:1/jwks.json")
    verifier.trust({"keys": [FIRST.jwk]})
    return verifier


async def test_a_good_token_names_its_caller(verifier: TokenVerifier) -> None:
    user, organization = uuid4(), uuid4()
    caller = await verifier.verify(token(sub=str(user), org_id=str(organization), org_role="admin"))
    assert (caller.user_id, caller.organization_id, caller.role) == (user, organization, "admin")


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"iat": int(time.time()) + 3600},
        {"aud": "realtime"},
        {"aud": [AUDIENCE, "realtime"]},
        {"aud": None},
        {"iss": "http://elsewhere.example"},
        {"iss": None},
        {"exp": None},
        {"sub": "1 or 1=1"},
        {"org_id": None},
        {"org_role": "owner"},
        {"org_role": ["admin"]},
        {"sid": None},
    ],
)
async def test_a_wrong_claim_is_refused(verifier: TokenVerifier, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        await verifier.verify(token(**changes))


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def test_unsigned_and_foreign_signatures_are_refused(verifier: TokenVerifier) -> None:
    stranger = Key("first")
    public_pem = FIRST.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    by_public_key = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims())}"
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(mac.sign(by_public_key.encode(), public_pem)).decode().rstrip("=")
    good = token()
    for forged in (
        token(stranger),
        f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims())}.",
        f"{by_public_key}.{signature}",
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        good.split(".")[0] + "." + part(claims(org_role="admin")) + "." + good.split(".")[2],
        jwt.encode(claims(), FIRST.private, algorithm="ES256"),
        "",
        "a.b.c",
        "ü" * 40,
    ):
        with pytest.raises(InvalidToken):
            await verifier.verify(forged)


async def test_keys_rotate_and_a_removed_key_takes_its_tokens_along(verifier: TokenVerifier) -> None:
    old = token(FIRST)
    await verifier.verify(old)
    verifier.trust({"keys": [FIRST.jwk, SECOND.jwk]})
    await verifier.verify(old)
    await verifier.verify(token(SECOND))
    verifier.trust({"keys": [SECOND.jwk]})
    with pytest.raises(InvalidToken):
        await verifier.verify(old)


async def test_without_any_keys_the_answer_is_unavailable_not_a_refusal() -> None:
    verifier = TokenVerifier(ISSUER, "http://127.0.0.1:1/jwks.json")
    with pytest.raises(Unavailable):
        await verifier.verify(token())

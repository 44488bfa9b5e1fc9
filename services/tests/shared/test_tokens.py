"""Access tokens: forged, unsigned, expired and misdirected ones are refused; keys may rotate."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dfworx.shared.errors import Unavailable
from dfworx.shared.settings import REREAD_SECONDS
from dfworx.shared.tokens import (
    AUDIENCE,
    FETCH_PAUSE_SECONDS,
    REFETCH_SECONDS,
    InvalidToken,
    TokenVerifier,
)

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


# Keys that are published elsewhere -------------------------------------------------------------------------------


class Publisher:
    """An address that shows these keys, or is out of order without any, and counts who asks."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.asked = 0
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = json.dumps({"keys": [key.jwk for key in self.keys]}).encode()
        status = b"200 OK" if self.keys else b"503 Service Unavailable"
        writer.write(
            b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % (status, len(body)) + body
        )
        await writer.drain()
        writer.close()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    publisher = Publisher()
    async with await asyncio.start_server(publisher.answer, "127.0.0.1", 0) as server:
        publisher.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        yield publisher


async def settled(verifier: TokenVerifier) -> None:
    """When what it does in the background is done."""
    if verifier._refresh is not None:
        await verifier._refresh


async def test_an_unknown_key_is_asked_for_and_forged_ones_do_not_ask_each_time(publisher: Publisher) -> None:
    clock = Clock()
    verifier = TokenVerifier(ISSUER, publisher.url, clock=clock)
    publisher.keys = [FIRST]
    await verifier.verify(token(FIRST))
    assert publisher.asked == 1
    for _ in range(3):
        with pytest.raises(InvalidToken):
            await verifier.verify(token(Key("forged")))
    assert publisher.asked == 1
    publisher.keys = [FIRST, SECOND]
    clock.now += FETCH_PAUSE_SECONDS
    await verifier.verify(token(SECOND))
    assert publisher.asked == 2


async def test_a_key_that_is_gone_is_forgotten_within_minutes_and_nobody_waits(publisher: Publisher) -> None:
    clock = Clock()
    verifier = TokenVerifier(ISSUER, publisher.url, clock=clock)
    publisher.keys = [FIRST, SECOND]
    old, new = token(FIRST), token(SECOND)
    await verifier.verify(old)
    publisher.keys = [SECOND]
    clock.now += REFETCH_SECONDS - 1
    await verifier.verify(old)
    assert publisher.asked == 1
    clock.now += 1
    # This request starts the asking and is not held up by it.
    await verifier.verify(old)
    assert publisher.asked == 1
    await settled(verifier)
    assert publisher.asked == 2
    with pytest.raises(InvalidToken):
        await verifier.verify(old)
    await verifier.verify(new)


async def test_keys_stay_while_nobody_publishes_them_and_it_is_tried_again(publisher: Publisher) -> None:
    clock = Clock()
    verifier = TokenVerifier(ISSUER, publisher.url, clock=clock)
    publisher.keys = [FIRST]
    held = token(FIRST)
    await verifier.verify(held)
    publisher.keys = []
    for asked in (2, 3):
        clock.now += REFETCH_SECONDS
        for _ in range(3):
            await verifier.verify(held)
        await settled(verifier)
        assert publisher.asked == asked
    publisher.keys = [SECOND]
    clock.now += FETCH_PAUSE_SECONDS
    await verifier.verify(held)
    await settled(verifier)
    with pytest.raises(InvalidToken):
        await verifier.verify(held)


async def test_without_keys_each_request_asks_until_there_are_some(publisher: Publisher) -> None:
    verifier = TokenVerifier(ISSUER, publisher.url, clock=Clock())
    for _ in range(2):
        with pytest.raises(Unavailable):
            await verifier.verify(token())
    publisher.keys = [FIRST]
    await verifier.verify(token())


async def test_the_service_whose_keys_they_are_follows_them_and_asks_nobody() -> None:
    clock, mine = Clock(), [FIRST]
    verifier = TokenVerifier(ISSUER, "http://127.0.0.1:1/jwks.json", clock=clock)
    verifier.follow(lambda: {"keys": [key.jwk for key in mine]})
    old = token(FIRST)
    await verifier.verify(old)
    mine[:] = [SECOND]
    await verifier.verify(old)
    clock.now += REREAD_SECONDS
    with pytest.raises(InvalidToken):
        await verifier.verify(old)
    await verifier.verify(token(SECOND))

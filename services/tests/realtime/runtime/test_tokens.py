"""Tokens that hold, what they say of whom, and all the ways of those that don't."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dfworx.realtime.runtime.callers import TokenRefused
from dfworx.realtime.runtime.jwks import Unreachable
from dfworx.realtime.runtime.tokens import LEEWAY_SECONDS, MOST_CHARACTERS, Providers
from tests.realtime.runtime.issuer import APP, ED, ES, RS, Key, claims_of, serve_issuer

ISSUER = "https://issuer.example"


def written(*keys: Key) -> str:
    text = json.dumps({"keys": [key.jwk for key in keys]})
    return "data:;base64," + base64.b64encode(text.encode()).decode()


def custom(**changes: Any) -> dict[str, Any]:
    provider = {"type": "customJwt", "issuer": ISSUER, "jwks": written(ES, RS), "algorithm": "ES256"}
    return {**provider, "applicationID": APP, **changes}


def read(*providers: dict[str, Any]) -> Providers:
    return Providers.read(json.dumps({"providers": providers}))


PROVIDERS = read(custom())


async def refusal(token: str, providers: Providers = PROVIDERS) -> str:
    with pytest.raises(TokenRefused) as refused:
        await providers.identify(token)
    assert str(refused.value)
    return refused.value.code


@pytest.fixture
async def oidc() -> AsyncIterator[tuple[str, Providers]]:
    async with serve_issuer() as served:
        yield served.url, read({"domain": served.url, "applicationID": APP})


async def test_a_token_names_its_caller() -> None:
    claims = claims_of(ISSUER, org_id="lumen", roles=["a", "b"], jti="1", nbf=1, fva=[1], n=1)
    caller = await PROVIDERS.identify(ES.sign(claims))
    assert caller.identity == {
        **{"tokenIdentifier": f"{ISSUER}|ann", "issuer": ISSUER, "subject": "ann"},
        **{"org_id": "lumen", "roles": ["a", "b"], "n": 1},
    }
    assert (caller.expires, caller.admin) == (claims["exp"] + LEEWAY_SECONDS, False)


async def test_objects_among_claims_are_flattened_and_nobody_names_himself() -> None:
    told = {"properties": {"id": 1, "deep": {"er": [{"x": 1}]}}, "given_name": "Ann", "none": {}}
    claims = claims_of(ISSUER, **told, tokenIdentifier="root", issuer="root", subject="root")
    assert (await PROVIDERS.identify(ES.sign(claims))).identity == {
        **{"tokenIdentifier": f"{ISSUER}|ann", "issuer": ISSUER, "subject": "ann"},
        **{"properties.id": 1, "properties.deep.er": [{"x": 1}], "given_name": "Ann"},
    }


async def test_openid_connect_has_its_own_names(oidc: tuple[str, Providers]) -> None:
    issuer, providers = oidc
    told = {
        **{"given_name": "Ann", "email": "ann@example.org", "email_verified": "false", "nonce": "x"},
        **{"phone_number_verified": True, "zoneinfo": "UTC", "updated_at": 0, "emailVerified": True},
        **{"address": {"formatted": "Here"}, "https://claims/org": {"id": 1}, "auth_time": 5},
    }
    for key in (RS, ED):
        caller = await providers.identify(key.sign(claims_of(issuer, **told)))
        assert caller.identity == {
            **{"tokenIdentifier": f"{issuer}|ann", "issuer": issuer, "subject": "ann"},
            **{"givenName": "Ann", "email": "ann@example.org", "emailVerified": False},
            **{"phoneNumberVerified": True, "timezone": "UTC", "updatedAt": "1970-01-01T00:00:00+00:00"},
            **{"address": "Here", "https://claims/org": {"id": 1}},
        }
    assert await refusal(ES.sign(claims_of(issuer)), providers) == "InvalidAuthHeader", "ES256 isn't allowed"


async def test_keys_that_cannot_be_had_are_not_the_tokens_fault() -> None:
    providers = read(custom(jwks="http://127.0.0.1:1/jwks.json"))
    with pytest.raises(Unreachable):
        await providers.identify(ES.sign(claims_of(ISSUER)))


ISSUERS = [
    ("https://issuer.example/", "https://issuer.example", True),
    ("https://issuer.example", "https://issuer.example/", True),
    ("issuer.example", "https://issuer.example", True),
    ("https://issuer.example", "issuer.example/", True),
    ("http://issuer.example", "http://issuer.example", True),
    ("https://issuer.example", "http://issuer.example", False),
    ("https://issuer.example", "https://issuer.example.evil.example", False),
    ("https://issuer.example", "https://issuer.example/other", False),
    ("https://issuer.example", "https://ISSUER.example", False),
    ("https://issuer.example", " https://issuer.example", False),
]


@pytest.mark.parametrize(("configured", "told", "fine"), ISSUERS)
async def test_issuers_are_the_same_up_to_a_slash_and_https(configured: str, told: str, fine: bool) -> None:
    providers = read(custom(issuer=configured))
    token = ES.sign(claims_of(told))
    if fine:
        identity = (await providers.identify(token)).identity
        assert identity is not None and identity["tokenIdentifier"] == f"{told}|ann"
    else:
        assert await refusal(token, providers) == "NoAuthProvider"


AUDIENCES: list[tuple[Any, str | None, bool]] = [
    (APP, APP, True),
    (["other", APP], APP, True),
    ("other", APP, False),
    (["other"], APP, False),
    ([[APP]], APP, False),
    ({APP: APP}, APP, False),
    ("application", APP, False),
    (None, APP, False),
    ("whatever", None, True),
    (None, None, True),
]


@pytest.mark.parametrize(("told", "configured", "fine"), AUDIENCES)
async def test_a_token_is_for_whom_it_says(told: Any, configured: str | None, fine: bool) -> None:
    providers = read(
        custom(applicationID=configured)
        if configured
        else {name: value for name, value in custom().items() if name != "applicationID"}
    )
    token = ES.sign(claims_of(ISSUER, aud=told))
    if fine:
        await providers.identify(token)
    else:
        assert await refusal(token, providers) == "NoAuthProvider"


async def test_the_first_provider_that_fits_counts() -> None:
    other = Key.make("es", "ES256")
    providers = read(custom(jwks=written(other), applicationID="other"), custom())
    assert await refusal(ES.sign(claims_of(ISSUER, aud="other")), providers) == "InvalidAuthHeader"
    await providers.identify(ES.sign(claims_of(ISSUER, aud=APP)))
    await providers.identify(other.sign(claims_of(ISSUER, aud=[APP, "other"])))
    assert await refusal(ES.sign(claims_of(ISSUER)), read()) == "NoAuthProvider"
    assert await refusal(ES.sign(claims_of(ISSUER)), Providers.read(None)) == "NoAuthProvider"


TIMES: list[tuple[dict[str, Any], str | None]] = [
    ({"exp": -LEEWAY_SECONDS + 2}, None),
    ({"exp": -LEEWAY_SECONDS - 1}, "TokenExpired"),
    ({"exp": 600, "nbf": LEEWAY_SECONDS - 2}, None),
    ({"exp": 600, "nbf": LEEWAY_SECONDS + 60}, "InvalidAuthHeader"),
]


@pytest.mark.parametrize(("changes", "code"), TIMES)
async def test_a_token_holds_for_its_time(changes: dict[str, int], code: str | None) -> None:
    now = int(time.time())
    token = ES.sign(claims_of(ISSUER, **{name: now + by for name, by in changes.items()}))
    if code is None:
        await PROVIDERS.identify(token)
    else:
        assert await refusal(token) == code


FAR = int(time.time()) + 10_000
WRONG: list[dict[str, Any]] = [
    *({"exp": value} for value in (None, str(FAR), True, [FAR], math.nan, math.inf)),
    *({"nbf": value} for value in ("0", False, math.nan)),
    *({"sub": value} for value in (None, "", 1, ["ann"])),
    *({"iss": value} for value in (None, "", 1, [ISSUER])),
    *({"name": value} for value in ("\ud800", math.inf, json.loads("[" * 40 + "]" * 40))),
    {"\ud800": 1},
]
CLAIMS = [
    *(json.dumps(claims_of(ISSUER, **changes)).encode() for changes in WRONG),
    json.dumps(claims_of(ISSUER)).encode().replace(b'"iat"', b'"n": 1e999, "iat"'),
    b"[" * 20_000 + b"]" * 20_000,
    b'"text"',
    b"[]",
    b"",
    b"\xff",
]


@pytest.mark.parametrize("claims", CLAIMS, ids=range(len(CLAIMS)))
async def test_claims_that_are_not_what_they_should_be_are_refused(claims: bytes) -> None:
    assert await refusal(ES.sign(claims)) == "InvalidAuthHeader"


def part(told: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def forged(algorithm: str, secret: bytes, **header: Any) -> str:
    signed = f"{part({'alg': algorithm, 'kid': 'es', **header})}.{part(claims_of(ISSUER))}"
    mark = hmac.new(secret, signed.encode(), hashlib.sha256).digest() if secret else b""
    return f"{signed}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


GOOD = ES.sign(claims_of(ISSUER))
PEM = ES.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
FORGED = {
    "nothing": "",
    "no parts": "token",
    "too many parts": GOOD + ".x",
    "not ASCII": GOOD + "é",
    "half a character": GOOD + "\ud800",
    "no signature": GOOD.rpartition(".")[0] + ".",
    "a changed signature": GOOD[:-4] + ("AAAA" if GOOD[-4:] != "AAAA" else "BBBB"),
    "other claims": ".".join((GOOD.split(".")[0], part(claims_of(ISSUER, sub="root")), GOOD.split(".")[2])),
    "alg none": forged("none", b""),
    "alg None": forged("None", b""),
    "the public key as a secret": forged("HS256", PEM),
    "an allowed name for another signature": forged("ES256", PEM),
    "an algorithm that is a list": forged("ES256", PEM, alg=["ES256"]),
    "another key of the issuer's, for another algorithm": RS.sign(claims_of(ISSUER)),
    "somebody else's key": Key.make("es", "ES256").sign(claims_of(ISSUER)),
    "an unknown name": ES.sign(claims_of(ISSUER), kid="../../es"),
    "a name that isn't text": forged("ES256", PEM, kid=1),
    "a null name": forged("ES256", PEM, kid=None),
    "keys of its own": ES.sign(claims_of(ISSUER), kid="mine", jwk=ES.jwk, jku="http://127.0.0.1:1/"),
    "an unknown critical header": ES.sign(claims_of(ISSUER), crit=["exp"], exp=1),
    "a payload elsewhere": forged("ES256", PEM, b64=False, crit=["b64"]),
    "a huge one": GOOD + "A" * MOST_CHARACTERS,
    "a huge header": f"{part('[' * 40_000)}.{GOOD.partition('.')[2]}",
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
async def test_a_forged_token_is_refused(token: str) -> None:
    assert await refusal(token) == "InvalidAuthHeader"
    await PROVIDERS.identify(GOOD)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_a_key_that_is_too_short_verifies_nothing() -> None:
    short = Key.make("rs", "RS256", bits=1024)
    providers = read(custom(algorithm="RS256", jwks=written(short)))
    assert await refusal(short.sign(claims_of(ISSUER)), providers) == "InvalidAuthHeader"

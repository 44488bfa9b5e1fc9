"""A token is believed when the auth service signed it for REST, for now, for this install; any other is 401 at every
endpoint that asks for one. Each forgery differs from the true token by one thing, and the true one works."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI

from dfworx.auth.keys import KeyFile, SigningKey
from tests.conftest import ClientAs, MakePerson
from tests.walls.arena import Arena
from tests.walls.attacker import Findings
from tests.walls.filling import FOREIGN, OURS
from tests.walls.openapi import Operation, read_operations
from tests.walls.tally import Notes


def _part(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def forgeries(true: str, key: SigningKey, other_tokens: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What was done, and the token. `key` is the auth service's own: with it, claims that it would never sign."""
    header, claims = jwt.get_unverified_header(true), jwt.decode(true, options={"verify_signature": False})
    foreign = {
        **claims,
        "org_id": str(FOREIGN.organization_id),
        "sub": str(FOREIGN.person("admin")),
        "org_role": "admin",
    }
    yield from _unsigned(header, claims, foreign)
    yield from _signed_by_others(header, claims, foreign, key)
    yield from _edited(true, claims)
    yield from _never_issued(claims, key)
    yield from _misshapen(true)
    yield from other_tokens.items()


def _unsigned(header: dict[str, Any], claims: Any, foreign: Any) -> Iterator[tuple[str, str]]:
    for algorithm in ("none", "None", "NONE", "nOnE", "", None, "ES256"):
        for who, body in (("ours", claims), ("the foreign admin", foreign)):
            head = _part({**header, "alg": algorithm})
            yield f"unsigned, {algorithm}, {who}", f"{head}.{_part(body)}."
            yield f"two parts, {algorithm}, {who}", f"{head}.{_part(body)}"
            yield f"zero signature, {algorithm}, {who}", f"{head}.{_part(body)}.{_part(chr(0) * 64)}"


def _signed_by_others(
    header: dict[str, Any], claims: Any, foreign: Any, key: SigningKey
) -> Iterator[tuple[str, str]]:
    public = key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    kid = {"kid": header["kid"]}
    for name, secret in {"the public key": public, "the key's number": header["kid"].encode(), "x": b"x" * 32,
                         "the JWK": json.dumps(dict(key.jwk)).encode()}.items():  # fmt: skip
        for algorithm in ("HS256", "HS384", "HS512"):
            yield f"{algorithm} with {name}", _hmac(algorithm, kid, foreign, secret)
    stranger = SigningKey.generate()
    yield "another key with the same number", jwt.encode(foreign, stranger.private, "ES256", headers=kid)
    yield (
        "another key with its own number",
        jwt.encode(foreign, stranger.private, "ES256", headers={"kid": stranger.kid}),
    )
    yield "no number", jwt.encode(claims, key.private, "ES256")
    rsa_key = rsa.generate_private_key(65537, 2048)
    for algorithm in ("RS256", "PS256"):
        yield algorithm, jwt.encode(foreign, rsa_key, algorithm, headers=kid)
    for name, value in {
        "jku": "https://evil.example/jwks.json",
        "x5u": "https://evil.example/cert.pem",
        "jwk": {member: stranger.jwk[member] for member in ("kty", "crv", "x", "y")},
        "x5c": ["AAAA"],
        "crit": ["exp"],
    }.items():
        yield f"a key by {name}", jwt.encode(foreign, stranger.private, "ES256", headers={**kid, name: value})
        yield (
            f"a key by {name} alone",
            jwt.encode(foreign, stranger.private, "ES256", headers={"kid": stranger.kid, name: value}),
        )
    for number in (
        "../../dev/null",
        "' or 1=1 --",
        "0",
        "",
        "null",
        header["kid"] + "x",
        header["kid"].lower(),
        "\u0000",
    ):
        yield (
            f"the number {number!r}",
            jwt.encode(foreign, stranger.private, "ES256", headers={"kid": number}),
        )


def _hmac(algorithm: str, headers: dict[str, Any], claims: Any, secret: bytes) -> str:
    """By hand: the library refuses to sign by HMAC with a public key."""
    body = f"{_part({**headers, 'alg': algorithm, 'typ': 'JWT'})}.{_part(claims)}"
    mac = hmac.digest(secret, body.encode(), f"sha{algorithm[2:]}")
    return f"{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _edited(true: str, claims: Any) -> Iterator[tuple[str, str]]:
    """The true signature under other claims, and each part with a character changed."""
    head, _, signature = true.split(".")
    for name, value in {
        "org_id": str(FOREIGN.organization_id), "sub": str(FOREIGN.person("admin")), "org_role": "admin",
        "exp": claims["exp"] + 3600, "sid": str(uuid4()), "aud": "realtime", "iss": "https://evil.example",
    }.items():  # fmt: skip
        yield f"{name} edited", f"{head}.{_part({**claims, name: value})}.{signature}"
    for place in range(0, len(true), 7):
        other = "A" if true[place] != "A" else "B"
        if true[place] != "." and place != len(true) - 1:
            yield f"character {place}", true[:place] + other + true[place + 1 :]


def _never_issued(claims: Any, key: SigningKey) -> Iterator[tuple[str, str]]:
    """Rightly signed, but not an access token of this install, now."""
    now = int(time.time())

    def sign(said: dict[str, Any]) -> str:
        return _sign_any(said, key)

    yield "expired", sign({**claims, "exp": now - 31})
    yield "expired long ago", sign({**claims, "iat": now - 9000, "exp": now - 8000})
    yield "not yet valid", sign({**claims, "nbf": now + 3600})
    yield "from the future", sign({**claims, "iat": now + 3600})
    for audience in (
        "realtime",
        "internal",
        "DFWORX",
        "",
        "dfworx2",
        ["dfworx"],
        ["dfworx", "realtime"],
        [],
        None,
        1,
    ):
        yield f"the audience {audience}", sign({**claims, "aud": audience})
    for issuer in (
        "https://evil.example",
        claims["iss"] + "/",
        claims["iss"].upper(),
        "",
        None,
        [claims["iss"]],
    ):
        yield f"the issuer {issuer}", _sign_any({**claims, "iss": issuer}, key)
    for name in claims:
        if name != "role":
            yield f"without {name}", sign({each: value for each, value in claims.items() if each != name})
            yield f"{name} empty", _sign_any({**claims, name: ""}, key)
            yield f"{name} null", _sign_any({**claims, name: None}, key)
            yield f"{name} a list", _sign_any({**claims, name: [claims[name]]}, key)
    for role in ("owner", "superuser", "ADMIN", "identity", "service_role", "admin|x"):
        yield f"the role {role}", sign({**claims, "org_role": role})
    yield "a session that never began", sign({**claims, "sid": str(uuid4())})
    yield "exp as text", _sign_any({**claims, "exp": "9999999999x"}, key)


def _sign_any(claims: dict[str, Any], key: SigningKey) -> str:
    """Claims of any type, which the library refuses to sign."""
    return jwt.PyJWS().encode(
        json.dumps(claims).encode(), key.private, "ES256", headers={"kid": key.kid, "typ": "JWT"}
    )


def _misshapen(true: str) -> Iterator[tuple[str, str]]:
    yield from {
        "nothing but dots": "..", "one word": "x", "four parts": f"{true}.x", "twice": true + true,
        "upper case": true.upper(), "halved": true[: len(true) // 2], "in brackets": f"[{true}]",
        "no JSON": f"{_part('x')}.{_part('x')}.{_part('x')}", "a list": f"{_part([])}.{_part([])}.",
            "long": "a." * 4000,
    }.items()  # fmt: skip


@pytest.fixture
async def secured(arena: Arena, client_as: ClientAs) -> list[Operation]:
    operations = await read_operations(client_as(None))
    found = [each for each in operations if not each.open_to_all]
    assert len(found) > 15
    return found


async def test_no_forged_token_is_believed(
    arena: Arena, notes: Notes, auth_app: FastAPI, make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(organization=OURS.slug)
    realtime = await client_as(ann).post("/api/auth/realtime-token")
    others = {"the refresh token": ann.tokens["refresh_token"]}
    if realtime.status_code == 200:
        others["the realtime token"] = next(v for v in realtime.json().values() if str(v).startswith("eyJ"))
    findings = Findings()
    true = {"Authorization": f"Bearer {ann.token}"}
    keys = KeyFile.parse(arena.database.servers.jwt_keys.read_text())
    stranger = client_as(None)
    for what, token in forgeries(ann.token, keys.keys[0], others):
        for path in ("/api/auth/me", "/api/web/posts"):
            for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"dfworx_access={token}"}):
                if not all(value.isascii() and value.isprintable() for value in headers.values()):
                    continue
                answer = await stranger.get(path, headers=headers)
                findings.attempts += 1
                if answer.status_code != 401 or "problem+json" not in answer.headers["content-type"]:
                    findings.gained.append(f"{what} at {path}: {answer.status_code} {answer.text[:120]}")
    notes.tried(findings)
    for path in ("/api/auth/me", "/api/web/posts"):
        notes.control(path, (await stranger.get(path, headers=true)).status_code == 200)


async def test_every_endpoint_that_asks_for_a_token_refuses_a_bad_one(
    notes: Notes, secured: list[Operation], make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = await make_person(organization=OURS.slug)
    other_key = jwt.encode({"sub": "x"}, SigningKey.generate().private, "ES256", headers={"kid": "x"})
    findings = Findings()
    bad = ("", "Bearer", "Bearer ", "Bearer x", f"Basic {ann.token}", f"Bearer {other_key}", f"Bearer {ann.token}x",
           f"Bearer {ann.tokens['refresh_token']}", f"Token {ann.token}", ann.token)  # fmt: skip
    for operation in secured:
        for header in bad:
            client: httpx.AsyncClient = client_as(None)
            answer = await operation.request.send(client, **({"Authorization": header} if header else {}))
            findings.attempts += 1
            if answer.status_code != 401:
                findings.gained.append(f"{operation} with {header[:20]!r}: {answer.status_code}")
    notes.tried(findings)


async def test_another_installs_token_is_a_strangers(
    notes: Notes, make_person: MakePerson, client_as: ClientAs
) -> None:
    """Signed by a service like ours, with keys that it made itself."""
    ann = await make_person(organization=OURS.slug)
    claims = jwt.decode(ann.token, options={"verify_signature": False})
    elsewhere = _sign_any(claims, SigningKey.generate())
    answer = await client_as(None).get("/api/auth/me", headers={"Authorization": f"Bearer {elsewhere}"})
    notes.tried(Findings(attempts=1, gained=[] if answer.status_code == 401 else [answer.text]))

"""What `auth.config.ts` may say: each mistake is told in words that name it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dfworx.realtime.runtime.auth_config import BadAuthConfig, read_providers
from tests.realtime.runtime.issuer import ES, RS

CUSTOM = {
    "type": "customJwt",
    "issuer": "https://issuer.example/",
    "jwks": "https://issuer.example/jwks.json",
    "algorithm": "ES256",
}
OIDC = {"domain": "issuer.example", "applicationID": "app"}


def test_providers_are_read() -> None:
    one, other, third = read_providers(
        json.dumps({"providers": [CUSTOM, OIDC, {**OIDC, "type": "oidc", "domain": "http://localhost:1"}]})
    )
    assert (one.issuer, one.audience, one.algorithms) == ("https://issuer.example", None, ("ES256",))
    assert (other.issuer, other.audience, other.algorithms) == (
        "https://issuer.example",
        "app",
        ("RS256", "EdDSA"),
    )
    assert third.issuer == "http://localhost:1"
    assert read_providers(None) == []


MISTAKES: list[tuple[Any, str]] = [
    ("text", "it must be an object"),
    ({**OIDC, "type": "saml"}, 'type must be "customJwt"'),
    ({**CUSTOM, "applicationId": "app"}, "applicationId is spelled applicationID"),
    ({**CUSTOM, "application_id": "app"}, "application_id is spelled applicationID"),
    ({"domain": "issuer.example", "applicationId": "app"}, "applicationId is spelled applicationID"),
    ({**CUSTOM, "applicationID": None}, "applicationID is missing. If it comes from the environment"),
    ({**CUSTOM, "applicationID": ""}, "applicationID must be a text"),
    ({**CUSTOM, "applicationID": ["app"]}, "applicationID must be a text"),
    ({**CUSTOM, "domain": "https://issuer.example"}, "domain isn't used with customJwt"),
    ({**CUSTOM, "algorithm": "HS256"}, "algorithm must be RS256 or ES256, not 'HS256'"),
    ({**CUSTOM, "algorithm": None}, "algorithm is missing"),
    ({**CUSTOM, "jwks": None}, "jwks is missing"),
    ({**CUSTOM, "jwks": "ftp://issuer.example"}, "jwks 'ftp://issuer.example' is no http"),
    ({**CUSTOM, "jwks": "data:,nonsense"}, "jwks can't be used. This is no JSON"),
    (
        {**CUSTOM, "jwks": f"data:,{json.dumps({'keys': [RS.jwk]})}"},
        "None of the keys has a `kid` and verifies ES256",
    ),
    ({**CUSTOM, "jwks": f"data:;base64,{json.dumps({'keys': [ES.jwk]})}"}, "isn't base64"),
    ({**CUSTOM, "issuer": "https://"}, "issuer 'https://' is no http"),
    ({**CUSTOM, "issuer": "https://[x"}, "is no http"),
    ({**CUSTOM, "audience": "app"}, "audience isn't known"),
    ({"domain": "issuer.example"}, "applicationID is missing"),
    ({**OIDC, "domain": None}, "domain is missing"),
    ({**OIDC, "issuer": "https://issuer.example"}, 'needs type: "customJwt"'),
    ({name: value for name, value in CUSTOM.items() if name != "type"}, 'needs type: "customJwt"'),
]


@pytest.mark.parametrize(("provider", "why"), MISTAKES, ids=[why for _, why in MISTAKES])
def test_a_mistake_is_named(provider: Any, why: str) -> None:
    with pytest.raises(BadAuthConfig) as bad:
        read_providers(json.dumps({"providers": [OIDC, provider]}))
    assert str(bad.value).startswith("Provider 2 of auth.config.ts: ") and why in str(bad.value)


@pytest.mark.parametrize("text", ["null", "[]", "{}", '{"providers": {}}'])
def test_the_export_has_its_form(text: str) -> None:
    with pytest.raises(BadAuthConfig, match="must export"):
        read_providers(text)

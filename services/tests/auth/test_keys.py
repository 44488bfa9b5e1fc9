"""The file of signing keys: private, whole, made once however many start, and refused when it is broken."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest

from dfworx.auth.keys import SigningKey, SigningKeys, UnusableKeys


def kids(keys: SigningKeys) -> list[str]:
    return [key.kid for key in keys.keys]


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = SigningKeys.load(path)
    assert len(set(kids(keys))) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kids(SigningKeys.load(path)) == kids(keys)
    assert {each.name for each in tmp_path.iterdir()} == {"keys.json", "keys.json.lock"}


def test_many_that_start_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: kids(SigningKeys.load(path)), range(8)))
    assert all(each == loaded[0] for each in loaded)


def test_a_token_is_verified_by_the_published_key(tmp_path: Path) -> None:
    keys = SigningKeys.load(tmp_path / "keys.json")
    token = keys.sign({"sub": "ann"})
    header = jwt.get_unverified_header(token)
    assert header == {"alg": "ES256", "kid": kids(keys)[0], "typ": "JWT"}
    published = jwt.PyJWKSet.from_dict(keys.jwks())[header["kid"]]
    assert jwt.decode(token, published, ["ES256"]) == {"sub": "ann"}
    assert all("d" not in key for key in keys.jwks()["keys"])


def test_the_key_id_is_the_thumbprint_of_rfc_7638() -> None:
    key = SigningKey.generate()
    members = {name: key.jwk[name] for name in ("crv", "kty", "x", "y")}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    assert key.kid == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_without_its_first_key_the_next_one_signs_and_another_is_made(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    current, following = kids(SigningKeys.load(path))
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({"keys": stored["keys"][1:]}))
    rotated = kids(SigningKeys.load(path))
    assert rotated[0] == following
    assert rotated[1] not in (current, following)
    assert kids(SigningKeys.load(path)) == rotated


PUBLIC_ONLY = json.dumps(SigningKeys.generate().jwks())
RSA = json.dumps({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]})


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"keys": [1]}', '{"keys": [{}]}', PUBLIC_ONLY, RSA])
def test_a_broken_file_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(UnusableKeys, match="signing keys"):
        SigningKeys.load(path)
    assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableKeys, match="DFWORX_JWT_KEYS"):
        SigningKeys.load(tmp_path / "missing" / "keys.json")

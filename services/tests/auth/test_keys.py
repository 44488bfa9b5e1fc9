"""The file of signing keys: private, whole, made once however many start, refused when it is broken; and rotation,
under which every token that was signed is verified until it expires."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest

from dfworx.auth.keys import (
    ACCESS_SECONDS,
    PUBLISHED_SECONDS,
    RETIRED_SECONDS,
    KeyFile,
    SigningKey,
    SigningKeys,
    UnusableKeys,
    rotate,
    seconds_until_rotation,
)
from dfworx.shared.settings import REREAD_SECONDS
from dfworx.shared.tokens import FETCH_PAUSE_SECONDS, LEEWAY_SECONDS


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


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"keys": []}', '{"keys": [1]}', '{"keys": [{}]}', PUBLIC_ONLY, RSA]
)
def test_a_broken_file_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(UnusableKeys, match="signing keys"):
        SigningKeys.load(path)
    assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableKeys, match="DFWORX_JWT_KEYS"):
        SigningKeys.load(tmp_path / "missing" / "keys.json")


# Rotation --------------------------------------------------------------------------------------------------------


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def published(keys: SigningKeys) -> set[str]:
    return {key["kid"] for key in keys.jwks()["keys"]}


def test_a_rotation_reaches_the_running_service_within_a_second(tmp_path: Path) -> None:
    path, clock = tmp_path / "keys.json", Clock()
    keys = SigningKeys.load(path, clock=clock)
    first, second = kids(keys)
    rotate(path, time.time())
    assert kids(keys) == [first, second]
    clock.now += REREAD_SECONDS
    assert kids(keys)[0] == second
    assert jwt.get_unverified_header(keys.sign({}))["kid"] == second
    # The last one that signed, the one that signs, and the one that will.
    assert published(keys) == {first, *kids(keys)} and len(published(keys)) == 3
    assert kids(SigningKeys.load(path)) == kids(keys)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_signs_no_more_is_published_until_its_last_token_has_expired_everywhere() -> None:
    held = KeyFile([]).completed(0)
    first, second = (key.kid for key in held.keys)
    held = held.rotated(100)
    third = held.keys[1].kid
    assert RETIRED_SECONDS >= ACCESS_SECONDS + LEEWAY_SECONDS + REREAD_SECONDS
    held = KeyFile.parse(held.dump())
    assert {key["kid"] for key in held.published(100 + RETIRED_SECONDS - 1)} == {first, second, third}
    assert {key["kid"] for key in held.published(100 + RETIRED_SECONDS)} == {second, third}
    # And the file forgets it at the next rotation.
    assert [key.jwk["kid"] for key in held.rotated(100 + RETIRED_SECONDS).retired] == [second]


def test_the_private_half_of_a_retired_key_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = SigningKeys.load(path).keys[0]
    held = rotate(path, time.time())
    assert first.jwk["d"] not in path.read_text()
    assert first.kid in path.read_text()
    assert all("d" not in key for key in held.published(time.time()))


def test_two_rotations_in_a_minute_keep_both_keys_published(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first, second = kids(SigningKeys.load(path))
    rotate(path, time.time())
    rotate(path, time.time())
    keys = SigningKeys.load(path)
    assert {first, second} < published(keys) and len(published(keys)) == 4


def test_a_key_is_published_before_it_signs_for_as_long_as_a_verifier_may_not_ask(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    SigningKeys.load(path)
    now = time.time()
    assert 0 < seconds_until_rotation(path, now) <= PUBLISHED_SECONDS
    assert seconds_until_rotation(path, now + PUBLISHED_SECONDS) == 0
    assert PUBLISHED_SECONDS >= FETCH_PAUSE_SECONDS + REREAD_SECONDS
    # A clock that was put back by a year.
    assert seconds_until_rotation(path, now - 3e7) == PUBLISHED_SECONDS


def test_a_file_from_before_there_was_a_next_is_completed_and_put_off(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key = SigningKey.generate()
    path.write_text(json.dumps({"keys": [dict(key.jwk)]}))
    assert seconds_until_rotation(path, 1000.0) == PUBLISHED_SECONDS
    assert kids(SigningKeys.load(path))[0] == key.kid
    assert len(kids(SigningKeys.load(path))) == 2


def test_there_is_nothing_to_rotate_before_the_first_start(tmp_path: Path) -> None:
    for attempt in (rotate, seconds_until_rotation):
        with pytest.raises(UnusableKeys, match="no signing keys"):
            attempt(tmp_path / "keys.json", 1000.0)


@pytest.mark.parametrize("text", ["", "{", '{"keys": []}', PUBLIC_ONLY])
def test_a_file_that_breaks_later_leaves_the_keys_in_place(tmp_path: Path, text: str) -> None:
    path, clock = tmp_path / "keys.json", Clock()
    keys = SigningKeys.load(path, clock=clock)
    before = kids(keys)
    path.write_text(text)
    clock.now += REREAD_SECONDS
    assert kids(keys) == before

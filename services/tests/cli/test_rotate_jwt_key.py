"""The command that gives access tokens a new key: what it says, and what it refuses."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dfworx.auth.keys import PUBLISHED_SECONDS, SigningKeys
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.main import build_app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("DFWORX_HOME", str(home.path))
    monkeypatch.delenv("DFWORX_JWT_KEYS", raising=False)
    return home


def rotate() -> Result:
    return CliRunner().invoke(build_app("rotate-jwt-key"), ["rotate-jwt-key"])


def make_keys(path: Path) -> list[str]:
    """The ids of an auth service's keys, which has run for a while."""
    keys = [key.kid for key in SigningKeys.load(path).keys]
    held = json.loads(path.read_text())
    path.write_text(json.dumps({**held, "next_since": time.time() - PUBLISHED_SECONDS}))
    return keys


def test_the_next_key_signs_and_the_command_names_it(home: Home) -> None:
    home.prepare()
    first, second = make_keys(home.jwt_keys)
    told = rotate()
    assert told.exit_code == 0 and f"signed with key {second}." in told.stdout
    keys = SigningKeys.load(home.jwt_keys)
    assert keys.keys[0].kid == second
    assert first in {key["kid"] for key in keys.jwks()["keys"]}


def test_keys_that_are_kept_elsewhere_are_rotated_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.prepare()
    monkeypatch.setenv("DFWORX_JWT_KEYS", str(tmp_path / "keys.json"))
    _, second = make_keys(tmp_path / "keys.json")
    assert f"signed with key {second}." in rotate().stdout
    assert not home.jwt_keys.exists()


def test_a_home_that_was_never_started_is_one_sentence(home: Home) -> None:
    told = rotate()
    assert isinstance(told.exception, Failure) and "./dfworx up" in str(told.exception)
    assert not home.path.exists()
    home.prepare()
    told = rotate()
    assert isinstance(told.exception, Failure) and "no signing keys" in str(told.exception)


def test_a_broken_file_is_one_sentence_and_kept(home: Home) -> None:
    home.prepare()
    home.jwt_keys.write_text("{")
    told = rotate()
    assert isinstance(told.exception, Failure) and "restore it from a backup" in str(told.exception)
    assert home.jwt_keys.read_text() == "{"

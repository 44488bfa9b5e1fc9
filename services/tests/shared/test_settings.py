"""A service refuses to start on a missing or placeholder secret, and says which; what it is told by a file it
learns anew when the file changes, and never by a broken one."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dfworx.shared.settings import (
    REREAD_SECONDS,
    Settings,
    WatchedFile,
    parse_seal_key,
    read_settings,
)

GOOD = {
    "DFWORX_DATABASE_URL": "postgresql://dfworx_web:kT7vq2Lw9z@127.0.0.1/dfworx",
    "REDIS_URL": "redis://:Zr4Np8sXq1@127.0.0.1/0",
    "DFWORX_SEAL_KEY": "0123456789abcdef" * 4,
}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**GOOD, "DFWORX_ORIGIN": "https://work.example/"}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.origin == "https://work.example"
    assert settings.read_seal_key() == (1, bytes.fromhex(GOOD["DFWORX_SEAL_KEY"]))
    assert "kT7vq2Lw9z" not in repr(settings)


@pytest.mark.parametrize("missing", GOOD)
def test_a_missing_variable_stops_the_start_by_name(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        if name == missing:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=missing):
        read_settings()


@pytest.mark.parametrize("key", ["", "abc", "zz" * 32, "00" * 31])
def test_a_seal_key_that_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="64 hexadecimal"):
        Settings(database_url="postgresql://a", redis_url="redis://a", seal_key=key)


@pytest.mark.parametrize(
    "weak",
    [
        {"seal_key": "00" * 32},
        {"database_url": "postgresql://dfworx_web:changeme@db/x"},
        {"redis_url": "redis://:password@cache/0"},
    ],
)
def test_a_placeholder_is_refused_outside_development_only(weak: dict[str, str]) -> None:
    values: dict[str, Any] = {"database_url": GOOD["DFWORX_DATABASE_URL"], "redis_url": GOOD["REDIS_URL"],
              "seal_key": GOOD["DFWORX_SEAL_KEY"], **weak}  # fmt: skip
    Settings(**values, env="development")
    with pytest.raises(ValidationError, match="placeholder"):
        Settings(**values, env="production")


def with_password_key(keys: str | None, **changes: Any) -> Settings:
    values: dict[str, Any] = {"database_url": GOOD["DFWORX_DATABASE_URL"], "redis_url": GOOD["REDIS_URL"]}
    return Settings(**values, seal_key=GOOD["DFWORX_SEAL_KEY"], password_key=keys, **changes)


def test_password_keys_are_read_the_newest_first() -> None:
    assert with_password_key(None).password_keys == []
    one, other = "0123456789abcdef" * 4, "fedcba9876543210" * 4
    keys = with_password_key(f"{one},{other}", env="production").password_keys
    assert keys == [bytes.fromhex(one), bytes.fromhex(other)]


@pytest.mark.parametrize("keys", ["", "ab", "zz" * 32, "ab" * 32 + ",", "ab" * 32 + ", " + "cd" * 32])
def test_a_password_key_that_is_no_key_is_refused_and_not_repeated(keys: str) -> None:
    with pytest.raises(ValidationError, match="64 hexadecimal") as raised:
        with_password_key(keys)
    assert "abab" not in str(raised.value)


@pytest.mark.parametrize("key", ["", "secret", "zz" * 32, "ab" * 31])
def test_a_key_of_file_addresses_that_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValidationError) as told:
        with_password_key(None, file_key=key)
    assert not key or key not in str(told.value)
    with pytest.raises(ValidationError, match="placeholder"):
        with_password_key(None, file_key="ab" * 32, env="production")


def test_a_placeholder_among_the_password_keys_is_refused_outside_development() -> None:
    keys = "0123456789abcdef" * 4 + "," + "00" * 32
    assert with_password_key(keys).password_keys
    with pytest.raises(ValidationError, match="placeholder"):
        with_password_key(keys, env="production")


def with_file(path: Path, **changes: Any) -> Settings:
    return Settings(
        database_url=GOOD["DFWORX_DATABASE_URL"], redis_url=GOOD["REDIS_URL"], seal_key_file=path, **changes
    )


def test_the_seal_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("7:" + "0123456789abcdef" * 4 + "\n")
    assert with_file(tmp_path / "key", env="production").read_seal_key()[0] == 7


def test_a_seal_key_comes_from_one_place() -> None:
    with pytest.raises(ValidationError, match="set DFWORX_SEAL_KEY_FILE, or else"):
        with_file(Path("/nowhere"), seal_key=GOOD["DFWORX_SEAL_KEY"])


def test_a_file_that_is_not_there_or_holds_no_key_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"DFWORX_SEAL_KEY_FILE: .*No such file"):
        with_file(tmp_path / "missing")
    (tmp_path / "key").write_text("1:" + "00" * 32)
    with pytest.raises(ValidationError, match="placeholder"):
        with_file(tmp_path / "key", env="production")


@pytest.mark.parametrize(
    "text",
    ["", "1", "ab" * 32, "1:", "0:" + "ab" * 32, "1000000:" + "ab" * 32, "1:" + "ab" * 31, "1:" + "ab" * 33],
)
def test_half_a_seal_key_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="KID:HEX") as raised:
        parse_seal_key(text)
    assert "ab" not in str(raised.value)
    (tmp_path / "key").write_text(text)
    with pytest.raises(ValidationError, match="KID:HEX"):
        with_file(tmp_path / "key")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def number(tmp_path: Path) -> Path:
    file = tmp_path / "number"
    file.write_text("1")
    return file


def replace(file: Path, text: str) -> None:
    draft = file.with_name("draft")
    draft.write_text(text)
    draft.replace(file)


def test_a_changed_file_is_read_again_within_a_second(number: Path, clock: Clock) -> None:
    watched = WatchedFile(number, int, clock=clock)
    replace(number, "2")
    assert watched.value() == 1
    clock.now += REREAD_SECONDS
    assert watched.value() == 2
    assert REREAD_SECONDS <= 1


def test_asking_costs_one_look_at_the_clock(number: Path, clock: Clock) -> None:
    watched = WatchedFile(number, int, clock=clock)
    number.unlink()
    before = clock.asked
    assert [watched.value() for _ in range(5)] == [1] * 5
    assert clock.asked == before + 5


def test_a_file_of_the_same_size_and_time_is_told_apart(number: Path, clock: Clock) -> None:
    watched = WatchedFile(number, int, clock=clock)
    stat = number.stat()
    replace(number, "2")
    os.utime(number, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    clock.now += REREAD_SECONDS
    assert watched.value() == 2


def test_a_broken_file_leaves_the_old_value_and_one_line(
    number: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    watched = WatchedFile(number, int, clock=clock)
    with caplog.at_level(logging.WARNING):
        for text in ("half", "hal"):
            number.write_text(text)
            for _ in range(3):
                clock.now += REREAD_SECONDS
                assert watched.value() == 1
        number.unlink()
        for _ in range(3):
            clock.now += REREAD_SECONDS
            assert watched.value() == 1
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert "not what it should be" in told[0] and "No such file" in told[1]
    assert "half" not in caplog.text
    number.write_text("3")
    clock.now += REREAD_SECONDS
    assert watched.value() == 3


def test_there_must_be_something_to_begin_with(number: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        WatchedFile(tmp_path / "missing", int)
    number.write_text("x")
    with pytest.raises(ValueError, match="invalid literal"):
        WatchedFile(number, int)

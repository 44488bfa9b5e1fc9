"""A service refuses to start on a missing or placeholder secret, and says which."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from dfworx.shared.settings import Settings, read_settings

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
    assert settings.seal_key_bytes == bytes.fromhex(GOOD["DFWORX_SEAL_KEY"])
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

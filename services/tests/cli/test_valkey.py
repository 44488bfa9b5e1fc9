"""Valkey: a password, this machine only, and sessions that survive a crash."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from dfworx.cli.home import choose_port
from dfworx.cli.parts.valkey import Server, answers
from dfworx.cli.waiting import wait_until


@contextmanager
def running(server: Server) -> Iterator[None]:
    """A server that answers, and is killed at the end."""
    with subprocess.Popen(server.command(), stdout=subprocess.DEVNULL) as process:
        try:
            assert wait_until(lambda: answers(server.url) is None, seconds=20)
            yield
        finally:
            process.kill()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    made = Server(
        tmp_path / 'data with "quotes"', choose_port(), "secret-of-this-test", tmp_path / "valkey.conf"
    )
    made.prepare()
    return made


def test_it_listens_here_only_asks_for_a_password_and_appends_to_a_file(server: Server) -> None:
    lines = server.text().splitlines()
    assert {"bind 127.0.0.1", "appendonly yes", "appendfsync everysec", 'save ""'} <= set(lines)
    assert f"requirepass {server.password}" in lines
    assert server.password not in " ".join(server.command())
    assert server.configuration.stat().st_mode & 0o077 == 0


def test_what_was_written_survives_a_kill(server: Server) -> None:
    with running(server), redis.Redis.from_url(server.url) as client:
        assert answers(f"redis://127.0.0.1:{server.port}") == "Authentication required"
        client.set("session", "kept")
    assert answers(server.url)
    with running(server), redis.Redis.from_url(server.url) as client:
        assert client.get("session") == b"kept"


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "nonsense", "redis://host.invalid:6379"])
def test_an_unreachable_address_gives_a_reason(url: str) -> None:
    assert answers(url)

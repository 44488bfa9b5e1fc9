"""The state folder: its secrets, ports, lock and refusals."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.home import (
    CHECKOUT,
    Home,
    Secrets,
    choose_port,
    is_development,
    locate_home,
    port_is_free,
    require_good_secret,
)

GOOD = "c1f5a3d97b2e4f60819ac2d4e6f80135"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def test_every_secret_follows_from_the_master_secret_and_its_label() -> None:
    secrets = Secrets(GOOD)
    expected = hmac.new(GOOD.encode(), b"password:dfworx_web", hashlib.sha256)
    assert secrets.password("dfworx_web") == expected.hexdigest()
    assert secrets.seal_key("dfworx_web") == hmac.digest(GOOD.encode(), b"seal:dfworx_web:1", "sha256")


def test_no_two_labels_share_a_secret() -> None:
    secrets = Secrets(GOOD)
    made = {secrets.derive(f"password:{name}") for name in ("postgres", "redis", "dfworx_web", "dfworx_auth")}
    made |= {secrets.seal_key("dfworx_web", kid) for kid in (1, 2)} | {secrets.seal_key("dfworx_auth")}
    assert len(made) == 7


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("", "not set"),
        ("short", "too short"),
        ("changeme" * 8, "placeholder"),
        ("x" * 40, "placeholder"),
        ("please-put-your-secret-here-please-1234", "placeholder"),
    ],
)
def test_production_refuses_a_missing_short_or_placeholder_secret(home: Home, secret: str, told: str) -> None:
    with pytest.raises(Failure, match=f"DFWORX_SECRET .*{told}") as raised:
        home.secrets({"DFWORX_ENV": "production", "DFWORX_SECRET": secret})
    assert "\n" not in str(raised.value)
    assert not (home.path / "secret").exists()


def test_production_takes_a_good_secret_and_writes_it_nowhere(home: Home) -> None:
    assert home.secrets({"DFWORX_ENV": "production", "DFWORX_SECRET": GOOD}).master == GOOD
    assert not (home.path / "secret").exists()
    require_good_secret(GOOD)


def test_development_makes_a_secret_once_and_keeps_it_private(home: Home) -> None:
    first = home.secrets({})
    require_good_secret(first.master)
    assert home.secrets({}) == first
    assert stat.S_IMODE((home.path / "secret").stat().st_mode) == 0o600


def test_two_starts_at_once_agree_on_one_secret(home: Home) -> None:
    found: list[Secrets] = []
    threads = [threading.Thread(target=lambda: found.append(home.secrets({}))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_an_emptied_secret_file_is_not_taken_for_a_secret(home: Home) -> None:
    (home.path / "secret").write_text("\n")
    with pytest.raises(Failure, match="restore it from a backup"):
        home.secrets({})


def test_an_unknown_environment_is_refused() -> None:
    assert is_development({})
    assert not is_development({"DFWORX_ENV": "production"})
    with pytest.raises(Failure, match="development or production"):
        is_development({"DFWORX_ENV": "staging"})


def test_ports_are_remembered_and_given_up_only_when_taken(home: Home) -> None:
    port = home.port("postgres")
    assert home.port("postgres") == port
    assert home.free_port_for("postgres") == port
    with socket.create_server(("127.0.0.1", port)):
        moved = home.free_port_for("postgres")
    assert moved != port
    assert home.port("postgres") == moved


def test_the_ports_of_one_home_differ(home: Home) -> None:
    names = ["postgres", "valkey", "auth", "web"]
    assert len({home.port(name) for name in names}) == len(names)


def test_a_listening_port_is_not_free() -> None:
    port = choose_port()
    assert port_is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free(port)


def test_a_second_command_is_turned_away_while_the_first_holds_the_lock(home: Home) -> None:
    with home.lock(), pytest.raises(Failure, match="Another command is changing"), home.lock(wait=False):
        pass
    with home.lock(wait=False):
        pass


def test_a_home_that_can_not_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failure, match=r"can't be created .*set DFWORX_HOME") as raised:
        Home(tmp_path / "file" / "home").prepare()
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_without_write_permission_is_one_sentence(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    home.path.chmod(0o500)
    with pytest.raises(Failure, match="can't be written to"):
        home.prepare()


def test_too_little_space_is_told_before_anything_is_made(home: Home) -> None:
    home.require_space(1)
    with pytest.raises(Failure, match="MB are free on the disk"):
        home.require_space(1 << 60)


def test_the_home_is_the_checkouts_unless_told_otherwise(tmp_path: Path) -> None:
    assert locate_home({}).path == CHECKOUT / ".dfworx"
    assert locate_home({"DFWORX_HOME": f"{tmp_path}/a/../b/"}).path == tmp_path / "b"
    with pytest.raises(Failure, match="control characters"):
        locate_home({"DFWORX_HOME": "/tmp/a\nb"})

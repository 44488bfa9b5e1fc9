"""Node from the wheel or the machine, and npm installs that fail in one sentence."""

import json
import subprocess
from pathlib import Path

import pytest

from dfworx.cli.failure import Failure, quiet
from dfworx.cli.parts import node


def put_node_on_path(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return program


def make_checkout(
    folder: Path, monkeypatch: pytest.MonkeyPatch, dependencies: dict[str, str], packages: dict[str, object]
) -> Path:
    folder.mkdir()
    manifest = {"name": "sample", "version": "1.0.0", "dependencies": dependencies}
    (folder / "package.json").write_text(json.dumps(manifest))
    lock = {
        "name": "sample",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {"": manifest, **packages},
    }
    (folder / "package-lock.json").write_text(json.dumps(lock))
    monkeypatch.setattr(node, "CHECKOUT", folder)
    return folder


def test_a_new_enough_node_of_the_machine_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = put_node_on_path(tmp_path / "bin", "v22.1.0", monkeypatch)
    assert node.node_executable(tmp_path) == program


@pytest.mark.parametrize("version", ["v20.20.2", "v9.1.0", "nonsense"])
def test_the_wheels_node_stands_in_for_an_old_one(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_node_on_path(tmp_path / f"bin-{version}", version, monkeypatch)
    chosen = node.node_executable(tmp_path)
    told = subprocess.run([chosen, "--version"], capture_output=True, text=True, check=True).stdout
    assert int(told.removeprefix("v").split(".")[0]) >= node.LOWEST_NODE


def test_tools_find_our_node_and_npm_and_write_into_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_node_on_path(tmp_path / "bin", "v18.0.0", monkeypatch)
    home = tmp_path / "a home with spaces"
    environment = node.npm_environment(home)
    told = subprocess.run(
        ["sh", "-c", "node -p process.version; npm config get cache; npx --version; echo $HOME"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    assert int(told[0].removeprefix("v").split(".")[0]) >= node.LOWEST_NODE
    assert told[1] == str(home / "node" / "cache")
    assert told[3] == str(home / "node")
    # Asked from inside such a tool, the answer is still the real Node, not our own shim.
    monkeypatch.setenv("PATH", environment["PATH"])
    assert node.node_executable(home).parent != home / "node" / "bin"


def test_packages_are_installed_once_for_a_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = make_checkout(tmp_path / "checkout", monkeypatch, {}, {})
    said: list[str] = []
    node.install_packages(tmp_path / "home", said.append)
    node.install_packages(tmp_path / "home", said.append)
    assert len(said) == 1

    lock = checkout / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    node.install_packages(tmp_path / "home", said.append)
    assert len(said) == 2


def test_an_unreachable_registry_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"node_modules/left-pad": {"version": "1.3.0"}}
    make_checkout(tmp_path / "checkout", monkeypatch, {"left-pad": "1.3.0"}, dict(wanted))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(Failure, match="npm registry can't be reached"):
        node.install_packages(tmp_path / "home", quiet)


def test_a_lock_file_that_does_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = make_checkout(tmp_path / "checkout", monkeypatch, {}, {})
    (checkout / "package.json").write_text('{"name": "sample", "dependencies": {"left-pad": "1.3.0"}}')
    with pytest.raises(Failure, match=r"could not be installed: .*package-lock.json"):
        node.install_packages(tmp_path / "home", quiet)


def test_no_room_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_checkout(tmp_path / "checkout", monkeypatch, {}, {})
    monkeypatch.setattr(node, "ROOM_NEEDED", 1 << 60)
    with pytest.raises(Failure, match="free space"):
        node.install_packages(tmp_path / "home", quiet)


def test_the_supabase_cli_is_found_among_the_packages(tmp_path: Path) -> None:
    told = subprocess.run(
        [node.supabase_executable(), "--version"],
        # It leaves a folder in HOME even for this.
        env=node.npm_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.strip().count(".") == 2


def test_a_machine_without_a_supabase_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "CHECKOUT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match=r"supabase\.com/docs"):
        node.supabase_executable()

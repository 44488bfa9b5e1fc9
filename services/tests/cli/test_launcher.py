"""The launcher on machines that lack something. It runs in a folder of its own with a PATH of our making."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from dfworx.cli.home import CHECKOUT

TOOLS = ("sh", "cat", "cksum", "mkdir", "readlink", "rm")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    (folder / "services").mkdir(parents=True)
    shutil.copy(CHECKOUT / "dfworx", folder / "dfworx")
    (folder / "services" / "uv.lock").write_text("version = 1\n")
    (folder / "services" / "pyproject.toml").write_text("")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    return folder


def add_python(checkout: Path, name: str, answer: str) -> Path:
    program = checkout.parent / "bin" / name
    program.write_text(f"#!/bin/sh\necho {answer}\n")
    program.chmod(0o755)
    return program


def launch(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "dfworx"), *arguments],
        env={"PATH": str(checkout.parent / "bin"), **environment},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_too_old_a_python_is_one_sentence_with_its_version(checkout: Path) -> None:
    add_python(checkout, "python3", "3.9 0 /usr/bin/python3.9")
    done = launch(checkout, "up")
    assert done.returncode == 1
    assert done.stderr == (
        "DFWorX needs Python 3.11 or newer, and this machine has 3.9; "
        "install a newer one, or name it in DFWORX_PYTHON.\n"
    )


def test_no_python_at_all_is_one_sentence(checkout: Path) -> None:
    done = launch(checkout, "up")
    assert done.returncode == 1
    assert "found none" in done.stderr and done.stderr.count("\n") == 1


def test_a_named_python_that_is_too_old_is_not_passed_over(checkout: Path) -> None:
    old = add_python(checkout, "old", "3.10 0 /old")
    add_python(checkout, "python3", "3.12 1 /new")
    done = launch(checkout, "up", DFWORX_PYTHON=str(old))
    assert done.returncode == 1
    assert "DFWORX_PYTHON names" in done.stderr and done.stderr.count("\n") == 1


def test_a_named_python_that_is_not_there_is_not_passed_over(checkout: Path) -> None:
    add_python(checkout, "python3", "3.12 1 /new")
    for made in (False, True):
        if made:
            add_environment(checkout)
        done = launch(checkout, "up", DFWORX_PYTHON="/nowhere/python")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("DFWORX_PYTHON names /nowhere/python") and done.stderr.count("\n") == 1


def add_environment(checkout: Path) -> None:
    services = checkout / "services"
    state = subprocess.run(
        ["cksum", "uv.lock", "pyproject.toml"], cwd=services, capture_output=True, text=True, check=True
    )
    python = services / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$DFWORX_HOME"\nprintf "%s|" "$@"\n')
    python.chmod(0o755)
    (services / ".venv" / ".made-from").write_text(f"{state.stdout}{services / '.venv'}")


def test_a_made_environment_is_used_at_once_with_an_absolute_home(checkout: Path) -> None:
    add_environment(checkout)
    done = launch(checkout, "import", "a folder", "")
    assert done.stdout == f"{checkout}/.dfworx\n-m|dfworx.cli.main|import|a folder||"
    link = checkout.parent / "link"
    link.symlink_to("a checkout/dfworx")
    linked = subprocess.run(
        [str(link)], env={"PATH": str(checkout.parent / "bin")}, capture_output=True, text=True, check=False
    )
    assert linked.stdout.startswith(f"{checkout}/.dfworx\n")


def test_an_environment_of_another_place_is_made_anew(checkout: Path) -> None:
    python = checkout / "services" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho used\n")
    python.chmod(0o755)
    (checkout / "services" / ".venv" / ".made-from").write_text("1 2 uv.lock\n/elsewhere/services/.venv")
    done = launch(checkout, "status")
    assert "used" not in done.stdout and "Python 3.11" in done.stderr

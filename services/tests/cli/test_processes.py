"""Finding what belongs to a home, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from dfworx.cli.home import Secrets
from dfworx.cli.parts.processes import (
    MARK,
    end_processes,
    find_postmaster,
    find_processes,
    memory_mb,
    remove_stale_lock,
)
from dfworx.cli.parts.valkey import answers, throwaway_server

SLEEPER = "import sys, time; print(flush=True); time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}], env={{}})"


@contextmanager
def running(code: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has printed its first line; it and its children end with the test."""
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
    finally:
        if process.poll() is None:
            for child in psutil.Process(process.pid).children():
                child.kill()
            process.kill()
        process.communicate()


def test_what_the_supervisor_started_is_found_with_its_children(tmp_path: Path) -> None:
    with running(PARENT, {"DFWORX_HOME": str(tmp_path), MARK: "1"}) as process:
        found = find_processes(tmp_path)
        assert process.pid in [each.pid for each in found]
        assert len(found) == 2
        assert memory_mb(found) > 1


def test_a_shell_that_merely_has_the_home_set_is_left_alone(tmp_path: Path) -> None:
    with running(SLEEPER, {"DFWORX_HOME": str(tmp_path)}) as process:
        assert find_processes(tmp_path) == []
        assert end_processes(tmp_path) == 0
        assert process.poll() is None


def test_programs_that_hide_their_environment_are_found_without_a_supervisor(tmp_path: Path) -> None:
    secrets = Secrets("for a throwaway Valkey")
    with throwaway_server(tmp_path, secrets) as server:
        (found,) = find_processes(tmp_path)
        assert found.name() == "valkey-server"
        assert end_processes(tmp_path) == 1
        assert answers(server.url)


def test_another_homes_processes_are_left_alone(tmp_path: Path) -> None:
    with running(SLEEPER, {"DFWORX_HOME": str(tmp_path / "other"), MARK: "1"}) as process:
        assert end_processes(tmp_path) == 0
        assert process.poll() is None


def test_one_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
    with running(deaf, {"DFWORX_HOME": str(tmp_path), MARK: "1"}) as process:
        assert end_processes(tmp_path, seconds=0.2) == 1
        assert process.wait(10) == -signal.SIGKILL


def test_a_lock_whose_number_is_another_programs_is_dropped(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert find_postmaster(tmp_path) is None
    remove_stale_lock(tmp_path)
    assert not lock.exists()
    remove_stale_lock(tmp_path)

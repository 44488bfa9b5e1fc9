"""What we changed in supervisord: sockets outlive their program, and pauses stay short. A real supervisor runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from supervisor.states import ProcessStates

from dfworx.cli.home import Home, choose_port
from dfworx.cli.parts import supervise, supervision
from dfworx.cli.parts.processes import find_processes, is_guard, is_supervisor, read_words
from dfworx.cli.programs import Program
from dfworx.cli.waiting import wait_until

# Answers one connection with its process id, then dies: each answer needs a restart in between.
ANSWER_ONCE = """
import os, socket
listener = socket.socket(fileno=0)
connection, _ = listener.accept()
connection.sendall(str(os.getpid()).encode())
connection.close()
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    home.prepare()
    yield home
    supervision.stop(home)


def ask(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        return connection.recv(100).decode()


def start(home: Home, code: str) -> int:
    port = choose_port()
    program = Program("part", [sys.executable, "-c", code], order=1, socket=port)
    supervision.write_configuration(home, [program])
    supervision.start(home)
    assert wait_until(
        lambda: supervision.is_running(home) and (home.run / "supervisord.pid").exists(), seconds=20
    )
    return port


def test_connections_wait_while_a_killed_part_restarts(home: Home) -> None:
    port = start(home, ANSWER_ONCE)
    answers = [ask(port) for _ in range(3)]
    assert len(set(answers)) == 3


def test_a_killed_supervisor_comes_back_and_leaves_one_of_each_part(home: Home) -> None:
    port = start(home, ANSWER_ONCE)
    ask(port)
    before = int((home.run / "supervisord.pid").read_text())
    os.kill(before, signal.SIGKILL)

    def is_back() -> bool:
        supervisors = [each.pid for each in find_processes(home.path) if is_supervisor(each)]
        parts = [each for each in find_processes(home.path) if ANSWER_ONCE in read_words(each)]
        return len(supervisors) == 1 and supervisors != [before] and len(parts) == 1

    assert wait_until(is_back, seconds=20)
    assert ask(port)


def test_after_guard_and_supervisor_were_killed_nothing_is_left_by_a_stop(home: Home) -> None:
    start(home, ANSWER_ONCE)
    assert wait_until(
        lambda: any(ANSWER_ONCE in read_words(each) for each in find_processes(home.path)), seconds=20
    )
    for process in find_processes(home.path):
        if is_guard(process) or is_supervisor(process):
            process.kill()
    assert supervision.stop(home) >= 1
    assert find_processes(home.path) == []


def test_the_pause_between_failing_starts_stays_short() -> None:
    class Part:
        delay = 0.0
        backoff = 50

        def change_state(self, new_state: int, expected: bool = True) -> None:
            self.delay = time.time() + self.backoff

    part = Part()
    supervise.bound_pause(Part.change_state)(part, ProcessStates.BACKOFF)
    assert part.delay <= time.time() + supervise.LONGEST_PAUSE


def test_the_guard_is_valid_sh() -> None:
    assert subprocess.run(["/bin/sh", "-n", str(supervision.GUARD)], check=False).returncode == 0

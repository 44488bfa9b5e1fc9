"""The sign of life of a program without a socket."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from dfworx.cli.health import PULSE_SECONDS, pulse_check


def test_a_fresh_sign_of_a_living_process_is_well(tmp_path: Path) -> None:
    file = tmp_path / "pulse"
    check = pulse_check(file)
    assert check() == "it has given no sign of life"
    file.write_text(f"{os.getpid()}\n")
    assert check() is None
    long_ago = time.time() - PULSE_SECONDS - 5
    os.utime(file, (long_ago, long_ago))
    assert check() == f"its last sign of life is {PULSE_SECONDS + 5} s old"


def test_a_fresh_sign_of_a_dead_process_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    file = tmp_path / "pulse"
    file.write_text(f"{dead.pid}\n")
    assert pulse_check(file)() == "it has given no sign of life"
    file.write_text("no number")
    assert pulse_check(file)() == "it has given no sign of life"

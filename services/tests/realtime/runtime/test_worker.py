"""A worker's process: it doesn't outlive the one that started it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

PARENT = Path(__file__).with_name("parent.py")
SERVICES = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process whose socket is closed")
def test_a_worker_that_loops_dies_with_its_parent(node: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, str(PARENT), str(node)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SERVICES)},
    )
    assert parent.stdout is not None
    worker = os.pidfd_open(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    ended, _, _ = select.select([worker], [], [], 60)
    assert ended
    os.close(worker)

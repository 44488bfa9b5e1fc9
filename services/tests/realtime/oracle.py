"""Convex's own JavaScript, asked what it makes of something: a program beside the test, JSON in and JSON out."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import node_executable


def ask(program: Path, asked: str) -> Any:
    done = subprocess.run(
        [str(node_executable(locate_home(os.environ).path)), str(program)],
        input=asked,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

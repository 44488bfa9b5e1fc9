"""The registry of services: what differs while one works on the source."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from dfworx.cli import services
from dfworx.cli.services import Background
from dfworx.cli.waiting import wait_until


def test_in_development_a_changed_source_starts_a_background_program_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "SOURCE", tmp_path)
    module = tmp_path / "counting.py"
    started = tmp_path / "started.txt"
    module.write_text(
        f"import pathlib, signal\nwith open({str(started)!r}, 'a') as file: print('once', file=file)\nsignal.pause()\n"
    )
    command = Background("counting", "counting", "dfworx_worker", "run/counting.pulse").command(reload=True)
    watcher = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, start_new_session=True
    )

    def starts() -> int:
        return started.read_text().count("once") if started.exists() else 0

    def change() -> bool:
        """Again and again: the watcher may not be watching yet."""
        module.write_text(module.read_text() + "\n")
        return starts() > 1

    try:
        assert wait_until(lambda: starts() == 1, seconds=20)
        assert wait_until(change, seconds=20, interval=0.5)
    finally:
        watcher.terminate()
        watcher.wait(timeout=20)

"""The door: every command named there exists, and none is loaded before it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from dfworx.cli.main import COMMANDS, Command, build_app


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_that_is_listed_exists(command: Command) -> None:
    name = command.name
    group = typer.main.get_command(build_app(name))
    assert name in group.commands  # type: ignore[attr-defined]


def test_the_list_of_commands_loads_none_of_them() -> None:
    code = (
        "import sys; from dfworx.cli.main import build_app; build_app(None);"
        "print([m for m in ('asyncpg', 'redis', 'psutil', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["status"], "There is no install in {home}; start one with: ./dfworx up\n"),
        (["logs"], "There are no logs in {home}/logs; start the install with: ./dfworx up\n"),
        (["logs", "web"], "There are no logs in {home}/logs; start the install with: ./dfworx up\n"),
    ],
)
def test_a_failure_is_its_sentence_alone(tmp_path: Path, command: list[str], sentence: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dfworx.cli.main", *command],
        env={"DFWORX_HOME": f"{tmp_path}/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == sentence.format(home=f"{tmp_path}/nothing")

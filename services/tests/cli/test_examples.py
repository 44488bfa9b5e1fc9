"""Each example as a person tries it: served by `realtime serve`, run by its client, and what that prints compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.cli.parts.node import node_executable

EXAMPLES = CHECKOUT / "examples"
FEATURES = sorted(path.parent.name for path in EXAMPLES.glob("*/convex"))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DFWORX_HOME": str(tmp_path / "home"), "KEY_FILE": str(tmp_path / "key.json")}


@contextmanager
def served(tmp_path: Path, environment: dict[str, str], feature: str, *options: str) -> Iterator[list[str]]:
    """The two addresses, as clients are given them."""
    folder, data = EXAMPLES / feature / "convex", tmp_path / "data.sqlite"
    command = [sys.executable, "-m", "dfworx.cli.main", "realtime", "serve", str(folder)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", "0", "--data", str(data), *options],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, (tmp_path / "log").read_text()
        told = json.loads(line)
        yield [told["url"], told["site_url"]]
    finally:
        process.terminate()
        process.communicate(timeout=60)


def run(environment: dict[str, str], *command: str | Path) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("feature", FEATURES)
def test_an_example_prints_what_it_says(tmp_path: Path, environment: dict[str, str], feature: str) -> None:
    node = node_executable(tmp_path / "home")
    options = {"actions": "WEATHER_KEY=secret"}
    if feature == "auth":
        options["auth"] = f"JWKS={run(environment, node, EXAMPLES / 'auth' / 'keys.mjs').strip()}"
    expected = (EXAMPLES / feature / "expected.txt").read_text(encoding="utf-8")
    variables = ["--env", options[feature]] if feature in options else []
    with served(tmp_path, environment, feature, *variables) as addresses:
        for _ in range(2):  # what was kept the first time doesn't show in the second
            assert run(environment, node, EXAMPLES / feature / "client.mjs", *addresses) == expected
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_the_client_in_python_prints_the_same(tmp_path: Path, environment: dict[str, str]) -> None:
    expected = (EXAMPLES / "chat" / "expected.txt").read_text(encoding="utf-8")
    with served(tmp_path, environment, "chat") as [url, _]:
        assert run(environment, sys.executable, EXAMPLES / "chat" / "client.py", url) == expected


def test_an_action_without_its_key_says_how_to_set_it(tmp_path: Path, environment: dict[str, str]) -> None:
    node = node_executable(tmp_path / "home")
    with served(tmp_path, environment, "actions") as addresses:
        told = run(environment, node, EXAMPLES / "actions" / "client.mjs", *addresses)
    assert told.startswith("Refused: Set WEATHER_KEY: ./dfworx realtime env set WEATHER_KEY")


def test_every_example_is_told_of(tmp_path: Path) -> None:
    told = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert FEATURES and [name for name in FEATURES if f"[{name}]({name})" not in told] == []

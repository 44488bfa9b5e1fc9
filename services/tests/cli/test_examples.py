"""Each example as a person tries it: served by `realtime serve`, run by its client, and what that prints compared."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.cli.parts.node import node_executable
from tests.cli.test_realtime import environment, served

EXAMPLES = CHECKOUT / "examples"
FEATURES = sorted(path.parent.name for path in EXAMPLES.glob("*/convex"))


@contextmanager
def addresses(tmp_path: Path, feature: str, *variables: str) -> Iterator[list[str]]:
    """Of functions and of HTTP actions, as clients are given them."""
    options = [word for each in variables for word in ("--env", each)]
    folder, data = EXAMPLES / feature / "convex", str(tmp_path / "data.sqlite")
    with served(tmp_path, folder, "--data", data, *options) as (_, told):
        yield [told["url"], told["site_url"]]


def printed(tmp_path: Path, program: str, *arguments: str) -> str:
    runner = sys.executable if program.endswith(".py") else str(node_executable(tmp_path / "home"))
    done = subprocess.run(
        [runner, str(EXAMPLES / program), *arguments],
        env=environment(tmp_path) | {"KEY_FILE": str(tmp_path / "key.json")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def expected(feature: str) -> str:
    return (EXAMPLES / feature / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("feature", FEATURES)
def test_an_example_prints_what_it_says(tmp_path: Path, feature: str) -> None:
    variables = ["WEATHER_KEY=secret"] if feature == "actions" else []
    if feature == "auth":
        variables = [f"JWKS={printed(tmp_path, 'auth/keys.mjs').strip()}"]
    with addresses(tmp_path, feature, *variables) as given:
        for _ in range(2):  # what was kept the first time doesn't show in the second
            assert printed(tmp_path, f"{feature}/client.mjs", *given) == expected(feature)
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_the_client_in_python_prints_the_same(tmp_path: Path) -> None:
    with addresses(tmp_path, "chat") as given:
        assert printed(tmp_path, "chat/client.py", given[0]) == expected("chat")


def test_an_action_without_its_key_says_how_to_set_it(tmp_path: Path) -> None:
    with addresses(tmp_path, "actions") as given:
        told = printed(tmp_path, "actions/client.mjs", *given)
    assert told.startswith("Refused: Set WEATHER_KEY: ./dfworx realtime env set WEATHER_KEY")


def test_every_example_is_told_of() -> None:
    told = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert FEATURES and [name for name in FEATURES if f"[{name}]({name})" not in told] == []

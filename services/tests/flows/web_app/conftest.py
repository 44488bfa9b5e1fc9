"""One install serves this whole folder: what the tests make in it is told apart by the organization's slug."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dfworx.cli.home import Home
from tests.flows.conftest import Stack, running_stack


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with TemporaryDirectory(prefix="dfworx-flows-") as folder:
        yield from running_stack(Home(Path(folder) / "a home"))

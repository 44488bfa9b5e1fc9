from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.convex.served import Served, serve_functions


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests: each has organizations of its own."""
    with serve_functions(tmp_path_factory.mktemp("deployment")) as made:
        yield made

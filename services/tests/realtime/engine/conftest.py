"""A deployment's documents in a scratch file: the one writer, and readers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dfworx.realtime.engine.store import Store, Writer, open_connection

NOW = 1_790_000_000_000.25


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "documents.sqlite")


@pytest.fixture
def writer(path: str) -> Iterator[Writer]:
    connection = open_connection(path, durable=False)
    made = Writer(connection)
    made.create()
    yield made
    connection.close()


@pytest.fixture
def reader(path: str, writer: Writer) -> Iterator[Store]:
    connection = open_connection(path)
    yield Store(connection)
    connection.close()

"""The functions of runtime/functions, and a deployment that has them, over a scratch file."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import node_executable
from dfworx.realtime.runtime.bundle import Bundle, bundle
from dfworx.realtime.runtime.deployment import Deployment, open_deployment

ENV = {"COLOUR": "green"}


@pytest.fixture(scope="session")
def node() -> Path:
    return node_executable(locate_home(os.environ).path)


@pytest.fixture(scope="session")
def code(node: Path) -> Bundle:
    return bundle(Path(__file__).with_name("runtime") / "functions", node, CHECKOUT / "node_modules")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "documents.sqlite")


@pytest.fixture
async def at_work(path: str, node: Path, code: Bundle) -> AsyncIterator[Deployment]:
    made = await open_deployment(path, node, code, ENV, durable=False)
    yield made
    await made.close()

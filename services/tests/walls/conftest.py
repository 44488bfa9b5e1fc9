"""The ground on which the walls are attacked: one filled database a module, of our own server or, when
`./dfworx test walls` was given DATABASE_URL, the operator's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest

from dfworx.cli.test import WALLS_DATABASE
from tests.conftest import Servers
from tests.walls.arena import Arena
from tests.walls.ground import Ground, cloned, lent
from tests.walls.tally import Notes


@pytest.fixture
def notes(request: pytest.FixtureRequest) -> Notes:
    return Notes(request.node)


@pytest.fixture(scope="module")
def ground(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A database with our tables and without rows."""
    url = os.environ.get(WALLS_DATABASE)
    with lent(servers, url, tmp_path_factory.mktemp("lent")) if url else cloned(servers) as database:
        yield database


@pytest.fixture(scope="module")
def arena(ground: Ground) -> Arena:
    return asyncio.run(Arena.build(ground))


@pytest.fixture
def database(ground: Ground) -> Ground:
    """In place of the clone that each test has elsewhere."""
    return ground

"""A deployment of the functions beside this, the way to it, and official clients at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.realtime.clients.npm_and_pypi import Clients, npm, pypi, started_clients
from tests.realtime.clients.proxy import FaultProxy, fault_proxy
from tests.realtime.clients.served import Served, deployment
from tests.realtime.clients.tokens import Provider


@pytest.fixture(scope="session")
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    async with fault_proxy() as made:
        yield made


@pytest.fixture
async def served(tmp_path: Path, proxy: FaultProxy, provider: Provider) -> AsyncIterator[Served]:
    async with deployment(tmp_path, proxy, provider.keys) as made:
        yield made


@pytest.fixture
async def clients(served: Served) -> AsyncIterator[Clients]:
    """Of npm."""
    async with started_clients(npm()) as made:
        await _open(made, served)
        yield made


@pytest.fixture
async def pypi_clients(served: Served) -> AsyncIterator[Clients]:
    async with started_clients(pypi()) as made:
        await _open(made, served)
        yield made


@pytest.fixture(params=[npm, pypi], ids=["npm", "pypi"])
async def either(served: Served, request: pytest.FixtureRequest) -> AsyncIterator[Clients]:
    async with started_clients(request.param()) as made:
        await _open(made, served)
        yield made


async def _open(clients: Clients, served: Served) -> None:
    for name in ("ann", "bob"):
        await clients.do("open", client=name, url=served.proxy.url)

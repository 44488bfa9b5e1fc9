"""The auth service when Redis or PostgreSQL is away, beside that of the other tests: same database, same keys."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dfworx.auth.app import create_app
from dfworx.cli.home import choose_port
from tests.conftest import ClientAs, Person, TestDatabase


def escaped(body: Any) -> dict[str, Any]:
    """Arguments for httpx: JSON in ASCII, which can say lone surrogates."""
    return {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}


def clients_of(app: FastAPI) -> ClientAs:
    def client_as(person: Person | None) -> httpx.AsyncClient:
        headers = {"X-Request-Id": "of-a-test"} | (
            {"Authorization": f"Bearer {person.token}"} if person else {}
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=headers)

    return client_as


@contextlib.asynccontextmanager
async def _serving(database: TestDatabase, **changes: str) -> AsyncIterator[ClientAs]:
    app = create_app(database.settings("dfworx_auth", **changes))
    async with app.router.lifespan_context(app):
        yield clients_of(app)


@pytest.fixture
async def without_redis(database: TestDatabase) -> AsyncIterator[ClientAs]:
    """Nobody listens where Redis should be."""
    async with _serving(database, redis_url=f"redis://127.0.0.1:{choose_port()}/0") as client_as:
        yield client_as


@pytest.fixture
async def without_database(database: TestDatabase) -> AsyncIterator[ClientAs]:
    """Nobody listens where PostgreSQL should be."""
    url = f"postgresql://dfworx_auth:password-of-nobody@127.0.0.1:{choose_port()}/dfworx"
    async with _serving(database, database_url=url) as client_as:
        yield client_as


@pytest.fixture
async def with_silent_redis(database: TestDatabase) -> AsyncIterator[ClientAs]:
    """Something takes connections where Redis should be and never says a word."""
    held: list[asyncio.StreamWriter] = []

    async def keep_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with _serving(database, redis_url=f"redis://127.0.0.1:{port}/0") as client_as:
        yield client_as
    for writer in held:
        writer.close()
    server.close()

"""Real PostgreSQL, real Valkey, real services; people who sign in. Servers start once per test process, the
migrated database is a template, and each test that asks for one gets a clone of its own."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from redis.asyncio import Redis

from dfworx.admin.app import create_app as create_admin_app
from dfworx.auth.app import create_app as create_auth_app
from dfworx.cli.database_roles import role_url
from dfworx.cli.home import Home, Secrets
from dfworx.cli.migrations import migrate, prepare_cluster
from dfworx.cli.parts.postgres import OWNER, Cluster, throwaway_cluster
from dfworx.cli.parts.valkey import Server, throwaway_server
from dfworx.shared.cache import connect_redis
from dfworx.shared.context import Caller, Role, Sealer
from dfworx.shared.settings import Settings
from dfworx.web.app import create_app as create_web_app
from tests.walls.tally import ClosingLine

TEMPLATE = "dfworx_template"
PASSWORD = "correct horse battery"
# A real hash with the least work: signing in a hundred people must not take a minute.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
MEMORY_NEEDED = 8 << 30
"""Bytes: far more than the databases of two test processes take, so that theirs never press on anything else."""
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """The closing line of the walls, in the process that writes the summary. Here, since a parallel run's own process
    never looks into the areas' folders."""
    # A shell starts what runs in the background deaf to it, and what is started here would be too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ClosingLine(config), "walls")


@dataclass(frozen=True)
class Servers:
    cluster: Cluster
    valkey: Server
    secrets: Secrets
    jwt_keys: Path

    @property
    def redis_url(self) -> str:
        """Patient: a machine that is busy with other tests for a second must not look like a Redis that is away."""
        return f"{self.valkey.url}?socket_timeout=20&socket_connect_timeout=20&timeout=20"


@dataclass(frozen=True)
class TestDatabase:
    """One test's own database: URLs for its owner and for each service's login role."""

    __test__ = False

    servers: Servers
    name: str

    @property
    def owner_url(self) -> str:
        return self.servers.cluster.url(OWNER, self.servers.secrets.password(OWNER), self.name)

    def url(self, role: str) -> str:
        return role_url(self.owner_url, role, self.servers.secrets)

    def settings(self, role: str, **changes: Any) -> Settings:
        """What a service of this login role would be told."""
        values = {
            "database_url": self.url(role),
            "redis_url": self.servers.redis_url,
            "seal_key": self.servers.secrets.seal_key(role).hex(),
            "jwt_keys": self.servers.jwt_keys if role == "dfworx_auth" else None,
            "password_key": self.servers.secrets.password_key().hex() if role == "dfworx_auth" else None,
            "home": self.servers.jwt_keys.with_name(self.name),
            "file_key": self.servers.secrets.file_key().hex() if role == "dfworx_web" else None,
            "internal_key": self.servers.secrets.internal_key().hex() if role == "dfworx_web" else None,
            "database_connections": 5,
        }
        return Settings(**{**values, **changes})


@dataclass(frozen=True)
class Person:
    """Somebody signed in to one organization."""

    user_id: UUID
    organization_id: UUID
    organization: str
    name: str
    email: str
    password: str
    role: str
    tokens: dict[str, Any] = field(default_factory=dict)

    @property
    def token(self) -> str:
        token: str = self.tokens["access_token"]
        return token


MakePerson = Callable[..., Awaitable[Person]]
ClientAs = Callable[[Person | None], httpx.AsyncClient]
Inject = Callable[[str, Person], Awaitable[asyncpg.Connection]]


def memory_folder() -> Path | None:
    """Where a file is memory, if there is room: each test clones a database of some hundred files, which takes a
    twentieth of the time there. None: the usual place for what is temporary."""
    memory = Path("/dev/shm")
    room = shutil.disk_usage(memory).free if os.access(memory, os.W_OK) else 0
    return memory if room >= MEMORY_NEEDED else None


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    secrets = Secrets("a master secret of the tests, and of nothing else")
    with ExitStack() as stack:
        # Not in pytest's own folder: each further run of pytest closes that one to other users (0700), and as
        # root the database runs as one.
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="dfworx-tests-", dir=memory_folder())))
        home = Home(folder / "home")
        home.prepare()
        cluster = stack.enter_context(throwaway_cluster(folder, secrets))
        valkey = stack.enter_context(throwaway_server(folder, secrets))
        migrate(prepare_cluster(cluster, secrets, TEMPLATE), secrets, home)
        yield Servers(cluster, valkey, secrets, folder / "jwt_keys.json")


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[TestDatabase]:
    name = f"test_{next(_numbers)}"
    superuser = await asyncpg.connect(servers.cluster.url(database="postgres"))
    try:
        await superuser.execute(f'create database "{name}" template {TEMPLATE} owner {OWNER}')
        # A clone has the template's tables and roles, but the rights on a database itself are not copied.
        await superuser.execute(f'revoke temporary, create on database "{name}" from public')
        yield TestDatabase(servers, name)
        await superuser.execute(f'drop database "{name}" with (force)')
    finally:
        await superuser.close()


@pytest.fixture
async def owner(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """The back office: sees all rows, and is what no service may become."""
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def redis(servers: Servers) -> AsyncIterator[Redis]:
    """An empty Valkey."""
    client = connect_redis(servers.redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def auth_app(database: TestDatabase, redis: Redis) -> AsyncIterator[FastAPI]:
    async for app in _serving(create_auth_app(database.settings("dfworx_auth"))):
        yield app


@pytest.fixture
async def web_app(database: TestDatabase, redis: Redis, auth_app: FastAPI) -> AsyncIterator[FastAPI]:
    async for app in _serving(create_web_app(database.settings("dfworx_web"))):
        await _trust(app, auth_app)
        yield app


@pytest.fixture
async def admin_app(database: TestDatabase, redis: Redis, auth_app: FastAPI) -> AsyncIterator[FastAPI]:
    async for app in _serving(create_admin_app(database.settings("dfworx_admin"))):
        await _trust(app, auth_app)
        yield app


async def _trust(app: FastAPI, auth_app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(auth_app), base_url="http://auth") as auth:
        app.state.tokens.trust((await auth.get("/.well-known/jwks.json")).json())


async def _serving(app: FastAPI) -> AsyncIterator[FastAPI]:
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client_as(auth_app: FastAPI, web_app: FastAPI, admin_app: FastAPI) -> AsyncIterator[ClientAs]:
    """A client that carries the person's token, or none, and reaches every service by path as the gateway does."""

    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        by_name = {"web": web_app, "admin": admin_app}
        app = by_name.get(scope["path"].removeprefix("/api/").partition("/")[0], auth_app)
        await app(scope, receive, send)

    async with AsyncExitStack() as stack:

        def client_as(person: Person | None) -> httpx.AsyncClient:
            # One id for all, so that two refusals can be compared word for word.
            headers = {"X-Request-Id": "of-a-test"}
            if person:
                headers["Authorization"] = f"Bearer {person.token}"
            transport = httpx.ASGITransport(gateway, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=headers)
            stack.push_async_callback(client.aclose)
            return client

        yield client_as


@pytest.fixture
def make_person(owner: asyncpg.Connection, client_as: ClientAs) -> MakePerson:
    """Puts a person into an organization (made when it isn't there) and signs them in through the API."""
    writing = asyncio.Lock()

    async def make_person(
        *,
        organization: str = "lumen",
        role: str = "member",
        name: str | None = None,
        email: str | None = None,
    ) -> Person:
        number = next(_numbers)
        name = name or f"Person {number}"
        email = email or f"person-{number}@{organization}.example"
        async with writing, owner.transaction():
            organization_id = await owner.fetchval(
                """
                insert into public.organizations (name, slug) values (initcap($1), $1)
                on conflict (slug) do update set slug = excluded.slug returning organization_id
                """,
                organization,
            )
            identity_id = await owner.fetchval(
                """
                insert into app_auth.identities (email, password_hash) values ($1, $2)
                on conflict (email) do update set email = excluded.email returning identity_id
                """,
                email,
                PASSWORD_HASH,
            )
            user_id = await owner.fetchval(
                """
                insert into public.users (organization_id, identity_id, name, email, role, origin)
                values ($1, $2, $3, $4, $5, 'registered') returning user_id
                """,
                *(organization_id, identity_id, name, email, role),
            )
        answer = await client_as(None).post(
            "/api/auth/login", json={"email": email, "password": PASSWORD, "organization": organization}
        )
        assert answer.status_code == 200, answer.text
        return Person(user_id, organization_id, organization, name, email, PASSWORD, role, answer.json())

    return make_person


@pytest.fixture
async def inject(database: TestDatabase) -> AsyncIterator[Inject]:
    """Any SQL as a service's own login with the person's true seal: what an injection into it could do."""
    async with AsyncExitStack() as stack:

        async def inject(login: str, person: Person) -> asyncpg.Connection:
            role: Role = person.role  # type: ignore[assignment]  # make_person takes any of them as text
            caller = Caller(person.user_id, person.organization_id, role, uuid4())
            seal = Sealer(1, database.servers.secrets.seal_key(login)).seal(caller)
            connection = await asyncpg.connect(database.url(login))
            stack.push_async_callback(connection.close)
            await connection.execute("select set_config('dfx.ctx', $1, false)", seal)
            return connection

        yield inject


async def require_refusal(client: httpx.AsyncClient, path: str, code: str) -> None:
    """That the session is refused there within a second: so long may a service take to hear what became of it."""
    async with asyncio.timeout(1):
        while (answer := await client.get(path)).status_code == 200:
            pass
    assert (answer.status_code, answer.json()["code"]) == (401, code)

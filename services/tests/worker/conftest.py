"""The worker's own login on a test's database, events put into the outbox, a receiver of webhooks and one of mails."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from redis.asyncio import Redis

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database
from dfworx.shared.settings import Settings
from tests.conftest import TestDatabase

MakeOrganization = Callable[[str], Awaitable[UUID]]
Note = Callable[..., Awaitable[int]]


@pytest.fixture
def settings(database: TestDatabase, tmp_path: Path) -> Settings:
    return database.settings("dfworx_worker", home=tmp_path)


@pytest.fixture
async def worker_database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.close()


@pytest.fixture
def cache(redis: Redis) -> Cache:
    return Cache(redis)


@pytest.fixture
def make_organization(owner: asyncpg.Connection) -> MakeOrganization:
    async def make_organization(slug: str) -> UUID:
        made: UUID = await owner.fetchval(
            "insert into public.organizations (name, slug) values (initcap($1), $1) returning organization_id",
            slug,
        )
        # What its making noted is no matter of these tests.
        await owner.execute("delete from shared_services.outbox where organization_id = $1", made)
        return made

    return make_organization


@pytest.fixture
def note(owner: asyncpg.Connection) -> Note:
    """Puts an event into the outbox; returns its number."""

    async def note(
        organization_id: UUID, topic: str = "posts.published", entity_id: UUID | None = None, **payload: Any
    ) -> int:
        number: int = await owner.fetchval(
            """
            insert into shared_services.outbox (organization_id, topic, entity_id, payload)
            values ($1, $2, $3, $4::text::jsonb) returning outbox_id
            """,
            *(organization_id, topic, entity_id or uuid4(), json.dumps(payload)),
        )
        return number

    return note


@dataclass
class Receiver:
    """What takes webhooks: each request's headers and body, in the order of arrival."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Status codes for the next requests; 204 when there is none left."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
                headers = {name.lower(): value for name, value in lines}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                status = self.answers.pop(0) if self.answers else 204
                self.got.append((headers, body))
                writer.write(f"HTTP/1.1 {status} Told\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
                self.arrived.set()
        writer.close()

    async def wait_for(self, count: int, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while len(self.got) < count:
                self.arrived.clear()
                await self.arrived.wait()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield made
    server.close()


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


class MailServer:
    """Takes mail from who knows the password: for `nobody@` never, for `later@` not now, and no words for `words@`.
    It knows ASCII alone in addresses."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.logins = 0

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        if envelope.rcpt_tos[0].startswith("words@"):
            return "554 not such words"
        self.got.append(read(envelope.content))
        return "250 OK"

    def knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins += 1
        return AuthResult(success=data == LoginPassword(b"dfworx@here", b"p@ss/word"))


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[MailServer, str]]:
    handler = MailServer()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, authenticator=handler.knows, auth_required=True, auth_require_tls=False),
        "127.0.0.1",
        0,
    )
    port = listening.sockets[0].getsockname()[1]
    yield handler, f"smtp://dfworx%40here:p%40ss%2Fword@127.0.0.1:{port}"
    listening.close()

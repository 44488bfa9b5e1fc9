"""Schemathesis against the services' own OpenAPI documents, with a member's token, in an organization that lives
beside another one whose every row is marked: no 500, no answer that its description doesn't know, and nothing of
the other organization in any. What is added to a service is tried because it is described."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks

from dfworx.auth.app import create_app as create_auth_app
from dfworx.cli.services import SERVICES
from dfworx.web.app import create_app as create_web_app
from tests.conftest import PASSWORD, PASSWORD_HASH, Servers
from tests.walls.arena import Arena
from tests.walls.filling import FOREIGN, OURS
from tests.walls.ground import Ground, cloned

EXAMPLES = 25
"""Requests that are made up for each operation and way of making them."""


class Gateway:
    """Both services behind one real socket, as the gateway has them, in a thread with a loop of its own."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(self._app, log_config=None, interface="asgi3", lifespan="off", proxy_headers=False)
        )
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> Gateway:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(30)

    async def _serve(self) -> None:
        self._auth = create_auth_app(self._ground.settings("dfworx_auth"))
        self._web = create_web_app(self._ground.settings("dfworx_web"))
        self._web.state.tokens.follow(self._auth.state.keys.jwks)
        async with (
            self._auth.router.lifespan_context(self._auth),
            self._web.router.lifespan_context(self._web),
        ):
            self._ready.set()
            await self._server.serve(sockets=[self._socket])

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        await (self._web if scope["path"].startswith("/api/web/") else self._auth)(scope, receive, send)


class Member:
    """Somebody of ours, signed in anew when a request has ended their session."""

    def __init__(self, client: httpx.Client, email: str) -> None:
        self._client = client
        self._email = email
        self.token = self.sign_in()

    def sign_in(self) -> str:
        answer = self._client.post("/api/auth/login", json={"email": self._email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]
        return self.token


@pytest.fixture(scope="module")
def gateway(servers: Servers) -> Iterator[Gateway]:
    with cloned(servers) as ground:
        arena = asyncio.run(Arena.build(ground))
        asyncio.run(_let_in(arena))
        with Gateway(ground) as gateway:
            yield gateway


async def _let_in(arena: Arena) -> None:
    """The filled organization's member gets a password that works."""
    import asyncpg

    owner = await asyncpg.connect(arena.database.owner_url)
    await owner.execute(
        "update app_auth.identities set password_hash = $1 where email = $2",
        *(PASSWORD_HASH, OURS.email("member")),
    )
    await owner.close()


def nothing_foreign(context: Any, response: Any, case: Any) -> None:
    told = response.text + str(dict(response.headers))
    asked = str(case.as_transport_kwargs(base_url="http://x"))
    assert FOREIGN.mark in asked or FOREIGN.mark not in told, (
        f"{case.method} {case.path} tells of another organization"
    )


OPERATIONS = []
load_all_checks()
SKIPPED = {"ignored_auth", "use_after_free", "ensure_resource_availability"}


def operations(gateway: Gateway) -> Iterator[Any]:
    for service in SERVICES:
        schema = schemathesis.openapi.from_url(f"{gateway.url}/api/{service.name}/openapi.json")
        for result in schema.get_all_operations():
            yield result.ok()


def test_every_operation(gateway: Gateway) -> None:
    client = httpx.Client(base_url=gateway.url)
    member = Member(client, OURS.email("member"))
    failures: dict[str, str] = {}
    count = 0
    for operation in operations(gateway):
        if operation.definition.raw.get("operationId") in ("end_session", "end_all_sessions"):
            pass
        from schemathesis.generation import GenerationMode

        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception as error:
                failures[f"{operation.label} {mode}"] = repr(error)[:300]
                continue

            @seed(1)
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=False,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            )
            @given(case=strategy)
            def attempt(case: Any) -> None:
                nonlocal count
                count += 1
                headers = {"Authorization": f"Bearer {member.token}"}
                response = case.call(headers=headers)
                if response.status_code == 401 and case.path not in ("/api/auth/login",):
                    member.sign_in()
                    headers = {"Authorization": f"Bearer {member.token}"}
                    response = case.call(headers=headers)
                try:
                    case.validate_response(
                        response,
                        additional_checks=[nothing_foreign],
                        excluded_checks=[CHECKS.get_one(n) for n in SKIPPED],
                    )
                except BaseException as error:
                    failures.setdefault(
                        f"{operation.label} {mode.value} {response.status_code}",
                        "\n".join(str(e) for e in getattr(error, "exceptions", [error]))[:1500],
                    )

            try:
                attempt()
            except Unsatisfiable:
                pass
    print(count)
    for name, text in failures.items():
        print("=" * 20, name)
        print(text)
    assert not failures

"""Schemathesis against the services' own OpenAPI documents, with a member's token (an admin's for the admin service),
in an organization that lives beside another one whose every row is marked: no 500, no answer that its description
doesn't know, and nothing of the other organization in any. What is added to a service is tried because it is
described."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from dfworx.admin.app import create_app as create_admin_app
from dfworx.auth.app import create_app as create_auth_app
from dfworx.cli.services import SERVICES
from dfworx.shared.context import ROLES
from dfworx.web.app import create_app as create_web_app
from tests.conftest import PASSWORD, PASSWORD_HASH, Servers
from tests.walls.arena import Arena
from tests.walls.filling import FOREIGN, OURS, Organization, rows
from tests.walls.ground import Ground, cloned
from tests.walls.unpacking import text_of

EXAMPLES = 12
"""Requests that are made up for each operation in each of both ways: by its description, and against it."""

load_all_checks()
# Not whether what fits the schema is taken, or what doesn't is refused: which slug is free, which cursor is ours and
# which text is a name no schema says, and a parameter that nobody reads is let pass.
CONFORMS = [
    CHECKS.get_one(name)
    for name in (
        *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
        *("response_headers_conformance", "response_schema_conformance"),
    )
]
_MARKED = re.compile(rf"[\w@.-]*(?:{FOREIGN.mark}|{FOREIGN.number})[\w@.-]*")


class Gateway:
    """All services behind one real socket, as the gateway has them, in a thread with a loop of its own."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(self._app, log_config=None, interface="asgi3", lifespan="off")
        )
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> Gateway:
        # Requests that come before it serves wait in the socket.
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()

    async def _serve(self) -> None:
        self._auth = create_auth_app(self._ground.settings("dfworx_auth"))
        self._web = create_web_app(self._ground.settings("dfworx_web"))
        self._admin = create_admin_app(self._ground.settings("dfworx_admin"))
        for app in (self._web, self._admin):
            app.state.tokens.follow(self._auth.state.keys.jwks)
        async with (
            self._auth.router.lifespan_context(self._auth),
            self._web.router.lifespan_context(self._web),
            self._admin.router.lifespan_context(self._admin),
        ):
            await self._server.serve(sockets=[self._socket])

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        by_name = {"web": self._web, "admin": self._admin}
        app = by_name.get(scope["path"].removeprefix("/api/").partition("/")[0], self._auth)
        await app(scope, receive, send)


class Caller:
    """Somebody of an organization, signed in anew when a request has ended their session."""

    def __init__(self, url: str, organization: Organization, service: str = "") -> None:
        self._url = url
        # A member gets no further than the admin service's door.
        self._email = organization.email("admin" if service == "admin" else "member")
        self._token = ""

    @property
    def headers(self) -> dict[str, str]:
        if not self._token:
            body = {"email": self._email, "password": PASSWORD}
            answer = httpx.post(f"{self._url}/api/auth/login", json=body, timeout=30)
            assert answer.status_code == 200, answer.text
            self._token = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self._token}"}

    def send(self, case: Any) -> Any:
        answer = case.call(headers=self.headers)
        if answer.status_code == 401 and answer.json()["code"] in ("session_ended", "token_outdated"):
            self._token = ""
            answer = case.call(headers=self.headers)
        return answer


@pytest.fixture(scope="module")
def gateway(servers: Servers) -> Iterator[Gateway]:
    with cloned(servers) as ground:
        asyncio.run(_fill(ground))
        with Gateway(ground) as gateway:
            yield gateway


async def _fill(ground: Ground) -> None:
    """Both organizations, and a password that works for a member and an admin of each."""
    await Arena.build(ground)
    owner = await asyncpg.connect(ground.owner_url)
    await owner.execute(
        "update app_auth.identities set password_hash = $1 where email = any ($2::text[])",
        *(PASSWORD_HASH, [each.email(role) for each in (OURS, FOREIGN) for role in ROLES[::2]]),
    )
    await owner.close()


def _known_values() -> dict[str, list[str]]:
    """By column, what rows of both organizations hold: a made up id finds nothing, theirs must not either."""
    known: dict[str, list[str]] = {}
    for organization in (OURS, FOREIGN):
        for _, values in rows(organization):
            for column, value in values.items():
                if column.endswith("_id") or column == "slug":
                    known.setdefault(column, []).append(str(value))
    return known


KNOWN = _known_values()
_NO_HTTP = b"Invalid HTTP request received."
"""What the server says to a request line that is none."""


def aimed(case: Any, draw: Any) -> Any:
    """The case, with ids in its path that are there as often as ids that aren't."""
    for name in case.path_parameters or {}:
        if name in KNOWN and draw(st.booleans()):
            case.path_parameters[name] = draw(st.sampled_from(KNOWN[name]))
    return case


def tells_of_foreigners(asked: str, answer: Any) -> set[str]:
    told = f"{answer.status_code} {dict(answer.headers)} {text_of(answer)}"
    return {each for each in _MARKED.findall(told) if each not in asked}


@pytest.mark.parametrize("service", [each.name for each in SERVICES])
def test_no_answer_is_unheard_of_and_none_tells_of_another_organization(
    gateway: Gateway, service: str
) -> None:
    caller = Caller(gateway.url, OURS, service)
    document = schemathesis.openapi.from_url(f"{gateway.url}/api/{service}/openapi.json")
    found: dict[str, str] = {}
    tried = 0
    done: set[str] = set()
    read: set[str] = set()

    def attempt(case: Any, data: st.DataObject) -> None:
        nonlocal tried
        answer = caller.send(aimed(case, data.draw))
        tried += 1
        where = f"{case.method} {case.path}"
        if case.method == "GET":
            read.add(where)
        if answer.status_code < 400:
            done.add(where)
        if answer.content == _NO_HTTP:
            return  # never came as far as us
        asked = str(case.as_transport_kwargs(base_url=gateway.url))
        if foreign := tells_of_foreigners(asked, answer):
            found[f"{where} {answer.status_code} foreign"] = str(foreign)
        try:
            case.validate_response(answer, checks=CONFORMS)
        except FailureGroup as group:
            told = "\n".join(str(each) for each in group.exceptions)
            found.setdefault(f"{where} {answer.status_code}", told)

    for result in document.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            made_up = given(case=operation.as_strategy(generation_mode=mode), data=st.data())(attempt)
            bounded = settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(made_up)
            with contextlib.suppress(Unsatisfiable):  # what takes nothing can't be asked wrongly
                bounded()
    assert found == {}
    assert tried > 100
    # It went further than the door.
    assert len(done & read) > len(read) / 2, sorted(read - done)


@pytest.mark.parametrize("path", ["/api/web/posts", "/api/auth/users", "/api/auth/me"])
def test_an_answer_that_tells_of_another_organization_would_be_seen(gateway: Gateway, path: str) -> None:
    theirs = Caller(gateway.url, FOREIGN)
    answer = httpx.get(gateway.url + path, headers=theirs.headers, timeout=30)
    assert answer.status_code == 200
    assert tells_of_foreigners("", answer)
    assert tells_of_foreigners(text_of(answer), answer) == set()

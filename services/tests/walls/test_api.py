"""The services under attack through their own API, as a member and an admin of ours: payloads in every place for a
text, and every id, short name and address of the foreign organization in every place for a value. Which places
there are, the services' own OpenAPI documents say."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from typing import Any

import argon2
import asyncpg
import httpx
import pytest

from dfworx.shared.serve import activity
from tests.conftest import ClientAs, MakePerson
from tests.walls.arena import Arena
from tests.walls.attacker import MARK, Findings
from tests.walls.filling import FOREIGN, OURS, Organization, rows
from tests.walls.openapi import Operation, Request, Slot, read_operations
from tests.walls.oracles import NOWHERE
from tests.walls.payloads import MISFITS, payloads
from tests.walls.tally import Notes
from tests.walls.unpacking import text_of

# Answers that say by design whether something is taken anywhere (decision: row-level-security).
TAKEN_BY_DESIGN = {"register_organization", "update_organization"}
_MADE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[T ][\d:.+Z]+|eyJ[\w.-]+|[\w-]{43}"
)
_EITHER = re.compile(f"{FOREIGN.mark}|{NOWHERE.mark}|{FOREIGN.number}|{NOWHERE.number}")


class Session:
    """Somebody signed in, and again when an attack has ended their own session."""

    def __init__(
        self, make_person: MakePerson, client_as: ClientAs, organization: Organization, role: str
    ) -> None:
        self._make_person = make_person
        self._organization, self._role = organization, role
        self._client_as = client_as
        self._client: httpx.AsyncClient | None = None

    async def client(self) -> httpx.AsyncClient:
        """Signed in: what goes before isn't a part of the request."""
        if self._client is None or (await self._client.get("/api/auth/me")).status_code == 401:
            person = await self._make_person(organization=self._organization.slug, role=self._role)
            self._client = self._client_as(person)
        return self._client

    async def send(self, request: Request, operation: Operation, **headers: str) -> httpx.Response:
        answer = await request.send(self._client or await self.client(), **headers)
        if answer.status_code == 401 and not operation.open_to_all:
            answer = await request.send(await self.client(), **headers)
        return answer


@pytest.fixture
async def operations(arena: Arena, client_as: ClientAs) -> list[Operation]:
    return await read_operations(client_as(None))


def told(answer: httpx.Response) -> str:
    each_its_own = ("date", "ratelimit-remaining", "ratelimit-reset")
    headers = [f"{name}: {value}" for name, value in answer.headers.items() if name not in each_its_own]
    return "\n".join([str(answer.status_code), *headers, text_of(answer)])


def judge(findings: Findings, request: Request, answer: httpx.Response, supplied: str) -> None:
    findings.attempts += 1
    findings.done += answer.status_code < 400
    marks = set(MARK.findall(told(answer))) - set(MARK.findall(supplied))
    where = f"{request.method} {request.path} {supplied[:80]!r}"
    if marks:
        findings.read.append(f"{where} -> {sorted(marks)[:3]}")
    if answer.status_code >= 500:
        findings.gained.append(f"{where} -> {answer.status_code} {answer.text[:200]}")
    if answer.status_code >= 400 and answer.headers.get("content-type") != "application/problem+json":
        findings.gained.append(f"{where} -> an error of another form: {answer.headers.get('content-type')}")


@pytest.mark.parametrize("role", ["member", "admin"])
async def test_a_payload_in_a_text_is_a_text(
    arena: Arena,
    notes: Notes,
    operations: list[Operation],
    make_person: MakePerson,
    client_as: ClientAs,
    role: str,
) -> None:
    findings = Findings()
    async with arena.ledger() as ledger:
        for operation in operations:
            session = Session(make_person, client_as, OURS, role)
            for number, slot in enumerate(operation.slots):
                for value in _texts(operation, slot, role, number):
                    request = operation.request.put(slot, value)
                    judge(findings, request, await session.send(request, operation), str(value))
        findings.written += await ledger.written()
        findings.gained += await ledger.gained()
        await ledger.restore()
    notes.tried(findings)
    assert findings.attempts > 1000


def _texts(operation: Operation, slot: Slot, role: str, number: int) -> Iterable[Any]:
    """Every third, beginning elsewhere in each place, so that each text is tried in many; fewer as a member, and
    where each request costs the hash of a password."""
    costly = operation.name in (
        "begin_session",
        "register_organization",
        "accept_invitation",
        "change_password",
    )
    every = 12 if costly else 3 if role == "admin" else 9
    if slot.takes_text:
        yield from list(payloads())[(number + len(operation.name)) % every :: every]
    if slot.where == "body":
        yield from MISFITS


def foreign_values() -> list[tuple[str, str]]:
    """What the foreign organization has, beside the same of one that never was."""
    pairs: dict[tuple[str, str], None] = {}
    for (_, there), (_, nowhere) in zip(rows(FOREIGN), rows(NOWHERE), strict=True):
        for name, value in there.items():
            if isinstance(value, str) and value != nowhere[name] and not value.startswith(("\\x", "$")):
                pairs[value, nowhere[name]] = None
    return list(pairs)


class Work:
    """What a request makes the services do: the texts of their SQL, and how many passwords they check."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        for method in ("execute", "fetch", "fetchrow", "fetchval"):
            self._listen(monkeypatch, method)
        verify = argon2.PasswordHasher.verify

        def verifying(hasher: argon2.PasswordHasher, *arguments: Any) -> Any:
            self.done.append("a password is checked")
            return verify(hasher, *arguments)

        monkeypatch.setattr(argon2.PasswordHasher, "verify", verifying)

    def _listen(self, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
        original = getattr(asyncpg.Connection, method)

        async def listening(connection: Any, query: str, *arguments: Any, **named: Any) -> Any:
            self.done.append(query)
            return await original(connection, query, *arguments, **named)

        monkeypatch.setattr(asyncpg.Connection, method, listening)

    def take(self) -> list[str]:
        done, self.done = sorted(self.done), []
        return done


@pytest.fixture(autouse=True)
def figures_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a service notes of its own accord, some seconds later, is none of the work for a request."""
    monkeypatch.setattr(activity, "PAUSE_SECONDS", 3600)


@pytest.fixture
async def work(web_app: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Work]:
    yield Work(monkeypatch)


def plain(answer: httpx.Response) -> str:
    """Without what was asked and what is made anew."""
    return _EITHER.sub("MARK", _MADE.sub("MADE", _EITHER.sub("00000000", told(answer))))


async def compare(
    operations: list[Operation], session: Session, work: Work, only: str | None = None, every: int = 1
) -> Findings:
    findings = Findings()
    for operation in operations:
        if operation.name in TAKEN_BY_DESIGN or (only and operation.name != only):
            continue
        client = await session.client()
        for number, slot in enumerate(operation.slots):
            values = foreign_values()[number % every :: every]
            if operation.name in ("begin_session", "change_password"):
                values = [pair for pair in values if "@" in pair[0]][:6]
            for there, nowhere in values:
                answers = []
                for value in (there, nowhere):
                    request = operation.request.put(slot, value)
                    if operation.request.method != "GET":
                        client = await session.client()
                    work.take()
                    answer = await request.send(client)
                    judge(findings, request, answer, str(value))
                    answers.append((plain(answer), work.take()))
                if answers[0] != answers[1]:
                    findings.read.append(f"{operation} {slot.name}={there}: {answers[0]} / {answers[1]}")
    return findings


@pytest.mark.parametrize("role", ["member", "admin"])
async def test_what_exists_elsewhere_answers_as_what_never_was(
    arena: Arena, notes: Notes, operations: list[Operation], make_person: MakePerson, client_as: ClientAs, work: Work,
    role: str,
) -> None:  # fmt: skip
    """By status, words, headers, and by the work done for it: the same statements, as many passwords checked."""
    findings = Findings()
    async with arena.ledger() as ledger:
        for operation in operations:
            session = Session(make_person, client_as, OURS, role)
            await session.send(operation.request, operation)
            findings += await compare([operation], session, work, every=3 if role == "admin" else 9)
            await ledger.restore()
        findings.written += await ledger.written()
    notes.tried(findings)


async def test_a_person_of_the_foreign_organization_gets_other_answers(
    arena: Arena,
    notes: Notes,
    operations: list[Operation],
    make_person: MakePerson,
    client_as: ClientAs,
    work: Work,
) -> None:
    """The same comparison hears the difference where there is one to be heard."""
    for name in (
        "get_post",
        "get_post_by_slug",
        "list_posts",
        "get_user",
        "update_post",
        "search_organization",
    ):
        session = Session(make_person, client_as, FOREIGN, "admin")
        found = await compare(operations, session, work, name)
        notes.control(name, bool(found.read))


NAMING = ("X-Organization", "X-Org-Id", "X-Organization-Id", "X-Tenant-Id", "Dfx-Ctx", "X-User-Id", "X-Forwarded-User",
          "X-Forwarded-Host", "Host", "X-Forwarded-For", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "Referer",
          "Origin", "Cookie", "X-HTTP-Method-Override", "X-Role", "X-Seal")  # fmt: skip


async def test_nothing_beside_the_token_names_an_organization(
    arena: Arena, notes: Notes, operations: list[Operation], make_person: MakePerson, client_as: ClientAs
) -> None:
    """Headers, query and body that say the foreign organization: ignored or refused, and the answer is ours."""
    findings = Findings()
    fields = ("organization_id", "org_id", "organization", "org", "user_id", "role", "org_role")
    for operation in operations:
        if operation.request.method != "GET" and operation.request.body is None:
            continue
        session = Session(make_person, client_as, OURS, "member")
        usual = plain(await session.send(operation.request, operation))
        for name in (str(FOREIGN.organization_id),):
            for header in NAMING:
                value = f"organization={name}; dfworx_org={name}" if header == "Cookie" else name
                answer = await session.send(operation.request, operation, **{header: value})
                judge(findings, operation.request, answer, name)
                if operation.request.method == "GET" and plain(answer) != usual:
                    findings.read.append(f"{operation} with {header}: {name} answers otherwise")
            for field in fields:
                described = {slot.name for slot in operation.slots}
                if field in described:
                    continue
                if isinstance(operation.request.body, dict):
                    request = operation.request.put(Slot("body", field, {}), name)
                    answer = await session.send(request, operation)
                    if answer.status_code < 400:
                        findings.gained.append(f"{operation} takes {field} in its body")
                else:
                    request = operation.request.put(Slot("query", field, {}), name)
                    answer = await session.send(request, operation)
                    if plain(answer) != usual:
                        findings.read.append(f"{operation} with ?{field}={name} answers otherwise")
                judge(findings, request, answer, name)
    async with arena.ledger() as ledger:
        await ledger.restore()
    notes.tried(findings)

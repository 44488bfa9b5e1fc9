"""The attacker: somebody whose own SQL reaches a service's connection while that service acts for a person. Each
attempt is one piece of such SQL; everything that comes back on any way (rows, COPY, notices, errors) is read for
the foreign organization's mark, and after each it is asked who the connection is by now."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.walls.filling import FOREIGN

MARK = re.compile(rf"{FOREIGN.mark}[-0-9a-f]*|\b{FOREIGN.number}\b")


@dataclass(frozen=True, slots=True)
class Copy:
    """COPY ... TO STDOUT of a query."""

    query: str


LESSER = ("dfworx_tenant",)
"""Roles that hold a part of what their members have anyway."""

Step = str | Copy | tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Attempt:
    steps: tuple[Step, ...]
    echoes: bool = False
    """What the attempt itself says may come back, as in an error's text or a plan: only other marks are foreign."""
    outside: bool = False
    """Not inside a transaction block: statements that refuse one, or end it."""

    def __str__(self) -> str:
        return "; ".join(step.query if isinstance(step, Copy) else str(step) for step in self.steps)

    def supplied(self) -> set[str]:
        return set(MARK.findall(str(self)))


def sql(*steps: Step, echoes: bool = False, outside: bool = False) -> Attempt:
    return Attempt(steps, echoes, outside)


@dataclass
class Findings:
    """What a series of attempts came to."""

    attempts: int = 0
    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    gained: list[str] = field(default_factory=list)
    done: int = 0
    """Attempts that the server carried out without an error."""

    def __iadd__(self, other: Findings) -> Findings:
        self.attempts += other.attempts
        self.done += other.done
        self.read += other.read
        self.written += other.written
        self.gained += other.gained
        return self

    @property
    def breaches(self) -> list[str]:
        return [
            *(f"read: {each}" for each in self.read),
            *(f"written: {each}" for each in self.written),
            *(f"gained: {each}" for each in self.gained),
        ]


@dataclass(frozen=True)
class Secret:
    """What nobody may read, besides the foreign marks: keys, in the forms in which SQL could tell them."""

    values: frozenset[str]

    def within(self, text: str) -> bool:
        return any(value in text for value in self.values)


WHO = """
    select current_user::text, session_user::text, app.org_id()::text, app.user_id()::text, app.org_role()
"""


class Attacker:
    """One login's connection, with the true seal of one person."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        login: str,
        seal: Callable[[], str],
        persona: tuple[str, str, str],
        secret: Secret,
    ) -> None:
        self._connection = connection
        self._login = login
        self._seal = seal
        self._persona = persona
        self._secret = secret
        self._told: list[str] = []
        connection.add_log_listener(self._listen)

    async def attack(
        self,
        attempts: Iterable[Attempt],
        *,
        keep: bool = False,
        check: Callable[[], Awaitable[list[str]]] | None = None,
    ) -> Findings:
        """One transaction for all, each attempt in a savepoint of its own: kept and committed when asked for,
        and taken back otherwise."""
        findings = Findings()
        inside = self._connection.transaction()
        await inside.start()
        outside = []
        try:
            for attempt in attempts:
                if attempt.outside:
                    outside.append(attempt)
                    continue
                await self._connection.execute(f"savepoint attempt; set local dfx.ctx = '{self._seal()}'")
                ended_well = await self._try(attempt, findings)
                if ended_well and keep:
                    await self._connection.execute("release savepoint attempt")
                else:
                    await self._connection.execute("rollback to savepoint attempt; release savepoint attempt")
        finally:
            await (inside.commit() if keep else inside.rollback())
        for attempt in outside:
            await self._connection.execute(f"set dfx.ctx = '{self._seal()}'")
            await self._try(attempt, findings)
            await self._connection.execute(
                "rollback; reset all; reset role; close all; unlisten *; deallocate all"
            )
        if check is not None:
            findings.written += await check()
        return findings

    async def _try(self, attempt: Attempt, findings: Findings) -> bool:
        findings.attempts += 1
        self._told.clear()
        answer: list[str] = []
        failed = False
        try:
            for step in attempt.steps:
                answer += await self._perform(step)
            findings.done += 1
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            failed = True
            answer += [str(getattr(error, name, "") or "") for name in ("detail", "hint", "context")]
            answer.append(str(error))
        told = "\n".join([*answer, *self._told])
        marks = set(MARK.findall(told)) - (attempt.supplied() if attempt.echoes else set())
        if marks:
            findings.read.append(f"{self._login}: {attempt} -> {sorted(marks)[:3]}")
        if self._secret.within(told):
            findings.gained.append(f"{self._login}: {attempt} -> a key")
        if not failed:
            findings.gained += [f"{self._login}: {attempt} -> {who}" for who in await self._became()]
        return not failed

    async def _perform(self, step: Step) -> list[str]:
        match step:
            case Copy(query):
                output = io.BytesIO()
                await self._connection.copy_from_query(query, output=output)
                return [output.getvalue().decode(errors="replace")]
            case (query, arguments):
                return _texts(await self._connection.fetch(query, *arguments))
            case str(query):
                return _texts(await self._connection.fetch(query))
        raise AssertionError(step)

    async def _became(self) -> list[str]:
        """Who else the connection is after an attempt; empty when it is who it was, or nobody."""
        try:
            row = await self._connection.fetchrow(WHO)
        except asyncpg.PostgresError as error:
            return [f"can't say who it is: {error}"]
        assert row is not None
        current, session, *persona = row
        found = [f"became {name}" for name in {current, session} - {self._login, *LESSER}]
        if persona != [None, None, None] and tuple(persona) != self._persona:
            found.append(f"acts for {persona}")
        return found

    def _listen(self, _: Any, message: Any) -> None:
        self._told.append(" ".join(str(getattr(message, name, "")) for name in ("message", "detail", "hint")))


def _texts(rows: Sequence[asyncpg.Record]) -> list[str]:
    return [
        value.hex() + value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for row in rows
        for value in row.values()
    ]

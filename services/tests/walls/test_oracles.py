"""Nothing that a service's SQL can ask answers differently for what another organization has and for what never
was: not by rows, counts, locks, refusals, or the words of an error."""

from __future__ import annotations

import re

import asyncpg
import pytest

from tests.walls.arena import LOGINS, Arena
from tests.walls.attacker import Findings
from tests.walls.filling import FOREIGN, OURS
from tests.walls.oracles import NOWHERE, TOLD_BY_DESIGN, Question, questions
from tests.walls.probes import Weakness
from tests.walls.tally import Notes
from tests.walls.weaknesses import CLIENT_IDS, GLOBAL_UNIQUE, NO_ROW_SECURITY, SINGLE_KEY

_EITHER = re.compile(f"{FOREIGN.mark}|{NOWHERE.mark}|{FOREIGN.number}|{NOWHERE.number}")
# What a server makes anew at each call.
_MADE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[ T][\d:.+]+")


async def answer(
    connection: asyncpg.Connection, seal: str, statement: str, arguments: tuple[object, ...]
) -> str:
    """All that comes back of one statement, which is then taken back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("select set_config('dfx.ctx', $1, true)", seal)
        rows = await connection.fetch(statement, *arguments)
        told = f"{len(rows)} rows: {[tuple(row.values()) for row in rows]}"
    except asyncpg.PostgresError as error:
        told = " ".join(
            str(getattr(error, name, ""))
            for name in ("sqlstate", "message", "detail", "hint", "constraint_name")
        )
    finally:
        await transaction.rollback()
    return _EITHER.sub("MARK", _MADE.sub("MADE", _EITHER.sub("00000000", told)))


async def ask(arena: Arena, login: str, about: str = "") -> tuple[Findings, list[Question]]:
    findings, told = Findings(), []
    connection = await asyncpg.connect(arena.database.url(login))
    try:
        for question in questions(arena.catalog, login, arena.seal(login, OURS)):
            if not question.about[0].startswith(about):
                continue
            findings.attempts += 2
            seal = arena.seal(login, OURS)
            there = await answer(connection, seal, question.statement, question.there)
            nowhere = await answer(connection, seal, question.statement, question.nowhere)
            if there != nowhere and not _by_design(question):
                findings.read.append(f"{login}: {question.statement} {question.there}: {there} / {nowhere}")
                told.append(question)
    finally:
        await connection.close()
    return findings, told


def _by_design(question: Question) -> bool:
    table, column = question.about
    return (table, column) in TOLD_BY_DESIGN


@pytest.mark.parametrize("login", LOGINS)
async def test_what_exists_elsewhere_answers_as_what_never_was(
    arena: Arena, notes: Notes, login: str
) -> None:
    findings, _ = await ask(arena, login)
    notes.tried(findings)


CONTROLS = {
    "uniqueness across organizations": (GLOBAL_UNIQUE, "app_web.posts"),
    "a key without the organization": (SINGLE_KEY, "app_web.comments"),
    "an id of the client's choice": (CLIENT_IDS, "app_web.categories"),
    "no row level security": (NO_ROW_SECURITY, "app_web.posts"),
}


@pytest.mark.parametrize(("weakness", "table"), CONTROLS.values(), ids=CONTROLS)
async def test_the_question_hears_the_difference(
    arena: Arena, notes: Notes, weakness: Weakness, table: str
) -> None:
    async with arena.ledger() as ledger, weakness.applied(ledger):
        weak = await Arena.look(arena.database)
        _, told = await ask(weak, "dfworx_web", table)
    notes.control(weakness.name, bool(told))

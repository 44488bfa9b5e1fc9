"""No service login becomes more than it is. Each statement is also run by somebody who may, and rolled back: a
statement that nobody can run would be refused for the wrong reason."""

from __future__ import annotations

import asyncpg
import pytest

from tests.walls.arena import LOGINS, NO_XML, Arena
from tests.walls.attacker import Attempt, Findings
from tests.walls.climbing import CLIMBS, Climb
from tests.walls.tally import Notes
from tests.walls.weaknesses import MEMBERSHIP


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("climb", CLIMBS, ids=lambda climb: climb.name)
async def test_a_service_login_stays_what_it_is(arena: Arena, notes: Notes, climb: Climb, login: str) -> None:
    findings = Findings()
    async with arena.ledger() as ledger, arena.attacker(login) as attacker:
        for attempt in climb.attempts(arena.catalog, login):
            found = await attacker.attack([attempt], keep=True)
            if climb.refused and found.done:
                found.gained.append(f"{login}: {attempt} -> was not refused")
            findings += found
        findings.gained += [f"{login}: {climb.name} -> {fact}" for fact in await ledger.gained()]
        findings.written += [f"{login}: {climb.name} -> {table}" for table in await ledger.written()]
    notes.tried(findings)
    assert findings.attempts or arena.catalog.version < climb.since


@pytest.mark.parametrize("climb", CLIMBS, ids=lambda climb: climb.name)
async def test_somebody_can(arena: Arena, notes: Notes, climb: Climb) -> None:
    attempts = list(climb.attempts(arena.catalog, "dfworx_web"))
    if climb.needs_xml and not await arena.knows_xml():
        pytest.skip(NO_XML)
    if climb.by == "member":
        async with (
            arena.ledger() as ledger,
            MEMBERSHIP.applied(ledger),
            arena.attacker("dfworx_web") as attacker,
        ):
            found = await attacker.attack(attempts)
        notes.control(climb.name, bool(found.gained))
        return
    url = arena.database.superuser_url if climb.by == "superuser" else arena.database.owner_url
    if url is None:
        pytest.skip("no superuser of this server is known here")
    connection = await asyncpg.connect(url, statement_cache_size=0)
    try:
        notes.control(climb.name, await succeeds(connection, climb, attempts))
    finally:
        await connection.close()


async def succeeds(connection: asyncpg.Connection, climb: Climb, attempts: list[Attempt]) -> bool:
    """Whether one of them is carried out. What refuses a transaction block is only brought as far as that."""
    for attempt in attempts:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.fetch(str(attempt))
            return True
        except asyncpg.ActiveSQLTransactionError:
            return climb.outside
        except asyncpg.PostgresError:
            continue
        finally:
            await transaction.rollback()
    return False

"""No function that a service may call tells or changes anything of another organization, whatever it is given."""

from __future__ import annotations

import pytest

from tests.walls.arena import LOGINS, Arena
from tests.walls.attacker import Findings
from tests.walls.calling import ACROSS_ORGANIZATIONS, ANSWERS_BEFORE_PROOF, calls
from tests.walls.catalog import Catalog, read_catalog
from tests.walls.filling import FOREIGN, OURS, Organization
from tests.walls.ledger import Ledger
from tests.walls.probes import forged_seal
from tests.walls.tally import Notes
from tests.walls.weaknesses import DEFINER_WITHOUT_SEAL, DEFINER_WRITES


async def run(
    arena: Arena,
    ledger: Ledger,
    catalog: Catalog,
    login: str,
    organization: Organization,
    seals: tuple[str, ...],
) -> Findings:
    findings = Findings()
    async with arena.attacker(login, organization) as attacker:
        for function, attempt in calls(catalog, login, seals):
            found = await attacker.attack([attempt], keep=True)
            if function.name in ANSWERS_BEFORE_PROOF:
                found.read.clear()
            findings += found
    findings.written += [f"{login}: functions -> {table}" for table in await ledger.written()]
    findings.gained += [f"{login}: functions -> {fact}" for fact in await ledger.gained()]
    await ledger.restore()
    return findings


@pytest.mark.parametrize("login", LOGINS)
async def test_no_function_reaches_the_foreign_organization(arena: Arena, notes: Notes, login: str) -> None:
    async with arena.ledger() as ledger:
        seals = (arena.seal(login, OURS), forged_seal(arena, login))
        notes.tried(await run(arena, ledger, arena.catalog, login, OURS, seals))


def test_what_reaches_across_organizations_is_the_workers_alone(arena: Arena) -> None:
    callers = {
        each.name: each.callers for each in arena.catalog.functions if each.name in ACROSS_ORGANIZATIONS
    }
    assert set(callers) == set(ACROSS_ORGANIZATIONS), "one that isn't there any more needs no exception"
    assert set(callers.values()) == {frozenset({"dfworx_worker"})}


async def test_a_person_of_the_foreign_organization_is_answered(arena: Arena, notes: Notes) -> None:
    async with arena.ledger() as ledger:
        seals = (arena.seal("dfworx_web", FOREIGN),)
        findings = await run(arena, ledger, arena.catalog, "dfworx_web", FOREIGN, seals)
    notes.control("functions of the web service", bool(findings.read))


async def test_a_function_that_forgets_the_seal_is_found(arena: Arena, notes: Notes) -> None:
    async with arena.ledger() as ledger:
        for weakness in (DEFINER_WITHOUT_SEAL, DEFINER_WRITES):
            async with weakness.applied(ledger):
                catalog = await read_catalog(ledger.owner, LOGINS)
                found = await run(
                    arena, ledger, catalog, "dfworx_auth", OURS, (arena.seal("dfworx_auth", OURS),)
                )
            notes.control(
                weakness.name, bool(found.read if weakness is DEFINER_WITHOUT_SEAL else found.written)
            )

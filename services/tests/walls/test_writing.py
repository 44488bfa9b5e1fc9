"""Nothing of another organization is changed: every way to write, on every relation, as each service's login, with
the true seal of an admin of ours, committed and then looked at by the owner."""

from __future__ import annotations

import pytest

from tests.walls.arena import LOGINS, Arena
from tests.walls.attacker import Findings
from tests.walls.filling import FOREIGN, OURS, Organization
from tests.walls.ledger import Ledger
from tests.walls.probes import Probe, Weakness, forged_seal
from tests.walls.tally import Notes
from tests.walls.writing import PROBES


async def run(
    arena: Arena, ledger: Ledger, probe: Probe, login: str, organization: Organization, shown: str
) -> Findings:
    """All relations in one transaction, committed; then everything as it was."""
    findings = Findings()
    async with arena.attacker(login, organization) as attacker:
        attempts = [
            attempt
            for relation in arena.catalog.relations
            for attempt in probe.attempts(arena.catalog, login, shown, relation)
        ]
        findings += await attacker.attack(attempts, keep=True)
    findings.written += [f"{login}: {probe.name} -> {table}" for table in await ledger.written()]
    findings.gained += [f"{login}: {probe.name} -> {fact}" for fact in await ledger.gained()]
    if findings.done:
        await ledger.restore()
    return findings


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
async def test_no_foreign_row_is_written(arena: Arena, notes: Notes, probe: Probe, login: str) -> None:
    async with arena.ledger() as ledger:
        notes.tried(await run(arena, ledger, probe, login, OURS, forged_seal(arena, login)))


async def look(arena: Arena, ledger: Ledger, probe: Probe) -> bool:
    organization = FOREIGN if probe.known_by == "own person" else OURS
    for login in [probe.login] if probe.login else ["dfworx_web", "dfworx_admin", "dfworx_auth"]:
        if (await run(arena, ledger, probe, login, organization, arena.seal(login, FOREIGN))).written:
            return True
    return False


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
async def test_the_probe_sees_what_it_may_change(arena: Arena, notes: Notes, probe: Probe) -> None:
    if arena.catalog.version < probe.since:
        pytest.skip(f"{probe.name} needs a newer PostgreSQL")
    async with arena.ledger() as ledger:
        if isinstance(probe.known_by, Weakness):
            remembered = ledger.power
            async with probe.known_by.applied(ledger):
                ledger.power = await ledger.powers()
                seen = await look(arena, ledger, probe)
                ledger.power = remembered
        else:
            seen = await look(arena, ledger, probe)
    notes.control(probe.name, seen)

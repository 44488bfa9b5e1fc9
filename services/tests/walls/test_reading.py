"""Nothing of another organization is read: every way to read, on every relation, as each service's login, with the
true seal of an admin, a member and a guest of ours."""

from __future__ import annotations

import pytest

from dfworx.shared.context import Role
from tests.walls.arena import LOGINS, NO_XML, Arena
from tests.walls.attacker import MARK, Findings
from tests.walls.filling import FOREIGN, OURS
from tests.walls.probes import Probe, Weakness, forged_seal
from tests.walls.reading import PROBES
from tests.walls.tally import Notes


async def run(arena: Arena, probe: Probe, login: str, role: Role = "admin") -> Findings:
    findings = Findings()
    shown = forged_seal(arena, login)
    async with arena.attacker(login, OURS, role) as attacker:
        for relation in arena.catalog.relations:
            if role != "admin" and not relation.readable_by(login):
                continue
            findings += await attacker.attack(probe.attempts(arena.catalog, login, shown, relation))
    return findings


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
async def test_no_foreign_row_is_read(arena: Arena, notes: Notes, probe: Probe, login: str) -> None:
    findings = await run(arena, probe, login)
    findings += await run(arena, probe, login, "member" if PROBES.index(probe) % 2 else "guest")
    notes.tried(findings)


async def look(arena: Arena, probe: Probe) -> bool:
    """Whether the probe sees when it must: on some relation, as some login."""
    ours = OURS if probe.known_by != "own person" else FOREIGN
    for login in [probe.login] if probe.login else ["dfworx_web", "dfworx_admin", "dfworx_auth"]:
        if login == "owner":
            return await owner_sees(arena, probe)
        async with arena.attacker(login, ours) as attacker:
            for relation in arena.catalog.relations:
                attempts = list(probe.attempts(arena.catalog, login, arena.seal(login, FOREIGN), relation))
                if (await attacker.attack(attempts)).read:
                    return True
    return False


async def owner_sees(arena: Arena, probe: Probe) -> bool:
    """For what the server shows to nobody else."""
    posts = arena.catalog.relation("app_web.posts")
    async with arena.ledger() as ledger:
        for attempt in probe.attempts(arena.catalog, "dfworx_web", "", posts):
            if MARK.search(str([tuple(row.values()) for row in await ledger.owner.fetch(str(attempt))])):
                return True
    return False


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
async def test_the_probe_sees_what_it_may_see(arena: Arena, notes: Notes, probe: Probe) -> None:
    if probe.needs_xml and not await arena.knows_xml():
        pytest.skip(NO_XML)
    if isinstance(probe.known_by, Weakness):
        async with arena.ledger() as ledger, probe.known_by.applied(ledger):
            seen = await look(arena, probe)
    else:
        seen = await look(arena, probe)
    notes.control(probe.name, seen)

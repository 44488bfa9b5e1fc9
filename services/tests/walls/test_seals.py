"""A seal holds as it was made, for the login it was made for, for its seconds, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from dfworx.shared.context import ROLES, Role
from tests.walls.arena import LOGINS, Arena
from tests.walls.attacker import Attempt, Step, sql
from tests.walls.filling import FOREIGN, OURS
from tests.walls.sealing import forged_seals
from tests.walls.tally import Notes

# Who one is by then must come back as nobody, not as ours: a changed seal is no seal.
NOBODY = """
    select case when coalesce(app.org_id()::text, app.user_id()::text, app.org_role(), app.ctx(1), app.ctx(2),
                              app.ctx(3), app.ctx(7)) is not null then $1 || $2 end
"""
HALF = FOREIGN.mark[:4]


def presented(seals: Iterable[str], readable: str) -> Iterator[Attempt]:
    for seal in seals:
        steps: list[Step] = [
            ("select length(set_config('dfx.ctx', $1, true))", (seal,)),
            (NOBODY, (HALF, HALF)),
            f"select * from {readable}",
            "reset dfx.ctx",
        ]
        yield sql(*steps)


READABLE = {
    "dfworx_auth": "public.users",
    "dfworx_web": "public.organizations",
    "dfworx_admin": "public.organizations",
    "dfworx_worker": "app_admin.analytics",
}


@pytest.mark.parametrize("login", LOGINS)
async def test_a_changed_seal_is_no_seal(arena: Arena, notes: Notes, login: str) -> None:
    seals = [seal for _, seal in forged_seals(arena, login) if "\0" not in seal]
    assert len(seals) > 900
    async with arena.attacker(login) as attacker:
        notes.tried(await attacker.attack(presented(seals, READABLE[login])))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("login", LOGINS)
async def test_a_true_seal_holds(arena: Arena, notes: Notes, login: str, role: Role) -> None:
    async with arena.attacker(login) as attacker:
        findings = await attacker.attack(presented([arena.seal(login, FOREIGN, role)], READABLE[login]))
    notes.control(f"{login}, {role}", bool(findings.read))


@pytest.mark.parametrize("login", LOGINS)
async def test_another_logins_true_seal_is_worth_nothing(arena: Arena, notes: Notes, login: str) -> None:
    others = [
        arena.seal(other, organization)
        for other in LOGINS
        if other != login
        for organization in (OURS, FOREIGN)
    ]
    async with arena.attacker(login) as attacker:
        notes.tried(await attacker.attack(presented(others, READABLE[login])))


async def test_a_retired_key_seals_nothing(arena: Arena, notes: Notes) -> None:
    seal = arena.seal("dfworx_web", FOREIGN)
    async with arena.ledger() as ledger:
        await ledger.owner.execute("update private.seal_keys set not_after = now() - interval '1 second'")
        async with arena.attacker("dfworx_web") as attacker:
            notes.tried(await attacker.attack(presented([seal], "public.organizations")))
        await ledger.restore()
    async with arena.attacker("dfworx_web") as attacker:
        notes.control(
            "the key is back", bool((await attacker.attack(presented([seal], "public.organizations"))).read)
        )


async def test_the_nil_organization_of_an_identitys_seal_has_no_rows(arena: Arena, notes: Notes) -> None:
    """Made once a password was right, before anybody acts for an organization: it opens none."""
    for login in LOGINS:
        seal = arena.sealer(login).seal_identity(OURS.identity("admin"))
        read = [
            sql("set local dfx.ctx = '" + seal + "'", f"select * from {each.name}", "reset dfx.ctx")
            for each in arena.catalog.relations
        ]
        count = [
            sql("set local dfx.ctx = '" + seal + "'",
                f"select case when count(*) > 0 then '{HALF}' || '{HALF}' end from {each.name}", "reset dfx.ctx")
            for each in arena.catalog.relations if each.has("organization_id")
        ]  # fmt: skip
        async with arena.attacker(login) as attacker:
            notes.tried(await attacker.attack([*read, *count]))

"""Both doors: Supabase's `authenticated`, which reads what its claims say and writes nothing, and our services by
the sealed context. Neither opens the other. That claims are believed is Supabase's model: its API verifies them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.walls.arena import LOGINS, Arena
from tests.walls.attacker import MARK, Findings
from tests.walls.catalog import Function
from tests.walls.filling import FOREIGN, OURS, Organization
from tests.walls.ledger import Ledger
from tests.walls.reading import INDIRECT, LEAKY, NESTED, PLAIN
from tests.walls.tally import Notes
from tests.walls.writing import PROBES as WRITES


def claims(of: Organization, **more: object) -> str:
    said = {
        "sub": str(of.person("admin")),
        "org_id": str(of.organization_id),
        "role": "authenticated",
        "org_role": "admin",
    }
    return json.dumps({**said, **more})


@asynccontextmanager
async def door(ledger: Ledger, role: str, said: str) -> AsyncIterator[asyncpg.Connection]:
    """As Supabase's API does: the role and the claims for one transaction."""
    owner = ledger.owner
    transaction = owner.transaction()
    await transaction.start()
    try:
        if not await owner.fetchval("select pg_has_role($1, 'member')", role):
            await owner.execute(f"grant {role} to current_user")
        await owner.execute("select set_config('request.jwt.claims', $1, true)", said)
        await owner.execute(f"set local role {role}")
        yield owner
    finally:
        await transaction.rollback()


async def tell(connection: asyncpg.Connection, statement: str, *arguments: object) -> tuple[bool, str]:
    """Whether it was carried out, and all that came back."""
    inner = connection.transaction()
    await inner.start()
    try:
        rows = await connection.fetch(statement, *arguments)
        return True, str([tuple(row.values()) for row in rows])
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return False, f"{error} {getattr(error, 'detail', '')}"
    finally:
        await inner.rollback()


async def read(
    arena: Arena, ledger: Ledger, said: str, role: str = "authenticated", before: str = ""
) -> Findings:
    findings = Findings()
    async with door(ledger, role, said) as connection:
        if before:
            await connection.execute("select set_config('dfx.ctx', $1, true)", before)
        for probe in (*PLAIN, *NESTED, *INDIRECT, *LEAKY):
            for relation in arena.catalog.relations:
                for attempt in probe.attempts(arena.catalog, role, "", relation):
                    if len(attempt.steps) > 1 or not isinstance(attempt.steps[0], str):
                        continue
                    findings.attempts += 1
                    _, told = await tell(connection, attempt.steps[0])
                    if set(MARK.findall(told)) - (attempt.supplied() if attempt.echoes else set()):
                        findings.read.append(f"{role}: {attempt}")
    return findings


async def test_claims_of_ours_read_nothing_foreign(arena: Arena, notes: Notes) -> None:
    async with arena.ledger() as ledger:
        notes.tried(await read(arena, ledger, claims(OURS)))
        notes.control(
            "claims are what this door goes by", bool((await read(arena, ledger, claims(FOREIGN))).read)
        )


async def test_a_seal_says_nothing_at_supabases_door(arena: Arena, notes: Notes) -> None:
    async with arena.ledger() as ledger:
        for login in LOGINS:
            notes.tried(await read(arena, ledger, "", before=arena.seal(login, FOREIGN)))


@pytest.mark.parametrize(
    "said",
    ["", "{}", "null", "[]", "x", '{"org_id": null}', '{"org_id": ""}', '{"org_id": "x"}', '{"org_id": {}}',
     json.dumps({"org_id": [str(FOREIGN.organization_id)]}), json.dumps({"ORG_ID": str(FOREIGN.organization_id)}),
     json.dumps({"user_metadata": {"org_id": str(FOREIGN.organization_id)}}),
     json.dumps({"role": "service_role"}), json.dumps({"org_id": str(FOREIGN.organization_id).replace("-", "%")})],
)  # fmt: skip
async def test_claims_that_name_no_organization_see_none(arena: Arena, notes: Notes, said: str) -> None:
    async with arena.ledger() as ledger, door(ledger, "authenticated", said) as connection:
        findings = Findings()
        for relation in arena.catalog.relations:
            columns = ", ".join(f'"{name}"' for name in relation.readable_by("authenticated"))
            if columns:
                findings.attempts += 1
                _, told = await tell(connection, f"select {columns} from {relation.name}")
                if set(MARK.findall(told)) - set(MARK.findall(said)):
                    findings.read.append(f"{said}: {relation.name}")
    notes.tried(findings)


async def test_anon_reads_nothing_at_all(arena: Arena, notes: Notes) -> None:
    findings = Findings()
    async with arena.ledger() as ledger, door(ledger, "anon", claims(FOREIGN)) as connection:
        for relation in arena.catalog.relations:
            if relation.name.startswith("supabase_migrations."):
                continue
            findings.attempts += 1
            done, told = await tell(connection, f"select count(*) from {relation.name}")
            if done:
                findings.read.append(f"anon: {relation.name}: {told}")
    notes.tried(findings)


@pytest.mark.parametrize("organization", [OURS, FOREIGN], ids=["our claims", "foreign claims"])
async def test_supabases_door_writes_nothing(arena: Arena, notes: Notes, organization: Organization) -> None:
    """Not even in its own organization: SELECT is all that it has."""
    findings = Findings()
    async with arena.ledger() as ledger:
        async with door(ledger, "authenticated", claims(organization)) as connection:
            for probe in WRITES:
                for relation in arena.catalog.relations:
                    for attempt in probe.attempts(arena.catalog, "authenticated", "", relation):
                        if len(attempt.steps) > 1 or not isinstance(attempt.steps[0], str):
                            continue
                        findings.attempts += 1
                        done, _ = await tell(connection, attempt.steps[0])
                        if done:
                            findings.written.append(f"authenticated: {attempt}")
        findings.written += await ledger.written()
    notes.tried(findings)


async def test_supabases_door_calls_none_of_our_functions(arena: Arena, notes: Notes) -> None:
    findings = Findings()
    async with arena.ledger() as ledger:
        for role in ("authenticated", "anon"):
            async with door(ledger, role, claims(FOREIGN)) as connection:
                for function in arena.catalog.functions:
                    if function.name.startswith("auth."):
                        continue
                    findings.attempts += 1
                    done, told = await tell(connection, f"select {_call(function)}")
                    if done or "permission denied" not in told:
                        findings.gained.append(f"{role}: {function.name}: {told[:80]}")
        done, _ = await tell(ledger.owner, "select app.org_id()")
    notes.tried(findings)
    notes.control("the owner may call them", done)


def _call(function: Function) -> str:
    return f"{function.name}({', '.join(f'null::{kind}' for kind in function.argument_types)})"

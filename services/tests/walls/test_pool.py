"""What one request leaves in a pooled connection reaches no later one: plans, cursors, settings, statements, the
seal itself. The pool under attack is the services' own, with one connection for everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from dfworx.shared.context import Caller
from dfworx.shared.db import Database
from tests.walls.arena import Arena
from tests.walls.attacker import MARK, Findings
from tests.walls.filling import FOREIGN, OURS, Organization
from tests.walls.tally import Notes
from tests.walls.weaknesses import IMMUTABLE_CONTEXT

# What a person of the foreign organization could leave behind, and how the next one would find it.
LEFT_BEHIND = {
    "the seal for the session": (
        "select set_config('dfx.ctx', current_setting('dfx.ctx'), false)",
        "select name from public.organizations",
    ),
    "a role setting": (
        "set session request.jwt.claims = 'x'",
        "select current_setting('request.jwt.claims', true)",
    ),
    "a held cursor": (
        "declare left_behind cursor with hold for select name from public.organizations",
        "fetch all from left_behind",
    ),
    "a prepared statement": (
        f"prepare left_behind as select 'of {FOREIGN.mark}'",
        "execute left_behind",
    ),
    "a search path": ("set session search_path = app_web, public", "select current_setting('search_path')"),
    "an advisory lock": (
        "select pg_advisory_lock(2964369584)",
        "select objid::text from pg_locks where locktype = 'advisory'",
    ),
    "a channel": (f'listen "{FOREIGN.mark}"', "select pg_listening_channels()"),
}
# PREPARE can be written in one statement, so it stays in the session. It holds the text that its author wrote, and
# runs under the seal of whoever executes it, so it carries no row across; nothing of ours executes by name.
STAYS = {"a prepared statement"}


def caller(of: Organization) -> Caller:
    return Caller(of.person("admin"), of.organization_id, "admin", UUID(int=1))


@pytest.fixture
async def pool(arena: Arena) -> AsyncIterator[Database]:
    database = Database(arena.database.settings("dfworx_web", database_connections=1))
    yield database
    await database.close()


@pytest.mark.parametrize("thing", LEFT_BEHIND)
async def test_what_a_request_leaves_reaches_no_later_one(
    arena: Arena, notes: Notes, pool: Database, thing: str
) -> None:
    leave, find = LEFT_BEHIND[thing]
    async with pool.write(caller(FOREIGN)) as writer:
        await writer.execute(leave)
    told = []
    for who in ("nobody", "ours"):
        try:
            async with pool.unsealed() if who == "nobody" else pool.read(caller(OURS)) as reader:
                told += [str(tuple(row.values())) for row in await reader.fetch(find)]
        except asyncpg.PostgresError:
            continue
    findings = Findings(attempts=2, read=[f"{thing}: {each}" for each in told if _foreign(each)])
    if thing in STAYS:
        findings.read.clear()
    notes.tried(findings)


def _foreign(text: str) -> bool:
    return bool(MARK.search(text)) or "2964369584" in text or "app_web" in text or text == "('x',)"


@pytest.mark.parametrize("thing", LEFT_BEHIND)
async def test_without_the_pools_reset_it_would(arena: Arena, notes: Notes, thing: str) -> None:
    leave, find = LEFT_BEHIND[thing]
    connection = await asyncpg.connect(arena.database.url("dfworx_web"))
    try:
        async with connection.transaction():
            await connection.execute(
                "select set_config('dfx.ctx', $1, true)", arena.seal("dfworx_web", FOREIGN)
            )
            await connection.execute(leave)
        found = [str(tuple(row.values())) for row in await connection.fetch(find)]
    finally:
        await connection.close()
    notes.control(thing, any(map(_foreign, found)))


async def replay(arena: Arena) -> Findings:
    """Vectors 16 and 17: a plan made for one organization, run for the other, by text and by a generic plan."""
    findings = Findings()
    for mode in ("auto", "force_generic_plan", "force_custom_plan"):
        connection = await asyncpg.connect(
            arena.database.url("dfworx_web"), server_settings={"plan_cache_mode": mode}
        )
        try:
            for query in ("select name from public.organizations", "select title from app_web.posts",
                          "select app.org_id()::text", "select content from app_web.comments"):  # fmt: skip
                statement = None
                for turn in range(16):
                    of = FOREIGN if turn < 8 else OURS
                    async with connection.transaction():
                        await connection.execute(
                            "select set_config('dfx.ctx', $1, true)", arena.seal("dfworx_web", of)
                        )
                        statement = statement or await connection.prepare(query)
                        told = str([tuple(row.values()) for row in await statement.fetch()])
                    findings.attempts += 1
                    if of is OURS and MARK.search(told):
                        findings.read.append(f"{mode}: {query}: {told[:80]}")
        finally:
            await connection.close()
    return findings


async def test_a_plan_made_for_one_organization_serves_no_other(arena: Arena, notes: Notes) -> None:
    notes.tried(await replay(arena))
    async with arena.ledger() as ledger, IMMUTABLE_CONTEXT.applied(ledger):
        notes.control(IMMUTABLE_CONTEXT.name, bool((await replay(arena)).read))

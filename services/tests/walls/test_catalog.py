"""The catalog gate: no migration brings what the walls forbid, and each rule finds the mistakes that it is for."""

from __future__ import annotations

import asyncpg
import pytest

from tests.walls.ground import Ground
from tests.walls.rules import RULES, UNIQUE_ACROSS, Rule
from tests.walls.tally import Notes

_MISTAKES = [(rule, mistake) for rule in RULES for mistake in rule.mistakes]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
async def test_the_catalog_keeps_the_rule(owner: asyncpg.Connection, rule: Rule) -> None:
    assert [row["name"] for row in await owner.fetch(rule.offenders)] == []
    assert await owner.fetchval(rule.count) > 0, "the rule looked at nothing"


@pytest.mark.parametrize(
    ("rule", "mistake"), _MISTAKES, ids=[f"{rule.name}: {mistake[:60]}" for rule, mistake in _MISTAKES]
)
async def test_the_rule_finds_the_mistake(
    owner: asyncpg.Connection, notes: Notes, rule: Rule, mistake: str
) -> None:
    transaction = owner.transaction()
    await transaction.start()
    try:
        for statement in mistake.split("\n"):
            await owner.execute(statement)
        notes.control(f"{rule.name}: {mistake}", bool(await owner.fetch(rule.offenders)))
    finally:
        await transaction.rollback()


async def test_every_exception_is_still_needed(owner: asyncpg.Connection) -> None:
    there = {row[0] for row in await owner.fetch("select relname::text from pg_class where relkind = 'i'")}
    assert set(UNIQUE_ACROSS) <= there


async def test_row_level_security_holds_on_the_database_that_is_attacked(ground: Ground) -> None:
    """Whoever owns the tables passes every policy: no service may be that one."""
    owner = await asyncpg.connect(ground.owner_url)
    try:
        assert not await owner.fetchval("select rolsuper from pg_roles where rolname = current_user")
        owners = await owner.fetch(
            "select distinct relowner::regrole::text from pg_class where relnamespace::regnamespace::text"
            " in ('public', 'app_web', 'app_admin', 'app_auth', 'shared_services', 'private')"
        )
        assert {row[0] for row in owners} == {
            "dfworx_definer",
            await owner.fetchval("select current_user::text"),
        }
    finally:
        await owner.close()

"""The seed's sections, and that it never runs over data."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from dfworx.cli import seed
from dfworx.cli.failure import Failure

if TYPE_CHECKING:
    from tests.conftest import TestDatabase

TEXT = """\
-- login: ann@example.com correct horse
set local timezone = 'UTC';
-- schema: public
insert into a values (1);
-- schema: app_web
insert into b values (2);
-- schema: public
insert into c values (3);
"""


def test_a_section_runs_to_the_next_one_and_carries_the_prologue() -> None:
    sections = seed.split_sections(TEXT)
    assert list(sections) == ["public", "app_web"]
    assert sections["app_web"].splitlines()[1:] == [
        "set local timezone = 'UTC';",
        "",
        "insert into b values (2);",
    ]
    assert "insert into a" in sections["public"] and "insert into c" in sections["public"]
    assert "insert into b" not in sections["public"]


def test_a_text_without_sections_seeds_nothing() -> None:
    assert seed.split_sections("select 1;") == {}


def test_an_unknown_schema_is_one_sentence(database: TestDatabase) -> None:
    with pytest.raises(Failure, match="no section for the schema app_nothing"):
        seed.run_sections(database.owner_url, "app_nothing")


async def test_rows_are_never_seeded_over(owner: asyncpg.Connection) -> None:
    section = "insert into public.organizations (name, slug) values ('Acme', 'acme')"
    await seed.require_unseeded(owner, section)
    await owner.execute(section)
    with pytest.raises(Failure, match="organizations already has rows, so nothing was seeded"):
        await seed.require_unseeded(owner, section)


async def test_one_schema_is_seeded_alone(owner: asyncpg.Connection, database: TestDatabase) -> None:
    tables = [
        row[0]
        for row in await owner.fetch(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname in ('public', 'app_auth', 'app_web', 'app_admin', 'shared_services')"
        )
    ]

    async def counts() -> dict[str, int]:
        return {name: await owner.fetchval(f"select count(*) from {name}") for name in tables}  # noqa: S608

    for schema in ("public", "app_auth"):
        await asyncio.to_thread(seed.run_sections, database.owner_url, schema)
    before = await counts()
    assert await asyncio.to_thread(seed.run_sections, database.owner_url, "app_web") == ["app_web"]
    after = await counts()
    changed = {name for name in tables if before[name] != after[name]}
    assert "app_web.posts" in changed
    # Triggers write down who did it, what Convex is to hear of it, and which days are to be counted.
    noted = {
        *("public.audit_logs", "public.audit_links", "public.audit_heads", "shared_services.outbox"),
        *("app_admin.analytics_marks", "app_admin.active_days"),
    }
    assert not {name for name in changed if not name.startswith("app_web.")} - noted


async def test_a_schema_without_what_it_builds_on_is_refused_in_one_sentence(
    owner: asyncpg.Connection, database: TestDatabase
) -> None:
    for schema in ("app_auth", "app_web"):
        with pytest.raises(Failure, match=r"builds on the sections before it: \./dfworx db seed"):
            await asyncio.to_thread(seed.run_sections, database.owner_url, schema)
    assert await owner.fetchval("select count(*) from app_web.posts") == 0

"""The example organizations of a fresh development install: seed.sql, run section by section as the owner.

A section starts with a line `-- schema: NAME`. What stands before the first one belongs to every section. A line
`-- login: EMAIL PASSWORD` names a person to try; real installs are never seeded.
"""

from __future__ import annotations

import asyncio
import re

import asyncpg

from dfworx.cli.failure import Failure
from dfworx.cli.home import INFRASTRUCTURE
from dfworx.cli.migrations import connect

SEED = INFRASTRUCTURE / "supabase" / "seed.sql"
_SECTION = re.compile(r"^-- schema: *(\w+) *$", re.MULTILINE)
_FILLED = re.compile(r"^insert into (\w+\.\w+)", re.MULTILINE)
_LOGIN = re.compile(r"^-- login: *(\S+) +(\S.*?) *$", re.MULTILINE)


def split_sections(text: str) -> dict[str, str]:
    """By schema, in the file's order; the prologue is repeated in front of each."""
    prologue, *pairs = _SECTION.split(text)
    sections: dict[str, str] = {}
    for name, body in zip(pairs[::2], pairs[1::2], strict=True):
        sections[name] = sections.get(name, prologue) + body
    return sections


def logins(owner_url: str) -> list[str]:
    """People of the seed who are in this database, as `EMAIL with the password PASSWORD`."""

    async def ask() -> list[str]:
        owner = await connect(owner_url)
        try:
            rows = await owner.fetch(
                "select email from app_auth.identities where email = any($1)", [email for email, _ in named]
            )
        finally:
            await owner.close()
        there = {row["email"] for row in rows}
        return [f"{email} with the password {password}" for email, password in named if email in there]

    named = _LOGIN.findall(SEED.read_text()) if SEED.exists() else []
    return asyncio.run(ask())


def is_empty(owner_url: str) -> bool:
    async def ask() -> bool:
        owner = await connect(owner_url)
        try:
            return not await owner.fetchval("select exists (select from public.organizations)")
        finally:
            await owner.close()

    return asyncio.run(ask())


def run_sections(owner_url: str, schema: str | None = None) -> list[str]:
    """Run all sections, or one, in one transaction; returns their names."""
    sections = split_sections(SEED.read_text()) if SEED.exists() else {}
    if schema is not None:
        if schema not in sections:
            known = ", ".join(sections) or "none"
            raise Failure(f"The seed has no section for the schema {schema}; it has: {known}.")
        sections = {schema: sections[schema]}
    asyncio.run(_run(owner_url, sections))
    return list(sections)


async def require_unseeded(owner: asyncpg.Connection, body: str) -> None:
    """Refuse when a table that the section would fill already holds rows."""
    filled = await _first_filled_table(owner, body)
    if filled:
        raise Failure(f"{filled} already has rows, so nothing was seeded; to start over: ./dfworx db reset")


async def _first_filled_table(owner: asyncpg.Connection, body: str) -> str | None:
    """Of those that the section itself fills: triggers fill others as rows come."""
    for table in dict.fromkeys(_FILLED.findall(body)):
        if await owner.fetchval(f"select exists (select from {table})"):  # noqa: S608 - names from our own file
            return str(table)
    return None


async def _run(owner_url: str, sections: dict[str, str]) -> None:
    owner = await connect(owner_url)
    try:
        async with owner.transaction():
            for body in sections.values():
                await require_unseeded(owner, body)
            for name, body in sections.items():
                await owner.execute(body)
                if not await _first_filled_table(owner, body):
                    raise Failure(
                        f"Nothing was seeded: the section {name} builds on the sections before it: ./dfworx db seed"
                    )
    except asyncpg.PostgresError as error:
        raise Failure(f"The seed could not be run: {error}") from error
    finally:
        await owner.close()

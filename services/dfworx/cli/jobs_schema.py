"""The job library's own tables, in the schema `jobs`: applied from the installed package when they are missing, and
the library's migrations when a newer one is installed. Which version is there stands in a comment on the schema. What
must stay true: nobody but the worker's login can enter the schema, and each function in it has a fixed search path.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from pathlib import Path

import asyncpg

LIBRARY = "procrastinate"
WORKER = "dfworx_worker"
_MARK = re.compile(rf"{LIBRARY} (\d+)\.(\d+)\.(\d+)")

Version = tuple[int, int, int]


def installed_version() -> Version:
    numbers = re.findall(r"\d+", importlib.metadata.version(LIBRARY))[:3]
    major, minor, patch = (int(number) for number in (*numbers, "0", "0")[:3])
    return major, minor, patch


def library_folder() -> Path:
    """Where its SQL is. Found without importing it, which takes a moment that `up` needn't wait."""
    found = importlib.util.find_spec(LIBRARY)
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "sql"


async def bring_up_jobs(
    owner: asyncpg.Connection, *, version: Version | None = None, folder: Path | None = None
) -> bool:
    """Whether something was applied. Safe to run again; all of it or nothing."""
    version, folder = version or installed_version(), folder or library_folder()
    async with owner.transaction():
        applied = await _applied_version(owner)
        scripts = [folder / "schema.sql"] if applied is None else scripts_between(folder, applied, version)
        if applied is not None and applied >= version:
            return False
        await owner.execute("set local search_path = jobs, pg_catalog")
        for script in scripts:
            await owner.execute(script.read_text(encoding="utf-8"))
        await owner.execute("set local search_path = ''")
        await _hand_to_worker(owner)
        mark = f"{LIBRARY} {'.'.join(map(str, version))}"
        await owner.execute(f"comment on schema jobs is '{mark}'")
    return True


def scripts_between(folder: Path, applied: Version, version: Version) -> list[Path]:
    """The library's migrations after one version and up to another, in the order of their names."""
    found = []
    for script in sorted((folder / "migrations").glob("*.sql")):
        named = re.match(r"(\d+)\.(\d+)\.(\d+)_", script.name)
        if named and applied < (int(named[1]), int(named[2]), int(named[3])) <= version:
            found.append(script)
    return found


async def _applied_version(owner: asyncpg.Connection) -> Version | None:
    told = _MARK.fullmatch(await owner.fetchval("select obj_description('jobs'::regnamespace)") or "")
    return (int(told[1]), int(told[2]), int(told[3])) if told else None


async def _hand_to_worker(owner: asyncpg.Connection) -> None:
    """All that is in the schema, to the worker's login alone."""
    await owner.execute(
        f"""
        revoke all on all tables in schema jobs from public;
        revoke all on all functions in schema jobs from public;
        grant select, insert, update, delete on all tables in schema jobs to {WORKER};
        grant usage, select on all sequences in schema jobs to {WORKER};
        grant execute on all functions in schema jobs to {WORKER};
        """
    )
    for row in await owner.fetch(
        "select oid::regprocedure::text as name from pg_proc where pronamespace = 'jobs'::regnamespace"
    ):
        await owner.execute(f"alter function {row['name']} set search_path = jobs, pg_catalog")

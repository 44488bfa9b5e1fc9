"""`dfworx audit`: whether the audit log is as it was written. Every entry has a link in its organization's chain
(migration 029); what was changed, removed or put between shows where the chain breaks. Whoever owns the database can
write the whole chain anew: against that, keep the head that this prints somewhere else."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import asyncpg
import typer

from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.install import assemble_install
from dfworx.cli.migrations import connect

app = typer.Typer(help="Look after the audit log.", no_args_is_help=True, add_completion=False)

# The first place of each organization at which the chain isn't what its entries make it.
_BROKEN = """
    with chain as (
      select l.organization_id, l.position, l.audit_log_id, l.hash,
             lag(l.hash, 1, ''::bytea) over whole as previous, lag(l.position, 1, 0::bigint) over whole as before
        from public.audit_links l
       where $1::uuid is null or l.organization_id = $1
      window whole as (partition by l.organization_id order by l.position)
    )
    select distinct on (c.organization_id) c.organization_id, c.position, c.audit_log_id,
           case when c.position <> c.before + 1 then 'link removed' when a.audit_log_id is null then 'removed'
                else 'changed' end as what,
           c.before + 1 as expected
      from chain c
      left join public.audit_logs a on a.organization_id = c.organization_id and a.audit_log_id = c.audit_log_id
     where c.position <> c.before + 1 or a.audit_log_id is null or c.hash <> app.audit_digest(a, c.previous)
     order by c.organization_id, c.position
"""
_UNLINKED = """
    select distinct on (a.organization_id) a.organization_id, a.audit_log_id
      from public.audit_logs a
     where ($1::uuid is null or a.organization_id = $1)
       and not exists (select from public.audit_links l
                        where l.organization_id = a.organization_id and l.audit_log_id = a.audit_log_id)
     order by a.organization_id, a.audit_log_id
"""
_ENDS = """
    select organization_id, o.slug, coalesce(h.position, 0) as head, h.hash,
           coalesce(l.position, 0) as last, l.hash is not distinct from h.hash as agrees
      from (select h.organization_id from public.audit_heads h
            union select l.organization_id from public.audit_links l
            union select a.organization_id from public.audit_logs a) as there (organization_id)
      left join public.audit_heads h using (organization_id)
      left join public.organizations o using (organization_id)
      left join lateral (select k.position, k.hash from public.audit_links k
                          where k.organization_id = there.organization_id order by k.position desc limit 1) l on true
     where $1::uuid is null or organization_id = $1
     order by o.slug nulls last, organization_id
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one organization's log."""

    organization_id: str
    organization: str | None
    """None for one that was deleted: its log outlives it."""
    entries: int
    head: str
    """The last link's hash. Two equal ones at two times with equal counts: nothing before them was changed."""
    problem: str | None
    """The first thing that is wrong, as a sentence."""
    audit_log_id: int | None
    """The entry that it is about, where there is one to name."""


@app.command()
def verify(
    organization: Annotated[
        str | None, typer.Option(help="Only this organization's log, by its slug.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Compute the chain again and name the first entry that was changed, removed or put in."""
    home = locate_home(os.environ)
    if not home.path.is_dir() and not os.environ.get("DATABASE_URL"):
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    home.prepare()
    verdicts = asyncio.run(_verify(assemble_install(home, os.environ).database_url, organization))
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in verdicts], indent=2))
    else:
        for each in verdicts:
            name = each.organization or each.organization_id
            told = each.problem or f"{each.entries} entries, as they were written; head {each.head}"
            typer.echo(f"  {name:<24} {told}")
    if broken := [each for each in verdicts if each.problem]:
        raise Failure(f"The audit log was changed in {len(broken)} of {len(verdicts)} organizations.")


async def _verify(url: str, slug: str | None) -> list[Verdict]:
    owner = await connect(url)
    try:
        async with owner.transaction(isolation="repeatable_read", readonly=True):
            return await examine(owner, await _find(owner, slug))
    except asyncpg.UndefinedTableError:
        raise Failure("This database has no chain yet; run ./dfworx db migrate first.") from None
    finally:
        await owner.close()


async def _find(owner: asyncpg.Connection, slug: str | None) -> Any:
    if slug is None:
        return None
    found = await owner.fetchval("select organization_id from public.organizations where slug = $1", slug)
    if found is None:
        raise Failure(f"There is no organization with the slug {slug}.")
    return found


async def examine(owner: asyncpg.Connection, organization_id: Any = None) -> list[Verdict]:
    """All organizations', or one's, as of one moment: the caller's transaction."""
    broken = {row["organization_id"]: row for row in await owner.fetch(_BROKEN, organization_id)}
    unlinked = {row["organization_id"]: row for row in await owner.fetch(_UNLINKED, organization_id)}
    verdicts = []
    for row in await owner.fetch(_ENDS, organization_id):
        problem, named = _problem(
            row, broken.get(row["organization_id"]), unlinked.get(row["organization_id"])
        )
        verdicts.append(
            Verdict(
                str(row["organization_id"]),
                row["slug"],
                row["head"],
                (row["hash"] or b"").hex(),
                problem,
                named,
            )
        )
    return verdicts


def _problem(ends: Any, broken: Any, unlinked: Any) -> tuple[str | None, int | None]:
    if broken is not None and broken["what"] != "link removed":
        named = broken["audit_log_id"]
        return f"entry {named}, number {broken['position']} of the chain, was {broken['what']}", named
    if unlinked is not None and broken is None and ends["last"] == ends["head"]:
        named = unlinked["audit_log_id"]
        return f"entry {named} was put in past the chain", named
    if broken is not None or ends["last"] != ends["head"] or not ends["agrees"]:
        number = broken["expected"] if broken is not None else ends["last"] + 1
        named = unlinked["audit_log_id"] if unlinked is not None else None
        which = f"entry {named}, " if named is not None else "the entry with "
        return f"{which}number {number} of the chain was removed from it", named
    return None, None

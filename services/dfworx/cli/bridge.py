"""`dfworx bridge`: how far Convex's copies are behind PostgreSQL, what Convex still has to tell the web service, and
telling the copies everything again."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from typing import Annotated, Any

import httpx
import typer

from dfworx.cli.database_roles import role_url
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.install import Install, assemble_install, convex_from_here
from dfworx.cli.migrations import connect
from dfworx.shared.errors import Unavailable
from dfworx.worker.convex import Deployment, FunctionFailed
from dfworx.worker.replay import note_all

app = typer.Typer(no_args_is_help=True)

# What isn't handed over yet waits for every consumer.
_LAG = """
    select 'not handed over' as consumer, count(*) as waiting, 0 as failed,
           extract(epoch from now() - min(created_at)) as seconds
      from shared_services.outbox where handed_at is null
    union all
    select d.consumer, count(*) filter (where d.delivered_at is null and d.failed_at is null),
           count(*) filter (where d.failed_at is not null),
           extract(epoch from now() - min(o.created_at) filter (where d.delivered_at is null and d.failed_at is null))
      from shared_services.deliveries d
      join shared_services.outbox o on o.organization_id = d.organization_id and o.outbox_id = d.outbox_id
     group by d.consumer
"""


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Say how many events wait for whom, how many were given up, and for how long the oldest has waited."""
    install = _require_install()
    told = asyncio.run(_ask(install))
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    for name, each in told["consumers"].items():
        typer.echo(
            f"  {name:<16} {each['waiting']:>6} waiting, {each['failed']} given up, {each['lag_seconds']:.0f} s behind"
        )
    outgoing = told["outgoing"]
    if outgoing is None:
        typer.echo("  Convex doesn't answer, or its admin key isn't known (CONVEX_ADMIN_KEY).")
    else:
        typer.echo(
            f"  {'from Convex':<16} {outgoing['waiting']:>6} waiting, the oldest for {outgoing['oldest_seconds']:.0f} s"
        )


@app.command()
def replay() -> None:
    """Tell Convex everything again, and let it forget what PostgreSQL hasn't; safe while people work."""
    install = _require_install()
    if not install.convex_admin_key:
        raise Failure("The admin key of the Convex deployment isn't known; set CONVEX_ADMIN_KEY.")
    count = asyncio.run(_replay(install))
    typer.echo(f"Noted all of {count} organizations; the worker tells Convex: ./dfworx bridge status")


def _require_install() -> Install:
    home = locate_home(os.environ)
    if not home.path.is_dir():
        raise Failure(f"There is no install in {home.path}; start one with: ./dfworx up")
    return assemble_install(home, os.environ)


async def _ask(install: Install) -> dict[str, Any]:
    owner = await connect(install.database_url)
    try:
        rows = await owner.fetch(_LAG)
    finally:
        await owner.close()
    consumers = {
        row["consumer"]: {
            "waiting": row["waiting"],
            "failed": row["failed"],
            "lag_seconds": round(float(row["seconds"] or 0), 1),
        }
        for row in rows
    }
    return {"consumers": consumers, "outgoing": await _ask_convex(install)}


async def _ask_convex(install: Install) -> dict[str, Any] | None:
    if not install.convex_admin_key:
        return None
    async with httpx.AsyncClient() as client:
        deployment = Deployment(convex_from_here(install), install.convex_admin_key, client)
        try:
            told = await deployment.run("query", "outgoing:waiting")
        except (Unavailable, FunctionFailed):
            return None
    return {"waiting": int(told["waiting"]), "oldest_seconds": round(float(told["oldest_seconds"]), 1)}


async def _replay(install: Install) -> int:
    """As the worker: its login may call the functions that do it."""
    worker = await connect(role_url(install.database_url, "dfworx_worker", install.secrets))

    async def ask(query: str, *arguments: Any) -> Sequence[Any]:
        rows: Sequence[Any] = await worker.fetch(query, *arguments)
        return rows

    try:
        return await note_all(ask)
    finally:
        await worker.close()

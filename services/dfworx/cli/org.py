"""`dfworx org`: organizations, for whoever runs the install."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Running
from dfworx.cli.importing.terminal import running_install, settings_of
from dfworx.cli.install import convex_from_here
from dfworx.cli.migrations import connect
from dfworx.cli.organizations.creating import create_organization
from dfworx.cli.organizations.export import export_organization
from dfworx.realtime.snapshot_door import ADDRESS
from dfworx.shared.storage import Storage

app = typer.Typer(help="Look after organizations.", no_args_is_help=True, add_completion=False)
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

_LIST = """
    select o.slug, o.name, o.created_at::text,
           (select count(*) from public.users u where u.organization_id = o.organization_id and u.is_active) as people,
           (select count(*) from app_web.posts p
             where p.organization_id = o.organization_id and p.deleted_at is null) as posts,
           coalesce((select s.used_bytes from shared_services.storage_usage s
                      where s.organization_id = o.organization_id), 0) as file_bytes
      from public.organizations o order by o.slug
"""


@app.command("list")
def list_organizations(as_json: AsJson = False) -> None:
    """Show all organizations and how much they have."""
    install = running_install()

    async def ask() -> list[dict[str, Any]]:
        owner = await connect(install.database_url)
        try:
            return [dict(row) for row in await owner.fetch(_LIST)]
        finally:
            await owner.close()

    found = asyncio.run(ask())
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for each in found:
        size = f"{each['file_bytes'] / 1e6:,.1f} MB of files"
        typer.echo(
            f"  {each['slug']:<24} {each['people']:>6} people {each['posts']:>8} posts {size:>20}  {each['name']}"
        )


@app.command()
def create(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Small letters, figures, dashes.")],
    name: Annotated[str, typer.Option("--name", help="As people read it.")],
    admin: Annotated[
        str, typer.Option("--admin", metavar="EMAIL", help="Who signs in here and becomes its admin.")
    ],
) -> None:
    """Make an organization for somebody who signs in here already; others register theirs themselves."""
    install = running_install()
    slug, email = slug.strip().lower(), admin.strip().lower()
    asyncio.run(create_organization(install.database_url, slug, name.strip(), email))
    typer.echo(f"{slug} is there, and {email} is its admin.")


@app.command()
def export(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Of the organization.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The archive; it may not be there yet.")],
    as_json: AsJson = False,
) -> None:
    """Write an organization into an open archive: posts, revisions, comments, files, chat; drafts of its people too."""
    install = running_install()
    os.umask(0o077)
    settings = settings_of(install)("dfworx_web")
    storage = Storage(install.home.path / "files", settings.files_url)
    if not install.convex_admin_key:
        typer.echo(
            "The chat is not in it: the deployment's admin key isn't known (CONVEX_ADMIN_KEY).", err=True
        )

    with Asking(Running(convex_from_here(install), install.convex_admin_key)) as asking:
        chat = (lambda: asking.read(ADDRESS, {"files": "false"})) if install.convex_admin_key else None
        counts = asyncio.run(
            export_organization(install.database_url, slug.strip().lower(), file.absolute(), storage, chat)
        )
    if as_json:
        typer.echo(json.dumps(counts, indent=1))
        return
    typer.echo(
        f"{file} has {counts['posts']} posts, {counts['comments']} comments and {counts['files']} files."
    )
    if counts["missing_files"]:
        typer.echo(f"The bytes of {counts['missing_files']} files were not there.", err=True)

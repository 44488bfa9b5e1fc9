"""`dfworx org`: organizations, for whoever runs the install."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Running
from dfworx.cli.failure import Failure
from dfworx.cli.importing.terminal import running_install, settings_of
from dfworx.cli.install import convex_from_here
from dfworx.cli.migrations import connect
from dfworx.cli.organizations.creating import create_organization
from dfworx.cli.organizations.deleting import delete_organization
from dfworx.cli.organizations.export import export_organization
from dfworx.cli.organizations.suspending import resume_organization, suspend_organization
from dfworx.realtime.snapshot_door import ADDRESS
from dfworx.shared.storage import Storage

app = typer.Typer(help="Look after organizations.", no_args_is_help=True, add_completion=False)
Slug = Annotated[str, typer.Argument(metavar="SLUG", help="Of the organization.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

_LIST = """
    select o.slug, o.name, o.created_at::text, o.suspended_at::text,
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
        name = f"{each['name']} (suspended)" if each["suspended_at"] else each["name"]
        typer.echo(
            f"  {each['slug']:<24} {each['people']:>6} people {each['posts']:>8} posts {size:>20}  {name}"
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
def suspend(slug: Slug) -> None:
    """Sign everybody of an organization out, and let nobody sign in to it; nothing of it is lost."""
    install, slug = running_install(), slug.strip().lower()
    if not asyncio.run(suspend_organization(install.database_url, install.redis_url, slug)):
        typer.echo("Redis doesn't answer; the worker ends the sessions once it does.", err=True)
    typer.echo(f"{slug} is suspended. To let its people in again: ./dfworx org resume {slug}")


@app.command()
def resume(slug: Slug) -> None:
    """Let the people of a suspended organization sign in again."""
    slug = slug.strip().lower()
    asyncio.run(resume_organization(running_install().database_url, slug))
    typer.echo(f"{slug} is open again; its people sign in anew.")


@app.command()
def delete(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for the slug again.")] = False,
) -> None:
    """Delete an organization for good: rows, files, chat, and who signs in nowhere else. Its audit log stays."""
    install, slug = running_install(), slug.strip().lower()
    if not install.convex_admin_key:
        raise Failure("The admin key of the Convex deployment isn't known; set CONVEX_ADMIN_KEY.")
    if not yes and typer.prompt(f"Everything of {slug} will be gone. Its slug, to go on") != slug:
        raise Failure("That is another slug; nothing was deleted.")
    storage = Storage(install.home.path / "files", settings_of(install)("dfworx_web").files_url)
    with Asking(Running(convex_from_here(install), install.convex_admin_key)) as asking:

        def erase(organization_id: UUID) -> None:
            while asking.call("erasing:some", {"organization_id": str(organization_id)}, kind="mutation"):
                pass

        left = asyncio.run(delete_organization(install.database_url, install.redis_url, slug, storage, erase))
    for sentence in left:
        typer.echo(sentence, err=True)
    typer.echo(f"{slug} is gone.")


@app.command()
def export(
    slug: Slug,
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

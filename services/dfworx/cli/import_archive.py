"""`dfworx import archive`: what `org export` has written becomes a new organization of this install."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Running
from dfworx.cli.failure import Failure
from dfworx.cli.importing.terminal import running_install, settings_of
from dfworx.cli.install import convex_from_here
from dfworx.cli.organizations.taking_in import take_in
from dfworx.shared.storage import Storage


def import_archive(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What `org export` has written.")],
    organization: Annotated[
        str, typer.Option("--organization", metavar="SLUG", help="The new one; it may not be there yet.")
    ],
    admin: Annotated[
        str, typer.Option("--admin", metavar="EMAIL", help="Who signs in here and becomes its admin.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make a new organization of an archive: all of it or nothing. Its people sign in once they are invited."""
    slug, email = organization.strip().lower(), admin.strip().lower()
    if not slug or not email:
        raise Failure("--organization and --admin must not be empty.")
    install = running_install()
    settings = settings_of(install)("dfworx_web")
    if not install.convex_admin_key:
        typer.echo("The chat stays out: the deployment's admin key isn't known (CONVEX_ADMIN_KEY).", err=True)
    with Asking(Running(convex_from_here(install), install.convex_admin_key)) as asking:

        def call(path: str, args: dict[str, Any]) -> Any:
            return asking.call(path, args, kind="mutation")

        counts = asyncio.run(
            take_in(
                install.database_url,
                file,
                slug,
                email,
                Storage(install.home.path / "files", settings.files_url),
                most_file_bytes=install.file_megabytes * 1_000_000,
                call=call if install.convex_admin_key else None,
            )
        )
    if as_json:
        typer.echo(json.dumps(counts, indent=1))
        return
    typer.echo(
        f"{slug} has {counts['posts']} posts, {counts['comments']} comments, {counts['files']} files and "
        f"{counts.get('messages', 0)} messages."
    )

"""`dfworx import markdown`: a folder of Markdown files becomes the posts of an organization. Understanding and
writing them is in `importing/`; here is what a person types.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dfworx.cli.failure import Failure
from dfworx.cli.importing.fields import parse_status_map
from dfworx.cli.importing.run import Steps, import_folder
from dfworx.cli.importing.terminal import run_shown, running_install, settings_of
from dfworx.cli.importing.writing import Result


def import_markdown(
    # Not a Path here: that would take an empty word for the current folder.
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder, with all folders below it.")],
    organization: Annotated[
        str, typer.Option("--organization", metavar="SLUG", help="Whose posts they become.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")] = False,
    status: Annotated[
        str,
        typer.Option(
            metavar="WORD=STATUS,...",
            help="What a status in the front matter means here: Draft=draft,Withdrawn=archived. "
            "Everything else is published.",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make a post of every Markdown file, or bring up to date those made before."""
    organization = organization.strip().lower()
    if not folder:
        raise Failure("DIR is empty; give the folder that holds the Markdown files.")
    if not organization:
        raise Failure("--organization is empty; give the slug of the organization that gets the posts.")
    try:
        mapped = parse_status_map(status)
    except ValueError as error:
        raise Failure(str(error)) from None
    install = running_install()

    async def begin(steps: Steps, stopped: Callable[[], bool]) -> Result:
        return await import_folder(
            Path(folder),
            organization,
            mapped,
            owner_url=install.database_url,
            settings_of=settings_of(install),
            dry_run=dry_run,
            steps=steps,
            stopped=stopped,
        )

    run_shown("posts", begin, as_json=as_json, dry_run=dry_run)

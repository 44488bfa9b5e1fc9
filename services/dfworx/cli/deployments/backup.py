"""`dfworx realtime backup` and `restore`: a deployment's documents as one file, taken while it is served."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dfworx.cli.deployments.running import Folder, find_running
from dfworx.cli.failure import Failure
from dfworx.cli.home import locate_home
from dfworx.cli.parts.realtime import folder_data
from dfworx.realtime.engine.copies import BadCopy, copy_documents
from dfworx.realtime.engine.store import BadDocuments, hold_file

Data = Annotated[
    Path | None, typer.Option("--data", help="The documents' file, of a deployment that may not run.")
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; it may not be there yet.")],
    folder: Folder = None,
    data: Data = None,
) -> None:
    """Copy the documents into one file, also while they are served."""
    source = data
    if source is None:
        source = find_running(folder, None, None).data
        assert source is not None
    if file.exists():
        raise Failure(f"{file} is there already; name another file.")
    if not source.is_file():
        raise Failure(f"There are no documents in {source}.")
    try:
        copy_documents(source, file)
    except BadCopy as error:
        raise Failure(str(error)) from None
    typer.echo(f"{source} was copied to {file}.", err=True)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` has written.")],
    folder: Folder = None,
    data: Data = None,
) -> None:
    """Put a copy in the place of a deployment's documents, while it isn't served. What was there is kept beside it."""
    if (folder is None) == (data is None):
        raise Failure(
            "Name the deployment by its functions, with --folder, or by its documents' file, with --data."
        )
    if folder is not None:
        data = folder_data(locate_home(os.environ), folder.absolute())
    assert data is not None
    data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = data.with_name(f"{data.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    draft = data.with_name(f"{data.name}.restoring")
    try:
        with hold_file(data):
            draft.unlink(missing_ok=True)
            copy_documents(file, draft)
            kept = data.stat().st_size > 0
            for suffix in ("-wal", "-shm", ""):
                old = Path(f"{data}{suffix}")
                if kept and old.exists():
                    old.replace(f"{before}{suffix}")
            draft.replace(data)
    except (BadCopy, BadDocuments) as error:
        raise Failure(str(error)) from None
    typer.echo(f"{data} is {file} now." + (f" What it was is in {before}." if kept else ""), err=True)

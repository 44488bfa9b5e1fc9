"""`dfworx realtime export` and `import`: documents and files of a deployment that is served, as one file that Convex's
own command line takes too."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zipfile import BadZipFile, ZipFile

import typer

from dfworx.cli.deployments.asking import Asking, printable
from dfworx.cli.deployments.running import Folder, Key, Url, find_running
from dfworx.cli.failure import Failure
from dfworx.realtime.snapshot_door import ADDRESS


class Format(StrEnum):
    """As `npx convex import` calls them."""

    CSV = "csv"
    JSON_LINES = "jsonLines"
    JSON_ARRAY = "jsonArray"
    ZIP = "zip"


ENDINGS = {
    ".csv": Format.CSV,
    ".jsonl": Format.JSON_LINES,
    ".json": Format.JSON_ARRAY,
    ".zip": Format.ZIP,
}


def export_snapshot(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP; it may not be there yet.")],
    include_file_storage: Annotated[
        bool, typer.Option("--include-file-storage", help="Files too, not only documents.")
    ] = False,
    folder: Folder = None,
    url: Url = None,
    admin_key: Key = None,
) -> None:
    """Write all documents as they are at one moment into a ZIP, while they are served."""
    if file.exists():
        raise Failure(f"{file} is there already; name another file.")
    draft = file.with_name(f"{file.name}.part")
    asked = {"files": str(include_file_storage).lower()}
    try:
        with Asking(find_running(folder, url, admin_key)) as asking, draft.open("xb") as written:
            for piece in asking.read(ADDRESS, asked):
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        # What broke off is no ZIP.
        with ZipFile(draft) as archive:
            tables = [name for name in archive.namelist() if name.endswith("/documents.jsonl")]
        draft.rename(file)
    except FileExistsError:
        raise Failure(f"{draft} is there already; another export writes it, or it was left behind.") from None
    except BadZipFile:
        raise Failure("The export broke off before its end; the deployment's log says why.") from None
    except OSError as error:
        raise Failure(f"{file} can't be written ({error.strerror}).") from None
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(f"{file} has {len([name for name in tables if name[0] != '_'])} tables.", err=True)


def import_snapshot(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A snapshot's ZIP, or one table's file.")],
    table: Annotated[str | None, typer.Option(help="Where documents of a CSV or JSON file go.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="In place of what these tables have.")] = False,
    append: Annotated[bool, typer.Option("--append", help="Beside what these tables have.")] = False,
    replace_all: Annotated[
        bool,
        typer.Option("--replace-all", help="In place of what all tables have; files stay without new ones."),
    ] = False,
    form: Annotated[
        Format | None, typer.Option("--format", help="Where the file's name doesn't say it.")
    ] = None,
    folder: Folder = None,
    url: Url = None,
    admin_key: Key = None,
) -> None:
    """Import documents and files with their ids and times: all of them or, when one can't be, nothing."""
    if replace + append + replace_all > 1:
        raise Failure("Only one of --replace, --append and --replace-all can be meant.")
    form = form or ENDINGS.get(file.suffix.lower())
    if form is None:
        raise Failure(f"What is in {file} isn't told by its name; say it with --format.")
    if (form is Format.ZIP) is (table is not None):
        raise Failure(
            "A ZIP names its own tables; leave --table out."
            if table
            else f"{file} doesn't say where its documents go; name a table with --table."
        )
    mode = "replaceAll" if replace_all else "replace" if replace else "append" if append else "requireEmpty"
    asked = {"mode": mode, "format": str(form), **({"table": table} if table else {})}
    try:
        with file.open("rb") as opened, Asking(find_running(folder, url, admin_key)) as asking:
            _say(asking.send(ADDRESS, asked, opened))
    except OSError as error:
        raise Failure(f"{file} can't be read ({error.strerror}).") from None


def _say(told: Any) -> None:
    for name, count in told["documents"].items():
        typer.echo(f"{printable(name)}: {count} documents", err=True)
    if told["passedOver"]:
        kept = ", ".join(told["passedOver"])
        typer.echo(f"There is no place here for what wasn't imported: {printable(kept)}", err=True)

"""One import from folder to organization: look at every file, compare with what is there, write what differs. A
dry run takes the same way and stops before the writing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from dfworx.cli.failure import Failure
from dfworx.cli.importing.documents import (
    Document,
    Unusable,
    connect_links,
    read_document,
    unique_by_slug,
)
from dfworx.cli.importing.fields import Status
from dfworx.cli.importing.folder import Note, Scan, Unreadable, read_text, scan_folder
from dfworx.cli.importing.writing import (
    Result,
    SettingsOf,
    find_digests,
    find_importer,
    open_doors,
    write_documents,
)
from dfworx.cli.migrations import connect
from dfworx.shared.errors import ApiError


class Steps(Protocol):
    """What shows how far the work is."""

    def begin(self, doing: str, total: int) -> None: ...
    def advance(self, by: int = 1) -> None: ...


class Stopped(Exception):
    """The person has asked to stop; `result` counts what was done until then."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


async def import_folder(
    folder: Path,
    organization: str,
    mapped: Mapping[str, Status],
    *,
    owner_url: str,
    settings_of: SettingsOf,
    dry_run: bool,
    steps: Steps,
    stopped: Callable[[], bool] = lambda: False,
) -> Result:
    """Raises Failure, or Stopped once `stopped` says so."""
    result = Result()
    owner = await connect(owner_url)
    try:
        caller = await find_importer(owner, organization)
        scan = _scan(folder)
        documents = await _read_documents(scan, mapped, result, steps, stopped)
        known = await find_digests(owner, caller.organization_id, [document.slug for document in documents])
    finally:
        await owner.close()
    documents = _leave_taken(documents, known, result)
    documents, unusable, warnings = connect_links(documents, scan.others, result.skipped)
    result.skipped += unusable
    result.warnings += warnings
    wanted = []
    for document in documents:
        if known.get(document.slug) == document.digest:
            result.count("unchanged")
        elif dry_run:
            result.count("updated" if document.slug in known else "created")
        else:
            wanted.append(document)
    if wanted:
        steps.begin("Writing posts", len(wanted))
        try:
            async with open_doors(settings_of) as doors:
                await write_documents(doors, caller, wanted, result, advance=steps.advance, stopped=stopped)
        except ApiError as error:
            done = result.created + result.updated
            raise Failure(
                f"The import stopped after {done} of {len(wanted)} posts: {error.detail} "
                "Run the same command again to go on."
            ) from error
    _require_not_stopped(result, stopped)
    for notes in (result.skipped, result.warnings):
        notes.sort(key=lambda note: (note.file, note.why))
    return result


def _scan(folder: Path) -> Scan:
    try:
        return scan_folder(folder)
    except NotADirectoryError:
        raise Failure(f"{folder} is no folder; give the folder that holds the Markdown files.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Failure(
            f"The folder {folder} can't be read: {reason}. Give one that holds Markdown files."
        ) from None


async def _read_documents(
    scan: Scan, mapped: Mapping[str, Status], result: Result, steps: Steps, stopped: Callable[[], bool]
) -> list[Document]:
    documents = []
    result.skipped += scan.skipped
    steps.begin("Reading files", len(scan.markdown))
    for source in scan.markdown:
        try:
            document, notes = read_document(source, read_text(scan.root, source), mapped)
        except (Unreadable, Unusable) as error:
            result.skipped.append(Note(source, str(error)))
        else:
            documents.append(document)
            result.warnings += notes
        steps.advance()
        # Lets the loop hear of Ctrl-C.
        await asyncio.sleep(0)
        _require_not_stopped(result, stopped)
    unique, skipped = unique_by_slug(documents)
    result.skipped += skipped
    left_out = {note.file for note in skipped}
    result.warnings = [note for note in result.warnings if note.file not in left_out]
    return unique


def _leave_taken(
    documents: list[Document], known: Mapping[str, str | None], result: Result
) -> list[Document]:
    """A post that people wrote here is never overwritten."""
    free = []
    for document in documents:
        if document.slug in known and known[document.slug] is None:
            why = f"gives the slug {document.slug}, which a post that wasn't imported already has"
            result.skipped.append(Note(document.source, why))
        else:
            free.append(document)
    return free


def _require_not_stopped(result: Result, stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Stopped(result)

"""A copy of a deployment's documents, as of one moment, while they are served: readers and the writer go on."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path


class BadCopy(Exception):
    """The documents can't be copied; the message says why."""


def copy_documents(source: Path, target: Path) -> None:
    """Whole, without what was freed, and looked through once; `target` is there afterwards or it isn't, and nothing
    that was there is overwritten. Only its owner may read it: it holds the admin key. Raises BadCopy."""
    try:
        descriptor, draft = tempfile.mkstemp(prefix=f"{target.name}.", dir=target.parent)
    except OSError as error:
        raise BadCopy(f"{target} can't be written ({error.strerror}); name another file.") from None
    try:
        _copy(source, draft)
        os.fsync(descriptor)
        # Not renamed: what has come there meanwhile stays.
        os.link(draft, target)
    except FileExistsError:
        raise BadCopy(f"{target} is there already; name another file.") from None
    except (sqlite3.Error, OSError) as error:
        raise BadCopy(f"{source} can't be copied: {error}.") from error
    finally:
        os.close(descriptor)
        Path(draft).unlink(missing_ok=True)


def _copy(source: Path, draft: str) -> None:
    # Neither made when it isn't there, nor taken for a file of another program.
    connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        connection.execute("pragma busy_timeout = 10000")
        connection.execute("select count(*) from facts, documents limit 0")
        connection.execute("vacuum into ?", (draft,))
    finally:
        connection.close()
    copy = sqlite3.connect(draft)
    try:
        [found] = copy.execute("pragma quick_check(1)").fetchone()
    finally:
        copy.close()
    if found != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {found}")

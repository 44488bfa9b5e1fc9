"""The files of a folder, as they are on disk. Nothing outside the folder is ever read: links that lead out of it
are named and left alone, and so is everything that is not plain text. What starts with a dot (.git, .obsidian)
belongs to other programs and is not looked at.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

MARKDOWN = frozenset({".md", ".markdown"})
LARGEST_BYTES = 8_000_000
"""More than any post may hold, whatever its script."""


class Unreadable(Exception):
    """Why a file isn't text that can be imported, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Note:
    """A file and what is to be said about it."""

    file: str
    why: str


@dataclass(slots=True)
class Scan:
    """Paths are relative to the folder, with slashes, and in order."""

    root: Path
    markdown: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    skipped: list[Note] = field(default_factory=list)


def scan_folder(folder: Path) -> Scan:
    """All that is in the folder and the folders below it; raises OSError when it can't be listed."""
    scan = Scan(folder.resolve(strict=True))

    def refused(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename))
        if path == scan.root:
            raise error
        scan.skipped.append(Note(_shown(path.relative_to(scan.root)), "is a folder that may not be read"))

    for where, folders, names in os.walk(scan.root, onerror=refused):
        here = Path(where)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (here / name).is_symlink():
                scan.skipped.append(
                    Note(
                        _shown((here / name).relative_to(scan.root)),
                        "is a link to a folder, which isn't followed",
                    )
                )
        for name in sorted(names):
            if not name.startswith("."):
                _sort_in(scan, here / name)
    scan.markdown.sort()
    return scan


def _sort_in(scan: Scan, path: Path) -> None:
    shown = _shown(path.relative_to(scan.root))
    if shown.encode() != os.fsencode(path.relative_to(scan.root)):
        scan.skipped.append(Note(shown, "has a name that isn't UTF-8"))
    elif path.suffix.lower() not in MARKDOWN:
        scan.others.add(shown)
        scan.skipped.append(Note(shown, "isn't Markdown"))
    else:
        scan.markdown.append(shown)


def read_text(root: Path, source: str) -> str:
    """The file's text with line feeds only; raises Unreadable."""
    path = root / source
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root):
            raise Unreadable("is a link that leads out of the folder")
        found = real.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("isn't a file")
        if found.st_size > LARGEST_BYTES:
            raise Unreadable(f"is too large: {found.st_size:,} bytes")
        written = real.read_bytes()
    except FileNotFoundError:
        raise Unreadable("is a link that leads nowhere") from None
    except (OSError, RuntimeError) as error:
        # Until Python 3.12 a loop is a RuntimeError.
        if not isinstance(error, OSError) or error.errno == errno.ELOOP:
            raise Unreadable("is a link that leads to itself") from None
        raise Unreadable(f"can't be read: {(error.strerror or str(error)).lower()}") from None
    if b"\0" in written:
        raise Unreadable("is a binary file")
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"isn't UTF-8 text (byte {error.start + 1:,})") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")

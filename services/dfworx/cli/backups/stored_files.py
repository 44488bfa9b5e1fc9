"""Bytes of files in a backup. They lie in folders, are complete when they have their name and never change after, so a
second name for each (a hard link) keeps them, in no time and no space, whatever is deleted meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from dfworx.cli.backups.archive import can_be_named

_UNFINISHED = "#"
"""In the name of what is being uploaded (dfworx/shared/storage.py)."""


def keep_files(source: Path, kept: Path) -> None:
    """Keeps all there are now, beside those that were kept before."""
    for path in _walk(source):
        target = kept / path.relative_to(source)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except (FileExistsError, FileNotFoundError):
            # Kept already, or deleted between being seen and being kept.
            continue
        except OSError:
            # On another disk, or on one that has no hard links.
            shutil.copyfile(path, target)


def list_kept(kept: Path, prefix: str) -> list[tuple[str, Path]]:
    """By name in the archive, in order; what has no name there is left out."""
    named = ((f"{prefix}/{path.relative_to(kept).as_posix()}", path) for path in _walk(kept))
    return sorted((name, path) for name, path in named if can_be_named(name))


def _walk(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root, name)
            if _UNFINISHED not in name and not path.is_symlink():
                yield path

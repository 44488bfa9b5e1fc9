"""What is known of an install's backups: the archives in their folder, and in `backups/state.json` of the home how the
last backup and the last drill went. Whoever asks about the install's health reads that file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from dfworx.cli.backups.archive import is_encrypted
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, write_private

EVERY, KEEP, FOLDER = "DFWORX_BACKUP_EVERY", "DFWORX_BACKUP_KEEP", "DFWORX_BACKUP_FOLDER"
_NAME = re.compile(r"dfworx-(\d{8}T\d{6})Z\.tar(\.age)?")
_MOMENT = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Plan:
    """How often a backup is taken by itself, how many are kept, and where."""

    hours: int
    """0: only when somebody asks."""
    keep: int
    folder: Path


@dataclass(frozen=True)
class Kept:
    file: Path
    at: datetime

    def told(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "at": self.at.isoformat(),
            "bytes": self.file.stat().st_size,
            "encrypted": is_encrypted(self.file),
        }


def read_plan(home: Home, environ: Mapping[str, str]) -> Plan:
    """Raises Failure for what makes no sense."""
    hours = _number(environ, EVERY, "0", 0, 8760, "hours between two backups")
    keep = _number(environ, KEEP, "7", 1, 1000, "backups that are kept")
    return Plan(hours, keep, Path(environ.get(FOLDER) or home.path / "backups").absolute())


def name_backup(folder: Path, now: datetime, *, encrypted: bool) -> Path:
    return folder / f"dfworx-{now.astimezone(UTC):{_MOMENT}}Z.tar{'.age' if encrypted else ''}"


def list_backups(folder: Path) -> list[Kept]:
    """Those with the names that are given here, the newest first."""
    found = []
    for file in folder.glob("dfworx-*"):
        named = _NAME.fullmatch(file.name)
        if named and file.is_file():
            found.append(Kept(file, datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)))
    return sorted(found, key=lambda kept: kept.at, reverse=True)


def drop_old(plan: Plan) -> list[Path]:
    """All but the newest; what was deleted."""
    dropped = [kept.file for kept in list_backups(plan.folder)[plan.keep :]]
    for file in dropped:
        file.unlink()
    return dropped


def read_state(home: Home) -> dict[str, Any]:
    """By what was done: `backup` and `drill`, each with `at`, `ok` and more. Empty when nothing was."""
    try:
        told = json.loads(_state_file(home).read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def note(home: Home, done: Literal["backup", "drill"], *, ok: bool, **more: Any) -> None:
    file = _state_file(home)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    state = {**read_state(home), done: {"at": at, "ok": ok, **more}}
    write_private(file, json.dumps(state, indent=1) + "\n")


def _state_file(home: Home) -> Path:
    return home.path / "backups" / "state.json"


def _number(environ: Mapping[str, str], name: str, otherwise: str, least: int, most: int, what: str) -> int:
    given = environ.get(name) or otherwise
    if not (given.isascii() and given.isdecimal() and least <= int(given) <= most):
        raise Failure(f"{name} is {given!r}; set it to the number of {what}, from {least} to {most}.")
    return int(given)

"""Taking a backup of an install, also while people work in it.

What must stay true: all is of one moment. Convex's moment is taken first and PostgreSQL's some milliseconds later,
since what Convex has it was told by PostgreSQL: so nothing in Convex is newer than the rows that it is about, and what
PostgreSQL believes to have told it can be told again (docs/decisions/backups.md). Files are kept before and after, so
what either names is there. Only then is anything copied, which may take its time.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg

from dfworx.cli.backups.archive import FORMAT, Part, write_archive
from dfworx.cli.backups.database import DUMP, ROLES, Snapshot, dump, hold_schema, take_snapshot
from dfworx.cli.backups.documents import Moment, hold_moment, measure_documents
from dfworx.cli.backups.stored_files import keep_files, list_kept
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.install import Install
from dfworx.cli.parts.postgres import Cluster
from dfworx.cli.parts.realtime import install_data
from dfworx.cli.progress import Progress

KEYS = ("secret", "jwt_keys.json", "ports.json", "seal_keys")
"""Of the home."""
BY_ENVIRONMENT = ("DFWORX_SECRET", "DFWORX_PASSWORD_KEY", "DFWORX_FILE_KEY", "DFWORX_INTERNAL_KEY")
"""What an install may have been given instead, and needs again."""
_ATTEMPTS = 3
_MARGIN = 64 << 20


@dataclass(frozen=True)
class Taken:
    file: Path
    bytes: int
    manifest: dict[str, Any]
    missing: list[str]
    """Files that the database names and that are not there."""


async def take_backup(
    install: Install, target: Path, environ: Mapping[str, str], *, passphrase: str | None, progress: Progress
) -> Taken:
    """Raises Failure; then there is no archive."""
    cluster = require_embedded(install)
    _require_place(target)
    with _staging(install.home) as staging:
        manifest = _describe(install, environ)
        async with hold_schema(cluster) as connection:
            with_files = "DFWORX_FILES_URL" not in manifest["outside"]
            moments = _Moments(install, connection, staging, with_files=with_files)
            async with moments.taken() as (snapshot, moment, missing):
                facts = await snapshot.facts()
                _require_room(install, staging, target, facts["bytes"], moment)
                with progress.step("Copying the database"):
                    (staging / "postgres").mkdir()
                    await dump(cluster, snapshot.name, staging / "postgres")
                with progress.step("Measuring the database"):
                    manifest |= {"database": facts, **await snapshot.measures()}
                if moment is not None:
                    with progress.step("Copying the documents of Convex") as say:
                        moment.copy(staging / "documents.sqlite", say)
        if moment is not None:
            manifest["convex"] = measure_documents(staging / "documents.sqlite")
        _keep_keys(install.home, staging)
        parts = _list_parts(staging)
        stored = [part for part in parts if part.name.startswith("files/")]
        manifest["files"] = {"count": len(stored), "missing": len(missing)}
        with progress.step("Writing the archive") as say:
            size = write_archive(target, manifest, parts, passphrase=passphrase, say=say)
    return Taken(target, size, manifest, missing)


def require_embedded(install: Install) -> Cluster:
    if install.cluster is None:
        raise Failure(
            "The database is outside this home (DATABASE_URL); back it up with the tools of where it runs."
        )
    if not install.cluster.exists():
        raise Failure(f"There is no install in {install.home.path}; start one with: ./dfworx up")
    return install.cluster


def fingerprint(install_secret: bytes) -> str:
    """By which a secret is known again, and not found out."""
    return install_secret.hex()[:32]


class _Moments:
    def __init__(
        self, install: Install, connection: asyncpg.Connection, staging: Path, *, with_files: bool
    ) -> None:
        self._connection = connection
        self._documents = install_data(install.home) if install.realtime else None
        self._files = (install.home.path / "files", staging / "files") if with_files else None
        self._convex_files = (
            (Path(f"{self._documents}.files"), staging / "convex") if self._documents else None
        )

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[tuple[Snapshot, Moment | None, list[str]]]:
        """Both moments, and what they name that isn't there. A file that came and went around the moment is why that is
        tried again; one that was lost before stays lost."""
        for attempt in range(1, _ATTEMPTS + 1):
            self._keep()
            with self._convex() as moment:
                async with take_snapshot(self._connection) as snapshot:
                    self._keep()
                    missing = await self._missing(snapshot, moment)
                    if not missing or attempt == _ATTEMPTS:
                        yield snapshot, moment, missing
                        return

    def _convex(self) -> AbstractContextManager[Moment | None]:
        if self._documents is None or not self._documents.exists():
            return nullcontext(None)
        return hold_moment(self._documents)

    def _keep(self) -> None:
        for folders in (self._files, self._convex_files):
            if folders is not None:
                keep_files(*folders)

    async def _missing(self, snapshot: Snapshot, moment: Moment | None) -> list[str]:
        missing: list[str] = []
        if self._files is not None:
            kept = self._files[1]
            missing += [key for key in await snapshot.storage_keys() if not (kept / key).exists()]
        if self._convex_files is not None and moment is not None:
            # In a folder of the documents' own; of those of earlier documents nothing is named.
            there = {"/".join(path.parts[-2:]) for path in self._convex_files[1].glob("*/*/*")}
            missing += [key for key in moment.file_keys() if key not in there]
        return sorted(missing)


def _require_place(target: Path) -> None:
    if target.exists():
        raise Failure(f"{target} is there already; name another file.")
    if not target.parent.is_dir():
        raise Failure(f"There is no folder {target.parent}; make it, or name another file.")


def _describe(install: Install, environ: Mapping[str, str]) -> dict[str, Any]:
    outside = [] if install.realtime else ["CONVEX_URL"]
    if environ.get("DFWORX_FILES_URL"):
        outside.append("DFWORX_FILES_URL")
    return {
        "format": FORMAT,
        "dfworx": version("dfworx"),
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "origin": install.origin,
        "secret": fingerprint(install.secrets.derive("backup:1")),
        "by_environment": [name for name in BY_ENVIRONMENT if environ.get(name)],
        "outside": outside,
    }


def _keep_keys(home: Home, staging: Path) -> None:
    for name in KEYS:
        source, kept = home.path / name, staging / "keys" / name
        kept.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, kept)
        elif source.exists():
            shutil.copyfile(source, kept)


def _list_parts(staging: Path) -> list[Part]:
    parts = [Part(f"postgres/{name}", staging / "postgres" / name) for name in (ROLES, DUMP)]
    if (staging / "documents.sqlite").exists():
        parts.append(Part("convex/documents.sqlite", staging / "documents.sqlite"))
    for folder, prefix in (("keys", "keys"), ("convex", "convex/files"), ("files", "files")):
        parts += [Part(name, path) for name, path in list_kept(staging / folder, prefix)]
    return parts


def _require_room(
    install: Install, staging: Path, target: Path, database: int, moment: Moment | None
) -> None:
    copies = database + (install_data(install.home).stat().st_size if moment else 0)
    files = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    needed = {staging: copies, target.parent: copies + files}
    if staging.stat().st_dev == target.parent.stat().st_dev:
        needed = {target.parent: copies * 2 + files}
    for folder, size in needed.items():
        free = shutil.disk_usage(folder).free
        if free < size + _MARGIN:
            raise Failure(
                f"The backup may take {size // 1_000_000} MB and {free // 1_000_000} MB are free on the disk of "
                f"{folder}; make room, or name a file on another disk."
            )


@contextmanager
def _staging(home: Home) -> Iterator[Path]:
    """A folder on the files' own disk, which one backup at a time has."""
    backups = home.path / "backups"
    backups.mkdir(mode=0o700, exist_ok=True)
    with (backups / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("Another backup of this install is being taken; wait until it is done.") from None
        staging = backups / "taking"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

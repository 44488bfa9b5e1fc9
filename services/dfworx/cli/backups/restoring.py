"""Making an install of a backup.

What must stay true: until all of the backup was read, found to be what was saved, put into a database of its own and
compared with what was measured when it was taken, nothing of the home is touched. Then the pieces change places by
renaming; those that were there are kept beside. A restore that is killed among the renames leaves a mark, with which
`up` refuses to start on half of an install.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dfworx.cli.backups.archive import Archive, Part, open_archive
from dfworx.cli.backups.database import fill, require_known, require_same
from dfworx.cli.backups.taking import fingerprint
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, Secrets, choose_port, is_development
from dfworx.cli.migrations import connect
from dfworx.cli.parts.postgres import SUPERUSER, Cluster, server_user
from dfworx.cli.parts.realtime import install_data
from dfworx.cli.progress import Progress
from dfworx.worker.replay import note_all

MARK = "restore-unfinished"
_MARGIN = 64 << 20
_FASTER = {"synchronous_commit": "off", "autovacuum": "off"}
"""While the database is filled: one that is cut short is thrown away, and its end waits for the disk."""


@dataclass(frozen=True)
class Restored:
    manifest: dict[str, Any]
    before: Path | None
    """Where what was there is kept."""


def pieces(home: Home) -> list[Path]:
    """What an install is made of, below its home."""
    documents = install_data(home).relative_to(home.path)
    convex = [Path(f"{documents}{ending}") for ending in ("", "-wal", "-shm", ".files")]
    named = ("secret", "jwt_keys.json", "seal_keys", "ports.json", "files", "postgres", "valkey")
    return [*map(Path, named), *convex]


def holds_install(home: Home) -> bool:
    return any((home.path / piece).exists() for piece in pieces(home) if piece.name != "ports.json")


def require_finished(home: Home) -> None:
    """Raises Failure when a restore was killed while it changed the home."""
    if (home.path / MARK).exists():
        raise Failure(
            f"A restore was broken off in {home.path}; run it again: ./dfworx restore FILE --force. What was there "
            "before is kept in its folders before-..."
        )


def restore_backup(
    home: Home,
    file: Path,
    environ: Mapping[str, str],
    *,
    passphrase: str | None,
    force: bool,
    progress: Progress,
) -> Restored:
    """Call it holding the lock of a home that is down. Raises Failure."""
    if holds_install(home) and not force:
        raise Failure(
            f"There is an install in {home.path}; set DFWORX_HOME to an empty folder, or keep that one beside with "
            "--force."
        )
    with _staging(home) as staging:
        with open_archive(file, passphrase) as archive:
            with progress.step("Reading the archive") as say:
                require_restorable(archive, staging)
                parts = archive.unpack(staging / "archive", say)
        secrets = find_secret(archive.manifest, staging / "archive", environ)
        cluster = staged_cluster(staging, secrets)
        with running(cluster, progress):
            fill_and_compare(cluster, staging / "archive", archive.manifest, progress)
            with progress.step("Noting what Convex is to be told again"):
                asyncio.run(_tell_again(cluster))
        draft = staging / "home"
        draft.mkdir(mode=0o700)
        _arrange(parts, staging, Home(draft))
        # All of it is on the disk before what was there makes room.
        os.sync()
        before = _change_places(home, Home(draft))
    return Restored(archive.manifest, before)


def require_restorable(archive: Archive, folder: Path) -> None:
    """Before anything of it is read. Raises Failure."""
    manifest = archive.manifest
    require_known(manifest["database"])
    # A database takes more than its dump does.
    needed = int(manifest["contents"]["bytes"]) + int(manifest["database"]["bytes"])
    free = shutil.disk_usage(folder).free
    if free < needed + _MARGIN:
        raise Failure(
            f"The backup takes {needed // 1_000_000} MB and {free // 1_000_000} MB are free on the disk of "
            f"{folder.parent}; make room, or set DFWORX_HOME to a folder on another disk."
        )


def find_secret(manifest: dict[str, Any], unpacked: Path, environ: Mapping[str, str]) -> Secrets:
    """The one that the install had: of the environment or of the backup. Raises Failure."""
    kept, given = unpacked / "keys" / "secret", environ.get("DFWORX_SECRET", "")
    found = [text for text in (given, kept.read_text().strip() if kept.exists() else "") if text]
    if not found:
        raise Failure("The backup's install was given its secret; set DFWORX_SECRET to that one.")
    secrets = Secrets(found[0])
    if fingerprint(secrets.derive("backup:1")) != manifest["secret"]:
        raise Failure(
            "DFWORX_SECRET is not the one of the backup's install; set it to that one, or leave it unset."
        )
    if not is_development(environ) and not given:
        raise Failure(
            "DFWORX_ENV is production and DFWORX_SECRET is not set; set it to the one of the backup's install."
        )
    return secrets


def staged_cluster(staging: Path, secrets: Secrets) -> Cluster:
    return Cluster(
        data=staging / "postgres" / "data",
        port=choose_port(),
        password=secrets.password(SUPERUSER),
        user=server_user(),
        options=_FASTER,
    )


@contextmanager
def running(cluster: Cluster, progress: Progress) -> Iterator[None]:
    with progress.step("Creating a database"):
        cluster.create(progress.report)
        cluster.start()
    try:
        yield
    finally:
        cluster.stop("fast")


def fill_and_compare(cluster: Cluster, unpacked: Path, manifest: dict[str, Any], progress: Progress) -> None:
    """Raises Failure."""
    with progress.step("Filling the database"):
        asyncio.run(fill(cluster, unpacked / "postgres"))
    with progress.step("Comparing it with what was saved"):
        asyncio.run(require_same(cluster, manifest))


async def _tell_again(cluster: Cluster) -> None:
    """What PostgreSQL has told Convex after the moment of Convex's documents, they don't have."""
    owner = await connect(cluster.url(), name="the new home")

    async def ask(query: str, *arguments: Any) -> Sequence[Any]:
        rows: Sequence[Any] = await owner.fetch(query, *arguments)
        return rows

    try:
        await note_all(ask)
    finally:
        await owner.close()


def _arrange(parts: list[Part], staging: Path, draft: Home) -> None:
    """As a home has them."""
    places = {
        "keys": draft.path,
        "files": draft.path / "files",
        "convex/files": Path(f"{install_data(draft)}.files"),
        "convex": install_data(draft).parent,
    }
    for part in parts:
        for prefix, place in places.items():
            if part.name.startswith(f"{prefix}/"):
                target = place / part.name.removeprefix(f"{prefix}/")
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                part.path.rename(target)
                break
    (staging / "postgres").rename(draft.path / "postgres")


def _change_places(home: Home, draft: Home) -> Path | None:
    """The new pieces take the places of the old ones, which go beside."""
    unfinished = home.path / MARK
    unfinished.write_text(json.dumps({"since": datetime.now(UTC).isoformat()}))
    before = home.path / f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for piece in pieces(home):
        old, new = home.path / piece, draft.path / piece
        if old.exists():
            (before / piece).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            old.rename(before / piece)
        if new.exists():
            old.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.rename(old)
    unfinished.unlink()
    return before if before.exists() else None


@contextmanager
def _staging(home: Home) -> Iterator[Path]:
    """A folder of the home, so that renaming is all that is left to do at the end."""
    staging = home.path / "restoring"
    clear_staging(staging)
    (staging / "archive").mkdir(mode=0o700, parents=True)
    try:
        yield staging
    finally:
        clear_staging(staging)


def clear_staging(staging: Path) -> None:
    """Also of what an earlier one that was killed has left, its server included."""
    if (staging / "postgres" / "data" / "postmaster.pid").exists():
        Cluster(staging / "postgres" / "data", 0, "", server_user()).stop()
    shutil.rmtree(staging, ignore_errors=True)

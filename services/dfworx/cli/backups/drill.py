"""Proving a backup: it is restored into a scratch folder of the home, as far as a restore goes without touching the
install, and held against what was measured when it was taken. The install may run meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dfworx.cli.backups.archive import open_archive
from dfworx.cli.backups.documents import measure_documents
from dfworx.cli.backups.restoring import (
    clear_staging,
    fill_and_compare,
    find_secret,
    require_restorable,
    running,
    staged_cluster,
)
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.progress import Progress


def prove_backup(
    home: Home, file: Path, environ: Mapping[str, str], *, passphrase: str | None, progress: Progress
) -> dict[str, Any]:
    """How much of it was proven. Raises Failure when it doesn't hold."""
    scratch = home.path / "drill"
    clear_staging(scratch)
    unpacked = scratch / "archive"
    unpacked.mkdir(mode=0o700, parents=True)
    try:
        with open_archive(file, passphrase) as archive:
            with progress.step("Reading the archive") as say:
                require_restorable(archive, scratch)
                archive.unpack(unpacked, say)
        manifest = archive.manifest
        cluster = staged_cluster(scratch, find_secret(manifest, unpacked, environ))
        with running(cluster, progress):
            fill_and_compare(cluster, unpacked, manifest, progress)
        if (
            "convex" in manifest
            and measure_documents(unpacked / "convex/documents.sqlite") != manifest["convex"]
        ):
            raise Failure(f"The documents of Convex in {file} are not what was saved; take another backup.")
        return {
            "taken_at": manifest["taken_at"],
            "tables": len(manifest["tables"]),
            "rows": sum(table["rows"] for table in manifest["tables"].values()),
            "policies": manifest["walls"]["policies"]["count"],
            "grants": manifest["walls"]["grants"]["count"],
            "files": manifest["files"]["count"],
        }
    finally:
        clear_staging(scratch)

"""Having the data to measure: made when it isn't there, was cut short, or was made otherwise than it would be now. A
file beside it is written last of all and says what it was made with; migrations that came since are applied to it."""

from __future__ import annotations

import asyncio
import json
import math
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dfworx.cli.benches.posts_data import LARGE, SMALL, Shape, describe_data, fill
from dfworx.cli.home import write_private
from dfworx.cli.install import Install
from dfworx.cli.migrations import migrate, prepare_cluster
from dfworx.cli.parts.postgres import DATABASE, OWNER, THROWAWAY_OPTIONS
from dfworx.cli.progress import Progress
from dfworx.cli.seal_keys import write_seal_keys

SMALL_DATABASE = "small"
SHAPES: Mapping[str, Shape] = {DATABASE: LARGE, SMALL_DATABASE: SMALL}
BYTES_A_POST = 4_000
"""What a post takes on disk with its indexes, and room for the log while they are built."""
POSTS_A_SECOND = 5_000

_FILLING = {
    **THROWAWAY_OPTIONS,
    "shared_buffers": "512MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def require_data(install: Install, progress: Progress, shapes: Mapping[str, Shape] = SHAPES) -> None:
    """Whole data in the install's stopped cluster, one database a shape. What was there and isn't whole is removed."""
    assert install.cluster is not None
    told = _whole(install)
    wanted = {name: describe_data(shape) for name, shape in shapes.items()}
    if install.cluster.exists() and still_holds(told.read_text() if told.exists() else "", wanted):
        return
    told.unlink(missing_ok=True)
    _announce(install, progress, shapes)
    shutil.rmtree(install.cluster.data, ignore_errors=True)
    install.cluster.create(progress.report)
    cluster = replace(install.cluster, options=_FILLING)
    cluster.start()
    try:
        for name, shape in shapes.items():
            with progress.step(f"Preparing a database for {shape.posts:,} posts"):
                migrate(prepare_cluster(cluster, install.secrets, name), install.secrets, install.home)
            asyncio.run(fill(cluster.url(database=name), shape, progress.step))
        cluster.stop("fast")
    finally:
        cluster.stop()
    # The server did not wait for the disk; from here on the data is taken for whole.
    os.sync()
    write_private(told, json.dumps(wanted, indent=1) + "\n")


def bring_up_to_date(install: Install, shapes: Mapping[str, Shape] = SHAPES) -> None:
    """Apply migrations that came after the data was made; the cluster runs."""
    assert install.cluster is not None
    for name in shapes:
        kid = migrate(owner_url(install, name), install.secrets, install.home)
        write_seal_keys(install.home, install.secrets, kid)
    wanted = {name: describe_data(shape) for name, shape in shapes.items()}
    write_private(_whole(install), json.dumps(wanted, indent=1) + "\n")


def owner_url(install: Install, database: str) -> str:
    assert install.cluster is not None
    return install.cluster.url(OWNER, install.secrets.password(OWNER), database)


def still_holds(told: str, wanted: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether it was made as it would be made now, with no migration changed since; new ones may have come."""
    try:
        made = json.loads(told)
        return made.keys() == wanted.keys() and all(
            made[name]["maker"] == wanted[name]["maker"]
            and made[name]["migrations"].items() <= wanted[name]["migrations"].items()
            for name in wanted
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _whole(install: Install) -> Path:
    return install.home.path / "whole.json"


def _announce(install: Install, progress: Progress, shapes: Mapping[str, Shape]) -> None:
    posts = sum(shape.posts for shape in shapes.values())
    needed = posts * BYTES_A_POST
    minutes = math.ceil(posts / POSTS_A_SECOND / 60)
    progress.report(
        f"Making {posts:,} posts in {install.home.path}, once: takes about {minutes} min and {needed / 1e9:.1f} GB"
    )
    install.home.require_space(needed)

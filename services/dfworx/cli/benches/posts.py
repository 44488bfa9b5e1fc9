"""`bench posts`: reading the list of posts, of a million in a thousand organizations. In the database alone, over HTTP,
and at the moment when the cached page expires."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import asyncpg
import uvloop

from dfworx.cli.benches import posts_api, posts_expiry, posts_sql
from dfworx.cli.benches.figures import Figure
from dfworx.cli.benches.posts_data import Shape
from dfworx.cli.benches.posts_making import SHAPES, bring_up_to_date, require_data
from dfworx.cli.benches.servers import open_home, serve_valkey
from dfworx.cli.install import Install
from dfworx.cli.progress import Progress

FIGURES = (*posts_sql.RATIOS, *posts_api.RATIOS, posts_expiry.NAME)
"""Those with a goal, in the order of reading; each can be asked for alone."""


def measure(
    folder: Path, only: Collection[str], progress: Progress, shapes: Mapping[str, Shape] = SHAPES
) -> tuple[str, list[Figure]]:
    """PostgreSQL's version, and the figures of `only` with what explains them."""
    wanted = set(only)
    with open_home(folder) as install:
        assert install.cluster is not None
        require_data(install, progress, shapes)
        with progress.step("Starting PostgreSQL"):
            install.cluster.start()
        try:
            bring_up_to_date(install, shapes)
            version, figures = uvloop.run(_measure(install, wanted, progress))
        finally:
            install.cluster.stop("fast")
    goals = sorted((each for each in figures if each.goal), key=lambda each: FIGURES.index(each.name))
    return version, goals + [each for each in figures if not each.goal]


async def _measure(install: Install, only: set[str], progress: Progress) -> tuple[str, list[Figure]]:
    figures: list[Figure] = []
    if only & posts_sql.RATIOS.keys():
        with progress.step("Measuring the list in the database"):
            figures += await posts_sql.measure_lists(install, only)
    if only & {*posts_api.RATIOS, posts_expiry.NAME}:
        with serve_valkey(install) as install, posts_api.serve_auth(install) as auth:
            if only & posts_api.RATIOS.keys():
                with progress.step("Measuring the list over HTTP"):
                    figures += await posts_api.measure_api(install, auth, only)
            if posts_expiry.NAME in only:
                with progress.step("Counting queries while the page expires"):
                    figures += await posts_expiry.measure_expiry(install, auth)
    owner = await asyncpg.connect(install.database_url)
    try:
        return await owner.fetchval("show server_version"), figures
    finally:
        await owner.close()

"""`bench realtime`: the embedded Convex deployment. From a mutation to what another client sees, to a thousand of them
against relays that store nothing, in a million documents, by the kilobyte, and while one client attacks."""

from __future__ import annotations

import resource
from collections.abc import Collection
from pathlib import Path

from dfworx.cli.benches import (
    realtime_attacks,
    realtime_clients,
    realtime_documents,
    realtime_fanout,
    realtime_memory,
    realtime_search,
)
from dfworx.cli.benches.figures import Figure
from dfworx.cli.benches.realtime_serving import measuring
from dfworx.cli.home import Home
from dfworx.cli.progress import Progress

FIGURES = (
    realtime_clients.MUTATION,
    *realtime_fanout.RATIOS,
    realtime_fanout.EXECUTIONS,
    realtime_documents.LATENCY,
    realtime_search.SEARCH,
    realtime_memory.MEMORY,
    *realtime_attacks.ATTACKS,
)
"""Those with a goal, in the order of reading; each can be asked for alone."""
OPEN_FILES = 10_000


def measure(folder: Path, only: Collection[str], progress: Progress) -> tuple[None, list[Figure]]:
    """The figures of `only` with what explains them. No version of PostgreSQL: it isn't what is measured."""
    _allow_many_sockets()
    with measuring(folder, progress) as home:
        figures = _measure(home, set(only), progress)
    goals = sorted((each for each in figures if each.goal), key=lambda each: FIGURES.index(each.name))
    return None, goals + [each for each in figures if not each.goal]


def _measure(home: Home, only: set[str], progress: Progress) -> list[Figure]:
    figures: list[Figure] = []
    if realtime_clients.MUTATION in only:
        with progress.step("Measuring from one client to another"):
            figures += realtime_clients.measure_mutations(home)
    if only & {*realtime_fanout.RATIOS, realtime_fanout.EXECUTIONS}:
        with progress.step("Measuring from one to a thousand clients"):
            figures += realtime_fanout.measure_fanout(home, only)
    if realtime_documents.LATENCY in only:
        realtime_documents.require_documents(home, progress)
        with progress.step("Measuring pages of a million documents and of a thousand"):
            figures += realtime_documents.measure_documents(home)
    if realtime_search.SEARCH in only:
        realtime_search.require_articles(home, progress)
        with progress.step("Measuring searches and indexed reads in a hundred thousand documents"):
            figures += realtime_search.measure_search(home)
    if realtime_memory.MEMORY in only:
        with progress.step("Measuring what idle clients take"):
            figures += realtime_memory.measure_memory(home)
    if only & realtime_attacks.ATTACKS.keys():
        with progress.step("Measuring what others feel of attacks"):
            figures += realtime_attacks.measure_attacks(home, only, progress)
    return figures


def _allow_many_sockets() -> None:
    """To this process and what it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

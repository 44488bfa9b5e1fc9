"""The list in the database alone: the product's function under its policies against the same statement without walls,
in a million posts against a thousand, and for the largest organization against the others. One call is one round trip
by the product's own driver, for a person of a random organization each time; sealing is part of the call."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg
import psutil

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, explain, interleave
from dfworx.cli.benches.posts_lists import PAGE_SIZE, PEOPLE, PLAIN, SEALED, caller_of
from dfworx.cli.benches.posts_making import SMALL_DATABASE, owner_url
from dfworx.cli.benches.servers import processor_seconds
from dfworx.cli.database_roles import role_url
from dfworx.cli.failure import Failure
from dfworx.cli.install import Install
from dfworx.cli.parts.postgres import DATABASE
from dfworx.shared.context import Caller, Sealer
from dfworx.shared.settings import parse_seal_key

CONNECTIONS = 2
"""One for each core of a small machine: the server is the limit, and not the driver."""
SLICE_SECONDS = 0.25
ROUNDS = 29

RATIOS = {
    "sealed_list_vs_no_rls": Ratio(Goal(">=", 0.6), "sealed", "no_rls"),
    "growth_1m_vs_1k": Ratio(Goal(">=", 0.95), "sealed_few", "sealed_1k"),
    "whale_vs_small_org": Ratio(Goal(">=", 0.8), "sealed_whale", "sealed"),
}

BESIDES = {"growth_1m_vs_1k": {"growth_1m_all_organizations_vs_1k": Ratio(None, "sealed", "sealed_1k")}}
"""What is given with a figure. As many organizations are asked in both tables, so that their sizes are compared; with a
hundred times as many, what they show no longer fits the processor's caches, however large the table is."""


@dataclass(frozen=True)
class Walls:
    """How the web service asks: its login, and a seal for each call."""

    connections: Sequence[asyncpg.Connection]
    people: Sequence[Caller]
    sealer: Sealer

    async def page(self, connection: asyncpg.Connection, person: Caller) -> str:
        page: str = await connection.fetchval(SEALED, self.sealer.seal(person), PAGE_SIZE)
        return page


@dataclass(frozen=True)
class NoWalls:
    """How one would ask without walls: the owner, and the organization as an argument."""

    connections: Sequence[asyncpg.Connection]
    people: Sequence[Caller]

    async def page(self, connection: asyncpg.Connection, person: Caller) -> str:
        page: str = await connection.fetchval(PLAIN, person.organization_id)
        return page


async def measure_lists(install: Install, only: set[str]) -> list[Figure]:
    """The figures of `only`, of those in RATIOS, and what explains them."""
    chosen = {name: ratio for name, ratio in RATIOS.items() if name in only}
    for name in only & BESIDES.keys():
        chosen |= BESIDES[name]
    needed = {variant for ratio in chosen.values() for variant in (ratio.ours, ratio.theirs)}
    async with _ways(install) as ways:
        await _require_equal(ways["sealed"], ways["no_rls"])
        variants = {name: partial(_measure, way) for name, way in ways.items() if name in needed}
        for measure in variants.values():
            await measure()  # what is planned and cached at first isn't what is measured
        samples = await interleave(variants, ROUNDS)
    return [compare(name, ratio, samples) for name, ratio in chosen.items()] + explain(samples)


@asynccontextmanager
async def _ways(install: Install) -> AsyncIterator[dict[str, Walls | NoWalls]]:
    async with AsyncExitStack() as stack:

        async def connect(url: str) -> list[asyncpg.Connection]:
            connections = [await asyncpg.connect(url) for _ in range(CONNECTIONS)]
            for connection in connections:
                stack.push_async_callback(connection.close)
            return connections

        large, small = owner_url(install, DATABASE), owner_url(install, SMALL_DATABASE)
        owners = await connect(large)
        service = await connect(role_url(large, "dfworx_web", install.secrets))
        service_1k = await connect(role_url(small, "dfworx_web", install.secrets))
        others = await _people(owners[0], whale=False)
        whales = await _people(owners[0], whale=True)
        people_1k = await _people((await connect(small))[0], whale=False)
        sealer = Sealer(*parse_seal_key((install.home.seal_keys / "dfworx_web").read_text()))
        yield {
            "sealed": Walls(service, others, sealer),
            "sealed_few": Walls(service, random.sample(others, len(people_1k)), sealer),
            "sealed_1k": Walls(service_1k, people_1k, sealer),
            "sealed_whale": Walls(service, whales, sealer),
            "no_rls": NoWalls(owners, others),
        }


async def _people(owner: asyncpg.Connection, *, whale: bool) -> list[Caller]:
    """One person of each organization, or everybody of the largest."""
    rows = await owner.fetch(PEOPLE, whale)
    return [caller_of(*row) for row in rows]


async def _require_equal(walls: Walls | NoWalls, no_walls: Walls | NoWalls) -> None:
    """Both sides must do the same work before it is compared how fast."""
    for person in random.choices(walls.people, k=20):  # noqa: S311 - no secret
        ours = await walls.page(walls.connections[0], person)
        theirs = await no_walls.page(no_walls.connections[0], person)
        if ours != theirs or ours.count('"post_id"') != PAGE_SIZE:
            raise Failure(
                "The list and the one without walls don't give the same bytes, so nothing can be compared; "
                "bring services/dfworx/cli/benches/posts_lists.py in line with app_web.list_published_posts."
            )


async def _measure(way: Walls | NoWalls) -> Sample:
    latencies: list[float] = []
    began = time.perf_counter()
    until = began + SLICE_SECONDS

    async def ask(connection: asyncpg.Connection) -> None:
        now = time.perf_counter()
        while now < until:
            sent = now
            await way.page(connection, random.choice(way.people))  # noqa: S311 - no secret
            now = time.perf_counter()
            latencies.append(now - sent)

    backends = [psutil.Process(connection.get_server_pid()) for connection in way.connections]
    before, own = sum(processor_seconds(backends).values()), time.process_time()
    await asyncio.gather(*(ask(connection) for connection in way.connections))
    lasted = time.perf_counter() - began
    cpu = {
        "database": sum(processor_seconds(backends).values()) - before,
        "client": time.process_time() - own,
    }
    return Sample(len(latencies), lasted, latencies, cpu)

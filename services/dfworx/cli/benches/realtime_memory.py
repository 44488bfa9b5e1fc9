"""What a client takes that has one subscription, of a query that nobody else watches, and does nothing: growth of the
deployment's own process, in which all clients are."""

from __future__ import annotations

from dfworx.cli.benches.figures import Figure, Goal, median
from dfworx.cli.benches.realtime_load import Load
from dfworx.cli.benches.realtime_serving import serve_deployment
from dfworx.cli.benches.realtime_speeches import Strangers
from dfworx.cli.home import Home

MEMORY = "memory_per_idle_client_kb"
ROUNDS = 3
CLIENTS = 2_000
BEFORE = 100
"""Have come and gone before it is looked at: what the first ones need of code and caches stays."""


def measure_memory(home: Home, rounds: int = ROUNDS) -> list[Figure]:
    """A deployment of its own in each round, since memory that was given back isn't given back to the system."""
    taken = []
    for _ in range(rounds):
        with serve_deployment(home, "memory") as served:
            Load(served.port, Strangers(""), BEFORE).close()
            before = served.process.memory_info().rss
            load = Load(served.port, Strangers(""), CLIENTS)
            try:
                taken.append((served.process.memory_info().rss - before) / CLIENTS / 1024)
            finally:
                load.close()
    return [median(MEMORY, "kB", Goal("<=", 60), taken)]

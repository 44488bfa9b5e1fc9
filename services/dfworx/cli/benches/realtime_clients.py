"""From one client's mutation to another one's subscription, by Convex's own clients in one process."""

from __future__ import annotations

import json
from uuid import uuid4

from dfworx.cli.benches.figures import Figure, Goal, Sample, median
from dfworx.cli.benches.realtime_serving import run_program, serve_deployment
from dfworx.cli.home import Home

MUTATION = "mutation_to_other_client_ms_p50"
ROUNDS = 5
MUTATIONS = 300
WARM_UP_MUTATIONS = 200


def measure_mutations(home: Home, rounds: int = ROUNDS) -> list[Figure]:
    with (
        serve_deployment(home, "clients") as served,
        run_program(home, "clients", served.url, uuid4().hex) as ask,
    ):
        ask(json.dumps({"count": WARM_UP_MUTATIONS}))
        samples = [read_sample(ask(json.dumps({"count": MUTATIONS}))) for _ in range(rounds)]
    return [
        median(MUTATION, "ms", Goal("<=", 3), [each.percentile(50) for each in samples]),
        median("mutation_to_other_client_ms_p95", "ms", None, [each.percentile(95) for each in samples]),
    ]


def read_sample(answer: str) -> Sample:
    """Latencies in milliseconds."""
    taken = json.loads(answer)
    return Sample(len(taken), sum(taken) / 1000, taken)

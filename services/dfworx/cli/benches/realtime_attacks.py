"""What others feel when one client asks for more than its share: the 95th percentile from a mutation to another
client's subscription while it does so, against the same in quiet. Mutations are due at fixed moments and counted from
there, so that one which had to wait because an earlier one did is counted too."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import uuid4

from dfworx.cli.benches.figures import Figure, Goal, Ratio, Sample, compare, median
from dfworx.cli.benches.realtime_clients import read_sample
from dfworx.cli.benches.realtime_serving import run_program, serve_deployment
from dfworx.cli.home import Home
from dfworx.cli.progress import Progress

ATTACKS = {
    "p95_endless_loop_vs_quiet": "loop",
    "p95_endless_microtasks_vs_quiet": "microtasks",
    "p95_allocation_vs_quiet": "allocate",
    "p95_10000_subscriptions_vs_quiet": "subscriptions",
}
"""By figure, what attacker.mjs calls it."""
GOAL = Goal("<=", 2)
ROUNDS = 3
SECONDS = 6
EVERY_MS = 40
SLICE = json.dumps({"seconds": SECONDS, "every": EVERY_MS})
WARM_UP = json.dumps({"seconds": 3, "every": EVERY_MS})


def measure_attacks(
    home: Home, only: Collection[str], progress: Progress, rounds: int = ROUNDS
) -> list[Figure]:
    chosen = {name: attack for name, attack in ATTACKS.items() if name in only}
    figures: list[Figure] = []
    for name, attack in chosen.items():
        samples: dict[str, list[Sample]] = {"quiet": [], attack: []}
        for _ in range(rounds):
            quiet, attacked, came = _measure_attack(home, attack)
            samples["quiet"].append(quiet)
            samples[attack].append(attacked)
        progress.report(f"The attack by {attack} came to: {came}")
        figures.append(compare(name, Ratio(GOAL, attack, "quiet", _p95), samples))
        figures += [
            median(f"{attack}{when}_p95", "ms", None, [_p95(each) for each in samples[of]])
            for when, of in (("", attack), ("_quiet", "quiet"))
        ]
    return figures


def _measure_attack(home: Home, attack: str) -> tuple[Sample, Sample, str]:
    """In quiet and attacked, on a deployment that knows of nothing before, and what the attack came to."""
    with (
        serve_deployment(home, "attacks") as served,
        run_program(home, "clients", served.url, uuid4().hex) as ask,
        # What it takes of this machine itself is not what is measured.
        run_program(home, "attacker", served.url, attack, niceness=19) as begin,
    ):
        ask(WARM_UP)
        quiet = read_sample(ask(SLICE))
        begin("")
        attacked = read_sample(ask(SLICE))
        told = json.loads(begin(""))
    last = told["last"].splitlines()[0] if told["last"] else "no answer yet"
    return quiet, attacked, f"{last} ({told['tried']} times)"


def _p95(sample: Sample) -> float:
    return sample.percentile(95)

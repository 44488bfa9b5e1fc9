"""One write, a thousand subscribers: deliveries per second of our deployment, of `ws` and of socket.io, each a program
of its own on one core, all asked by the same load on the other. And how often a query runs for one write."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from uuid import uuid4

import httpx
from prometheus_client.parser import text_string_to_metric_families

from dfworx.cli.benches.figures import CLIENT_SHARE, Figure, Goal, Ratio, Sample, compare, count, median
from dfworx.cli.benches.realtime_load import Load
from dfworx.cli.benches.realtime_serving import ADMIN_KEY, Served, on_core, serve_deployment, serve_relay
from dfworx.cli.benches.realtime_speeches import Convex, SocketIo, Ws
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home

RATIOS = {
    "fanout_1000_vs_ws": Ratio(Goal(">=", 1.0), "convex", "ws"),
    "fanout_1000_vs_socketio": Ratio(Goal(">=", 1.3), "convex", "socketio"),
}
EXECUTIONS = "executions_per_write_1000_subscribers"
ROUNDS = 5
SLICE_SECONDS = 2.0
WARM_UP_SECONDS = 0.5
WRITES_COUNTED = 20
"""One by one, so that none shares a run with another."""
SERVER_CORE, LOAD_CORE = 0, 1


def measure_fanout(home: Home, only: Collection[str], rounds: int = ROUNDS) -> list[Figure]:
    """The figures of `only` with what explains them. Connections are new in each round: none is left alone for long."""
    chosen = {name: ratio for name, ratio in RATIOS.items() if name in only}
    relays = [each.theirs for each in chosen.values()]
    samples: dict[str, list[Sample]] = {name: [] for name in ("convex", *relays)}
    executions: list[float] = []
    with ExitStack() as stack:
        ours = stack.enter_context(serve_deployment(home, "fanout", core=SERVER_CORE))
        theirs = {name: stack.enter_context(serve_relay(home, name, core=SERVER_CORE)) for name in relays}
        stack.enter_context(on_core(LOAD_CORE))
        for _ in range(rounds):
            load = Load(ours.port, Convex(uuid4().hex))
            try:
                samples["convex"].append(_measure(load, ours))
                if EXECUTIONS in only:
                    executions.append(count_executions(load, ours))
                frame_bytes = load.frame_bytes
            finally:
                load.close()
            for name, served in theirs.items():
                load = Load(served.port, Ws(frame_bytes) if name == "ws" else SocketIo(frame_bytes))
                try:
                    samples[name].append(_measure(load, served))
                    if load.frame_bytes != frame_bytes:
                        raise Failure(f"{name} sent {load.frame_bytes} bytes where ours were {frame_bytes}.")
                finally:
                    load.close()
    figures = [compare(name, ratio, samples) for name, ratio in chosen.items()]
    if executions:
        figures.append(count(EXECUTIONS, Goal("=", 1), "executions", executions))
    if chosen:
        figures += _explain(samples)
        figures.append(median("fanout_frame", "bytes", None, [frame_bytes]))
    return figures


def count_executions(load: Load, served: Served) -> float:
    before = count_runs(served)
    for _ in range(WRITES_COUNTED):
        load.write_once()
    return (count_runs(served) - before) / WRITES_COUNTED


def count_runs(served: Served) -> float:
    """Of queries, since the deployment began."""
    headers = {"Authorization": f"Convex {ADMIN_KEY}"}
    told = httpx.get(f"{served.url}/metrics", headers=headers).raise_for_status().text
    runs = [
        sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "realtime_run_seconds_count" and sample.labels["kind"] == "query"
    ]
    if not runs:
        raise Failure("Nothing could be counted: the deployment's /metrics has no realtime_run_seconds.")
    return sum(runs)


def _measure(load: Load, served: Served) -> Sample:
    load.measure(WARM_UP_SECONDS)
    return load.measure(SLICE_SECONDS, {"server": served.clock})


def _explain(samples: dict[str, list[Sample]]) -> list[Figure]:
    figures = []
    for name, rounds in samples.items():
        figures += [
            median(f"fanout_{name}_rate", "deliveries/s", None, [each.rate for each in rounds]),
            median(f"fanout_{name}_p50", "ms/write", None, [each.percentile(50) * 1000 for each in rounds]),
            median(
                f"fanout_{name}_writes",
                "writes/s",
                None,
                [len(each.latencies) / each.seconds for each in rounds],
            ),
        ]
        spent = [each.cpu["server"] * 1e6 / each.requests for each in rounds]
        figures.append(median(f"fanout_{name}_server_cpu", "us/delivery", None, spent))
        busy = [each.cpu["client"] / each.seconds for each in rounds]
        figures.append(median(f"fanout_{name}{CLIENT_SHARE}", "of one core", None, busy))
    return figures

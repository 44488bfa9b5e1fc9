"""What a deployment counts of itself, for /metrics. No series is named by what clients send, so their number is bounded
by the code."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from itertools import accumulate
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.maintenance import log_bytes
from dfworx.realtime.runtime.runs import BUCKETS


class Metrics(Collector):
    """Read when somebody asks."""

    def __init__(self, deployment: Deployment, sockets: Collection[object]) -> None:
        self._deployment = deployment
        self._sockets = sockets
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def collect(self) -> Iterator[Metric]:
        yield self._runs()
        deployment, sockets = self._deployment, self._sockets
        files = GaugeMetricFamily("realtime_file_bytes", "The documents' file and its log", labels=["file"])
        files.add_metric(["documents"], Path(deployment.path).stat().st_size)
        files.add_metric(["log"], log_bytes(deployment.path))
        yield files
        for name, what, value in (
            ("realtime_mutations_waiting", "Mutations that stand in line", deployment.mutations.waiting),
            ("realtime_sockets", "Clients' sockets that are open", len(sockets)),
            (
                "realtime_watched_queries",
                "Runs of queries whose news somebody is told",
                deployment.queries.kept,
            ),
            (
                "realtime_held_moments",
                "Snapshots that keep the log from being cut",
                len(deployment.queries.snapshots),
            ),
            ("realtime_last_commit_seconds", "Since the last commit", time.time() - deployment.ts / 1e9),
        ):
            yield GaugeMetricFamily(name, what, value=value)

    def _runs(self) -> Metric:
        runs = HistogramMetricFamily(
            "realtime_run_seconds",
            "Runs of functions by how long they took; what is answered without a run isn't among them",
            labels=["kind", "outcome"],
        )
        for (kind, well), tally in self._deployment.runs.tallies.items():
            sums = accumulate(tally.counts)
            buckets = [(str(bound), each) for bound, each in zip((*BUCKETS, "+Inf"), sums, strict=True)]
            runs.add_metric([kind, "success" if well else "error"], buckets, tally.seconds)
        return runs

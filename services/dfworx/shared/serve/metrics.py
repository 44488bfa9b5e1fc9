"""What a service counts of itself, for /metrics at its own port; the gateway passes none of it on. A request is told
by its route's template and never by its path, so the number of series is bounded by the code."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from dfworx.shared.cache import Cache
from dfworx.shared.db import Database

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
NO_ROUTE = "none"


class _Series:
    """One histogram. The library's own takes four microseconds to count into, which is felt where an answer takes
    fifty; here only one thread counts, and the library writes it all out."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(_BUCKETS) + 1)
        self.seconds = 0.0


class Metrics(Collector):
    def __init__(self, service: str, database: Database, cache: Cache) -> None:
        self.registry = CollectorRegistry()
        self._service = service
        self._series: dict[tuple[str, str, str], _Series] = {}
        # By the status itself, so that a request makes no text to be counted.
        self._known: dict[tuple[str, str, int], _Series] = {}
        self.registry.register(self)
        self.registry.register(_Parts(service, database, cache))
        ProcessCollector(registry=self.registry)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        series = self._known.get(key) or self._find(key)
        series.counts[bisect_left(_BUCKETS, seconds)] += 1
        series.seconds += seconds

    def _find(self, key: tuple[str, str, int]) -> _Series:
        method, route, status = key
        known = method if method in _METHODS else "other"
        series = self._series.setdefault((known, route, f"{status // 100}xx"), _Series())
        if known == method:
            self._known[key] = series
        return series

    def collect(self) -> Iterator[Metric]:
        requests = HistogramMetricFamily(
            "dfworx_request_seconds",
            "Requests by how long they took; status is the class, such as 2xx",
            labels=["service", "method", "route", "status"],
        )
        for labels, series in self._series.items():
            sums = accumulate(series.counts)
            buckets = [(str(bound), each) for bound, each in zip((*_BUCKETS, "+Inf"), sums, strict=True)]
            requests.add_metric([self._service, *labels], buckets, series.seconds)
        yield requests


class _Parts(Collector):
    """Read when somebody asks, so that counting costs the requests nothing."""

    def __init__(self, service: str, database: Database, cache: Cache) -> None:
        self._service = service
        self._database = database
        self._cache = cache

    def collect(self) -> Iterator[Metric]:
        in_use, is_open = self._database.connections
        pool = GaugeMetricFamily(
            "dfworx_database_connections", "Connections to PostgreSQL", labels=["service", "state"]
        )
        pool.add_metric([self._service, "in_use"], in_use)
        pool.add_metric([self._service, "idle"], is_open - in_use)
        yield pool
        asked = CounterMetricFamily(
            "dfworx_cache_reads", "Reads of what is cached, by what came of it", labels=["service", "outcome"]
        )
        tally = self._cache.tally
        for outcome, number in (
            ("kept", tally.kept),
            ("hit", tally.hits),
            ("miss", tally.misses),
            ("redis_away", tally.failures),
        ):
            asked.add_metric([self._service, outcome], number)
        yield asked


def metrics_routes(metrics: Metrics) -> APIRouter:
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def get_metrics() -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router

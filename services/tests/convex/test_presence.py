"""What heartbeats cost those who look on, counted in runs of queries on our deployment with official clients."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import jwt
from prometheus_client.parser import text_string_to_metric_families

from tests.convex.served import Served, sign
from tests.realtime.clients.npm_and_pypi import npm, started_clients


def query_runs(served: Served) -> float:
    headers = {"Authorization": f"Convex {served.admin_key}"}
    told = httpx.get(f"{served.url}/metrics", headers=headers).raise_for_status().text
    return sum(
        sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "realtime_run_seconds_count" and sample.labels["kind"] == "query"
    )


def is_away(here: list[list[dict[str, Any]]]) -> bool:
    return bool(here[-1][0]["state"] == "away")


async def test_a_heartbeat_runs_no_query_again_and_a_change_runs_the_list_once_for_all(
    served: Served,
) -> None:
    organization_id, key = str(uuid4()), jwt.PyJWK(served.key)
    async with started_clients(npm()) as clients:
        for name in ("ann", "ben", "cem"):
            await clients.do("open", client=name, url=served.url)
            await clients.do("login", client=name, tokens=[sign(key, organization_id, "member")])
        thread_id = await clients.mutate("ann", "threads:create", name="Garden")
        page = {"numItems": 20, "cursor": None}

        async def beat(is_idle: bool) -> None:
            beats: dict[str, Any] = {"device_id": "a tab", "is_idle": is_idle, "place": f"thread:{thread_id}"}
            await clients.mutate("cem", "presence:heartbeat", **beats)

        await beat(False)
        for name in ("ann", "ben"):
            await clients.watch(name, f"{name}: here", "presence:list")
            await clients.watch(name, f"{name}: typing", "typing:list", thread_id=thread_id)
            await clients.watch(
                name, f"{name}: talk", "messages:list", thread_id=thread_id, paginationOpts=page
            )
            await clients.watch(name, f"{name}: counts", "threads:counts")
        before = query_runs(served)
        for _ in range(5):
            await beat(False)
        await beat(True)
        for name in ("ann", "ben"):
            here = clients.shown[f"{name}: here"]
            await clients.until(partial(is_away, here))
        assert query_runs(served) - before == 1
        assert [len(clients.shown[f"{name}: talk"]) for name in ("ann", "ben")] == [1, 1]

"""`crons.ts`: when each is due, what can't be one, and what becomes of them when the program changes or is down."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.engine.jobs import RUNNING, cron_jobs
from dfworx.realtime.engine.store import open_connection
from dfworx.realtime.runtime.bundle import Bundle, bundle
from dfworx.realtime.runtime.crons import BadCrons, Cron, read_crons
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.functions import Function, Kind
from dfworx.realtime.runtime.worker import WorkerDied
from tests.realtime.client import Client

ANY = {"type": "any"}
KINDS: dict[str, Kind] = {"tidy": "mutation", "send": "action", "look": "query"}
FUNCTIONS = {f"jobs:{name}": Function(f"jobs:{name}", kind, False, ANY, None) for name, kind in KINDS.items()}
NOW = "2026-11-23T16:05:30"
"""A Monday."""


def read(schedule: dict[str, Any], name: str = "jobs:tidy", cron: str = "tidy") -> Cron:
    told = {cron: {"name": name, "args": [{}], "schedule": schedule}}
    return read_crons(json.dumps(told), FUNCTIONS)[cron]


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000


NEXT: list[tuple[dict[str, Any], str]] = [
    ({"type": "hourly", "minuteUTC": 5}, "2026-11-23T17:05:00"),
    ({"type": "hourly", "minuteUTC": 6.0}, "2026-11-23T16:06:00"),
    ({"type": "daily", "hourUTC": 17, "minuteUTC": 30}, "2026-11-23T17:30:00"),
    ({"type": "daily", "hourUTC": 0, "minuteUTC": 0}, "2026-11-24T00:00:00"),
    ({"type": "weekly", "dayOfWeek": "monday", "hourUTC": 16, "minuteUTC": 0}, "2026-11-30T16:00:00"),
    ({"type": "weekly", "dayOfWeek": "sunday", "hourUTC": 1, "minuteUTC": 2}, "2026-11-29T01:02:00"),
    ({"type": "monthly", "day": 1, "hourUTC": 16, "minuteUTC": 0}, "2026-12-01T16:00:00"),
    ({"type": "monthly", "day": 31, "hourUTC": 0, "minuteUTC": 0}, "2026-12-31T00:00:00"),
    ({"type": "cron", "cron": "*/15 * * * *"}, "2026-11-23T16:15:00"),
    ({"type": "cron", "cron": "15 7 * * 1-5"}, "2026-11-24T07:15:00"),
    ({"type": "cron", "cron": "0 0 29 2 *"}, "2028-02-29T00:00:00"),
    ({"type": "cron", "cron": "0 12 1 * fri"}, "2026-11-27T12:00:00"),
]


@pytest.mark.parametrize(("schedule", "then"), NEXT, ids=[json.dumps(each) for each, _ in NEXT])
def test_a_schedule_has_a_next_moment(schedule: dict[str, Any], then: str) -> None:
    cron, now = read(schedule), moment(NOW)
    assert cron.after(now, now) == moment(then) == cron.first(now)
    assert cron.after(now, moment(then)) > moment(then)


@pytest.mark.parametrize("unit", [{"seconds": 7200}, {"minutes": 120}, {"hours": 2}])
def test_an_interval_begins_at_once_and_leaves_out_what_was_missed(unit: dict[str, int]) -> None:
    cron, now, hour = read({"type": "interval", **unit}), moment(NOW), 3_600_000
    assert cron.first(now) == now
    assert cron.after(now, now) == cron.after(now, now + hour) == now + 2 * hour
    assert cron.after(now, now + 5 * hour) == now + 6 * hour
    assert cron.after(now, now + 6 * hour) == now + 8 * hour
    assert cron.after(now, now - hour) == now + 2 * hour, "a clock that was set back"


def test_where_no_minute_is_asked_for_each_has_its_own() -> None:
    crons = [read({"type": "daily", "hourUTC": 3}, cron=f"cron {number}") for number in range(50)]
    minutes = {cron.expression.split()[0] for cron in crons}
    assert len(minutes) > 20 and crons[0] == read({"type": "daily", "hourUTC": 3}, cron="cron 0")


@pytest.mark.parametrize(
    ("schedule", "name", "why"),
    [
        ({"type": "interval", "seconds": 1}, "jobs:nothing", "jobs:nothing, which isn't there"),
        ({"type": "interval", "seconds": 1}, "jobs:look", "only mutations and actions"),
        ({"type": "cron", "cron": "every day"}, "jobs:tidy", "has five fields"),
        ({"type": "cron", "cron": "* * * * * *"}, "jobs:tidy", "has five fields"),
        ({"type": "cron", "cron": "@hourly"}, "jobs:tidy", "has five fields"),
        ({"type": "cron", "cron": "H 3 * * *"}, "jobs:tidy", "has five fields"),
        ({"type": "cron", "cron": "61 * * * *"}, "jobs:tidy", "has no moment '61 "),
        ({"type": "cron", "cron": "0 0 31 2 *"}, "jobs:tidy", "has no moment '0 0 31 2 "),
    ],
)
def test_what_can_be_no_cron_is_refused_in_words(schedule: dict[str, Any], name: str, why: str) -> None:
    with pytest.raises(BadCrons, match=why):
        read(schedule, name)


class Folder:
    """Of functions, with whatever crons."""

    def __init__(self, tmp: Path, node: Path) -> None:
        self._node = node
        self.path = tmp / "functions"
        self.path.mkdir()
        (tmp / "node_modules").symlink_to(CHECKOUT / "node_modules")
        (self.path / "ticks.ts").write_text(
            'import { internalMutationGeneric, queryGeneric } from "convex/server";'
            "export const tick = internalMutationGeneric({ handler: async (ctx, { name, fails }: any) => {"
            '  if (fails) throw new Error("on purpose");'
            '  await ctx.db.insert("ticks", { name, who: await ctx.auth.getUserIdentity() }); } });'
            "export const seen = queryGeneric({ handler: async (ctx) =>"
            '  (await ctx.db.query("ticks").collect()).map((each) => each.name) });'
        )

    def bundle(self, *crons: str, last: str = "export default crons;") -> Bundle:
        (self.path / "crons.ts").write_text(
            'import { cronJobs } from "convex/server"; const crons = cronJobs();' + "\n".join(crons) + last
        )
        return bundle(self.path, self._node, CHECKOUT / "node_modules")


@pytest.fixture
def folder(tmp_path: Path, node: Path) -> Folder:
    return Folder(tmp_path, node)


def interval(name: str, hours: int = 1, **args: Any) -> str:
    given = json.dumps({"name": name, **args})
    return f'crons.interval("{name}", {{ hours: {hours} }}, "ticks:tick" as never, {given});'


def places(path: str) -> dict[str, tuple[str, float]]:
    connection = open_connection(path)
    try:
        return {name: (job.line, job.moment) for name, (job, _) in cron_jobs(connection).items()}
    finally:
        connection.close()


def move(path: str, line: str, by_hours: float) -> None:
    """All of them, on a file that nobody has open."""
    connection = open_connection(path)
    connection.execute("update jobs set line = ?, moment = moment + ?", (line, by_hours * 3_600_000))
    connection.close()


class Seen:
    def __init__(self, deployment: Deployment) -> None:
        self._client = Client(deployment).connect()
        self._client.watch(("ticks:seen", {}))

    async def until(self, *names: str) -> None:
        await self._client.until(lambda: self._client.values.get(0) == list(names))


async def test_crons_come_and_go_with_the_program(path: str, node: Path, folder: Folder) -> None:
    first = await open_deployment(path, node, folder.bundle(interval("a")), durable=False)
    seen = Seen(first)
    await seen.until("a")
    began = places(path)["a"][1]
    await first.replace(folder.bundle(interval("a"), interval("b")))
    await seen.until("a", "b")
    assert places(path)["a"] == ("mutation", began), "what stays the same stays in its place"
    await first.replace(folder.bundle(interval("a", 2), interval("c")))
    await seen.until("a", "b", "c")
    told = places(path)
    assert told.keys() == {"a", "c"} and told["a"][1] > began + 1800_000
    with pytest.raises(BadCrons, match="isn't there"):
        await first.replace(folder.bundle('crons.hourly("d", { minuteUTC: 1 }, "ticks:no" as never);'))
    with pytest.raises(WorkerDied, match="must export cronJobs"):
        await first.replace(folder.bundle(last="export default {};"))
    assert places(path).keys() == {"a", "c"}, "what there was goes on"
    (folder.path / "crons.ts").unlink()
    await first.replace(bundle(folder.path, node, CHECKOUT / "node_modules"))
    assert places(path) == {}
    await first.close()


async def test_what_was_missed_runs_once(path: str, node: Path, folder: Folder) -> None:
    code = folder.bundle(interval("never", fails=True), interval("a"))
    first = await open_deployment(path, node, code, durable=False)
    await Seen(first).until("a")
    await first.close()
    move(path, "mutation", -10.5)
    second = await open_deployment(path, node, code, durable=False)
    await Seen(second).until("a", "a")
    await second.close()
    now = time.time() * 1000
    for line, due in places(path).values():
        assert line == "mutation" and now < due < now + 3_600_000, "also of one that fails"


async def test_what_ran_at_the_end_is_due_the_next_time(path: str, node: Path, folder: Folder) -> None:
    code = folder.bundle(interval("a"))
    first = await open_deployment(path, node, code, durable=False)
    await Seen(first).until("a")
    await first.close()
    move(path, RUNNING, -1)
    second = await open_deployment(path, node, code, durable=False)
    line, due = places(path)["a"]
    assert line == "mutation" and due > time.time() * 1000
    await Seen(second).until("a")
    await second.close()


async def test_a_cron_of_seconds_runs_again(path: str, node: Path, folder: Folder) -> None:
    every = 'crons.interval("s", { seconds: 1 }, "ticks:tick" as never, { name: "s" });'
    deployment = await open_deployment(path, node, folder.bundle(every), durable=False)
    await Seen(deployment).until("s", "s", "s")
    await deployment.close()

"""`crons.ts`: functions that run again and again, as `cronJobs().export()` says, and when each is due next."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from croniter import croniter
from croniter.croniter import CroniterError

from dfworx.realtime.engine.jobs import RUNNING, Line, cron_jobs, drop_cron, put_cron
from dfworx.realtime.runtime.functions import Function, canonical
from dfworx.realtime.values import InvalidValue, Value, decode, size_of

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MOST_ARGS = 1 << 20
_OWN = re.compile(r"(?i)(?<![a-z])[hr](?![a-z])")
"""What croniter takes and no other reader of such expressions does: H and R, for moments of its choice."""


class BadCrons(Exception):
    """Crons that can't be; the message is for whoever wrote them."""


@dataclass(frozen=True, slots=True)
class Cron:
    name: str
    path: str
    line: Line
    args: Value
    schedule: str
    """JSON, names sorted: two that are equal say the same."""
    every: float | None
    """Milliseconds from one run to the next; None: by `expression`."""
    expression: str
    """Five fields, in UTC."""

    def first(self, now: float) -> float:
        """Of one that is new: an interval begins at once."""
        return now if self.every else self.after(now, now)

    def after(self, last: float, now: float) -> float:
        """When it is due next, behind `now`; the run before was due at `last`. What was missed isn't caught up on."""
        if self.every:
            return last + self.every * (math.floor(max(now - last, 0.0) / self.every) + 1)
        return float(croniter(self.expression, now / 1000).get_next(float)) * 1000


def read_crons(text: str | None, functions: Mapping[str, Function]) -> dict[str, Cron]:
    """Raises BadCrons."""
    told: dict[str, Any] = json.loads(text) if text else {}
    return {name: _read(name, each, functions) for name, each in told.items()}


def apply_crons(connection: sqlite3.Connection, crons: Mapping[str, Cron], now: float) -> None:
    """Inside a transaction: new ones get their moment, one with another schedule another moment. One that runs keeps
    its place until its end."""
    known = cron_jobs(connection)
    for name in known.keys() - crons.keys():
        if known[name][0].line != RUNNING:
            drop_cron(connection, name)
    for name, cron in crons.items():
        if name not in known:
            put_cron(connection, name, cron.line, cron.first(now), cron.schedule)
            continue
        job, schedule = known[name]
        if job.line != RUNNING and (schedule != cron.schedule or job.line != cron.line):
            moment = job.moment if schedule == cron.schedule else cron.after(now, now)
            put_cron(connection, name, cron.line, moment, cron.schedule)


def _read(name: str, told: dict[str, Any], functions: Mapping[str, Function]) -> Cron:
    path = canonical(told["name"])
    function = functions.get(path)
    if function is None:
        raise BadCrons(f"The cron {name!r} calls {path}, which isn't there. Name a mutation or an action.")
    if function.kind == "query":
        raise BadCrons(
            f"The cron {name!r} calls the query {path}; only mutations and actions are run by crons."
        )
    try:
        args = decode(told["args"][0])
    except InvalidValue as error:
        raise BadCrons(f"The arguments of the cron {name!r} are no values: {error}") from None
    if size_of(args) > MOST_ARGS:
        raise BadCrons(f"The arguments of the cron {name!r} are too large (maximum {MOST_ARGS} bytes).")
    schedule = told["schedule"]
    every = next((1000.0 * schedule[unit] * SECONDS[unit] for unit in SECONDS if schedule.get(unit)), None)
    cron = Cron(
        name,
        path,
        "action" if function.kind == "action" else "mutation",
        args,
        json.dumps(schedule, sort_keys=True),
        every,
        "" if every else _expression(name, schedule),
    )
    try:
        cron.after(0.0, 0.0)
    except CroniterError as error:
        raise BadCrons(f"The cron {name!r} has no moment {cron.expression!r}: {error}") from None
    return cron


def _expression(name: str, schedule: dict[str, Any]) -> str:
    # Where no minute is asked for, each has its own, so that not all run together.
    minute = schedule.get("minuteUTC", zlib.crc32(name.encode()) % 60)
    hour = schedule.get("hourUTC")
    match schedule["type"]:
        case "hourly":
            return f"{minute:.0f} * * * *"
        case "daily":
            return f"{minute:.0f} {hour:.0f} * * *"
        case "weekly":
            return f"{minute:.0f} {hour:.0f} * * {DAYS.index(schedule['dayOfWeek'])}"
        case "monthly":
            return f"{minute:.0f} {hour:.0f} {schedule['day']:.0f} * *"
    written = str(schedule["cron"])
    if len(written.split()) != 5 or _OWN.search(written):
        raise BadCrons(
            f"The cron {name!r} has the expression {written!r}. An expression has five fields: minute, hour, day of "
            'the month, month, day of the week; such as "15 7 * * *", every day at 7:15 UTC.'
        )
    return written

"""What is to run later: scheduled functions and crons, each a place in a line, by the moment at which it is due.

A scheduled function has a document besides, which is what functions see of it. Place and document are written in one
transaction: that of the function that schedules, that of the mutation that was scheduled, or one of the deployment's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from dfworx.realtime.engine.limits import Usage
from dfworx.realtime.engine.ranges import BY_ID
from dfworx.realtime.engine.store import Store
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.values import InvalidId, Value, load, order_key, parse_id, size_of

DOCUMENTS = "_scheduled_functions"
Line = Literal["mutation", "action"]
LINES: tuple[Line, ...] = ("mutation", "action")
RUNNING, DONE = "running", "done"
"""Where a place is when it is in none of the lines."""
YEARS_MS = 5 * 366 * 86_400_000.0
KEPT_MS = 7 * 86_400_000.0
"""How long a document stays when its function is done."""
MOST_ERROR = 8192
"""Characters of an error that its document keeps."""
AT_ONCE = 100
"""Documents that are forgotten in one transaction."""
BROKEN_OFF = "Transient error while executing action"
"""Of an action that ran when the deployment ended: nobody knows how far it came, and it isn't run again."""

TABLE = """
create table if not exists jobs (
  number integer primary key,
  line text not null,
  moment real not null,
  document text unique,
  cron text unique,
  schedule text
);
create index if not exists jobs_by_moment on jobs (line, moment);
"""


@dataclass(frozen=True, slots=True)
class Job:
    """`document` or `cron` says what is run: a scheduled function's id, or a cron's name."""

    number: int
    line: str
    moment: float
    """When it is due, in milliseconds since 1970; in the line of what is done, when it was."""
    document: str | None
    cron: str | None


# ------------------------------------------------------------------------------------------------ what functions ask


def schedule(transaction: Transaction, name: str, args: dict[str, Any], moment: float, line: Line) -> str:
    """The document's id. Raises BadCall, LimitReached."""
    now = transaction.now_ms
    if not abs(moment - now) <= YEARS_MS:
        raise BadCall(f"{moment:.0f} is more than 5 years in the {'past' if moment < now else 'future'}")
    transaction.usage.schedule(size_of(args))
    document: dict[str, Value] = {"name": name, "args": [args], "scheduledTime": moment}
    by = _document(transaction, transaction.job) if transaction.job else None
    canceled = by is not None and by["state"]["kind"] == "canceled"
    if canceled:
        document |= {"state": {"kind": "canceled"}, "completedTime": now}
    else:
        document["state"] = {"kind": "pending"}
    made = transaction.insert(DOCUMENTS, document, system=True)
    transaction.store.connection.execute(
        "insert into jobs (line, moment, document) values (?, ?, ?)",
        # Whose time is over waits behind those that were due before it was scheduled.
        (DONE if canceled else line, max(moment, now), made),
    )
    return made


def cancel(transaction: Transaction, document: str) -> None:
    """What is done stays as it is; an action that runs goes on, and what it schedules from now on is canceled too.
    Raises BadCall, LimitReached."""
    try:
        table = parse_id(document).table
    except InvalidId:
        table = None
    if table is None or table != transaction.store.catalog.tables[DOCUMENTS]:
        raise BadCall(f"Invalid scheduled function ID. The ID must be an ID on the '{DOCUMENTS}' table.")
    transaction.usage.write(0)
    job = _find(transaction.store, document)
    if job is None or job.line == DONE:
        return
    if document == transaction.job and job.line == "mutation":
        raise BadCall("A mutation cannot cancel itself")
    _close(transaction, document, {"kind": "canceled"})


# ------------------------------------------------------------------------------------------------- what is run, when


def due_jobs(store: Store, line: Line, now: float, most: int) -> list[Job]:
    """Those whose moment has come, in the order of their moments."""
    rows = store.connection.execute(
        "select number, line, moment, document, cron from jobs where line = ? and moment <= ?"
        " order by moment, number limit ?",
        (line, now, most),
    )
    return [Job(*row) for row in rows]


def next_moment(store: Store, now: float) -> float | None:
    """When the next one is due, or forgotten."""
    moments = [
        moment if line != DONE else moment + KEPT_MS
        for line in (*LINES, DONE)
        for (moment,) in store.connection.execute(
            "select min(moment) from jobs where line = ? and moment > ?",
            (line, now if line != DONE else now - KEPT_MS),
        )
        if moment is not None
    ]
    return min(moments, default=None)


def call_of(store: Store, document: str) -> tuple[str, dict[str, Any]] | None:
    """The function that a document names, and its arguments."""
    index = store.catalog.index(DOCUMENTS, BY_ID)
    row = store.find(index.number, order_key(document)) if index else None
    if row is None:
        return None
    found = row.document()
    return found["name"], found["args"][0]


def begin(transaction: Transaction, job: Job, *, apart: bool = False) -> bool:
    """Says in the document that it runs; `apart` for what runs outside of this transaction. False: it isn't to be run
    any more."""
    if not _waits(transaction.store, job):
        return False
    if apart:
        _place(transaction, job, RUNNING, job.moment)
    if job.document is not None:
        with _uncounted(transaction):
            transaction.patch(job.document, {"state": {"kind": "inProgress"}}, system=True)
    return True


def end(
    transaction: Transaction, job: Job, error: str | None, again: tuple[Line, float] | None = None
) -> None:
    """`error` None: it came to a good end. `again` is in which line and when a cron is due next; None: never."""
    if not _waits(transaction.store, job):
        return
    if job.document is not None:
        state: dict[str, Value] = {"kind": "success"}
        _close(
            transaction,
            job.document,
            state if error is None else {"kind": "failed", "error": error[:MOST_ERROR]},
        )
    elif again is not None:
        _place(transaction, job, *again)
    else:
        transaction.store.connection.execute("delete from jobs where number = ?", (job.number,))


def running_jobs(store: Store) -> list[Job]:
    rows = store.connection.execute(
        "select number, line, moment, document, cron from jobs where line = ?", (RUNNING,)
    )
    return [Job(*row) for row in rows]


def forget_done(transaction: Transaction) -> None:
    """The oldest of those that were done long ago."""
    rows = transaction.store.connection.execute(
        "select number, document from jobs where line = ? and moment <= ? order by moment limit ?",
        (DONE, transaction.now_ms - KEPT_MS, AT_ONCE),
    ).fetchall()
    with _uncounted(transaction):
        for number, document in rows:
            transaction.remove(document, system=True)
            transaction.store.connection.execute("delete from jobs where number = ?", (number,))


def has_old(store: Store, now: float) -> bool:
    """Whether there is anything to forget."""
    [(moment,)] = store.connection.execute("select min(moment) from jobs where line = ?", (DONE,))
    return moment is not None and moment <= now - KEPT_MS


def _find(store: Store, document: str) -> Job | None:
    row = store.connection.execute(
        "select number, line, moment, document, cron from jobs where document = ?", (document,)
    ).fetchone()
    return row and Job(*row)


def _waits(store: Store, job: Job) -> bool:
    """Whether it is where it was: nobody canceled it, and no program took it away or gave it another time."""
    return (
        store.connection.execute(
            "select 1 from jobs where number = ? and line in (?, ?) and moment = ?",
            (job.number, job.line, RUNNING, job.moment),
        ).fetchone()
        is not None
    )


def _place(transaction: Transaction, job: Job, line: str, moment: float) -> None:
    transaction.store.connection.execute(
        "update jobs set line = ?, moment = ? where number = ?", (line, moment, job.number)
    )


def _close(transaction: Transaction, document: str, state: dict[str, Value]) -> None:
    now = transaction.now_ms
    with _uncounted(transaction):
        transaction.patch(document, {"state": state, "completedTime": now}, system=True)
    transaction.store.connection.execute(
        "update jobs set line = ?, moment = ? where document = ?", (DONE, now, document)
    )


def _document(transaction: Transaction, document: str) -> dict[str, Any] | None:
    with _uncounted(transaction):
        text = transaction.get(document, system=True)
    found = load(text) if text else None
    return found if isinstance(found, dict) else None


@contextmanager
def _uncounted(transaction: Transaction) -> Iterator[None]:
    """What is done for a function isn't what it may do itself."""
    usage, transaction.usage = transaction.usage, Usage()
    try:
        yield
    finally:
        transaction.usage = usage


# ---------------------------------------------------------------------------------------------------------- crons


def cron_jobs(connection: sqlite3.Connection) -> dict[str, tuple[Job, str]]:
    """By name, each with the schedule that its moment was made by."""
    rows = connection.execute(
        "select number, line, moment, document, cron, schedule from jobs where cron is not null"
    )
    return {row[4]: (Job(*row[:5]), row[5]) for row in rows}


def put_cron(connection: sqlite3.Connection, name: str, line: Line, moment: float, told: str) -> None:
    connection.execute(
        "insert into jobs (line, moment, cron, schedule) values (?, ?, ?, ?) on conflict (cron) do update"
        " set line = excluded.line, moment = excluded.moment, schedule = excluded.schedule",
        (line, moment, name, told),
    )


def drop_cron(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("delete from jobs where cron = ?", (name,))

"""What is to run later: whose turn it is, what becomes of it, and what is left of it a week later."""

from __future__ import annotations

from typing import Any

import pytest

from dfworx.realtime.engine.jobs import (
    AT_ONCE,
    BROKEN_OFF,
    DOCUMENTS,
    KEPT_MS,
    MOST_ERROR,
    TABLE,
    begin,
    call_of,
    cancel,
    cron_jobs,
    due_jobs,
    end,
    forget_done,
    has_old,
    next_moment,
    put_cron,
    running_jobs,
    schedule,
)
from dfworx.realtime.engine.limits import LimitReached
from dfworx.realtime.engine.ranges import BY_ID
from dfworx.realtime.engine.store import Writer
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.values import load
from tests.realtime.engine.conftest import NOW

ARGS: dict[str, Any] = {"n": 1.0}


@pytest.fixture
def deed(writer: Writer) -> Transaction:
    writer.connection.executescript(TABLE)
    writer.begin()
    return Transaction(writer, NOW)


def at(deed: Transaction, moment: float, line: Any = "mutation") -> str:
    return schedule(deed, "things.js:do", ARGS, moment, line)


def document(deed: Transaction, made: str) -> dict[str, Any]:
    found = load(deed.get(made, system=True) or "null")
    assert isinstance(found, dict)
    return found


def state(deed: Transaction, made: str) -> str:
    return str(document(deed, made)["state"]["kind"])


def due(deed: Transaction, now: float, line: Any = "mutation", most: int = 100) -> list[str | None]:
    return [job.document for job in due_jobs(deed.store, line, now, most)]


def test_the_order_is_that_of_moments_and_then_of_scheduling(deed: Transaction) -> None:
    third, last = at(deed, NOW + 2), at(deed, NOW + 3)
    first, second, other = at(deed, NOW - 500), at(deed, NOW), at(deed, NOW, "action")
    assert due(deed, NOW + 2) == [first, second, third]
    assert due(deed, NOW + 2, most=1) == [first]
    assert due(deed, NOW, "action") == [other]
    assert next_moment(deed.store, NOW + 2) == NOW + 3
    assert due(deed, NOW + 3)[-1] == last
    assert call_of(deed.store, first) == ("things.js:do", ARGS)
    assert document(deed, first)["scheduledTime"] == NOW - 500


def test_a_mutation_is_done_once(deed: Transaction) -> None:
    made = at(deed, NOW)
    [job] = due_jobs(deed.store, "mutation", NOW, 10)
    assert begin(deed, job) and state(deed, made) == "inProgress"
    end(deed, job, None)
    assert state(deed, made) == "success" and document(deed, made)["completedTime"] == NOW
    assert not begin(deed, job)
    end(deed, job, "too late")
    assert state(deed, made) == "success" and due(deed, NOW) == []


def test_an_action_leaves_its_line_before_it_runs(deed: Transaction) -> None:
    made = at(deed, NOW, "action")
    [job] = due_jobs(deed.store, "action", NOW, 10)
    assert begin(deed, job, apart=True)
    assert due(deed, NOW, "action") == [] and state(deed, made) == "inProgress"
    [running] = running_jobs(deed.store)
    end(deed, running, BROKEN_OFF + "x" * 100_000)
    told = document(deed, made)["state"]
    assert (
        told["kind"] == "failed" and told["error"].startswith(BROKEN_OFF) and len(told["error"]) == MOST_ERROR
    )
    assert running_jobs(deed.store) == []


def test_what_a_canceled_action_schedules_is_canceled(deed: Transaction) -> None:
    action = at(deed, NOW, "action")
    [job] = due_jobs(deed.store, "action", NOW, 10)
    begin(deed, job, apart=True)
    deed.job = action
    before = at(deed, NOW)
    cancel(deed, action)
    after = at(deed, NOW)
    assert [state(deed, each) for each in (action, before, after)] == ["canceled", "pending", "canceled"]
    assert due(deed, NOW) == [before]
    end(deed, job, None)
    assert state(deed, action) == "canceled"


def test_a_mutation_cancels_others_and_not_itself(deed: Transaction) -> None:
    deed.job, other = at(deed, NOW), at(deed, NOW)
    cancel(deed, other)
    assert state(deed, other) == "canceled" and document(deed, other)["completedTime"] == NOW
    with pytest.raises(BadCall, match="A mutation cannot cancel itself"):
        cancel(deed, deed.job)
    for denied in ("nonsense", deed.insert("things", {})):
        with pytest.raises(BadCall, match="must be an ID on the '_scheduled_functions' table"):
            cancel(deed, denied)


def test_arguments_have_limits(deed: Transaction) -> None:
    with pytest.raises(LimitReached, match=r"Too large arguments of a scheduled function"):
        schedule(deed, "things.js:do", {"a": "x" * (4 << 20)}, NOW, "mutation")
    fresh = Transaction(deed.store, NOW)
    with pytest.raises(
        LimitReached, match=r"Too large total size .* from this mutation \(limit: 16777216 bytes\)"
    ):
        for _ in range(5):
            schedule(fresh, "things.js:do", {"a": "x" * ((4 << 20) - 100)}, NOW, "mutation")
    other = Transaction(deed.store, NOW)
    with pytest.raises(LimitReached, match=r"Too many functions scheduled by this mutation \(limit: 1000\)"):
        for _ in range(1001):
            at(other, NOW)
    assert other.usage.documents_written == 0, "what it schedules isn't what it writes"


def test_what_was_done_a_week_ago_is_forgotten(deed: Transaction) -> None:
    made = [at(deed, NOW) for _ in range(AT_ONCE + 1)]
    waiting = at(deed, NOW + 2 * KEPT_MS)
    for job in due_jobs(deed.store, "mutation", NOW, 1000):
        end(deed, job, None)
    assert not has_old(deed.store, NOW + KEPT_MS - 1)
    assert next_moment(deed.store, NOW) == NOW + KEPT_MS
    later = Transaction(deed.store, NOW + KEPT_MS)
    assert has_old(deed.store, later.now_ms)
    forget_done(later)
    assert deed.get(made[0], system=True) is None and state(deed, made[-1]) == "success"
    forget_done(later)
    assert not has_old(deed.store, later.now_ms) and state(deed, waiting) == "pending"
    assert later.touched, "whoever watches is told"
    index = deed.store.catalog.index(DOCUMENTS, BY_ID)
    assert index is not None and deed.store.count(index.number) == 1


def test_a_cron_has_one_place(deed: Transaction) -> None:
    connection = deed.store.connection
    put_cron(connection, "tick", "mutation", NOW, "every second")
    put_cron(connection, "tick", "action", NOW + 1, "every minute")
    [(job, told)] = cron_jobs(connection).values()
    assert (job.line, job.moment, told) == ("action", NOW + 1, "every minute")
    assert begin(deed, job, apart=True)
    end(deed, job, None, ("action", NOW + 60_001))
    [again] = due_jobs(deed.store, "action", NOW + 60_001, 10)
    assert again.number == job.number and not begin(deed, job), "its moment is another one"
    end(deed, again, None)
    assert cron_jobs(connection) == {}

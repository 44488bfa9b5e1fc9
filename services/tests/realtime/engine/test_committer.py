"""Commits: several mutations at once or one, durable or not at all, and timestamps that never go back."""

from __future__ import annotations

import json
import sqlite3
from uuid import UUID

import pytest

from dfworx.realtime.engine.committer import Committer, WritesStopped
from dfworx.realtime.engine.ranges import everything
from dfworx.realtime.engine.requests import (
    TABLE,
    Done,
    find_request,
    forget_requests,
    keep_request,
)
from dfworx.realtime.engine.store import Store, Writer, open_connection
from dfworx.realtime.engine.transaction import Transaction, fits_everywhere

NOW = 1_790_000_000_000_000_000
SESSION = UUID("0b4bd2e8-6b3a-4a0e-9d3c-b7a7d9a0c001")


@pytest.fixture
def committer(writer: Writer) -> Committer:
    writer.connection.executescript(TABLE)
    return Committer(writer, NOW)


def count(store: Store) -> int:
    return Transaction(store, 0.0).count("messages")


def insert(committer: Committer, body: str = "hi", now: int = NOW) -> int:
    with committer.mutation(now, fits_everywhere) as (transaction, commit):
        transaction.insert("messages", {"body": body})
    return commit.ts


def test_a_group_is_seen_at_once_when_it_is_durable(committer: Committer, reader: Store) -> None:
    made = [insert(committer) for _ in range(3)]
    assert made == sorted(set(made)) and made[0] > NOW
    assert count(reader) == 0
    assert [commit.ts for commit in committer.flush()] == made
    assert count(reader) == 3
    assert reader.ts == made[-1]
    assert committer.flush() == []


def test_each_sees_what_those_before_it_wrote(committer: Committer) -> None:
    insert(committer)
    with committer.mutation(NOW, fits_everywhere) as (transaction, _):
        assert transaction.count("messages") == 1


def test_one_that_fails_takes_nothing_along(committer: Committer, reader: Store) -> None:
    insert(committer)
    with pytest.raises(ZeroDivisionError), committer.mutation(NOW, fits_everywhere) as (transaction, _):
        transaction.insert("messages", {})
        raise ZeroDivisionError
    insert(committer)
    assert len(committer.flush()) == 2
    assert count(reader) == 2


def test_all_may_fail(committer: Committer, reader: Store) -> None:
    with pytest.raises(ZeroDivisionError), committer.mutation(NOW, fits_everywhere):
        raise ZeroDivisionError
    assert committer.flush() == []
    insert(committer)
    committer.flush()
    assert count(reader) == 1


def test_documents_of_many_commits_in_one_moment_are_created_one_after_the_other(
    committer: Committer, writer: Writer
) -> None:
    for _ in range(50):
        insert(committer)
    committer.flush()
    known = writer.catalog.indexes["messages"]
    rows = writer.scan(known["by_creation_time"].number, everything(), 100)
    assert [row.document()["_id"] for row in rows] == [
        json.loads(text)["_id"]
        for (text,) in writer.connection.execute("select text from documents order by number")
    ]


def test_a_clock_that_goes_back_takes_no_timestamp_with_it(committer: Committer, path: str) -> None:
    last = insert(committer, now=NOW + 50)
    assert insert(committer, now=5) == last + 1
    committer.flush()
    again = Writer(open_connection(path))
    assert Committer(again, 7).ts == last + 1
    again.connection.close()


def test_a_full_disk_stops_writes_and_loses_nothing_that_was_told(
    committer: Committer, writer: Writer, reader: Store
) -> None:
    insert(committer)
    committer.flush()
    pages = writer.connection.execute("pragma page_count").fetchone()[0]
    writer.connection.execute(f"pragma max_page_count = {pages + 4}")
    waiting = insert(committer)
    with pytest.raises(WritesStopped, match="Nothing can be written at the moment"):
        insert(committer, "x" * 900_000)
    try:
        assert [commit.ts for commit in committer.flush()] == [waiting]
    except WritesStopped:
        assert count(reader) == 1, "not told of, so not there"
    assert count(reader) in (1, 2)
    writer.connection.execute("pragma max_page_count = 1000000")
    before = count(reader)
    insert(committer, "x" * 900_000)
    committer.flush()
    assert count(reader) == before + 1


def test_a_mutation_is_remembered_with_its_answer_and_only_when_it_was_done(
    committer: Committer, writer: Writer
) -> None:
    with pytest.raises(ZeroDivisionError), committer.mutation(NOW, fits_everywhere) as (_, commit):
        keep_request(writer, SESSION, 1, Done(commit.ts, "null", []))
        raise ZeroDivisionError
    with committer.mutation(NOW, fits_everywhere) as (_, commit):
        done = Done(commit.ts, '{"a":1}', ["[LOG] 'x'"])
        keep_request(writer, SESSION, 2, done)
    committer.flush()
    assert find_request(writer, SESSION, 1) is None
    assert find_request(writer, SESSION, 2) == done
    assert find_request(writer, UUID(int=0), 2) is None
    with pytest.raises(sqlite3.IntegrityError), committer.mutation(NOW, fits_everywhere):
        keep_request(writer, SESSION, 2, done)
    forget_requests(writer, done.ts, 10)
    assert find_request(writer, SESSION, 2) == done
    forget_requests(writer, done.ts + 1, 10)
    assert find_request(writer, SESSION, 2) is None

"""Queries over random documents: they find what looking at every document would find, pages have no gaps, and whoever
isn't told of a commit would find the same again."""

from __future__ import annotations

import json
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfworx.realtime.engine.catalog import create_index
from dfworx.realtime.engine.cursors import Cursors, InvalidCursor
from dfworx.realtime.engine.filters import compile_filter
from dfworx.realtime.engine.limits import Usage
from dfworx.realtime.engine.pages import Asked, read_page
from dfworx.realtime.engine.queries import BadQuery, plan_query
from dfworx.realtime.engine.store import Writer, open_connection
from dfworx.realtime.engine.subscriptions import ReadSet, Subscriptions
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.values import Value, encode, order_key
from tests.realtime.engine.conftest import NOW

CURSORS = Cursors(bytes(32))
FIELDS = st.sampled_from([1.0, 2.0, 3.0, "a", None])
DOCUMENTS = st.fixed_dictionaries({}, optional={"room": FIELDS, "n": FIELDS})
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), DOCUMENTS),
        st.tuples(st.just("replace"), st.tuples(st.integers(0, 20), DOCUMENTS)),
        st.tuples(st.just("remove"), st.integers(0, 20)),
    ),
    max_size=12,
)


def bound(kind: str, name: str, value: Value) -> dict[str, Any]:
    return {"type": kind, "fieldPath": name, "value": encode(value)}


def query(conditions: list[dict[str, Any]], order: str, operators: list[dict[str, Any]]) -> dict[str, Any]:
    source = {"type": "IndexRange", "indexName": "things.by_room", "range": conditions, "order": order}
    return {"source": source, "operators": operators}


CONDITIONS = st.one_of(
    st.just([]),
    FIELDS.map(lambda value: [bound("Eq", "room", value)]),
    st.tuples(FIELDS, FIELDS).map(lambda two: [bound("Gte", "room", two[0]), bound("Lt", "room", two[1])]),
    st.tuples(FIELDS, FIELDS).map(lambda two: [bound("Eq", "room", two[0]), bound("Gt", "n", two[1])]),
)
FILTERS = FIELDS.map(lambda value: {"filter": {"$lte": [{"$field": "n"}, {"$literal": value}]}})
OPERATORS = st.lists(st.one_of(FILTERS, st.integers(0, 4).map(lambda most: {"limit": most})), max_size=2)
ORDERS = st.sampled_from(["asc", "desc"])
QUERIES = st.builds(query, CONDITIONS, ORDERS, OPERATORS)


class Things:
    """A table with an index, and the same documents as plain Python."""

    def __init__(self, folder: str) -> None:
        self.writer = Writer(open_connection(str(Path(folder) / "things.sqlite"), durable=False))
        self.writer.create()
        self.writer.begin()
        self.writer.require_table("things")
        create_index(self.writer.connection, "things", "by_room", ("room", "n"))
        self.ids: list[str] = []
        self.model: dict[str, dict[str, Value]] = {}

    def do(self, deed: str, what: Any) -> Transaction:
        transaction = Transaction(self.writer, NOW)
        if deed == "insert":
            made = transaction.insert("things", what)
            self.ids.append(made)
            self.model[made] = what
        elif self.model:
            place, document = what if deed == "replace" else (what, None)
            chosen = sorted(self.model)[place % len(self.model)]
            if document is None:
                transaction.remove(chosen)
                del self.model[chosen]
            else:
                transaction.replace(chosen, document)
                self.model[chosen] = document
        return transaction

    def find(self, asked: dict[str, Any], take: int = 1000) -> tuple[list[str], ReadSet]:
        transaction = Transaction(self.writer, NOW)
        stream = transaction.open(asked)
        rows, done = stream.take(take)
        transaction.settle(stream, len(rows), saw_end=done)
        return [row.document()["_id"] for row in rows], transaction.reads

    def expect(self, asked: dict[str, Any]) -> list[str]:
        """By looking at every document."""
        known = self.writer.catalog.index("things", "by_room")
        assert known is not None
        documents = [
            row.document()
            for row in self.writer.scan(
                known.number, plan_query(query([], "asc", []), self.writer.catalog).interval, 1000
            )
        ]
        assert {each["_id"] for each in documents} == self.model.keys()
        source = asked["source"]
        found = [each for each in documents if all(meets(each, condition) for condition in source["range"])]
        found.sort(key=lambda each: b"".join(known.index.parts(each)), reverse=source["order"] == "desc")
        for operator in asked["operators"]:
            if "limit" in operator:
                found = found[: operator["limit"]]
            else:
                found = [each for each in found if compile_filter(operator["filter"])(each)]
        return [each["_id"] for each in found]

    def close(self) -> None:
        self.writer.connection.close()


def meets(document: dict[str, Any], condition: dict[str, Any]) -> bool:
    operator = {"Eq": "$eq", "Gt": "$gt", "Gte": "$gte", "Lt": "$lt", "Lte": "$lte"}[condition["type"]]
    return compile_filter({operator: [{"$field": condition["fieldPath"]}, {"$literal": condition["value"]}]})(
        document
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS, st.lists(QUERIES, min_size=1, max_size=5), st.integers(1, 4))
def test_a_query_finds_what_looking_at_everything_finds(
    deeds: list[tuple[str, Any]], queries: list[dict[str, Any]], take: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        things = Things(folder)
        for deed in deeds:
            things.do(*deed)
        for asked in queries:
            assert things.find(asked)[0] == things.expect(asked)
            assert things.find(asked, take)[0] == things.expect(asked)[:take]
        things.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS, st.lists(st.tuples(QUERIES, st.integers(1, 5)), min_size=1, max_size=6), DEEDS)
def test_who_is_not_told_of_a_commit_would_find_the_same(
    deeds: list[tuple[str, Any]], watched: list[tuple[dict[str, Any], int]], commits: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        things, subscriptions = Things(folder), Subscriptions[int]()
        for deed in deeds:
            things.do(*deed)
        found = []
        for reader, (asked, take) in enumerate(watched):
            ids, reads = things.find(asked, take)
            subscriptions.watch(reader, reads)
            found.append([things.model[each] | {"_id": each} for each in ids])
        for commit in commits:
            told = subscriptions.concerned(things.do(*commit).touched)
            for reader, (asked, take) in enumerate(watched):
                ids, reads = things.find(asked, take)
                now = [things.model[each] | {"_id": each} for each in ids]
                assert reader in told or now == found[reader]
                subscriptions.watch(reader, reads)
                found[reader] = now
        things.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS, CONDITIONS, ORDERS, st.lists(FILTERS, max_size=1), st.integers(1, 3), DEEDS)
def test_pages_stay_gapless_whatever_comes_in_between(
    deeds: list[tuple[str, Any]],
    conditions: list[Any],
    order: str,
    filters: list[Any],
    size: int,
    later: list[Any],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        things = Things(folder)
        for deed in deeds:
            things.do(*deed)
        asked = query(conditions, order, filters)
        borders: list[str | None] = [None]
        while True:
            page, _, _ = read_page(Asked(asked, borders[-1], None, size), things.writer, CURSORS, Usage())
            borders.append(page.cursor)
            if page.done:
                break
        for deed in later:
            things.do(*deed)
        again: list[str] = []
        for start, end in pairwise(borders):
            page, _, _ = read_page(Asked(asked, start, end, size), things.writer, CURSORS, Usage())
            again += [row.document()["_id"] for row in page.rows]
        assert again == things.expect(asked)
        things.close()


def test_a_page_that_is_split_is_the_same_in_two(tmp_path: Path) -> None:
    things = Things(str(tmp_path))
    for number in range(10):
        things.do("insert", {"room": "a", "n": float(number)})
    asked = query([], "asc", [])
    whole, _, _ = read_page(Asked(asked, None, None, 7), things.writer, CURSORS, Usage())
    assert whole.split and not whole.done
    halves = [
        read_page(Asked(asked, start, end, 7), things.writer, CURSORS, Usage())[0].rows
        for start, end in ((None, whole.split), (whole.split, whole.cursor))
    ]
    assert halves[0] + halves[1] == whole.rows and all(halves)
    things.close()


def test_a_page_looks_at_no_more_than_it_may(tmp_path: Path) -> None:
    things = Things(str(tmp_path))
    for number in range(10):
        things.do("insert", {"room": "a", "n": float(number)})
    never = {"filter": {"$eq": [{"$field": "n"}, {"$literal": 9}]}}
    page, _, _ = read_page(
        Asked(query([], "asc", [never]), None, None, 5, most_rows=3), things.writer, CURSORS, Usage()
    )
    assert (page.rows, page.done) == ([], False)
    following, _, _ = read_page(
        Asked(query([], "asc", [never]), page.cursor, None, 5), things.writer, CURSORS, Usage()
    )
    assert [row.document()["n"] for row in following.rows] == [9.0]
    things.close()


def test_a_cursor_belongs_to_its_query_and_tells_nothing(tmp_path: Path) -> None:
    asked, other = query([], "asc", []), query([], "desc", [])
    cursor = CURSORS.write(asked, order_key("what somebody wrote"))
    assert CURSORS.read(asked, cursor) == order_key("what somebody wrote")
    assert CURSORS.read(asked, CURSORS.write(asked, None)) is None
    for made, against in ((cursor, other), ("", asked), ("nonsense", asked), (cursor[:-4] + "AAAA", asked)):
        with pytest.raises(InvalidCursor, match="InvalidCursor"):
            CURSORS.read(against, made)
    with pytest.raises(InvalidCursor):
        Cursors(bytes([1]) * 32).read(asked, cursor)


REFUSED: list[tuple[Any, str]] = [
    ({}, "A query has a source"),
    ({"source": {"type": "Search"}, "operators": []}, "A query has a source"),
    (
        json.loads(json.dumps(query([], "asc", [])).replace("by_room", "by_colour")),
        "Index things.by_colour not found",
    ),
    (query([], "asc", [{"limit": -1}]), "whole number"),
    (query([], "asc", [{"limit": 1.5}]), "whole number"),
    (query([], "asc", [{"skip": 1}]), "a filter or a limit"),
    (query([], "asc", [{"limit": 1}] * 257), "at most 256 operators"),
]


@pytest.mark.parametrize(("asked", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_what_is_no_query_is_refused_in_words(tmp_path: Path, asked: Any, why: str) -> None:
    things = Things(str(tmp_path))
    with pytest.raises(BadQuery, match=why):
        plan_query(asked, things.writer.catalog)
    things.close()


def test_a_table_that_is_not_there_has_no_rows_until_it_is(tmp_path: Path) -> None:
    things = Things(str(tmp_path))
    scan = {"source": {"type": "FullTableScan", "tableName": "nowhere", "order": None}, "operators": []}
    found, reads = things.find(scan)
    assert found == []
    subscriptions = Subscriptions[str]()
    subscriptions.watch("ann", reads)
    deed = Transaction(things.writer, NOW)
    deed.insert("elsewhere", {})
    assert subscriptions.concerned(deed.touched) == set()
    deed.insert("nowhere", {})
    assert subscriptions.concerned(deed.touched) == {"ann"}
    assert len(things.find(scan)[0]) == 1
    things.close()

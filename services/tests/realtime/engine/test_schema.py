"""Schemas: a new one holds as a whole or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dfworx.realtime.engine.ranges import everything
from dfworx.realtime.engine.schema import BadSchema, Schema, TableSchema, apply_schema, fits, read_schema
from dfworx.realtime.engine.search import BadSearch
from dfworx.realtime.engine.store import Writer
from dfworx.realtime.engine.transaction import Transaction
from tests.realtime.engine.conftest import NOW

STRING = {"fieldType": {"type": "string"}, "optional": False}
NUMBER = {"fieldType": {"type": "number"}, "optional": True}
MESSAGE = {"type": "object", "value": {"body": STRING, "n": NUMBER}}


def schema(
    document: Any = MESSAGE,
    *,
    validation: bool = True,
    searches: dict[str, list[str]] | None = None,
    **indexes: list[str],
) -> Schema:
    """Of `searches`, the first field is the text's."""
    listed = [{"indexDescriptor": name, "fields": fields} for name, fields in indexes.items()]
    searching = [
        {"indexDescriptor": name, "searchField": fields[0], "filterFields": fields[1:]}
        for name, fields in (searches or {}).items()
    ]
    table = {
        "tableName": "messages",
        "documentType": document,
        "indexes": listed,
        "searchIndexes": searching,
        "stagedSearchIndexes": [{"indexDescriptor": "later", "searchField": "body", "filterFields": []}],
        "vectorIndexes": [
            {"indexDescriptor": "near", "vectorField": "n", "dimensions": 2, "filterFields": []}
        ],
    }
    return read_schema(json.dumps({"tables": [table], "schemaValidation": validation}))


def push(writer: Writer, made: Schema) -> list[str]:
    writer.begin()
    try:
        told = list(apply_schema(writer, made))
    except BaseException:
        writer.roll_back()
        raise
    writer.commit(1)
    return told


def insert(writer: Writer, *documents: dict[str, Any]) -> list[str]:
    writer.begin()
    transaction = Transaction(writer, NOW)
    made = [transaction.insert("messages", document) for document in documents]
    writer.commit(2)
    return made


def entries(writer: Writer, name: str) -> list[Any]:
    known = writer.catalog.index("messages", name)
    assert known is not None
    return [row.document().get("n") for row in writer.scan(known.number, everything(), 5000)]


def test_a_table_and_its_indexes_are_made(writer: Writer) -> None:
    push(writer, schema(by_n=["n"]))
    insert(writer, {"body": "b", "n": 2.0}, {"body": "a", "n": 1.0}, {"body": "c"})
    assert entries(writer, "by_n") == [None, 1.0, 2.0]
    assert entries(writer, "by_creation_time") == [2.0, 1.0, None]


def test_an_index_that_comes_later_is_filled(writer: Writer) -> None:
    insert(writer, *({"body": "x", "n": float(number)} for number in range(2500, 0, -1)))
    told = push(writer, schema(by_n=["n"]))
    assert entries(writer, "by_n") == [float(number) for number in range(1, 2501)]
    assert "Filling index messages.by_n: 2500 documents" in told


def test_an_index_with_other_fields_is_made_anew_and_one_no_longer_named_goes(writer: Writer) -> None:
    push(writer, schema(by_n=["n"], by_body=["body"]))
    insert(writer, {"body": "b", "n": 1.0}, {"body": "a", "n": 2.0})
    before = writer.catalog.indexes["messages"]["by_body"].number
    push(writer, schema(by_n=["body"], by_body=["body"]))
    assert entries(writer, "by_n") == [2.0, 1.0]
    assert writer.catalog.indexes["messages"]["by_body"].number == before, "what stays is left alone"
    push(writer, schema())
    assert set(writer.catalog.indexes["messages"]) == {"by_id", "by_creation_time"}
    push(writer, Schema())
    assert "messages" in writer.catalog.tables, "documents stay"


def test_documents_that_do_not_fit_refuse_a_schema_whole(writer: Writer) -> None:
    _, bad = insert(writer, {"body": "fine"}, {"body": 1.0})
    with pytest.raises(
        BadSchema, match=f'Document with ID "{bad}" in table "messages" does not match the schema: Value'
    ):
        push(writer, schema(by_n=["n"]))
    assert "by_n" not in writer.catalog.indexes["messages"]
    push(writer, schema(validation=False, by_n=["n"]))
    assert len(entries(writer, "by_n")) == 2


def test_documents_are_looked_at_when_they_may_not_fit_any_more_and_not_again(writer: Writer) -> None:
    push(writer, schema())
    insert(writer, {"body": "x"})
    assert push(writer, schema()) == [], "those there are were held against the same validator"
    assert push(writer, schema(by_n=["n"])) == ["Filling index messages.by_n: 1 documents"]
    other = {"type": "object", "value": {"body": STRING}}
    assert push(writer, schema(other)) == [
        "Emptying index messages.by_n: 1 entries",
        "Checking table messages: 1 documents",
    ]
    push(writer, schema(validation=False))
    insert(writer, {"body": 5.0})
    with pytest.raises(BadSchema, match="does not match the schema"):
        push(writer, schema(other))


def test_a_write_must_fit(writer: Writer) -> None:
    made = schema()
    push(writer, made)
    writer.begin()
    transaction = Transaction(writer, NOW, fits(made, writer.catalog))
    ok = transaction.insert("messages", {"body": "fine"})
    words = 'Failed to insert or update a document in table "messages" because it does not match the schema: '
    with pytest.raises(BadSchema, match=words + "Object is missing the required field `body`"):
        transaction.insert("messages", {})
    with pytest.raises(BadSchema, match=words + "Object contains extra field `other`"):
        transaction.patch(ok, {"other": None})
    transaction.insert("elsewhere", {"anything": 1})
    loose = Transaction(writer, NOW, fits(schema(validation=False), writer.catalog))
    loose.insert("messages", {"anything": 1})


UNION = {
    "type": "union",
    "value": [MESSAGE, {"type": "object", "value": {"in": {"fieldType": MESSAGE, "optional": False}}}],
}
REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"by_n": ["n"], "document": {"type": "object", "value": {}}},
        "names the field n, which no document of messages",
    ),
    ({"by_in": ["in.colour"], "document": UNION}, "names the field in.colour"),
    ({"by_n": []}, "has 0 fields; it may have 1 to 16"),
    ({"by_n": ["n"] * 17}, "has 17 fields"),
    ({f"by_{number}": ["n"] for number in range(33)}, "has 33 indexes; it may have at most 32"),
    ({"searches": {"search": ["title"]}}, "names the field title, which no document"),
    ({"searches": {"search": ["body", "room"]}}, "names the field room, which no document"),
    ({"searches": {"search": ["body", *["n"] * 17]}}, "has 17 filter fields; it may have at most 16"),
    ({"searches": {"search": ["body", "n", "n"]}}, "at most 16, each once"),
    (
        {"searches": {f"search_{n}": ["body"] for n in range(5)}},
        "has 5 search indexes; it may have at most 4",
    ),
    ({"searches": {"by_n": ["body"]}, "by_n": ["n"]}, "two indexes named by_n"),
]


@pytest.mark.parametrize(("given", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_a_schema_that_can_not_be_is_refused_in_words(given: dict[str, Any], why: str) -> None:
    with pytest.raises(BadSchema, match=why):
        schema(**given)


NAMES: list[tuple[dict[str, Any], str]] = [
    ({"_mine": ["n"]}, "An index can't be named '_mine'"),
    ({"by_id": ["n"]}, "Every table has an index by_id already"),
    ({"by_n": ["n", "n"]}, "may list each field once"),
    ({"searches": {"1st": ["body"]}}, "An index can't be named '1st'"),
    ({"searches": {"by_id": ["body"]}}, "Every table has an index by_id already"),
    ({"by_n": ["n", "_creationTime"]}, "may list each field once, and not _creationTime"),
]


@pytest.mark.parametrize(("given", "why"), NAMES, ids=[why for _, why in NAMES])
def test_an_index_that_can_not_be_is_refused_in_words(
    writer: Writer, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadSchema, match=why):
        push(writer, schema(**given))


def test_a_table_of_the_deployment_is_no_programs_own(writer: Writer) -> None:
    with pytest.raises(BadSchema, match="A table can't be named '_storage'"):
        push(writer, Schema({"_storage": TableSchema({"type": "any"})}))
    assert {"by_id", "by_creation_time"} == writer.catalog.indexes["_storage"].keys()


def test_fields_inside_others_and_of_unions_may_be_indexed(writer: Writer) -> None:
    push(writer, schema(UNION, by_inner=["in.body", "n"]))
    insert(writer, {"in": {"body": "b"}}, {"body": "x", "n": 1.0}, {"in": {"body": "a"}})
    known = writer.catalog.index("messages", "by_inner")
    assert known is not None
    found = [row.document().get("in", {}).get("body") for row in writer.scan(known.number, everything(), 10)]
    assert found == [None, "a", "b"]


def find(writer: Writer, text: str, name: str = "search", **values: Any) -> list[str]:
    filters = [{"type": "Eq", "fieldPath": path, "value": value} for path, value in values.items()]
    source = {
        "type": "Search",
        "indexName": f"messages.{name}",
        "filters": [{"type": "Search", "fieldPath": "body", "value": text}, *filters],
    }
    rows, _ = Transaction(writer, NOW).open({"source": source, "operators": []}).take(3000)
    return [row.document()["body"] for row in rows]


def test_a_search_index_that_comes_later_is_filled(writer: Writer) -> None:
    push(writer, schema())
    insert(writer, *({"body": f"common w{number}", "n": float(number % 2)} for number in range(900)))
    told = push(writer, schema(searches={"search": ["body", "n"]}))
    assert "Filling search index messages.search: 900 documents" in told
    assert find(writer, "w77 x") == ["common w77"]
    assert len(find(writer, "common")) == 900
    assert len(find(writer, "common", n=1)) == 450
    insert(writer, {"body": "common w900"})
    assert find(writer, "common")[0] == "common w900"
    assert push(writer, schema(searches={"search": ["body", "n"]})) == []


def test_a_search_index_with_other_fields_is_made_anew_and_one_no_longer_named_goes(writer: Writer) -> None:
    push(writer, schema(searches={"search": ["body"]}))
    insert(writer, {"body": "fox", "n": 1.0}, {"body": "fox", "n": 2.0})
    with pytest.raises(BadSearch, match="no filter field n"):
        find(writer, "fox", n=1)
    push(writer, schema(searches={"search": ["body", "n"], "other": ["body"]}))
    assert len(find(writer, "fox", n=1)) == 1
    push(writer, schema())
    assert writer.connection.execute("select count(*) from postings").fetchone() == (0,)
    for name in ("search", "later", "near"):
        with pytest.raises(
            BadSearch, match=f"Search index messages.{name} not found.*staged can't be queried"
        ):
            find(writer, "fox", name)

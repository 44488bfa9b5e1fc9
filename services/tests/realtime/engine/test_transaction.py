"""What functions do to documents: each deed, its refusals, and that nothing is left of what failed."""

from __future__ import annotations

from typing import Any

import pytest

from dfworx.realtime.engine.limits import LimitReached
from dfworx.realtime.engine.store import Store, Writer
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.values import UNDEFINED, DocumentId, Value, load
from tests.realtime.engine.conftest import NOW

NOWHERE = str(DocumentId(12345, bytes(16)))


@pytest.fixture
def deed(writer: Writer) -> Transaction:
    writer.begin()
    return Transaction(writer, NOW)


def document(text: str | None) -> dict[str, Any]:
    assert text is not None
    value = load(text)
    assert isinstance(value, dict)
    return value


def test_a_document_is_what_was_inserted_with_an_id_and_a_moment(deed: Transaction) -> None:
    made = deed.insert("messages", {"body": "hi", "n": 1})
    found = document(deed.get(made))
    assert found == {"_id": made, "_creationTime": found["_creationTime"], "body": "hi", "n": 1}
    assert NOW < found["_creationTime"] < NOW + 0.01
    assert deed.normalize_id("messages", made) == made
    assert deed.normalize_id("users", made) is None


def test_documents_of_one_transaction_are_created_one_after_the_other(deed: Transaction) -> None:
    moments = [document(deed.get(deed.insert("messages", {})))["_creationTime"] for _ in range(50)]
    assert moments == sorted(set(moments))


def test_a_patch_changes_what_it_names_and_takes_out_what_is_undefined(deed: Transaction) -> None:
    made = deed.insert("messages", {"body": "hi", "n": 1, "in": {"a": 1, "b": 2}})
    deed.patch(made, {"n": UNDEFINED, "in": {"a": 3}, "new": None})
    found = document(deed.get(made))
    assert {name: found[name] for name in found if name[0] != "_"} == {
        "body": "hi",
        "in": {"a": 3},
        "new": None,
    }


def test_a_replaced_document_keeps_its_id_and_moment_alone(deed: Transaction) -> None:
    made = deed.insert("messages", {"body": "hi"})
    before = document(deed.get(made))
    deed.replace(made, {"other": True, "_id": made})
    assert document(deed.get(made)) == {"_id": made, "_creationTime": before["_creationTime"], "other": True}


def test_what_is_removed_is_gone_and_given_back(deed: Transaction) -> None:
    made = deed.insert("messages", {"body": "hi"})
    assert document(deed.remove(made))["body"] == "hi"
    assert deed.get(made) is None
    assert deed.count("messages") == 0


def test_a_nested_function_that_fails_leaves_nothing(deed: Transaction) -> None:
    kept = deed.insert("messages", {"n": 1})
    touched = len(deed.touched)
    with pytest.raises(ZeroDivisionError), deed.nested():
        deed.patch(kept, {"n": 2})
        deed.insert("things", {})
        with deed.nested():
            deed.remove(kept)
        raise ZeroDivisionError
    assert document(deed.get(kept))["n"] == 1
    assert len(deed.touched) == touched
    assert "things" not in deed.store.catalog.tables
    again = deed.insert("others", {})
    assert deed.store.catalog.names[deed.store.catalog.tables["others"]] == "others"
    assert deed.get(again) is not None


def test_nobody_sees_what_is_not_committed(deed: Transaction, writer: Writer, reader: Store) -> None:
    made = deed.insert("messages", {})
    assert Transaction(reader, NOW).get(made) is None
    writer.commit(7)
    with reader.snapshot():
        looking = Transaction(reader, NOW)
        assert looking.get(made) is not None
        writer.begin()
        Transaction(writer, NOW).remove(made)
        writer.commit(8)
        assert looking.get(made) is not None, "a snapshot is one state"
        assert reader.ts == 7
    assert Transaction(reader, NOW).get(made) is None
    assert reader.ts == 8


def test_a_query_writes_nothing(reader: Store) -> None:
    with reader.snapshot(), pytest.raises(BadCall, match="A query can't write"):
        Transaction(reader, NOW).insert("messages", {})


REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("get", ("nonsense",), "Invalid argument `id` for `db.get`: ID wasn't valid"),
    ("get", (1.0,), "expected an id, which is a string"),
    ("get", ("THE ID", "users"), "is from table `messages`, not from `users`"),
    ("patch", (NOWHERE, {}), f"Update on nonexistent document ID {NOWHERE}"),
    ("replace", (NOWHERE, {}), f"Replace on nonexistent document ID {NOWHERE}"),
    ("remove", (NOWHERE,), f"Delete on nonexistent document ID {NOWHERE}"),
    ("insert", ("messages", [1.0]), "A document of table messages must be an object"),
    ("insert", ("messages", {"_id": "x"}), "has a field _id, which Convex sets"),
    ("insert", ("messages", {"_secret": 1.0}), "_secret starts with an underscore"),
    ("insert", ("_system", {}), "System tables .* are read-only"),
    ("patch", ("THE ID", {"_id": NOWHERE}), "Provided `_id` doesn't match"),
    ("replace", ("THE ID", {"_creationTime": 1.0}), "Provided `_creationTime` doesn't match"),
]


@pytest.mark.parametrize(("name", "given", "why"), REFUSED, ids=[why for _, _, why in REFUSED])
def test_what_can_not_be_is_refused_in_words(
    deed: Transaction, name: str, given: tuple[Any, ...], why: str
) -> None:
    made = deed.insert("messages", {})
    with pytest.raises(BadCall, match=why):
        getattr(deed, name)(*(made if each == "THE ID" else each for each in given))


FILE: Value = {"sha256": "", "size": 1.0}


def test_system_tables_are_there_and_written_by_the_deployment_alone(deed: Transaction) -> None:
    made = deed.insert("_storage", FILE, system=True)
    assert made.startswith("kg2"), "as Convex's own ids of files do"
    assert document(deed.get(made, system=True))["size"] == 1
    assert document(deed.patch(made, {"size": 2.0}, system=True))["size"] == 2
    assert deed.normalize_id("_storage", made) == made
    assert deed.normalize_id("_scheduled_functions", made) is None
    refused: list[tuple[str, tuple[Any, ...]]] = [
        ("insert", ("_storage", FILE)),
        ("patch", (made, {"size": 3.0})),
        ("replace", (made, FILE)),
        ("remove", (made,)),
        ("get", (made,)),
    ]
    for name, given in refused:
        with pytest.raises(BadCall, match=r"^System tables"):
            getattr(deed, name)(*given)
    theirs = deed.insert("messages", {})
    with pytest.raises(BadCall, match="User tables cannot be accessed"):
        deed.get(theirs, system=True)
    with pytest.raises(BadCall, match="read-only"):
        deed.insert("messages", {}, system=True)
    assert document(deed.remove(made, system=True))["size"] == 2
    assert deed.get(made, system=True) is None


def nested(depth: int) -> Value:
    value: Value = None
    for _ in range(depth):
        value = [value]
    return value


LARGE: list[tuple[dict[str, Value], str]] = [
    ({"a": "x" * (1 << 20)}, "Value is too large"),
    ({"a": nested(16)}, "nested too deeply"),
    ({f"f{number}": None for number in range(1025)}, "too many fields"),
    ({"a": [None] * 8193}, "Array length is too long"),
]


@pytest.mark.parametrize(("value", "why"), LARGE, ids=[why for _, why in LARGE])
def test_a_document_has_limits(deed: Transaction, value: dict[str, Value], why: str) -> None:
    with pytest.raises(LimitReached, match=why):
        deed.insert("messages", value)


def test_a_function_reads_and_writes_so_much_and_no_more(deed: Transaction) -> None:
    with pytest.raises(
        LimitReached, match=r"Too many writes in a single function execution \(limit: 16000\)"
    ):
        for _ in range(20_000):
            deed.usage.write(1)
    fresh = Transaction(deed.store, NOW)
    large = fresh.insert("messages", {"body": "x" * 900_000})
    with pytest.raises(LimitReached, match="Too many bytes read"):
        for _ in range(20):
            fresh.get(large)
    other = Transaction(deed.store, NOW)
    with pytest.raises(LimitReached, match="Too many reads"):
        for _ in range(5000):
            other.get(NOWHERE)
            other.count("messages")

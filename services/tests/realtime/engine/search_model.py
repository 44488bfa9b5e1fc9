"""A searched table, and the same documents as plain Python: what a search finds, told by looking at every word."""

from __future__ import annotations

import math
from collections import Counter
from random import Random
from typing import Any

from dfworx.realtime.engine.catalog import create_search_index
from dfworx.realtime.engine.postings import SearchIndex
from dfworx.realtime.engine.store import Writer
from dfworx.realtime.engine.subscriptions import ReadSet
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.engine.words import terms_of, words_of
from dfworx.realtime.values import Value, encode
from tests.realtime.engine.conftest import NOW

INDEX = SearchIndex("notes", "search_body", "at.body", ("room", "at.kind"))
WORDS = ["a", "an", "and", "anna", "annas", "band", "bandit", "bandits", "c", "über"]
ROOMS: list[Value] = ["red", "blue", None, 1.0]


def search(text: str, operators: list[Any] | None = None, /, **values: Value) -> dict[str, Any]:
    """`values` are of filter fields; of `at.kind` as `kind`."""
    filters = [{"type": "Search", "fieldPath": "at.body", "value": text}]
    for name, value in values.items():
        path = "at.kind" if name == "kind" else name
        filters.append({"type": "Eq", "fieldPath": path, "value": encode(value)})
    source = {"type": "Search", "indexName": "notes.search_body", "filters": filters}
    return {"source": source, "operators": operators or []}


def make_note(chance: Random) -> dict[str, Any]:
    body: Value = " ".join(
        chance.choices(WORDS, weights=[9, 5, 9, 3, 1, 9, 2, 1, 1, 1], k=chance.randrange(12))
    )
    note: dict[str, Any] = {"at": {"body": body if chance.random() < 0.95 else 7.0}}
    if chance.random() < 0.9:
        note["room"] = chance.choice(ROOMS)
    if chance.random() < 0.5:
        note["at"]["kind"] = True
    return note


def make_search(chance: Random) -> dict[str, Any]:
    terms = chance.choices([*WORDS, "b", "ban", "ann", "x"], k=chance.randrange(1, 5))
    values: dict[str, Value] = {}
    if chance.random() < 0.5:
        values["room"] = chance.choice(ROOMS)
    if chance.random() < 0.3:
        values["kind"] = True
    return search(" ".join(terms), **values)


class Notes:
    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        writer.begin()
        writer.require_table("notes")
        create_search_index(writer.connection, INDEX)
        self.model: dict[str, dict[str, Any]] = {}
        """What has a text, in the order in which it got one."""
        self.ids: list[str] = []

    def insert(self, note: dict[str, Any]) -> Transaction:
        transaction = Transaction(self.writer, NOW)
        made = transaction.insert("notes", note)
        self.ids.append(made)
        self._know(made, note)
        return transaction

    def replace(self, made: str, note: dict[str, Any]) -> Transaction:
        transaction = Transaction(self.writer, NOW)
        transaction.replace(made, note)
        self._know(made, note)
        return transaction

    def remove(self, made: str) -> Transaction:
        transaction = Transaction(self.writer, NOW)
        transaction.remove(made)
        self.ids.remove(made)
        self.model.pop(made, None)
        return transaction

    def do_something(self, chance: Random) -> Transaction:
        deed = chance.randrange(3)
        if deed == 0 or not self.ids:
            return self.insert(make_note(chance))
        chosen = chance.choice(self.ids)
        return self.replace(chosen, make_note(chance)) if deed == 1 else self.remove(chosen)

    def find(self, asked: dict[str, Any], take: int = 1024) -> tuple[list[str], ReadSet]:
        transaction = Transaction(self.writer, NOW)
        stream = transaction.open(asked)
        rows, done = stream.take(take)
        transaction.settle(stream, len(rows), saw_end=done)
        return [row.document()["_id"] for row in rows], transaction.reads

    def expect(self, asked: dict[str, Any]) -> list[str]:
        text, *values = asked["source"]["filters"]
        terms = terms_of(text["value"])
        notes = {made: note for made, note in self.model.items() if all(meets(note, each) for each in values)}
        weights = [{made: weigh(note, {term}) for made, note in notes.items()} for term in terms]
        begun = {word for note in notes.values() for word in words_of(note["at"]["body"]) if terms}
        longer = {word for word in begun if word.startswith(terms[-1]) and word != terms[-1]}
        weights.append({made: weigh(note, longer) for made, note in notes.items()})
        counts = [sum(map(bool, each.values())) for each in weights]
        counts = [*counts[:-2], sum(counts[-2:])] if terms else []
        total = sum(counts)
        rarities = [math.log(1 + (total - count + 0.5) / (count + 0.5)) for count in counts]
        rarities += [each / 2 for each in rarities[-1:]]
        shares = [1 + int((255 - len(rarities)) * each / sum(rarities)) for each in rarities]
        scored = [
            (
                sum(
                    math.ceil(share * each[made] / 127) for share, each in zip(shares, weights, strict=False)
                ),
                place,
                made,
            )
            for place, made in enumerate(notes)
        ]
        return [made for score, _, made in sorted(scored, reverse=True) if score]

    def _know(self, made: str, note: dict[str, Any]) -> None:
        if isinstance(note["at"]["body"], str) and note["at"]["body"]:
            self.model[made] = note
        else:
            self.model.pop(made, None)


def meets(note: dict[str, Any], condition: dict[str, Any]) -> bool:
    found = note["at"] if condition["fieldPath"] == "at.kind" else note
    name = condition["fieldPath"].removeprefix("at.")
    return name in found and encode(found[name]) == condition["value"]


def weigh(note: dict[str, Any], wanted: set[str]) -> int:
    """What the one of these words weighs in a note that weighs most."""
    counted = Counter(words_of(note["at"]["body"]))
    slow = 1.2 * (0.25 + 0.75 * counted.total() / 32)
    return max(
        (math.ceil(127 * counted[word] / (counted[word] + slow)) for word in wanted & counted.keys()),
        default=0,
    )

"""Whom Markdown names, as a table; nobody is asked who they are."""

from __future__ import annotations

from uuid import UUID

import pytest

from dfworx.web.mentions import LONGEST_NAME, MOST_NAMED, Person, choose, find_named

NAMES = [
    "Ann", "Ada Okafor", "Ada Okafor-Smith", "Anna", "田辺 ゆき", "田辺", "سمير حداد", "Tomás Rivera", "O'Neil",
    "Q_A", "Double", "Double", "İnci", "Straße", "Sigma Σ",
]  # fmt: skip
PEOPLE = [Person(UUID(int=number), name) for number, name in enumerate(NAMES, 1)]
ADA = PEOPLE[1].user_id


def mentioned(text: str) -> list[str]:
    by_id = {person.user_id: person.name for person in PEOPLE}
    return [by_id[user_id] for user_id in choose(find_named(text), PEOPLE)]


CASES = [
    ("@Ann", ["Ann"]),
    ("Ask @ann, please", ["Ann"]),
    ("@ANN: now", ["Ann"]),
    ("(@Ann)", ["Ann"]),
    ("**@Ann**", ["Ann"]),
    ("@Ann's loaf", ["Ann"]),
    ("@Anna", ["Anna"]),
    ("@Annabel", []),
    ("@Ann_", []),
    ("@Ada Okafor knows", ["Ada Okafor"]),
    ("@Ada  Okafor", ["Ada Okafor"]),
    ("@Ada\nOkafor", ["Ada Okafor"]),
    ("@Ada Okafor-Smith", ["Ada Okafor-Smith"]),
    ("@Ada Okafor-Jones", ["Ada Okafor"]),
    ("@Ada", []),
    ("@Ada *Okafor*", []),
    ("@O'Neil", ["O'Neil"]),
    ("@Q_A", ["Q_A"]),
    ("@Tomás Rivera", ["Tomás Rivera"]),
    ("@Toma\u0301s Rivera", ["Tomás Rivera"]),
    ("@Ann\u0301", []),
    ("@STRASSE", []),
    ("@straße", ["Straße"]),
    ("@田辺 ゆき", ["田辺 ゆき"]),
    ("@田辺さん", ["田辺"]),
    ("お願いします@田辺", ["田辺"]),
    ("مرحبا @سمير حداد", ["سمير حداد"]),
    ("@Nobody", []),
    ("@Double", []),
    ("ann@Ann", []),
    ("ann.@Ann", []),
    ("@@Ann", []),
    (r"\@Ann", []),
    ("@ Ann", []),
    ("@", []),
    ("`@Ann`", []),
    ("``` \n@Ann\n```", []),
    ("    @Ann", []),
    ("[@Ann](https://example.org)", []),
    ("<https://example.org/@Ann>", []),
    ("![@Ann](a.png)", []),
    ("<b title='@Ann'>", []),
    ("`code` " * 60 + "@Ann", ["Ann"]),
    ("@Ann @Ada Okafor @Ann", ["Ann", "Ada Okafor"]),
    ("> @Ann\n\n- @Anna\n\n| a |\n|---|\n| @Q_A |", ["Ann", "Anna", "Q_A"]),
    (f"@[Ada](mention://user/{ADA})", ["Ada Okafor"]),
    (f"@[whoever](mention://{UUID(int=99)}/user/{str(ADA).upper()})", ["Ada Okafor"]),
    (f"[Ada][1]\n\n[1]: mention://user/{ADA}", ["Ada Okafor"]),
    (f"`@[Ada](mention://user/{ADA})`", []),
    (f"@[Ada](mention://document/{ADA})", []),
    (f"@[Ada](mention://user/{UUID(int=98)})", []),
    (f"@[Ada](mention://user/{'-' * 36})", []),
    (f"mention://user/{ADA}", []),
]


@pytest.mark.parametrize(("text", "names"), CASES, ids=[text[:40] for text, _ in CASES])
def test_a_text_mentions(text: str, names: list[str]) -> None:
    assert mentioned(text) == names


def test_no_more_people_are_mentioned_than_may_be() -> None:
    ids = [UUID(int=number) for number in range(200)]
    people = [Person(user_id, f"Person {user_id.int}") for user_id in ids]
    links = " ".join(f"@[x](mention://user/{user_id})" for user_id in ids)
    typed = " ".join(f"@Person {user_id.int}," for user_id in ids)
    for text in (links, typed, links + typed):
        assert choose(find_named(text), people) == ids[:MOST_NAMED]


HOSTILE = [
    "@",
    "@a ",
    "@[",
    "[@a](",
    "*@a_",
    "`@",
    "<@",
    "![@",
    "> ",
    "@a\n",
    "](",
    "@語",
    "\\@",
    "&#64;",
    "- @a\n  ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_asks_for_no_more_names_than_an_honest_one(piece: str) -> None:
    named = find_named(piece * (20_000 // len(piece)))
    assert len(named.typed) <= MOST_NAMED
    assert len(named.names) <= MOST_NAMED * LONGEST_NAME

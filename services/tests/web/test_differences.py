"""What two texts differ in: always the texts again, by words, in any script."""

from __future__ import annotations

import random

import pytest

from dfworx.web.differences import Part, difference, shortened


def told(before: str, after: str) -> list[tuple[str, str]]:
    parts = difference(before, after)
    assert "".join(part.text for part in parts if part.op != "insert") == before
    assert "".join(part.text for part in parts if part.op != "delete") == after
    return [(part.op, part.text) for part in parts]


CASES: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("", "", []),
    ("same", "same", [("equal", "same")]),
    ("", "new", [("insert", "new")]),
    ("old", "", [("delete", "old")]),
    ("The cat sat.", "The dog sat.", [("equal", "The "), ("delete", "cat"), ("insert", "dog"), ("equal", " sat.")]),
    # A word is a word: not the letters that two have in common.
    ("window", "widow", [("delete", "window"), ("insert", "widow")]),
    ("漢字です。", "漢語です。", [("equal", "漢"), ("delete", "字"), ("insert", "語"), ("equal", "です。")]),
    ("one 😀 two", "one 😁 two", [("equal", "one "), ("delete", "😀"), ("insert", "😁"), ("equal", " two")]),
    ("ha\u0308t x", "hat x", [("delete", "ha\u0308t"), ("insert", "hat"), ("equal", " x")]),
    ("ดี ด", "ด ด", [("delete", "ดี"), ("insert", "ด"), ("equal", " ด")]),
    ("\U00050001", "\U00050002", [("delete", "\U00050001"), ("insert", "\U00050002")]),
    ("a\nb\nc\n", "a\nX\nc\n", [("equal", "a\n"), ("delete", "b"), ("insert", "X"), ("equal", "\nc\n")]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_words_and_characters_are_compared(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert told(before, after) == expected


def test_any_two_texts_come_out_of_the_parts_again() -> None:
    chance = random.Random(7)
    alphabet = "ab 漢😀\n\r\u0301\u200d\U00050001\U000f0001é.ด\u0e35"
    for _ in range(3000):
        before, after = ("".join(chance.choices(alphabet, k=chance.randrange(14))) for _ in range(2))
        told(before, after)
        parts = difference(before, after)
        short = shortened(parts, 2)
        assert sum(len(part.text) + part.omitted for part in short) == sum(len(part.text) for part in parts)
        assert [part for part in short if part.op != "equal"] == [
            part for part in parts if part.op != "equal"
        ]


def test_what_is_equal_is_cut_to_what_stands_next_to_a_change() -> None:
    long = "".join(f"{number} " for number in range(1000))
    parts = shortened(difference(f"{long}old {long}", f"{long}new {long}"), 10)
    assert [(part.op, len(part.text), part.omitted) for part in parts] == [
        ("equal", 0, len(long) - 10),
        ("equal", 10, 0),
        ("delete", 3, 0),
        ("insert", 3, 0),
        ("equal", 10, len(long) + 1 - 10),
    ]
    assert shortened([Part("equal", long)], 10) == [Part("equal", long)]
    # A mark is not cut from what it stands on.
    for context in range(1, 8):
        for part in shortened(difference("x" + "e\u0301" * 20, "y" + "e\u0301" * 20), context):
            assert not part.text.startswith("\u0301")


@pytest.mark.parametrize("words", ["abcdefgh", "漢字語彙", ".,;:"])
def test_long_texts_that_hardly_agree_are_compared_all_the_same(words: str) -> None:
    chance = random.Random(1)
    before, after = ("".join(chance.choices(words + " ", k=60_000)) for _ in range(2))
    told(before, after)

"""Where the words of a query stand in a text, as a table of cases."""

from __future__ import annotations

import pytest

from dfworx.web.words import find_hits, fold, is_plain_word, read_query

# What was typed, a text, and the pieces of it that are hits.
HITS = [
    ("bread", "Bread, breads and inbred", ["Bread", "breads"]),
    ("bread oven", "Bread breads; oven ovenware", ["Bread", "oven", "ovenware"]),
    ("cafe", "Le Café de l'cafe\u0301", ["Café", "cafe\u0301"]),
    ("strasse", "Straße", []),
    ("eip-1559", "EIP-1559, eip 1559 and EIP 15590", ["EIP-1559", "eip 1559", "EIP 15590"]),
    ("get_user_by_id", "call get_user_by_id() or getUserById()", ["get_user_by_id", "getUserById"]),
    ("useEffect", "useEffect, useeffect and use effect", ["useEffect", "useeffect", "use effect"]),
    ("effect", "useEffect", ["Effect"]),
    ("server", "HTTPServer", ["Server"]),
    ("foo.bar", "foo.bar(foo, bar)", ["foo.bar", "foo, bar"]),
    ("c++", "C, C++ and C#", ["C++"]),
    ("C#", "C, C++ and C#", ["C#"]),
    ("c", "C, C++ and cat", ["C"]),
    ("天文台", "東京の天文台と天文", ["天文台"]),
    ("โปรแกรม", "การเขียนโปรแกรม", ["โปรแกรม"]),
    ("שלום", "שלום עולם", ["שלום"]),
    ("１５５９", "1559", ["1559"]),
    ("!!! & | <->", "a & b", []),
    ("a" * 200, "a" * 100, []),
]


@pytest.mark.parametrize(("typed", "text", "pieces"), HITS, ids=str)
def test_words_are_found_where_they_stand(typed: str, text: str, pieces: list[str]) -> None:
    assert [text[hit.start : hit.end] for hit in find_hits(text, read_query(typed))] == pieces


def test_folding_takes_case_width_and_accents_away() -> None:
    assert fold("CAFÉ Ёлка ＦＵＬＬ ﬁn") == "cafe елка full fin"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("bread", True), ("Brød", True), ("хлеб", True), ("café", True), ("eip-1559", False), ("v2", False),
     ("useEffect", False), ("snake_case", False), ("天文台", False), ("C++", False), ("", False)],
)  # fmt: skip
def test_names_out_of_code_and_scripts_without_spaces_are_no_plain_words(typed: str, plain: bool) -> None:
    assert is_plain_word(typed) is plain

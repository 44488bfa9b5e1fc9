"""What a search takes for words."""

from __future__ import annotations

import pytest

from dfworx.realtime.engine.words import MOST_LOOKED_AT, terms_of, words_of

WORDS: list[tuple[str, list[str]]] = [
    ("", []),
    ("  \t\n", []),
    ("Hello, World!", ["hello", "world"]),
    ("don't stop", ["don", "t", "stop"]),
    ("snake_case and kebab-case", ["snake", "case", "and", "kebab", "case"]),
    ("a.b/c:d@e", ["a", "b", "c", "d", "e"]),
    ("v2.10 2nd", ["v2", "10", "2nd"]),
    ("ÜBER Straße ČAJ", ["über", "straße", "čaj"]),
    ("ΟΔΟΣ οδός", ["οδοσ", "οδόσ"]),
    ("привет, МИР", ["привет", "мир"]),
    ("東京タワー 2024年", ["東京タワー", "2024年"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
    ("cafe\u0301 x", ["cafe\u0301", "x"]),
    ("½ Ⅳ ²", ["½", "ⅳ", "²"]),
    ("x🎉y 👍", ["x", "y"]),
    ("zero\u200bwidth nbsp\u00a0here", ["zero", "width", "nbsp", "here"]),
    ('NEAR(a b) OR "c"* AND -d ^e {f}:g', ["near", "a", "b", "or", "c", "and", "d", "e", "f", "g"]),
    ("'; drop table postings; --", ["drop", "table", "postings"]),
    ("a\x00b", ["a", "b"]),
    ("x" * 32 + " " + "y" * 33, ["x" * 32]),
]


@pytest.mark.parametrize(("text", "words"), WORDS, ids=[repr(text[:20]) for text, _ in WORDS])
def test_a_text_has_these_words(text: str, words: list[str]) -> None:
    assert list(words_of(text)) == words


TERMS: list[tuple[str, list[str]]] = [
    ("", []),
    ("one", ["one"]),
    ("b a b", ["a", "b"]),
    ("a A a", ["a"]),
    ("a b a c", ["a", "b", "c"]),
    (" ".join(f"w{number}" for number in range(20)), [f"w{number}" for number in range(16)]),
    ("long" * 20 + " short", ["short"]),
    (" " * MOST_LOOKED_AT + "late", []),
]


@pytest.mark.parametrize(("text", "terms"), TERMS, ids=[repr(text[:20]) for text, _ in TERMS])
def test_each_word_is_searched_for_once_and_the_last_one_last(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms

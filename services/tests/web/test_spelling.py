"""What somebody may have meant, as tables of cases."""

from __future__ import annotations

import pytest

from dfworx.web.spelling import can_be_mistyped, one_mistake, two_mistakes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("braed", "bread"), ("bred", "bread"), ("breead", "bread"), ("bresd", "bread"), ("хлбе", "хлеб"),
     ("nread", "bread"), ("ανθροπος", "ανθρωπος")],
)  # fmt: skip
def test_one_mistake_is_a_letter_too_many_too_few_wrong_or_swapped(typed: str, meant: str) -> None:
    assert meant in one_mistake(typed)
    assert typed not in one_mistake(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("occurance", "occurrence"), ("accomodetion", "accommodation"), ("suordouhg", "sourdough"),
     ("recieveing", "receiving"), ("fermintasion", "fermentation")],
)  # fmt: skip
def test_a_long_word_may_have_two(typed: str, meant: str) -> None:
    assert meant not in one_mistake(typed)
    assert meant in two_mistakes(typed)


def test_a_short_word_may_not_and_a_very_long_one_is_no_work() -> None:
    assert two_mistakes("breadth") == set()
    assert two_mistakes("a" * 15) == set()
    assert max(len(two_mistakes(word)) for word in ("aeiouyaeiouyae", "incomprehensib")) < 10_000


@pytest.mark.parametrize(
    ("typed", "can"),
    [("bread", True), ("rye", False), ("b" * 31, False), ("get_user", False), ("eip1559", False),
     ("天文台の朝", False)],
)  # fmt: skip
def test_only_words_of_enough_letters_are_looked_up(typed: str, can: bool) -> None:
    assert can_be_mistyped(typed) is can

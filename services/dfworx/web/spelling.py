"""Words that somebody may have meant: all that are one typing mistake away, and those that are two likely ones away.
There is no vocabulary to keep or to leak: the index is asked which of these words are there."""

from __future__ import annotations

from collections.abc import Iterator

from dfworx.web.words import fold, is_plain_word

SHORTEST = 4
SHORTEST_OF_TWO = 8
"""Letters, from which on two mistakes are looked for: shorter words are too near to each other."""
LONGEST = 30
_LONGEST_OF_TWO = 14
_ALIKE = (
    *("aeiouy", "ckqsz", "sxz", "td", "st", "bp", "fvw", "mn", "gj", "lr"),
    *("аоеиы", "бп", "дт", "зс", "гк", "εηιυ", "οω"),
)
"""Letters that are taken for each other: they sound or look alike."""

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзиклмнопрстуфхцчшщъыьэюяєіґ",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ءابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
)


def can_be_mistyped(typed: str) -> bool:
    return is_plain_word(typed) and SHORTEST <= len(fold(typed)) <= LONGEST


def one_mistake(word: str) -> set[str]:
    """A letter too many, too few, wrong, or two of them swapped. The word itself isn't one."""
    letters = _letters(word)
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = set(_likely(word))
    found.update(left + letter + right[1:] for left, right in cuts if right for letter in letters)
    found.update(left + letter + right for left, right in cuts for letter in letters)
    return found - {word}


def two_mistakes(word: str) -> set[str]:
    """Two likely ones. All pairs would be tens of thousands of words, and a second of work."""
    if not SHORTEST_OF_TWO <= len(word) <= _LONGEST_OF_TWO:
        return set()
    return {twice for once in set(_likely(word)) for twice in _likely(once)} - one_mistake(word) - {word}


def _likely(word: str) -> Iterator[str]:
    """A letter too many, a double written once, two swapped, one taken for another."""
    for place, letter in enumerate(word):
        before, after = word[:place], word[place + 1 :]
        yield before + after
        yield before + letter + letter + after
        if after:
            yield before + after[0] + letter + after[1:]
        for group in _ALIKE:
            if letter in group:
                yield from (before + other + after for other in group if other != letter)


def _letters(word: str) -> str:
    for alphabet in _ALPHABETS:
        if any(letter in alphabet for letter in word):
            return alphabet
    return "".join(sorted(set(word)))

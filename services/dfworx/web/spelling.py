"""Words that somebody may have meant: all that are one typing mistake away, and of two mistakes those of which one is a
likely one. There is no vocabulary to keep or to leak: the index is asked which of these words are there."""

from __future__ import annotations

from collections.abc import Iterable

from dfworx.web.words import fold, is_plain_word

SHORTEST = 4
SHORTEST_OF_TWO = 8
"""Letters, from which on two mistakes are looked for: shorter words are too near to each other."""
LONGEST = 30
_LONGEST_OF_TWO = 16
_VOWELS = "aeiouy"

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
    found = set(_cheap(word))
    found.update(left + letter + right[1:] for left, right in cuts if right for letter in letters)
    found.update(left + letter + right for left, right in cuts for letter in letters)
    return found - {word}


def two_mistakes(word: str) -> set[str]:
    """One as above and one of the likely: a letter too many, a missing double, two swapped, another vowel."""
    if not SHORTEST_OF_TWO <= len(word) <= _LONGEST_OF_TWO:
        return set()
    once = one_mistake(word)
    return {each for near in once for each in (*_cheap(near), *_other_vowels(near))} - once - {word}


def _cheap(word: str) -> Iterable[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
        yield word[:place] + word[place] + word[place:]
        if place + 1 < len(word):
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _other_vowels(word: str) -> Iterable[str]:
    for place, letter in enumerate(word):
        if letter in _VOWELS:
            yield from (word[:place] + vowel + word[place + 1 :] for vowel in _VOWELS if vowel != letter)


def _letters(word: str) -> str:
    for alphabet in _ALPHABETS:
        if any(letter in alphabet for letter in word):
            return alphabet
    return "".join(sorted(set(word)))

"""Words as the search sees them, with the places where they stand: what `app.fold_words` does in SQL (migration 017) is
done here again to show where something was found. Where the two differ in a rare letter, a word is found and not
marked; nothing here decides what is found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Scripts that are written without spaces: each character is a word.
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\U00020000-\U0003134f"
)
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(
    rf"(?P<plus>[A-Za-z0-9]+)\+\+|(?<!\w)(?P<sharp>[A-Za-z])#(?!\w)|[{_ALONE}]|(?:[^\W_{_ALONE}][\u0300-\u036f]*)+"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z][A-Z][a-z][a-z]")
_LETTERS = re.compile(rf"[^\W\d_{_ALONE}]+")


class Word(NamedTuple):
    folded: str
    start: int
    end: int


class Hit(NamedTuple):
    start: int
    end: int
    phrase: int
    """Which of the query's words it is."""


Phrase = tuple[str, ...]
"""Folded words that follow each other: what was typed without a space."""


class Query(NamedTuple):
    """What was typed, to be found again in a text."""

    phrases: list[list[Phrase]]
    """For each typed word the ways in which it may stand in the text."""


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFKD", text))).lower()


def split_words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        if plus := match["plus"]:
            folded = f"{fold(plus)}plusplus"
        elif sharp := match["sharp"]:
            folded = f"{fold(sharp)}sharp"
        else:
            folded = fold(match[0])
        yield Word(folded, *match.span())


def split_parts(text: str) -> Iterator[Word]:
    """As split_words, with `useEffect` as two."""
    for word in split_words(text):
        piece = text[word.start : word.end]
        if not _CAMEL.search(piece):
            yield word
            continue
        start = 0
        for end in [*(match.start() for match in _HUMP.finditer(piece)), len(piece)]:
            yield Word(fold(piece[start:end]), word.start + start, word.start + end)
            start = end


def read_query(typed: str) -> Query:
    phrases: list[list[Phrase]] = []
    for each in typed.split():
        ways = [tuple(word.folded for word in words) for words in (split_words(each), split_parts(each))]
        if ways[0]:
            phrases.append(list(dict.fromkeys(ways)))
    return Query(phrases)


def find_hits(text: str, query: Query) -> list[Hit]:
    """In the order of the text, none within another. The last typed word may be the beginning of one."""
    found: dict[tuple[int, int], int] = {}
    for words in (list(split_words(text)), list(split_parts(text))):
        for number, ways in enumerate(query.phrases):
            unfinished = number == len(query.phrases) - 1
            for phrase in ways:
                for place in _places(words, phrase, unfinished):
                    span = (words[place].start, words[place + len(phrase) - 1].end)
                    found.setdefault(span, number)
    hits: list[Hit] = []
    for (start, end), number in sorted(found.items(), key=lambda each: (each[0][0], -each[0][1])):
        if not hits or start >= hits[-1].end:
            hits.append(Hit(start, end, number))
    return hits


def is_plain_word(typed: str) -> bool:
    """Whether somebody may have meant another word: letters of a script with spaces, and no name out of code."""
    return bool(_LETTERS.fullmatch(unicodedata.normalize("NFC", typed))) and not _CAMEL.search(typed)


def _places(words: Sequence[Word], phrase: Phrase, unfinished: bool) -> Iterator[int]:
    # One letter is the beginning of too much, as in SQL.
    unfinished = unfinished and not re.fullmatch("[a-z0-9]", "".join(phrase))
    *before, last = phrase
    for place in range(len(words) - len(before)):
        end = words[place + len(before)].folded
        if (end == last or (unfinished and end.startswith(last))) and all(
            words[place + number].folded == each for number, each in enumerate(before)
        ):
            yield place

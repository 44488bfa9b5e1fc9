"""What two texts differ in, as parts that make either of them when read in order: what is equal, what was taken out,
what came in. Compared are words, and characters of scripts that are written without spaces; marks stay with what
they stand on. Counts are in code points, as Python's, never in bytes or in halves of a pair. Bounded in time: of
texts that hardly agree the parts get coarse, never wrong."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

import fast_diff_match_patch

Op = Literal["equal", "delete", "insert"]

COMPARED_SECONDS = 1.0
CONTEXT = 200
"""How many characters of what is equal are shown on each side of a change."""

_OPS: dict[str, Op] = {"=": "equal", "-": "delete", "+": "insert"}
# As migration 006 has it for search: scripts without spaces between words.
_NO_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\U00020000-\U0003134f"
)
_UNSPACED = re.compile(f"[{_NO_SPACES}]")
_WORD = re.compile(rf"[^\W{_NO_SPACES}]+|\n|[^\S\n]+|.", re.DOTALL)
# Each word is compared as one character that stands for it: of planes in which no character is assigned. Of two texts
# of a million characters at most 700,000 different words of two and more fit in; these are 786,000.
_STANDINS = 0x50000
_PLAIN = chr(0x40000)
"""A character below it stands for itself; that of words must not be mistaken for one."""


class Part(NamedTuple):
    op: Op
    text: str
    omitted: int = 0
    """So many equal characters follow the text that are not told."""


def difference(before: str, after: str) -> list[Part]:
    """Takes about a second for texts of a million characters that have little in common; call it in a thread."""
    if before == after:
        return [Part("equal", before)] if before else []
    head, middle_before, middle_after, tail = _trimmed(before, after)
    parts = [Part("equal", head)] if head else []
    parts += _compared(middle_before, middle_after)
    if tail:
        parts.append(Part("equal", tail))
    return _joined(parts)


def shortened(parts: list[Part], context: int = CONTEXT) -> list[Part]:
    """Of what is equal only what stands next to a change."""
    result = []
    for place, part in enumerate(parts):
        if part.op != "equal":
            result.append(part)
            continue
        before = context if place > 0 else 0
        after = context if place < len(parts) - 1 else 0
        if len(parts) == 1 or len(part.text) <= before + after:
            before, after = len(part.text), 0
        start = _cut(part.text, before)
        end = max(start, _cut(part.text, len(part.text) - after))
        if start == end:
            result.append(part)
            continue
        result.append(Part("equal", part.text[:start], end - start))
        if end < len(part.text):
            result.append(Part("equal", part.text[end:]))
    return result


def _trimmed(before: str, after: str) -> tuple[str, str, str, str]:
    """The lines with which both begin, what is between in each, the lines with which both end: most edits are small."""
    a, b = before.splitlines(keepends=True), after.splitlines(keepends=True)
    shorter = min(len(a), len(b))
    first = next((each for each in range(shorter) if a[each] != b[each]), shorter)
    rest = shorter - first
    last = next((each for each in range(rest) if a[-1 - each] != b[-1 - each]), rest)
    end = len(a) - last
    return (
        "".join(a[:first]),
        "".join(a[first:end]),
        "".join(b[first : len(b) - last]),
        "".join(a[end:]),
    )


def _compared(before: str, after: str) -> list[Part]:
    standins: dict[str, str] = {}
    a, b = _standing(before, standins), _standing(after, standins)
    words = {standin: word for word, standin in standins.items()}
    told = fast_diff_match_patch.diff(
        a, b, timelimit=COMPARED_SECONDS, checklines=False, cleanup="Semantic", counts_only=False
    )
    return [Part(_OPS[op], "".join(words.get(each, each) for each in text)) for op, text in told]


def _standing(text: str, standins: dict[str, str]) -> str:
    return "".join(
        word
        if len(word) == 1 and word < _PLAIN
        else standins.setdefault(word, chr(_STANDINS + len(standins)))
        for word in _words(text)
    )


def _words(text: str) -> Iterator[str]:
    # One match at a time: other threads get their turn between two.
    found = (match.group() for match in _WORD.finditer(text))
    return found if _marks().isdisjoint(text) else _with_marks(found)


def _with_marks(found: Iterator[str]) -> Iterator[str]:
    """What begins with a mark belongs to what is before it, and so does the rest of a word that it interrupts."""
    marks = _marks()
    whole = ""
    for word in found:
        rest = whole[-1:] in marks and whole[0].isalnum() and word[0].isalnum() and not _UNSPACED.match(word)
        if whole and word[0] not in marks and not (rest and not _UNSPACED.match(whole)):
            yield whole
            whole = ""
        whole += word
    if whole:
        yield whole


@cache
def _marks() -> frozenset[str]:
    every = map(chr, range(sys.maxunicode + 1))
    return frozenset(each for each in every if unicodedata.category(each)[0] == "M" or each == "\u200d")


def _cut(text: str, at: int) -> int:
    """Not between a character and its marks."""
    while 0 < at < len(text) and unicodedata.category(text[at]).startswith("M"):
        at -= 1
    return at


def _joined(parts: list[Part]) -> list[Part]:
    result: list[Part] = []
    for part in parts:
        if result and result[-1].op == part.op:
            result[-1] = Part(part.op, result[-1].text + part.text)
        elif part.text:
            result.append(part)
    return result

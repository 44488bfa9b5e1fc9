"""What shows where something was found: pieces of plain text, each a hit or not. Never markup: a client that shows the
pieces as text can't be made to run what somebody wrote, whatever it is."""

from __future__ import annotations

import re
from typing import TypedDict

from dfworx.web.text import make_plain
from dfworx.web.words import Hit, Query, Word, find_hits, split_words

LONGEST = 200
_BEFORE = 40
"""So many characters may stand before the first hit."""
_SPACES = re.compile(r"\s+")
# Controls, and what turns the direction of a text that it isn't the end of: a cut would leave it turned.
_UNSEEN = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")


class Part(TypedDict):
    text: str
    hit: bool


def mark(text: str, query: Query) -> list[Part]:
    """The whole text, such as a title."""
    shown = _UNSEEN.sub("", text)
    return _parts(shown, 0, len(shown), find_hits(shown, query))


def make_snippet(markdown: str, query: Query, *, begins: bool = True, ends: bool = True) -> list[Part]:
    """At most LONGEST characters of what the Markdown says, around the place where most of the words are.
    `begins` and `ends` tell whether the Markdown itself was cut."""
    if not begins:  # in the middle of a word, it may be
        markdown = re.sub(r"\A\S{0,100}\s", "", markdown)
    text = _UNSEEN.sub("", _SPACES.sub(" ", make_plain(markdown))).strip()
    hits = find_hits(text, query)
    words = list(split_words(text))
    start = _start(words, hits) if len(text) > LONGEST else 0
    before, end = start > 0 or not begins, len(text)
    after = not ends
    room = LONGEST - before - 1
    if end - start > room:
        fitting = [word.end for word in words if start < word.end <= start + room]
        end, after = fitting[-1] if fitting else start + room, True
    parts = _parts(text, start, end, hits)
    if parts and before:
        parts = _joined([Part(text="…", hit=False), *parts])
    if parts and after:
        parts = _joined([*parts, Part(text="…", hit=False)])
    return parts


def _start(words: list[Word], hits: list[Hit]) -> int:
    if not hits:
        return 0

    def worth(first: Hit) -> int:
        near = [
            hit for hit in hits if first.start <= hit.start and hit.end <= first.start + LONGEST - _BEFORE
        ]
        return len({hit.phrase for hit in near}) * 1000 + len(near)

    best = max(hits, key=worth)
    if best.end <= LONGEST - 2:
        return 0
    return next(word.start for word in words if word.start >= best.start - _BEFORE)


def _parts(text: str, start: int, end: int, hits: list[Hit]) -> list[Part]:
    parts: list[Part] = []
    place = start
    for hit in hits:
        if hit.start < start or hit.end > end:
            continue
        parts += [
            Part(text=text[place : hit.start], hit=False),
            Part(text=text[hit.start : hit.end], hit=True),
        ]
        place = hit.end
    return [part for part in (*parts, Part(text=text[place:end], hit=False)) if part["text"]]


def _joined(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        if joined and not part["hit"] and not joined[-1]["hit"]:
            joined[-1] = Part(text=joined[-1]["text"] + part["text"], hit=False)
        else:
            joined.append(part)
    return joined

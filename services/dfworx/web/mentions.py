"""Whom Markdown names. A client that let people choose writes `@[Name](mention://user/ID)`, as Outline does; who types
writes `@Name`, the whole name of one person in any case of letters, the longest that fits. Code and links are left
alone, and so is `\\@`. What names nobody stays text: nothing here may refuse a text for what it mentions."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST_NAME = 100
MOST_NAMED = 50
"""How many people one text mentions at most; further ones stay text."""

_MARKS = 4
"""How much longer a name may be as it is typed: letters with marks of their own are one in a name."""
_BREAK = "\0"
"""Stands where something else than text is. No name has it."""
_LINK = re.compile(r"mention://(?:[\w-]+/)?user/([0-9a-fA-F-]{36})")
# Not after what could be the beginning of an address: ann@lumen.example.
_AT = re.compile(r"(?<![A-Za-z0-9._%+\-@])@(?=[^\s\0])")
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f]"
)


class Person(NamedTuple):
    user_id: UUID
    name: str


class Named(NamedTuple):
    """What a text says of people, before anybody knows who they are."""

    user_ids: list[UUID]
    """From links, in the order of the text."""
    typed: list[list[str]]
    """For each `@`, all that could be the name behind it, longest first."""

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(name for names in self.typed for name in names))


def find_named(markdown: str) -> Named:
    """Takes some hundred milliseconds for a long text made to take long: not for the event loop."""
    user_ids: list[UUID] = []
    typed: list[list[str]] = []
    if "@" in markdown or "mention:" in markdown:
        for token in _parser().parse(markdown):
            children = token.children or []
            user_ids += _linked(children)
            text = _plain(children)
            # Not all of them first: a long text can be one @ after another.
            for at in islice(_AT.finditer(text), MOST_NAMED - len(typed)):
                typed.append(list(_names(text[at.end() :][: LONGEST_NAME * _MARKS])))
    return Named(list(dict.fromkeys(user_ids))[:MOST_NAMED], typed)


def choose(named: Named, people: Iterable[Person]) -> list[UUID]:
    """Whom the text mentions among the people: those of its links, and whoever alone has a typed name."""
    known: set[UUID] = set()
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for person in people:
        known.add(person.user_id)
        by_name[fold(person.name)].append(person.user_id)
    chosen = [user_id for user_id in named.user_ids if user_id in known]
    for names in named.typed:
        meant = next((by_name[name] for name in names if name in by_name), [])
        if len(meant) == 1:
            chosen += meant
    return list(dict.fromkeys(chosen))[:MOST_NAMED]


def fold(name: str) -> str:
    """As names are compared."""
    return " ".join(unicodedata.normalize("NFC", name.lower()).split())


def _names(text: str) -> Iterator[str]:
    """What a name could be at the beginning of the text, longest first: it ends where a word does, or anywhere in a
    script that is written without spaces."""
    start = fold(text.partition(_BREAK)[0])
    for end in range(min(len(start), LONGEST_NAME), 0, -1):
        if not start[end - 1].isspace() and _may_end(start, end):
            yield start[:end]


def _may_end(text: str, end: int) -> bool:
    if end == len(text):
        return True
    following = text[end]
    if unicodedata.category(following).startswith("M"):
        return False
    if not (following.isalnum() or following == "_") or not (text[end - 1].isalnum() or text[end - 1] == "_"):
        return True
    return bool(_WITHOUT_SPACES.match(following) or _WITHOUT_SPACES.match(text[end - 1]))


def _linked(tokens: list[Token]) -> Iterator[UUID]:
    for token in tokens:
        found = _LINK.fullmatch(str(token.attrGet("href"))) if token.type == "link_open" else None
        if found:
            try:
                yield UUID(found.group(1))
            except ValueError:
                continue


def _plain(tokens: list[Token]) -> str:
    """The text outside of code and links."""
    parts: list[str] = []
    inside = 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if inside:
            parts.append(_BREAK)
        elif token.type == "text" or (token.type == "text_special" and token.content != "@"):
            parts.append(token.content)
        else:
            parts.append(" " if token.type == "softbreak" else _BREAK)
    return "".join(parts)


@cache
def _parser() -> MarkdownIt:
    # Without text_join, an escaped character is told apart from one that was typed bare. An image's words are as
    # little text as a link's, and looking for images takes longest.
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable(["text_join", "image"])
